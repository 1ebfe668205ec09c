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
    /// "What we promise and how we test it".
    static let argued: [String: String] = {
      let groups: [(ids: String, why: String)] = [
        ("B-10", "the cut is noted with robots.txt in the archive, not with pages"),
        ("B-20", "a host that asks for a gap of a year is left out, with that reason"),
        ("C-07 C-10", "one page in its normal form, a rule of robots.txt: nothing endless is left"),
        ("D-01", "300 levels are within the limit of 512: nothing is cut, so nothing is noted"),
        ("D-09", "the header is right, so there is nothing odd to note"),
        ("D-15 D-20 D-02 D-03 D-29", "noted under another label of parse"),
        ("E-15", "a bomb before it is a torn stream"),
        (
          "H-29 H-42",
          "chunk extensions are passed over, and the cookie is within the limit of heads"
        ),
        ("H-35 H-37", "204 and 206 give no whole page: `http.status`"),
        ("M-08", "the type is not wanted, so the body is not pulled"),
        ("T-08", "TLS 1.3 says so only after the handshake: a closed connection at robots.txt"),
        ("U-04", "the scope refuses them before their address is looked at"),
        ("H-03", "a status without meaning is a plain failure"),
        ("N-03 N-04 N-05 N-10", "met at robots.txt: `policy.robots_unavailable`, cause beside it"),
        ("N-08", "the second try is answered: a page, with its attempt"),
        ("N-09", "once a request is on its way, an answer that was sent before is like any other"),
        ("Q-03 Q-05 Q-06 Q-11 Q-12 Q-13 Q-19", "the system's resolver tells no more kinds"),
        ("Q-09", "the address that was checked is the one connected to: the good one"),
        ("Q-15", "one forbidden address condemns the name"),
        ("Q-17", "an address for documentation is not globally routable"),
        ("S-04", "a sitemap cut at the limit of the protocol: `parse.limit`"),
      ]
      var argued: [String: String] = [:]
      for group in groups {
        for id in group.ids.split(separator: " ") { argued[String(id)] = group.why }
      }
      return argued
    }()

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
