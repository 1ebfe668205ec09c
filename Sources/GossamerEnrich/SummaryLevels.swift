import GossamerBytes
import GossamerCorpus
import GossamerLLM

/// How much a summary is about.
public enum SummaryLevel: String, Sendable, CaseIterable {
  /// One page.
  case page
  /// All pages of a host, from their summaries.
  case site
  /// All hosts, from their summaries.
  case corpus
}

extension SummaryLevel {
  /// The texts of a level: the summaries of the one below, host by host for sites.
  ///
  /// They are summarized as pages are, in parts where there are many; a text that did not change
  /// has the digest it had before, and is not paid for again.
  ///
  /// - Parameters:
  ///   - path: the file of summaries.
  ///   - method: of the summaries to take.
  /// - Returns: sites in the order of their names; nothing for pages, which come from the corpus.
  public func texts(path: String, method: String) -> [TextRecord] {
    guard let below = Self.below[self] else { return [] }
    var groups: [String: [(name: String, text: String)]] = [:]
    var seen = Set<String>()
    var lines = LineFiles(ResultFile.shards(of: path))
    while let line = lines.next() {
      guard let json = JSONValue(parsing: [UInt8](line)), json["method"]?.string == method,
        (json["level"]?.string ?? "page") == below.rawValue, let text = json["summary"]?.string,
        let url = json["url"]?.string, seen.insert(json["digest"]?.string ?? url).inserted
      else { continue }
      groups[self == .site ? Self.host(of: url) : "corpus", default: []].append((url, text))
    }
    return groups.sorted { $0.key < $1.key }.map { name, summaries in
      let text = summaries.sorted { ($0.name, $0.text) < ($1.name, $1.text) }.map(\.text)
        .joined(separator: "\n")
      return TextRecord(
        digest: "sha256:" + Digest.sha256(of: "\(rawValue)\n\(name)\n\(text)").hex,
        page: PageText(url: name, host: self == .site ? name : "", text: text),
        allowsModels: true, level: self)
    }
  }

  private static let below: [SummaryLevel: SummaryLevel] = [.site: .page, .corpus: .site]

  /// The host of an address; addresses that have none are one host.
  private static func host(of url: String) -> String {
    guard let start = url.firstRange(of: "://")?.upperBound else { return "" }
    return String(url[start...].prefix { !"/?#".contains($0) })
  }
}
