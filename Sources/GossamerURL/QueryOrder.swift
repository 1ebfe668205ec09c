/// The order of parameters in a canonical query.
///
/// Only the query of a form is put in order: one whose parts are all `name=value`, or empty. In any
/// other (`?page/title`, `?12345`) the first part may be a path to the server. Order is by name, by
/// byte; the values of one name stay as they stood, as servers make lists of them.
enum QueryOrder {
  private static let ampersand = UInt8(ascii: "&")
  private static let equals = UInt8(ascii: "=")

  /// Whether the part is empty, or has a name and an equals sign.
  static func isFormPart(_ part: UnsafeBufferPointer<UInt8>) -> Bool {
    part.first != equals && (part.isEmpty || part.contains(equals))
  }

  /// Whether the name of the parameter at `second` belongs before that of the one at `first`.
  @inline(__always)
  static func isSwapped(
    _ bytes: UnsafeBufferPointer<UInt8>, _ first: Range<Int>, _ second: Range<Int>
  ) -> Bool {
    var index = 0
    while true {
      let one = nameByte(bytes, first, index)
      let other = nameByte(bytes, second, index)
      if one != other { return other < one }
      if one < 0 { return false }
      index += 1
    }
  }

  /// A byte of the name, or -1 behind its end.
  @inline(__always)
  private static func nameByte(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ index: Int
  ) -> Int {
    let position = range.lowerBound + index
    guard position < range.upperBound, bytes[position] != equals else { return -1 }
    return Int(bytes[position])
  }

  /// Puts the parameters behind `start` in order, and takes out empty parts.
  static func sort(from start: Int, in writer: inout URLWriter) {
    let query = writer.written(from: start)
    guard let partCount = countIfUnsorted(query) else { return }
    withUnsafeTemporaryAllocation(of: Range<Int>.self, capacity: partCount) { parts in
      let count = fill(parts, from: query)
      var sorted = UnsafeMutableBufferPointer(rebasing: parts[..<count])
      sorted.sort { first, second in
        if isSwapped(query, first, second) { return false }
        return isSwapped(query, second, first) || first.lowerBound < second.lowerBound
      }
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: query.count) { copy in
        _ = copy.initialize(fromContentsOf: query)
        writer.truncate(to: start)
        for (index, part) in sorted.enumerated() {
          if index > 0 { writer.append(ampersand) }
          writer.append(UnsafeBufferPointer(copy), part)
        }
      }
    }
  }

  /// How many parts there are; nil when they are in order and none is empty.
  private static func countIfUnsorted(_ query: UnsafeBufferPointer<UInt8>) -> Int? {
    var isSorted = true
    var count = 0
    var before = 0..<0
    var start = 0
    while start <= query.count {
      let end = partEnd(query, start)
      isSorted = isSorted && start < end && !isSwapped(query, before, start..<end)
      before = start..<end
      start = end + 1
      count += 1
    }
    return isSorted ? nil : count
  }

  /// Writes where the parts are that are not empty; tells how many.
  private static func fill(
    _ parts: UnsafeMutableBufferPointer<Range<Int>>, from query: UnsafeBufferPointer<UInt8>
  ) -> Int {
    var count = 0
    var start = 0
    while start < query.count {
      let end = partEnd(query, start)
      if start < end {
        parts.initializeElement(at: count, to: start..<end)
        count += 1
      }
      start = end + 1
    }
    return count
  }

  private static func partEnd(_ query: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var end = start
    while end < query.count, query[end] != ampersand { end += 1 }
    return end
  }
}
