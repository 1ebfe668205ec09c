import Foundation
import GossamerMarkup
import GossamerTestKit
import Testing

@Suite("html5lib tree construction: the text and the links of the standard's trees")
struct HTML5LibTreeTests {
  @Test(.enabled(if: ConformanceData.isPresent, "\(ConformanceData.absence)"))
  func textAndLinksAreThoseOfTheTree() throws {
    let documents = try TreeConstructionCase.allDocuments()
    var (sameText, sameLinks) = (0, 0)
    for document in documents {
      let found = ReadableContent(try HTMLDocument(parsing: document.html))
      if found.text == document.expected.text {
        sameText += 1
      } else {
        print(
          "text of \(document.name): \(found.text.debugDescription)",
          "instead of \(document.expected.text.debugDescription)")
      }
      if found.links == document.expected.links {
        sameLinks += 1
      } else {
        print(
          "links of \(document.name): \(found.links.sorted())",
          "instead of \(document.expected.links.sorted())")
      }
    }
    print("html5lib text: \(sameText)/\(documents.count)")
    print("html5lib links: \(sameLinks)/\(documents.count)")
    #expect(documents.count >= 1592)
    // The rest is order and copies, which the article "HTML" lists.
    #expect(documents.count - sameText <= 12)
    #expect(sameLinks == documents.count)
  }
}

extension TreeConstructionCase {
  /// The documents of all files.
  static func allDocuments() throws -> [TreeConstructionCase] {
    let path = "html5lib/tree-construction"
    guard let folder = ConformanceData.directory?.appending(path: path),
      let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    else { return [] }
    var documents: [TreeConstructionCase] = []
    for case let file as URL in files where file.pathExtension == "dat" {
      documents += self.documents(
        in: String(decoding: try Data(contentsOf: file), as: UTF8.self),
        named: file.deletingPathExtension().lastPathComponent)
    }
    return documents
  }
}
