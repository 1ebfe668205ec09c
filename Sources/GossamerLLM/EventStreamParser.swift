/// One server-sent event.
public struct ServerEvent: Sendable, Equatable {
  /// The value of its `event` line, or nil.
  public var name: String?
  /// Its `data` lines, joined by line feeds.
  public var data: String
}

/// A line or event that is longer than a reader has to take.
public struct EventStreamTooLong: Error, Sendable {}

/// Reads a stream of server-sent events in pieces of any size.
///
/// Pieces may end anywhere, also within a character. `id` and `retry` are read over: a POST is
/// never resumed. An event without its empty line at the end of the stream is not an event; what
/// it held is `unfinished`. Source: HTML Standard §9.2.6.
public struct EventStreamParser: Sendable {
  /// The most bytes of one line, and of the data of one event.
  public let limit: Int

  private var line: [UInt8] = []
  private var data: [UInt8] = []
  private var hasData = false
  private var name: String?
  private var afterCarriageReturn = false
  private var isAtStart = true

  /// A parser at the start of a stream.
  public init(limit: Int = 1 << 20) { self.limit = limit }

  /// Takes the next bytes; gives the events that they complete.
  public mutating func feed(_ bytes: [UInt8]) throws(EventStreamTooLong) -> [ServerEvent] {
    var events: [ServerEvent] = []
    var start = 0
    for index in bytes.indices {
      let byte = bytes[index]
      guard byte == 0x0A || byte == 0x0D else {
        afterCarriageReturn = false
        continue
      }
      if byte == 0x0A, afterCarriageReturn {
        afterCarriageReturn = false
        start = index + 1
        continue
      }
      try keep(bytes[start..<index])
      start = index + 1
      afterCarriageReturn = byte == 0x0D
      if let event = try endLine() { events.append(event) }
    }
    try keep(bytes[start...])
    return events
  }

  /// The data of an event whose end did not come, or nil. Call at the end of the stream.
  public func unfinished() -> String? {
    var rest = self
    if !rest.line.isEmpty { _ = try? rest.endLine() }
    return rest.hasData ? String(decoding: rest.data, as: UTF8.self) : nil
  }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) throws(EventStreamTooLong) {
    guard line.count + bytes.count <= limit else { throw EventStreamTooLong() }
    line.append(contentsOf: bytes)
  }

  private mutating func endLine() throws(EventStreamTooLong) -> ServerEvent? {
    if isAtStart {
      isAtStart = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    }
    defer { line.removeAll(keepingCapacity: true) }
    if line.isEmpty { return dispatch() }
    let colon = line.firstIndex(of: 0x3A) ?? line.count
    var value = line.dropFirst(colon + 1)
    if value.first == 0x20 { value.removeFirst() }
    switch line[..<colon] {
    case Self.dataField:
      if hasData { data.append(0x0A) }
      guard data.count + value.count <= limit else { throw EventStreamTooLong() }
      data.append(contentsOf: value)
      hasData = true
    case Self.eventField: name = String(decoding: value, as: UTF8.self)
    default: break
    }
    return nil
  }

  private static let dataField = Array("data".utf8)[...]
  private static let eventField = Array("event".utf8)[...]

  private mutating func dispatch() -> ServerEvent? {
    defer {
      data.removeAll(keepingCapacity: true)
      hasData = false
      name = nil
    }
    return hasData ? ServerEvent(name: name, data: String(decoding: data, as: UTF8.self)) : nil
  }
}
