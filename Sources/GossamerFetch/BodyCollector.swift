import GossamerBytes
import GossamerFlow

/// Collects one body within its limits: as sent, and decoded while it comes.
struct BodyCollector: ~Copyable {
  /// Whether to go on reading.
  enum Step: Equatable {
    case more
    case enough
  }

  private(set) var wire: [UInt8] = []
  private(set) var truncated: FetchedResponse.Truncation?
  private(set) var oddities: [Cause] = []

  private let wireLimit: Int
  private let decodedLimit: Int
  private let isCoded: Bool
  private var decoded: [UInt8] = []
  private var decoder: ContentDecoder
  private var isPlainAfterAll = false
  private var isDone = false

  init(
    codings: [ContentCoding], wireLimit: Int, decodedLimit: Int, ratio: Int?, expectedCount: Int?
  ) {
    self.wireLimit = wireLimit
    self.decodedLimit = decodedLimit
    isCoded = !codings.isEmpty
    decoder = ContentDecoder(codings: codings, limit: decodedLimit, ratio: ratio)
    if let expectedCount { wire.reserveCapacity(min(expectedCount, wireLimit, 1 << 20)) }
  }

  /// The decoded body; the one as sent when no coding was applied.
  var body: [UInt8] { isCoded && !isPlainAfterAll ? decoded : wire }

  /// How long the decoded body is so far.
  var bodyCount: Int { isCoded && !isPlainAfterAll ? decoded.count : wire.count }

  /// How much it holds.
  var size: Int { wire.count + decoded.count }

  /// Takes a piece. What lies past a limit is thrown away.
  mutating func add(_ piece: [UInt8]) -> Step {
    let limit = isCoded ? wireLimit : min(wireLimit, decodedLimit)
    let room = limit - wire.count
    if piece.count > room {
      let kept = Array(piece.prefix(room))
      wire.append(contentsOf: kept)
      decode(kept)
      cut(.length, .bodyTooLarge)
      return .enough
    }
    wire.append(contentsOf: piece)
    decode(piece)
    return isDone ? .enough : .more
  }

  /// Ends the body, whole or not.
  mutating func finish(cutBy truncation: FetchedResponse.Truncation? = nil) {
    if let truncation { cut(truncation, nil) }
    guard isCoded, !isPlainAfterAll, !isDone, !wire.isEmpty else { return }
    do {
      try decoder.finish(into: &decoded)
    } catch {
      note(error)
    }
  }

  private mutating func decode(_ piece: borrowing [UInt8]) {
    guard isCoded, !isPlainAfterAll, !isDone else { return }
    do {
      try decoder.decode(piece, into: &decoded)
    } catch {
      note(error)
    }
  }

  private mutating func note(_ error: ContentDecodingError) {
    switch error {
    case .notCoded:
      isPlainAfterAll = true
      oddities.append(.bodyDamaged)
    case .checksumMismatch: oddities.append(.bodyDamaged)
    case .limitExceeded:
      isDone = true
      cut(.length, .bomb)
    case .truncated where truncated != nil:
      isDone = true
    case .truncated, .corrupt, .windowTooLarge, .outOfMemory:
      isDone = true
      cut(.decode, .bodyDamaged)
    }
  }

  /// Notes the first reason why the body is not whole.
  private mutating func cut(_ reason: FetchedResponse.Truncation, _ oddity: Cause?) {
    if truncated == nil { truncated = reason }
    if let oddity, !oddities.contains(oddity) { oddities.append(oddity) }
  }
}
