import GossamerURL

extension CorpusFilter {
  /// The keys of a page record that it looks at.
  package var keys: Set<String> {
    var keys: Set<String> = []
    if !hosts.isEmpty { keys.insert("host") }
    if !languages.isEmpty { keys.insert("language") }
    if since != nil || until != nil { keys.formUnion(["published", "fetched_at"]) }
    if forModels { keys.insert("preferences") }
    return keys
  }

  /// A host as host keys are written: lower case, names of other scripts encoded.
  package static func hostKey(_ text: String) -> String {
    WebURL("http://\(text)/").flatMap { CanonicalURL($0) }?.hostKey ?? text.lowercased()
  }

  /// A host key without the port it may have.
  package static func withoutPort(_ hostKey: String) -> String {
    guard let colon = hostKey.lastIndex(of: ":"), !hostKey.hasSuffix("]"),
      hostKey[hostKey.index(after: colon)...].allSatisfy(\.isNumber)
    else { return hostKey }
    return String(hostKey[..<colon])
  }

  /// Whether a page record is what the filter asks for, with the meanings that search has.
  ///
  /// Hosts must be as ``hostKey(_:)`` writes them.
  package func admits(_ record: PageRecord) -> Bool {
    hasHost(record) && hasLanguage(record) && hasDate(record)
      && !(forModels && record.preferences?.aiInput == "no")
  }

  private func hasHost(_ record: PageRecord) -> Bool {
    guard !hosts.isEmpty else { return true }
    let name = record.host ?? ""
    let bare = Self.withoutPort(name)
    return hosts.contains { name == $0 || bare == $0 || bare.hasSuffix("." + $0) }
  }

  private func hasLanguage(_ record: PageRecord) -> Bool {
    guard !languages.isEmpty else { return true }
    let language = record.language?.lowercased() ?? ""
    return languages.contains { wanted in
      language == wanted.lowercased() || language.hasPrefix(wanted.lowercased() + "-")
    }
  }

  private func hasDate(_ record: PageRecord) -> Bool {
    guard since != nil || until != nil else { return true }
    guard let day = Self.day(record.published) ?? Self.day(record.fetchedAt) else { return false }
    // A year or a month takes all its days.
    return day >= since ?? "" && day <= (until ?? "") + "~"
  }

  /// "2026-11-24" of any time that begins so.
  package static func day(_ text: String?) -> String? {
    guard let bytes = text.map({ Array($0.utf8.prefix(10)) }), bytes.count == 10 else { return nil }
    for (index, byte) in bytes.enumerated() {
      let isDigit = byte >= 0x30 && byte <= 0x39
      guard index == 4 || index == 7 ? byte == 0x2D : isDigit else { return nil }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
