import ArgumentParser
import Gossamer

/// `gossamer url`: what a URL is, and what it is the same as.
struct URLCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "url", abstract: "Parse and canonicalize URLs.",
    subcommands: [Parse.self, Canonicalize.self])

  /// `gossamer url parse`.
  struct Parse: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Parse URLs as the WHATWG standard does.",
      discussion: """
        Input: JSON lines {"input": …, "base": …}, base optional. Output: the standard's getters, \
        or {"failure": true}.
        """)

    @Argument(help: "A file of JSON lines (default: standard input).")
    var file: String?

    func run() throws {
      try LineWork { line in
        try Self.result(of: JSONInput.decode(Input.self, from: line))
      }.run(on: file)
    }

    private struct Input: Decodable {
      var input: String
      var base: String?
    }

    private static func result(of input: Input) -> [UInt8] {
      var line = JSONLine()
      let base = input.base.map { WebURL($0) }
      // A base that is no URL leaves nothing to parse against.
      if let base, base == nil {
        line.add("failure", true)
      } else if let url = WebURL(input.input, base: base ?? nil) {
        add(url, to: &line)
      } else {
        line.add("failure", true)
      }
      return line.finished()
    }

    private static func add(_ url: WebURL, to line: inout JSONLine) {
      let port = url.port.map(String.init) ?? ""
      line.add("href", url.href)
      line.add("protocol", url.scheme + ":")
      line.add("username", url.username)
      line.add("password", url.password)
      line.add("host", port.isEmpty ? url.hostname : "\(url.hostname):\(port)")
      line.add("hostname", url.hostname)
      line.add("port", port)
      line.add("pathname", url.pathname)
      line.add("search", url.search)
      line.add("hash", url.hash)
    }
  }

  /// `gossamer url canonicalize`.
  struct Canonicalize: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell the form by which a URL is known.",
      discussion: "Input: a URL a line. Output: canonical form, SURT key, host key and domain.")

    @Argument(help: "A file of URLs (default: standard input).")
    var file: String?

    func run() throws {
      try LineWork(skipsBlankLines: false) { Self.result(of: $0) }.run(on: file)
    }

    private static func result(of input: [UInt8]) -> [UInt8] {
      var line = JSONLine()
      if let url = input.withUnsafeBufferPointer({ CanonicalURL(utf8: $0) }) {
        line.add("url", String(decoding: input, as: UTF8.self))
        line.add("canonical", url.string)
        line.add("surt", url.surt)
        line.add("host_key", url.hostKey)
        line.add("domain", url.registeredDomain)
      } else {
        line.add("failure", true)
      }
      return line.finished()
    }
  }
}
