import GossamerHTTP

/// What a response says about terms under which it would give more.
enum License {
  /// Whether a 401 asks for a licence rather than for a login. Source: RSL 1.0.
  static func isAsked(_ fields: HTTPFields) -> Bool {
    fields.values("WWW-Authenticate").contains { challenges in
      challenges.split(separator: ",").contains { challenge in
        let words = challenge.split(whereSeparator: \.isWhitespace)
        return words.first?.lowercased() == "license"
      }
    }
  }

  /// The fields that name terms or prices, as written.
  static func terms(_ fields: HTTPFields) -> [String] {
    let links = fields.values("Link").filter { value in
      LinkHeader.parse(value).contains { $0.relations.contains("license") }
    }
    let names = ["WWW-Authenticate", "Crawler-Price", "Payment-Required"]
    return names.flatMap { name in fields.values(name).map { "\(name): \($0)" } }
      + links.map { "Link: \($0)" }
  }
}
