import Foundation
import GossamerCorpus
import Testing

@Suite("Sorting the lines of a file")
struct LineSortTests {
  private func sorted(_ text: String, pieceBytes: Int = 64 << 20) throws -> (String, [String]) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sort-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "index").path
    try Data(text.utf8).write(to: URL(filePath: file))
    try LineSort.sort(path: file, pieceBytes: pieceBytes)
    return (
      String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self),
      try FileManager.default.contentsOfDirectory(atPath: folder.path)
    )
  }

  @Test(arguments: [1, 100, 5_000, 1 << 20])
  func piecesOfAnySizeGiveTheSameOrder(pieceBytes: Int) throws {
    var generator = SystemRandomNumberGenerator()
    let lines = (0..<200).map { _ in
      String("aäb zé )~".shuffled(using: &generator).prefix(.random(in: 0...9)))
    }
    let (text, files) = try sorted(lines.map { $0 + "\n" }.joined(), pieceBytes: pieceBytes)
    let wanted = lines.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    #expect(
      text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
        Array($0.utf8)
      } == wanted)
    #expect(files == ["index"])
  }

  @Test(arguments: ["", "one\n", "a\na\nb\n"])
  func whatIsSortedStaysAsItIs(text: String) throws {
    #expect(try sorted(text).0 == text)
  }

  @Test func aLineWithoutAnEndIsNoLossInSilence() throws {
    #expect(throws: StoreError.self) { try sorted("b\na\ntorn") }
  }

  @Test func aFileThatIsNotThereIsSorted() throws {
    try LineSort.sort(path: "/nonexistent/index")
  }
}
