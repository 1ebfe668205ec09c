/// Parts a stream of JSON Lines in pieces of any size. Empty lines are read over.
struct LineParser: Sendable {
  /// The most bytes of a line.
  let limit: Int
  private var line: [UInt8] = []

  init(limit: Int = 1 << 20) { self.limit = limit }

  /// Takes the next bytes; gives the lines that they complete.
  mutating func feed(_ bytes: [UInt8]) throws(EventStreamTooLong) -> [String] {
    var lines: [String] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 0x0A) {
      try keep(rest[..<end])
      rest = rest[(end + 1)...]
      if let text = Self.text(line) { lines.append(text) }
      line.removeAll(keepingCapacity: true)
    }
    try keep(rest)
    return lines
  }

  /// A last line without its end, or nil.
  func unfinished() -> String? { Self.text(line) }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) throws(EventStreamTooLong) {
    guard line.count + bytes.count <= limit else { throw EventStreamTooLong() }
    line.append(contentsOf: bytes)
  }

  private static func text(_ line: [UInt8]) -> String? {
    line.contains { $0 > 0x20 } ? String(decoding: line, as: UTF8.self) : nil
  }
}
