/// A path pattern, matched in time linear in pattern and path, however many `*` it has.
///
/// `*` stands for any bytes, `$` at the end for the end of the target. Both sides are brought to one
/// form first: unreserved characters are decoded, everything else that is not a plain path character
/// is encoded with upper-case digits. So `%2A` and `%24` are the plain characters `*` and `$`.
///
/// Source: RFC 9309 §2.2.2 and §2.2.3.
struct RobotsPattern: Sendable {
  /// Octets of the normalised pattern: the longest match decides.
  let length: Int
  private let pieces: [[UInt8]]
  private let isAnchored: Bool

  init(_ written: ArraySlice<UInt8>) {
    isAnchored = written.last == Self.dollar
    let body = isAnchored ? written.dropLast() : written
    pieces = body.split(separator: Self.star, omittingEmptySubsequences: false)
      .map { Self.normalize($0) }
    length = pieces.reduce(pieces.count - 1 + (isAnchored ? 1 : 0)) { $0 + $1.count }
  }

  /// For a pattern that ends with "/index.htm…": the folder itself, anchored. Else nil.
  static func folder(ofIndex written: ArraySlice<UInt8>) -> RobotsPattern? {
    guard let slash = written.lastIndex(of: UInt8(ascii: "/")),
      written[(slash + 1)...].starts(with: Array("index.htm".utf8))
    else { return nil }
    return RobotsPattern((Array(written[...slash]) + [dollar])[...])
  }

  /// Whether the pattern matches the start of a normalised target (all of it, where anchored).
  ///
  /// Finding each piece as early as possible never spoils a match, so no way back is needed.
  func matches(_ target: [UInt8]) -> Bool {
    guard let first = pieces.first, target.starts(with: first) else { return false }
    var position = first.count
    if pieces.count == 1 { return !isAnchored || position == target.count }
    for piece in pieces[1...].dropLast(isAnchored ? 1 : 0) where !piece.isEmpty {
      guard let found = Self.find(piece, in: target, from: position) else { return false }
      position = found + piece.count
    }
    guard isAnchored, let last = pieces.last else { return true }
    return target.count - position >= last.count && target.suffix(last.count).elementsEqual(last)
  }

  private static let star = UInt8(ascii: "*")
  private static let dollar = UInt8(ascii: "$")
  private static let percent = UInt8(ascii: "%")

  // MARK: Search

  /// The first place of `piece` at or after `start`. Knuth, Morris and Pratt: no byte is read twice
  /// too often, which keeps patterns made to be slow from being slow.
  private static func find(_ piece: [UInt8], in target: [UInt8], from start: Int) -> Int? {
    guard piece.count <= target.count - start else { return nil }
    let fallback = piece.count > 1 ? failureTable(piece) : [0]
    var matched = 0
    for index in start..<target.count {
      while matched > 0 && target[index] != piece[matched] { matched = fallback[matched - 1] }
      if target[index] == piece[matched] { matched += 1 }
      if matched == piece.count { return index + 1 - matched }
    }
    return nil
  }

  private static func failureTable(_ piece: [UInt8]) -> [Int] {
    var table = [Int](repeating: 0, count: piece.count)
    var matched = 0
    for index in 1..<piece.count {
      while matched > 0 && piece[index] != piece[matched] { matched = table[matched - 1] }
      if piece[index] == piece[matched] { matched += 1 }
      table[index] = matched
    }
    return table
  }

  // MARK: One form

  /// The one form of a request target: with a slash at the start, without a fragment.
  static func normalize(target: String) -> [UInt8] {
    let bytes = Array(target.utf8.prefix { $0 != UInt8(ascii: "#") })
    let slash = UInt8(ascii: "/")
    return normalize(bytes.first == slash ? bytes[...] : ([slash] + bytes)[...])
  }

  private static func normalize(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      index += 1
      if byte == percent {
        guard index + 1 < bytes.endIndex, let high = hexValue(bytes[index]),
          let low = hexValue(bytes[index + 1])
        else {
          result.append(byte)
          continue
        }
        index += 2
        let decoded = high << 4 | low
        if isUnreserved(decoded) {
          result.append(decoded)
        } else {
          appendEncoded(decoded, to: &result)
        }
      } else if isPlain(byte) {
        result.append(byte)
      } else {
        appendEncoded(byte, to: &result)
      }
    }
    return result
  }

  private static func appendEncoded(_ byte: UInt8, to result: inout [UInt8]) {
    func digit(_ value: UInt8) -> UInt8 {
      value < 10 ? 0x30 + value : 0x41 + value - 10
    }
    result.append(percent)
    result.append(digit(byte >> 4))
    result.append(digit(byte & 15))
  }

  private static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  /// Source: RFC 3986 §2.3.
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
    default: false
    }
  }

  /// Bytes that stand for themselves: reserved and unreserved ones, but for `*` and `$`.
  private static func isPlain(_ byte: UInt8) -> Bool {
    if isUnreserved(byte) { return true }
    switch byte {
    case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "&"), UInt8(ascii: "'"),
      UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "+"), UInt8(ascii: ","),
      UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "="),
      UInt8(ascii: "?"), UInt8(ascii: "@"), UInt8(ascii: "["), UInt8(ascii: "]"):
      return true
    default: return false
    }
  }
}
