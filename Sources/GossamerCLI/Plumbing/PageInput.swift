import Foundation
import Gossamer

/// A page on a line of a batch: `html` as text, or `html_file` or `html_base64` in any encoding.
struct PageInput: Decodable, Sendable {
  var id: LineID?
  var url: String?
  var base: String?
  var contentType: String?
  private var html: String?
  private var file: String?
  private var base64: Base64Bytes?

  private enum CodingKeys: String, CodingKey {
    case id, url, base, html
    case contentType = "content_type"
    case file = "html_file"
    case base64 = "html_base64"
  }

  /// - Throws: `BadLine` where there is none, or none that can be parsed.
  func document() throws -> HTMLDocument { try Self.parse(text().utf8) }

  /// The page in UTF-8, and the encoding it was in.
  func text() throws -> Text {
    if let html { return (Array(html.utf8), .utf8) }
    if let base64 { return try Self.decode(Unpacked(base64.bytes), contentType) }
    guard let file else { throw BadLine("no 'html', 'html_file' or 'html_base64'") }
    return try Self.decode(InputFile.content(file), contentType)
  }

  typealias Text = (utf8: [UInt8], encoding: TextEncoding)

  /// The page in a file, or on standard input.
  static func document(in path: String?, contentType: String?) throws -> HTMLDocument {
    try inFile(path) { try parse(decode($0, contentType).utf8) }
  }

  /// The page in a file, or on standard input, in UTF-8, and the encoding it was in.
  static func text(in path: String?, contentType: String?) throws -> Text {
    try inFile(path) { try decode($0, contentType) }
  }

  private static func inFile<Result>(
    _ path: String?, _ body: (Unpacked) throws -> Result
  ) throws -> Result {
    do {
      return try body(InputFile.content(path))
    } catch let bad as BadLine {
      throw CommandFailure(
        .partly, "no page: \(bad.message) (\(path ?? "standard input")): check the file")
    }
  }

  private static func decode(_ page: Unpacked, _ contentType: String?) throws -> Text {
    if let problem = page.problem, page.bytes.isEmpty { throw BadLine(problem) }
    let decoded = CharsetDetector().decode(page.bytes, contentType: contentType)
    return (decoded.utf8, decoded.verdict.encoding)
  }

  static func parse(_ utf8: [UInt8]) throws -> HTMLDocument {
    do {
      return try HTMLDocument(parsing: utf8)
    } catch {
      throw BadLine("cannot be parsed: \(error)")
    }
  }
}

/// Content on a line of a batch: `content` as text, or `file` or `content_base64`.
struct ContentInput: Decodable, Sendable {
  var id: LineID?
  var url: String?
  var contentType: String?
  var strict: Bool?
  private var content: String?
  private var file: String?
  private var base64: Base64Bytes?

  private enum CodingKeys: String, CodingKey {
    case id, url, strict, content, file
    case contentType = "content_type"
    case base64 = "content_base64"
  }

  /// Whether the bytes are text that is no longer in the encoding it may speak of.
  var isText: Bool { content != nil }

  /// The bytes, unpacked.
  func read() throws -> Unpacked {
    if let content { return Unpacked(Array(content.utf8)) }
    if let base64 { return Unpacked(base64.bytes) }
    guard let file else { throw BadLine("no 'content', 'file' or 'content_base64'") }
    return try InputFile.content(file)
  }
}

/// Where a page or file is from. Without an address, relative links in it mean nothing.
enum PageAddress {
  /// An address given on a line; nothing and "" mean none.
  ///
  /// - Throws: `BadLine` for what is no URL.
  static func parse(_ text: String?) throws -> WebURL {
    let text = text.flatMap { $0.isEmpty ? nil : $0 } ?? "about:blank"
    guard let url = WebURL(text) else { throw BadLine("'\(text)' is no URL") }
    return url
  }

  /// An address given as an option.
  static func parse(_ text: String?, option: String) throws -> WebURL {
    guard let url = try? parse(text) else {
      throw CommandFailure(.usage, "'\(text ?? "")' is no URL for '\(option)': give a whole one")
    }
    return url
  }
}
