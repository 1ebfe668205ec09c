import GossamerURL

/// Parts of the web by the beginnings of their SURT keys, as archives list what they collect.
///
/// The longest prefix that fits a URL decides. A prefix without `)` stands for a domain and all below
/// it, one with `)` for a host and the paths that begin so. Ports belong to the host.
public struct SURTPrefixes: Sendable {
  private struct Rule {
    var admits: Bool
    var line: String
  }

  /// Domains and what is below them; labels reversed, without a comma at the end.
  private var domains: [String: Rule] = [:]
  /// Hosts with the beginning of a path, by length in bytes.
  private var paths: [Int: [String: Rule]] = [:]

  /// Whether there is no prefix at all.
  public var isEmpty: Bool { domains.isEmpty && paths.isEmpty }

  /// Reads a list, a prefix a line: `org,example)/docs`, `org,example`, `http://(org,example,` as
  /// Heritrix writes it, or a plain URL. `-` before it refuses what it covers, `+` means nothing, `#`
  /// begins a comment.
  ///
  /// - Throws: `SURTPrefixError` for the first line that is no prefix.
  public init(parsing text: String) throws(SURTPrefixError) {
    var number = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let content = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
      guard !content.isEmpty else { continue }
      guard let (prefix, rule) = Self.rule(content) else {
        throw SURTPrefixError(line: number, text: content)
      }
      if prefix.contains(")") {
        paths[prefix.utf8.count, default: [:]][prefix] = rule
      } else {
        domains[prefix] = rule
      }
    }
  }

  /// What the longest prefix that fits says of a URL; nil where none does.
  func verdict(for url: CanonicalURL) -> (admits: Bool, line: String)? {
    // Keys have no slash at the end, prefixes of folders do.
    let key = url.surt.hasSuffix("/") ? url.surt : url.surt + "/"
    for length in paths.keys.sorted(by: >) where length <= key.utf8.count {
      let prefix = String(decoding: key.utf8.prefix(length), as: UTF8.self)
      if let rule = paths[length]?[prefix] { return (rule.admits, rule.line) }
    }
    var host = key.prefix { $0 != ")" && $0 != ":" }
    while !host.isEmpty {
      if let rule = domains[String(host)] { return (rule.admits, rule.line) }
      guard let comma = host.lastIndex(of: ",") else { return nil }
      host = host[..<comma]
    }
    return nil
  }

  private static func rule(_ line: String) -> (prefix: String, rule: Rule)? {
    let admits = !line.hasPrefix("-")
    var prefix = line.hasPrefix("-") || line.hasPrefix("+") ? String(line.dropFirst()) : line
    if let start = prefix.firstRange(of: "://(") {
      prefix = String(prefix[start.upperBound...])
    } else if prefix.contains("://") {
      guard let url = CanonicalURL(prefix) else { return nil }
      let isFolder = prefix.hasSuffix("/") && !url.surt.hasSuffix("/")
      prefix = isFolder ? url.surt + "/" : url.surt
    }
    prefix = prefix.lowercased()
    let end = prefix.firstIndex(of: ")") ?? prefix.endIndex
    var host = prefix[..<end]
    while host.hasSuffix(",") { host.removeLast() }
    // Keys do not have the label, so that a prefix with it would never fit.
    if host.hasSuffix(",www") { host.removeLast(4) }
    guard !host.isEmpty, !host.contains("/"), !host.hasPrefix(",") else { return nil }
    return (String(host) + prefix[end...], Rule(admits: admits, line: line))
  }
}

/// A line of a list that is no SURT prefix.
public struct SURTPrefixError: Error, Sendable, CustomStringConvertible {
  /// The line, counted from 1.
  public var line: Int
  /// What stands there.
  public var text: String

  /// "'/docs' is no SURT prefix (line 3): …".
  public var description: String { description(at: "line \(line)") }

  /// The same with the place said otherwise, such as "list.txt:3".
  public func description(at place: String) -> String {
    "'\(text)' is no SURT prefix (\(place)): write it as org,example)/docs or as a URL"
  }
}
