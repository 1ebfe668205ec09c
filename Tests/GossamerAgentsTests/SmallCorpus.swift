import GossamerAgents
import GossamerCorpus
import GossamerLLM
import Synchronization

/// A corpus of a few pages, searched by counting words, which may end in anything.
struct SmallCorpus: CorpusSearch, CorpusPages {
  var records: [PageRecord]

  init(_ pages: [(url: String, text: String)]) {
    records = pages.map { page in
      var record = PageRecord(url: page.url)
      record.host = String(page.url.split(separator: "/")[1])
      record.title = page.text.split(separator: ".").first.map { String($0) }
      record.text = page.text
      record.digest = "sha256:\(page.text.utf8.count)"
      return record
    }
  }

  static let harbour = SmallCorpus([
    (
      "http://harbour.test/ferry",
      "The ferry to Lunde. It sails twice a day, at 8:15 and at 17:40. A ticket costs 34 crowns."
    ),
    (
      "http://harbour.test/museum",
      "The harbour museum. It opened in 1894 in the old customs house and has 3,400 exhibits."
    ),
    ("http://harbour.test/weather", "The weather on the coast. It rains on 212 days a year."),
  ])

  func page(at url: String) async throws -> StoredPage? {
    records.first { $0.url == url }.map { StoredPage($0) }
  }

  func hosts(limit: Int) async throws -> [CorpusHost] {
    Dictionary(grouping: records, by: { $0.host ?? "" })
      .map { CorpusHost(name: $0.key, pages: $0.value.count) }
  }

  func search(_ query: CorpusQuery) async throws -> [CorpusHit] {
    let words = query.text.lowercased().split { !$0.isLetter && !$0.isNumber }
      .filter { $0 != "or" }
    let isAny = query.text.contains(" OR ")
    let hits = records.compactMap { record -> CorpusHit? in
      guard !query.filter.forModels || record.textForModels != nil, let text = record.text else {
        return nil
      }
      let found = words.count { text.lowercased().contains($0) }
      guard isAny ? found > 0 : found == words.count else { return nil }
      return CorpusHit(
        url: record.url, title: record.title, host: record.host ?? "", date: nil, language: nil,
        digest: record.digest, score: Double(found), passage: 0, range: 0..<text.utf8.count,
        snippet: String(text.prefix(300)), highlights: [])
    }
    return Array(hits.sorted { $0.score > $1.score }.prefix(query.limit))
  }
}

/// The steps of a run as they were told.
final class Steps: Sendable {
  private let state = Mutex<[AgentRecord]>([])
  var records: [AgentRecord] { state.withLock { $0 } }
  func add(_ record: AgentRecord) { state.withLock { $0.append(record) } }

  /// "asked 1", "begin look_up", "answered 1", "end look_up done" and so on, in order.
  var labels: [String] {
    records.compactMap { record in
      switch record.event {
      case .asked(let turn, _, let last, _): "asked \(turn)" + (last == nil ? "" : " last")
      case .callStarted(_, _, let call): "begin \(call.name)"
      case .answered(let turn, _): "answered \(turn)"
      case .callEnded(_, _, let name, let outcome, _): "end \(name) \(outcome.status.rawValue)"
      case .failed(_, let kind, _, _): "failed \(kind)"
      case .noted(let text): "noted \(text)"
      case .planned, .started, .checked, .ended, .merged: nil
      }
    }
  }
}
