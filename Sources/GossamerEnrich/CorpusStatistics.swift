/// How common terms are in a crawl, and which sentences its hosts repeat on every page.
///
/// A value: filled page by page with `add`, then handed to summarizers. Memory is bounded; once
/// full, new terms and sentences are not counted any more. Counts pages, not occurrences.
public struct CorpusStatistics: Sendable {
  /// Pages added.
  public private(set) var pages = 0

  private var frequencies: [UInt64: UInt32] = [:]
  private var repeats: [UInt64: UInt8] = [:]
  private let capacity: Int

  /// Nothing counted.
  ///
  /// - Parameter capacity: the most terms, and the most sentences, that are kept apart.
  public init(capacity: Int = 1 << 19) { self.capacity = capacity }

  /// Counts a page.
  public mutating func add(_ page: PageText) {
    let text = UTF8Cursor(bytes: Array(page.text.utf8))
    pages += 1
    var seen = Set<UInt64>()
    let sentences = SentenceSegmenter.sentences(
      in: text.bytes, language: page.language, limit: 2_000)
    for sentence in sentences {
      let terms = Terms.counted(text, in: sentence.range).terms
      if terms.count > 2 {
        let key = Terms.identity(terms, host: page.host)
        if let count = repeats[key] {
          repeats[key] = count == .max ? count : count + 1
        } else if repeats.count < capacity {
          repeats[key] = 1
        }
      }
      for term in terms where seen.insert(term).inserted {
        if let count = frequencies[term] {
          frequencies[term] = count + 1
        } else if frequencies.count < capacity {
          frequencies[term] = 1
        }
      }
    }
  }

  /// Whether there are enough pages to say what is common.
  var isUsable: Bool { pages >= 20 }

  /// Inverse document frequency, never negative.
  func weight(of term: UInt64) -> Float {
    Float.naturalLog(Float(pages + 1) / Float((frequencies[term] ?? 0) + 1))
  }

  /// Whether a host has this sentence on more than 3 pages.
  func isBoilerplate(_ terms: [UInt64], host: String) -> Bool {
    (repeats[Terms.identity(terms, host: host)] ?? 0) > 3
  }
}
