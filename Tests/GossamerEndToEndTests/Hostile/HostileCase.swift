#if Network
  import Foundation

  /// A case of the hostile server and what the catalogue expects of it.
  struct HostileCase: Decodable, Sendable {
    /// As in "H-07".
    var id: String
    var url: String
    /// The class of the outcome, as in "fail-retry".
    var expect: String
    /// The label of the cause; empty where none is wanted.
    var kind: String
    var note: String

    /// Cases that together take seconds.
    static let quick =
      "R-.*|M-0[1-7]|U-.*|E-.*|T-.*|H-(0[1-9]|1[0-38-9]|2[0-8]|3[03-9]|49)|B-(0[1-4]|09|1[0-9]|2[12456])|D-(0[15-9]|1[0-467]|2[3-8]|30)|S-(0[13589]|1[0-2])|Q-(0[125-9]|10|14|18)"

    /// Cases whose outcome is another one than the catalogue's, and why. Told to users in the article
    /// "The hostile web".
    static let argued: [String: String] = {
      let groups: [(ids: String, why: String)] = [
        ("E-15", "a bomb before it is a torn stream"),
        ("M-08", "the type is not wanted, so the body is not pulled"),
        ("N-08", "the second try is answered: a page, with its attempt"),
        ("N-09", "once a request is on its way, an answer that was sent before is like any other"),
        ("Q-09", "the address that was checked is the one connected to: the good one"),
        ("Q-15", "one forbidden address condemns the name"),
        ("Q-17", "an address for documentation is not globally routable"),
      ]
      var argued: [String: String] = [:]
      for group in groups {
        for id in group.ids.split(separator: " ") { argued[String(id)] = group.why }
      }
      return argued
    }()

    /// Cases whose note leaves the choice: a status 999 may be a plain failure, a gap of a year a host
    /// given up, a chunk extension ignored.
    static let allowed: Set<String> = ["H-03", "B-20", "H-29"]

    private struct Manifest: Decodable { var cases: [HostileCase] }

    static func read(_ folder: Folder) throws -> [HostileCase] {
      try JSONDecoder().decode(
        Manifest.self, from: Data(contentsOf: URL(filePath: folder("manifest.json")))
      )
      .cases
    }

    /// The URL as the crawler writes it.
    var canonicalURL: String {
      url.replacing("http://127.0.0.1:80/", with: "http://127.0.0.1/")
    }

    /// Whether the case has a host of its own, whose port tells its URLs from those of others.
    var origin: String? {
      guard !canonicalURL.contains("/c/\(id)/"), let parts = URL(string: canonicalURL),
        let host = parts.host()
      else { return nil }
      return "\(parts.scheme ?? "http")://\(host)\(parts.port.map { ":\($0)" } ?? "")/"
    }
  }

  /// What the server saw, by case.
  struct HostileLog: Decodable {
    struct Entry: Decodable {
      var hits: Int
      var paths: [String: Int]
    }
    var log: [String: Entry]

    static func read(_ folder: Folder) throws -> HostileLog {
      try JSONDecoder().decode(
        HostileLog.self, from: Data(contentsOf: URL(filePath: folder("log.json"))))
    }
  }

  /// The rules that can be judged from the server's side of the wire.
  struct HostileVerdict: Decodable {
    struct Failure: Decodable {
      var id: String
      var why: String
    }
    var ok: Bool
    var failed: [Failure]

    static func read(_ folder: Folder) throws -> HostileVerdict {
      try JSONDecoder().decode(
        HostileVerdict.self, from: Data(contentsOf: URL(filePath: folder("verdict.json"))))
    }
  }
#endif
