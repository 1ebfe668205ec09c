/// Walks over JSON text and tells of each string, number or word where it stands: enough to find a
/// few facts in a page's JSON-LD, without building anything.
///
/// Lenient: stops quietly at what is no JSON. No recursion; nesting deeper than 100 ends the walk.
struct JSONStrings {
  /// A value that is no object and no array.
  struct Leaf {
    /// The member names it stands under, outermost first; arrays have none.
    var path: ArraySlice<String>
    var value: String
  }

  private let text: [UInt8]
  private var position = 0
  /// A name, or nil inside arrays, for each open object or array.
  private var open: [(isObject: Bool, key: String?)] = []

  init(_ text: [UInt8]) { self.text = text }

  /// Calls `body` for every leaf in the order written.
  mutating func forEachLeaf(_ body: (Leaf) -> Void) {
    while let byte = skipToToken() {
      switch byte {
      case 0x7B, 0x5B:
        guard open.count < 100 else { return }
        open.append((byte == 0x7B, nil))
        position += 1
      case 0x7D, 0x5D:
        guard open.popLast() != nil else { return }
        endValue()
        position += 1
      case 0x2C, 0x3A: position += 1
      case 0x22:
        guard let string = readString() else { return }
        if let last = open.last, last.isObject, last.key == nil {
          open[open.count - 1].key = string
        } else {
          emit(string, body)
        }
      default:
        guard let word = readWord() else { return }
        emit(word, body)
      }
    }
  }

  private mutating func skipToToken() -> UInt8? {
    while position < text.count, text[position].isHTMLSpace { position += 1 }
    return position < text.count ? text[position] : nil
  }

  private mutating func emit(_ value: String, _ body: (Leaf) -> Void) {
    body(Leaf(path: open.compactMap(\.key)[...], value: value))
    endValue()
  }

  private mutating func endValue() {
    if let last = open.last, last.isObject { open[open.count - 1].key = nil }
  }

  private mutating func readWord() -> String? {
    let start = position
    while position < text.count,
      text[position].isASCIILetter || text[position].isASCIIDigit
        || [0x2B, 0x2D, 0x2E].contains(text[position])
    {
      position += 1
    }
    return position > start ? String(decoding: text[start..<position], as: UTF8.self) : nil
  }

  private mutating func readString() -> String? {
    var bytes: [UInt8] = []
    position += 1
    while position < text.count {
      let byte = text[position]
      position += 1
      switch byte {
      case 0x22: return String(decoding: bytes, as: UTF8.self)
      case 0x5C:
        guard position < text.count else { return nil }
        readEscape(into: &bytes)
      default: bytes.append(byte)
      }
    }
    return nil
  }

  private mutating func readEscape(into bytes: inout [UInt8]) {
    let byte = text[position]
    position += 1
    switch byte {
    case 0x62, 0x66: bytes.append(0x20)
    case 0x6E: bytes.append(0x0A)
    case 0x72: bytes.append(0x0D)
    case 0x74: bytes.append(0x09)
    case 0x75: bytes += Array(String(Character(readCodePoint())).utf8)
    default: bytes.append(byte)
    }
  }

  private mutating func readCodePoint() -> Unicode.Scalar {
    guard let high = readHex() else { return "\u{FFFD}" }
    if high & 0xFC00 == 0xD800, position + 1 < text.count, text[position] == 0x5C,
      text[position + 1] == 0x75
    {
      let before = position
      position += 2
      if let low = readHex(), low & 0xFC00 == 0xDC00 {
        return Unicode.Scalar(0x10000 + (high & 0x3FF) << 10 + low & 0x3FF) ?? "\u{FFFD}"
      }
      position = before
    }
    return high == 0 ? "\u{FFFD}" : Unicode.Scalar(high) ?? "\u{FFFD}"
  }

  private mutating func readHex() -> UInt32? {
    guard position + 4 <= text.count,
      let value = UInt32(
        String(decoding: text[position..<(position + 4)], as: UTF8.self), radix: 16)
    else { return nil }
    position += 4
    return value
  }
}
