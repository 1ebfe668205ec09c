import Foundation
import Gossamer
import GossamerBytes

/// Pages that nobody wrote, the same every time: words by Zipf's law, as in every language, so that a few
/// stand on nearly all pages and most on hardly any.
struct SyntheticCorpus {
  /// Words there are.
  static let vocabulary = 200_000
  private static let wordsOnPage = 400

  private var state: UInt64
  private let words: [String]
  /// The chance of a word or one that is more common.
  private let sums: [Double]

  init(seed: UInt64 = 1) {
    state = seed
    words = (0..<Self.vocabulary).map(Self.word)
    var sum = 0.0
    sums = (0..<Self.vocabulary).map {
      sum += 1 / pow(Double($0) + 2.7, 1.05)
      return sum
    }
  }

  /// The next page.
  mutating func page(_ number: Int) -> PageRecord {
    let host = "host-\(number % 503).example"
    var record = PageRecord(url: "http://\(host)/articles/\(number)")
    record.host = host
    record.status = 200
    record.fetchedAt = Timestamp.rfc3339(1_700_000_000 + Double(number * 60))
    record.language = ["en", "en-GB", "de", "fr"][number % 4]
    record.digest = "sha256:" + Digest.sha256(of: record.url).hex
    record.title = sentence(6)
    record.headings = (0..<4).map { _ in PageRecord.Heading(level: 2, text: sentence(4)) }
    var lines: [String] = []
    for heading in record.headings ?? [] {
      lines.append(heading.text)
      lines.append(
        (0..<(Self.wordsOnPage / 60)).map { _ in sentence(15) + "." }.joined(separator: " "))
    }
    record.text = lines.joined(separator: "\n")
    record.markdown = record.text
    return record
  }

  /// A word as often as it stands on pages.
  mutating func word() -> String {
    let chance = Double(next() >> 11) / Double(1 << 53) * (sums.last ?? 1)
    var low = 0
    var high = sums.count - 1
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] < chance { low = middle + 1 } else { high = middle }
    }
    return words[low]
  }

  /// A word that stands on few pages, as the words of questions mostly do.
  mutating func rareWord() -> String {
    words[100 + Int(next() >> 33) % 20_000]
  }

  /// A vector of length 1 among others like it.
  mutating func vector(_ dimensions: Int) -> [Float] {
    let vector = (0..<dimensions).map { _ in Float(Int32(truncatingIfNeeded: next() >> 16)) }
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return vector.map { $0 / length }
  }

  private mutating func sentence(_ count: Int) -> String {
    (0..<count).map { _ in word() }.joined(separator: " ")
  }

  private mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state
  }

  /// Two to five syllables, a word a number.
  private static func word(_ number: Int) -> String {
    let onsets = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z"]
    let vowels = ["a", "e", "i", "o", "u"]
    var rest = number
    var word = ""
    repeat {
      word += onsets[rest % 14] + vowels[rest / 14 % 5]
      rest /= 70
    } while rest > 0
    return word + onsets[number % 13]
  }
}
