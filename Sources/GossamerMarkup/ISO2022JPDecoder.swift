/// The decoder of ISO-2022-JP, which switches between sets by escape sequences.
///
/// Source: Encoding Standard, 12.2.1 "ISO-2022-JP decoder", with the names of its states.
struct ISO2022JPDecoder {
  private enum State {
    case ascii, roman, katakana, leadByte, trailByte, escapeStart, escape
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var state = State.ascii
  private var outputState = State.ascii
  private var lead: UInt8 = 0
  /// Whether a character came since the last escape sequence; two in a row are a fault.
  private var output = false

  static func decode(_ bytes: UnsafeBufferPointer<UInt8>, into text: inout DecodedText) {
    var decoder = ISO2022JPDecoder(bytes: bytes)
    while decoder.step(into: &text) {}
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Handles one byte, or the end; false when all is done.
  private mutating func step(into text: inout DecodedText) -> Bool {
    let byte = position < bytes.count ? bytes[position] : nil
    position += 1
    switch state {
    case .ascii, .roman, .katakana, .leadByte:
      guard let byte else { return false }
      if byte == 0x1B { state = .escapeStart } else { single(byte, into: &text) }
    case .trailByte: trail(byte, into: &text)
    case .escapeStart:
      if byte == 0x24 || byte == 0x28 {
        lead = byte ?? 0
        state = .escape
      } else {
        unescape(1, into: &text)
      }
    case .escape: escape(byte, into: &text)
    }
    return true
  }

  private mutating func single(_ byte: UInt8, into text: inout DecodedText) {
    output = false
    switch state {
    case .katakana where (0x21...0x5F).contains(byte): text.append(0xFF61 - 0x21 + UInt32(byte))
    case .leadByte where (0x21...0x7E).contains(byte):
      lead = byte
      state = .trailByte
    case .roman where byte == 0x5C: text.append(0xA5)
    case .roman where byte == 0x7E: text.append(0x203E)
    case .ascii, .roman:
      if byte < 0x80, byte != 0x0E, byte != 0x0F {
        text.append(UInt32(byte))
      } else {
        text.appendFault()
      }
    default: text.appendFault()
    }
  }

  private mutating func trail(_ byte: UInt8?, into text: inout DecodedText) {
    switch byte {
    case 0x1B?:
      state = .escapeStart
      text.appendFault()
    case let byte? where (0x21...0x7E).contains(byte):
      state = .leadByte
      let scalar = EncodingIndex.jis0208[(Int(lead) - 0x21) * 94 + Int(byte) - 0x21]
      if scalar == 0 { text.appendFault() } else { text.append(scalar) }
    default:
      state = .leadByte
      text.appendFault()
    }
  }

  private mutating func escape(_ byte: UInt8?, into text: inout DecodedText) {
    let next: State? =
      switch (lead, byte) {
      case (0x28, 0x42): .ascii
      case (0x28, 0x4A): .roman
      case (0x28, 0x49): .katakana
      case (0x24, 0x40), (0x24, 0x42): .leadByte
      default: nil
      }
    guard let next else { return unescape(2, into: &text) }
    state = next
    outputState = next
    if output { text.appendFault() }
    output = true
  }

  /// The escape was none: what followed it is read again.
  private mutating func unescape(_ count: Int, into text: inout DecodedText) {
    position -= count
    output = false
    state = outputState
    text.appendFault()
  }
}
