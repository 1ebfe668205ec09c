/// The header fields of one message, in the order and spelling in which they were sent.
///
/// Names are compared without regard to case. Source: RFC 9110 §5.
public struct HTTPFields: Sendable, Equatable {
  /// One field line.
  public struct Field: Sendable, Equatable {
    /// The name as sent.
    public var name: String
    /// The value as sent, without surrounding blanks.
    public var value: String

    /// A field line of a name and a value.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// All field lines in order.
  public private(set) var lines: [Field]

  /// Fields from pairs of name and value.
  public init(_ lines: [(String, String)] = []) {
    self.lines = lines.map { Field(name: $0.0, value: $0.1) }
  }

  /// The value of the first line with this name, or nil.
  public subscript(name: String) -> String? {
    lines.first { Self.equal($0.name, name) }?.value
  }

  /// The values of all lines with this name, in order.
  public func values(_ name: String) -> [String] {
    lines.filter { Self.equal($0.name, name) }.map(\.value)
  }

  /// Adds a line at the end.
  public mutating func append(_ name: String, _ value: String) {
    lines.append(Field(name: name, value: value))
  }

  /// Removes all lines with this name.
  public mutating func remove(_ name: String) {
    lines.removeAll { Self.equal($0.name, name) }
  }

  /// Replaces all lines with this name by one.
  public mutating func set(_ name: String, _ value: String) {
    remove(name)
    append(name, value)
  }

  private static func equal(_ a: String, _ b: String) -> Bool {
    var left = a.utf8.makeIterator()
    var right = b.utf8.makeIterator()
    while true {
      switch (left.next(), right.next()) {
      case (nil, nil): return true
      case (let x?, let y?) where lowercased(x) == lowercased(y): continue
      default: return false
      }
    }
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }
}
