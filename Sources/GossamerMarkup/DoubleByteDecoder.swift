/// The decoders of the East Asian encodings that keep no state between characters.
///
/// An error takes the bytes of its sequence with it, but never an ASCII byte at its end: markup is
/// not swallowed.
///
/// Source: Encoding Standard, 10.2 gb18030, 11.1 Big5, 12.1 EUC-JP, 12.3 Shift_JIS, 13.1 EUC-KR.
enum DoubleByteDecoder {
  /// What stands at a place, and how many bytes it takes.
  struct Step {
    /// The character; 0 for an error.
    var scalar: UInt32
    /// A combining mark that belongs to the character; 0 for none.
    var mark: UInt32 = 0
    var length: Int

    static func error(_ length: Int) -> Step { Step(scalar: 0, length: length) }
  }

  private typealias Bytes = UnsafeBufferPointer<UInt8>

  static func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, from encoding: TextEncoding, into text: inout DecodedText
  ) {
    switch encoding {
    case .big5:
      let index = EncodingIndex.big5
      run(bytes, &text) { big5($0, $1, index) }
    case .eucJP:
      let (index, supplement) = (EncodingIndex.jis0208, EncodingIndex.jis0212)
      run(bytes, &text) { eucJP($0, $1, index, supplement) }
    case .shiftJIS:
      let index = EncodingIndex.jis0208
      run(bytes, &text) { shiftJIS($0, $1, index) }
    case .eucKR:
      let index = EncodingIndex.eucKR
      run(bytes, &text) { eucKR($0, $1, index) }
    default:
      let index = EncodingIndex.gb18030
      run(bytes, &text) { gb18030($0, $1, index) }
    }
  }

  /// Copies ASCII and asks for a step at each other byte.
  @inline(__always)
  private static func run(
    _ bytes: Bytes, _ text: inout DecodedText, _ step: (Bytes, Int) -> Step
  ) {
    var position = 0
    while position < bytes.count {
      let end = UTF8Repair.endOfASCII(bytes, from: position)
      text.append(ascii: bytes[position..<end])
      position = end
      while position < bytes.count, bytes[position] &- 1 >= 0x7F {
        if bytes[position] == 0 {
          text.append(0)
          position += 1
          continue
        }
        let found = step(bytes, position)
        if found.scalar == 0 { text.appendFault() } else { text.append(found.scalar) }
        if found.mark != 0 { text.append(found.mark) }
        position += found.length
      }
    }
  }

  /// The character of a pair, or an error of two bytes, of one if the second is ASCII.
  @inline(__always)
  private static func pair(_ index: [UInt32], _ pointer: Int?, trail: UInt8) -> Step {
    if let pointer, pointer < index.count, index[pointer] != 0 {
      return Step(scalar: index[pointer], length: 2)
    }
    return .error(trail < 0x80 ? 1 : 2)
  }

  // MARK: gb18030, and GBK, whose decoder is the same

  private static func gb18030(_ bytes: Bytes, _ position: Int, _ index: [UInt32]) -> Step {
    let first = bytes[position]
    if first == 0x80 { return Step(scalar: 0x20AC, length: 1) }
    guard first < 0xFF, position + 1 < bytes.count else { return .error(1) }
    let second = bytes[position + 1]
    if (0x30...0x39).contains(second) { return fourBytes(bytes, position) }
    guard (0x40...0x7E).contains(second) || (0x80...0xFE).contains(second) else {
      return pair(index, nil, trail: second)
    }
    let offset = second < 0x7F ? 0x40 : 0x41
    return pair(index, (Int(first) - 0x81) * 190 + Int(second) - offset, trail: second)
  }

  /// A broken sequence costs its first byte alone, one cut off by the end of the page all its bytes.
  private static func fourBytes(_ bytes: Bytes, _ position: Int) -> Step {
    guard position + 2 < bytes.count else { return .error(2) }
    let third = bytes[position + 2]
    guard (0x81...0xFE).contains(third) else { return .error(1) }
    guard position + 3 < bytes.count else { return .error(3) }
    let fourth = bytes[position + 3]
    guard (0x30...0x39).contains(fourth) else { return .error(1) }
    let firstTwo = (UInt32(bytes[position]) - 0x81) * 10 + UInt32(bytes[position + 1]) - 0x30
    let pointer = (firstTwo * 126 + UInt32(third) - 0x81) * 10 + UInt32(fourth) - 0x30
    return Step(scalar: scalar(inRanges: pointer), length: 4)
  }

  /// "Index gb18030 ranges code point"; 0 where there is none.
  private static func scalar(inRanges pointer: UInt32) -> UInt32 {
    if pointer > 39_419 && pointer < 189_000 || pointer > 1_237_575 { return 0 }
    if pointer == 7457 { return 0xE7C7 }
    let ranges = EncodingIndex.gb18030Ranges
    var (low, high) = (0, ranges.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if ranges[middle].pointer <= pointer { low = middle } else { high = middle }
    }
    return ranges[low].scalar + pointer - ranges[low].pointer
  }

  // MARK: Big5

  private static func big5(_ bytes: Bytes, _ position: Int, _ index: [UInt32]) -> Step {
    let lead = bytes[position]
    guard (0x81...0xFE).contains(lead), position + 1 < bytes.count else { return .error(1) }
    let trail = bytes[position + 1]
    guard (0x40...0x7E).contains(trail) || (0xA1...0xFE).contains(trail) else {
      return pair(index, nil, trail: trail)
    }
    let pointer = (Int(lead) - 0x81) * 157 + Int(trail) - (trail < 0x7F ? 0x40 : 0x62)
    switch pointer {
    case 1133: return Step(scalar: 0xCA, mark: 0x304, length: 2)
    case 1135: return Step(scalar: 0xCA, mark: 0x30C, length: 2)
    case 1164: return Step(scalar: 0xEA, mark: 0x304, length: 2)
    case 1166: return Step(scalar: 0xEA, mark: 0x30C, length: 2)
    default: return pair(index, pointer, trail: trail)
    }
  }

  // MARK: EUC-JP

  private static func eucJP(
    _ bytes: Bytes, _ position: Int, _ index: [UInt32], _ supplement: [UInt32]
  ) -> Step {
    let lead = bytes[position]
    guard lead == 0x8E || lead == 0x8F || isUpper(lead), position + 1 < bytes.count else {
      return .error(1)
    }
    let trail = bytes[position + 1]
    if lead == 0x8E, (0xA1...0xDF).contains(trail) {
      return Step(scalar: 0xFF61 - 0xA1 + UInt32(trail), length: 2)
    }
    guard isUpper(trail), lead != 0x8E else { return pair(index, nil, trail: trail) }
    guard lead == 0x8F else { return pair(index, upperPointer(lead, trail), trail: trail) }
    guard position + 2 < bytes.count else { return .error(2) }
    let last = bytes[position + 2]
    var step = pair(supplement, isUpper(last) ? upperPointer(trail, last) : nil, trail: last)
    step.length += 1
    return step
  }

  private static func isUpper(_ byte: UInt8) -> Bool { byte >= 0xA1 && byte < 0xFF }

  private static func upperPointer(_ lead: UInt8, _ trail: UInt8) -> Int {
    (Int(lead) - 0xA1) * 94 + Int(trail) - 0xA1
  }

  // MARK: Shift_JIS

  private static func shiftJIS(_ bytes: Bytes, _ position: Int, _ index: [UInt32]) -> Step {
    let lead = bytes[position]
    if lead == 0x80 { return Step(scalar: 0x80, length: 1) }
    if (0xA1...0xDF).contains(lead) {
      return Step(scalar: 0xFF61 - 0xA1 + UInt32(lead), length: 1)
    }
    guard lead != 0xA0, lead < 0xFD, position + 1 < bytes.count else { return .error(1) }
    let trail = bytes[position + 1]
    guard (0x40...0x7E).contains(trail) || (0x80...0xFC).contains(trail) else {
      return pair(index, nil, trail: trail)
    }
    let leads = Int(lead) - (lead < 0xA0 ? 0x81 : 0xC1)
    let pointer = leads * 188 + Int(trail) - (trail < 0x7F ? 0x40 : 0x41)
    // Characters of users' own: the Private Use Area.
    if (8836...10_715).contains(pointer) {
      return Step(scalar: UInt32(0xE000 - 8836 + pointer), length: 2)
    }
    return pair(index, pointer, trail: trail)
  }

  // MARK: EUC-KR, which means windows-949

  private static func eucKR(_ bytes: Bytes, _ position: Int, _ index: [UInt32]) -> Step {
    let lead = bytes[position]
    guard (0x81...0xFE).contains(lead), position + 1 < bytes.count else { return .error(1) }
    let trail = bytes[position + 1]
    guard (0x41...0xFE).contains(trail) else { return pair(index, nil, trail: trail) }
    return pair(index, (Int(lead) - 0x81) * 190 + Int(trail) - 0x41, trail: trail)
  }
}
