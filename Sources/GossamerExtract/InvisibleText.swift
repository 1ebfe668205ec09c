/// Characters that nobody sees: they part words, or carry text to machines alone.
enum InvisibleText {
  /// The bytes of the invisible character at an index, 0 if it is none: soft hyphen, zero-width
  /// space, word joiner, byte order mark, tag characters, and joiners that follow each other (single
  /// ones shape letters and emoji).
  @inline(__always) static func length(
    _ text: UnsafeBufferPointer<UInt8>, at index: Int, end: Int
  ) -> Int {
    let first = text[index]
    guard first == 0xC2 || first == 0xE2 || first >= 0xEF, index + 1 < end else { return 0 }
    return slowLength(text, at: index, end: end)
  }

  private static func slowLength(
    _ text: UnsafeBufferPointer<UInt8>, at index: Int, end: Int
  ) -> Int {
    let second = text[index + 1]
    let third = index + 2 < end ? text[index + 2] : 0
    switch (text[index], second, third) {
    case (0xC2, 0xAD, _): return 2
    case (0xE2, 0x80, 0x8B), (0xE2, 0x81, 0xA0), (0xEF, 0xBB, 0xBF): return 3
    case (0xE2, 0x80, 0x8C), (0xE2, 0x80, 0x8D):
      let isRun =
        isJoiner(text, at: index - 3) || (index + 5 < end && isJoiner(text, at: index + 3))
      return isRun ? 3 : 0
    case (0xF3, 0xA0, 0x80), (0xF3, 0xA0, 0x81): return min(4, end - index)
    default: return 0
    }
  }

  private static func isJoiner(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    index >= 0 && index + 2 < text.count && text[index] == 0xE2 && text[index + 1] == 0x80
      && (text[index + 2] == 0x8C || text[index + 2] == 0x8D)
  }
}
