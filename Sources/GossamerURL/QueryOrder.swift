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

  /// Puts the parameters behind `start` in order, and takes out empty parts. Allocates only when
  /// there is something to do.
  static func sort(from start: Int, in writer: inout URLWriter) {
    let query = writer.written(from: start)
    guard !isSorted(query) else { return }
    let sorted = parts(of: query).filter { !$0.isEmpty }.sorted { first, second in
      if isSwapped(query, first, second) { return false }
      return isSwapped(query, second, first) || first.lowerBound < second.lowerBound
    }
    var result: [UInt8] = []
    result.reserveCapacity(query.count)
    for part in sorted {
      if !result.isEmpty { result.append(ampersand) }
      result.append(contentsOf: query[part])
    }
    writer.truncate(to: start)
    writer.append(result)
  }

  private static func isSorted(_ query: UnsafeBufferPointer<UInt8>) -> Bool {
    var before: Range<Int>?
    var start = 0
    while start <= query.count {
      var end = start
      while end < query.count, query[end] != ampersand { end += 1 }
      if start == end { return false }
      if let before, isSwapped(query, before, start..<end) { return false }
      before = start..<end
      start = end + 1
    }
    return true
  }

  private static func parts(of query: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    query.split(separator: ampersand).map { $0.startIndex..<$0.endIndex }
  }
}
