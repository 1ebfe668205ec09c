/// Where a serialization grows: lent scratch memory first, memory of its own once that is full.
///
/// Whoever makes one must call `release()`.
struct URLWriter {
  private(set) var bytes: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity: Int
  private var ownsBytes = false

  init(scratch: UnsafeMutableBufferPointer<UInt8>, fallback: UnsafeMutablePointer<UInt8>) {
    bytes = scratch.baseAddress ?? fallback
    capacity = scratch.baseAddress == nil ? 0 : scratch.count
  }

  func release() {
    if ownsBytes { bytes.deallocate() }
  }

  var offset: UInt32 { UInt32(truncatingIfNeeded: count) }

  func string() -> String {
    String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    if count == capacity { grow(by: 1) }
    bytes[count] = byte
    count += 1
  }

  @inline(__always)
  mutating func append(_ source: UnsafePointer<UInt8>, count added: Int) {
    if added > capacity - count { grow(by: added) }
    (bytes + count).update(from: source, count: added)
    count += added
  }

  mutating func append(_ source: UnsafeBufferPointer<UInt8>) {
    guard let start = source.baseAddress else { return }
    append(start, count: source.count)
  }

  mutating func append(_ source: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    append(UnsafeBufferPointer(rebasing: source[range]))
  }

  mutating func append(_ source: [UInt8]) {
    source.withUnsafeBufferPointer { append($0) }
  }

  mutating func append(_ text: StaticString) {
    append(text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// Appends bytes, those of `set` percent-encoded.
  @inline(__always)
  mutating func append(
    _ source: UnsafePointer<UInt8>, _ range: Range<Int>, encoding set: PercentSet
  ) {
    var start = range.lowerBound
    var index = start
    while index < range.upperBound {
      if set.contains(source[index]) {
        append(source + start, count: index - start)
        appendEncoded(source[index])
        start = index + 1
      }
      index += 1
    }
    append(source + start, count: index - start)
  }

  mutating func appendEncoded(_ byte: UInt8) {
    append(UInt8(ascii: "%"))
    append(Self.hexDigit(byte >> 4))
    append(Self.hexDigit(byte & 15))
  }

  mutating func truncate(to count: Int) { self.count = count }

  /// What is written from `start` on. Good until the next change.
  func written(from start: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: bytes + start, count: count - start)
  }

  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    var index = start
    while index < count {
      if bytes[index] == byte { return index }
      index += 1
    }
    return nil
  }

  mutating func remove(_ range: Range<Int>) {
    (bytes + range.lowerBound).update(
      from: bytes + range.upperBound, count: count - range.upperBound)
    count -= range.count
  }

  /// Puts `/.` before a path that would else be read as an authority.
  mutating func insertDotSegment(at index: Int) {
    append("/.")
    for target in stride(from: count - 1, to: index + 1, by: -1) {
      bytes[target] = bytes[target - 2]
    }
    bytes[index] = UInt8(ascii: "/")
    bytes[index + 1] = UInt8(ascii: ".")
  }

  static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? nibble + 0x30 : nibble + 0x37 }

  private mutating func grow(by added: Int) {
    let larger = max(capacity * 2, count + added, 64)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: bytes, count: count)
    if ownsBytes { bytes.deallocate() }
    bytes = moved
    capacity = larger
    ownsBytes = true
  }
}
