import ArgumentParser
import Gossamer

/// `gossamer charset`: how bytes are encoded.
struct CharsetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "charset", abstract: "Tell how a page is encoded, by its WHATWG name.",
    discussion: """
      With --batch, input: JSON lines {"id": …, "file": …, "content_type": …}, or "content", or \
      "content_base64".
      """)

  @Argument(help: "A page, or with --batch JSON lines (default: standard input).")
  var file: String?

  @Option(name: .long, help: "The Content-Type the page came with.")
  var contentType: String?

  @Flag(name: .long, help: "Many pages: one JSON line each.")
  var batch = false

  func run() async throws {
    guard batch else {
      let page = try InputFile.content(file)
      return Output.bytes(Self.result(of: page.bytes, contentType, id: nil))
    }
    try await LineWork { [contentType] line in
      let input = try JSONInput.decode(ContentInput.self, from: line)
      let bytes = try input.read().bytes
      return Self.result(of: bytes, input.contentType ?? contentType, id: input.id)
    }.runInParallel(on: file)
  }

  private static func result(of bytes: [UInt8], _ contentType: String?, id: LineID?) -> [UInt8] {
    let verdict = CharsetDetector().detect(bytes, contentType: contentType)
    var line = JSONLine()
    id?.add(to: &line)
    line.add("encoding", verdict.encoding.name)
    line.add("source", verdict.source.rawValue)
    return line.finished()
  }
}
