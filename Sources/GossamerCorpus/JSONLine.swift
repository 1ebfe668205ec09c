/// Writes one JSON object as bytes, without a tree in between.
///
/// The caller gives keys in the order it wants them; a nil value leaves the key out, since in our
/// files an absent key means "unknown". Source: RFC 8259 §7; JSON Lines.
public struct JSONLine: ~Copyable {
  /// What was written so far.
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// An object that starts empty.
  ///
  /// - Parameter capacity: bytes to reserve.
  public init(capacity: Int = 1024) {
    bytes.reserveCapacity(capacity)
    bytes.append(UInt8(ascii: "{"))
  }

  /// The whole line: closes the object and ends the line.
  public consuming func finished() -> [UInt8] {
    bytes.append(UInt8(ascii: "}"))
    bytes.append(0x0A)
    return bytes
  }

  /// The object without its closing brace, for an owner that adds members later.
  public consuming func open() -> [UInt8] { bytes }

  /// Goes on with an object that was left open.
  public init(continuing open: consuming [UInt8]) {
    needsComma = open.count > 1
    bytes = open
  }

  /// A text member.
  public mutating func add(_ key: StaticString, _ value: String?) {
    guard let value else { return }
    start(key)
    append(quoted: value)
  }

  /// A member whose value is JSON already.
  public mutating func add(_ key: StaticString, json value: String) {
    start(key)
    bytes.append(contentsOf: value.utf8)
  }

  /// A member whose value is text in valid UTF-8.
  public mutating func add(_ key: StaticString, utf8 value: [UInt8]) {
    start(key)
    bytes.append(UInt8(ascii: "\""))
    value.withUnsafeBufferPointer { unsafe append(escaping: $0) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A whole number.
  public mutating func add(_ key: StaticString, _ value: Int?) {
    guard let value else { return }
    start(key)
    bytes.append(contentsOf: String(value).utf8)
  }

  /// A decimal number with at most `decimals` places; not finite is left out.
  public mutating func add(_ key: StaticString, _ value: Double?, decimals: Int = 3) {
    guard let value, value.isFinite, abs(value) < 1e15 else { return }
    start(key)
    append(value, decimals: decimals)
  }

  /// A truth value.
  public mutating func add(_ key: StaticString, _ value: Bool?) {
    guard let value else { return }
    start(key)
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// A list of texts; an empty one is left out.
  public mutating func add(_ key: StaticString, _ values: [String]) {
    guard !values.isEmpty else { return }
    addList(key, values) { line, value in line.append(quoted: value) }
  }

  /// An object as a member.
  public mutating func addObject(_ key: StaticString, _ body: (inout JSONLine) -> Void) {
    start(key)
    appendObject(body)
  }

  /// An object that was written as a line of its own.
  public mutating func addLine(_ key: StaticString, _ finished: [UInt8]) {
    start(key)
    bytes.append(contentsOf: finished.prefix { $0 != 0x0A })
  }

  /// A list of objects that were written as lines of their own; an empty one is left out.
  public mutating func addLines(_ key: StaticString, _ finished: [[UInt8]]) {
    guard !finished.isEmpty else { return }
    addList(key, finished) { line, bytes in
      line.bytes.append(contentsOf: bytes.prefix { $0 != 0x0A })
    }
  }

  /// A list of objects; an empty one is left out.
  public mutating func addObjects<Element>(
    _ key: StaticString, _ values: [Element], _ body: (inout JSONLine, Element) -> Void
  ) {
    guard !values.isEmpty else { return }
    addList(key, values) { line, value in line.appendObject { body(&$0, value) } }
  }

  /// A member of a name that is known only at run time.
  public mutating func add(named key: String, _ value: String) {
    separate()
    append(quoted: key)
    bytes.append(UInt8(ascii: ":"))
    append(quoted: value)
    needsComma = true
  }

  /// A list of texts under a name that is known only at run time.
  public mutating func add(named key: String, _ values: [String]) {
    separate()
    append(quoted: key)
    bytes.append(UInt8(ascii: ":"))
    appendList(values) { line, value in line.append(quoted: value) }
  }

  /// A number under a name that is known only at run time.
  public mutating func add(named key: String, _ value: Int) {
    separate()
    append(quoted: key)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(contentsOf: String(value).utf8)
    needsComma = true
  }

  /// A member of a name that is known only at run time, whose value is JSON already.
  package mutating func add(named key: String, json value: UnsafeBufferPointer<UInt8>) {
    separate()
    append(quoted: key)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(contentsOf: value)
    needsComma = true
  }

  private mutating func addList<Element>(
    _ key: StaticString, _ values: [Element], _ body: (inout JSONLine, Element) -> Void
  ) {
    start(key)
    appendList(values, body)
  }

  private mutating func appendList<Element>(
    _ values: [Element], _ body: (inout JSONLine, Element) -> Void
  ) {
    bytes.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      body(&self, value)
    }
    bytes.append(UInt8(ascii: "]"))
    needsComma = true
  }

  private mutating func appendObject(_ body: (inout JSONLine) -> Void) {
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
    body(&self)
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  private mutating func start(_ key: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    key.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func append(quoted text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { unsafe append(escaping: $0) }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(_ value: Double, decimals: Int) {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((abs(value) * scale).rounded())
    if value < 0, scaled > 0 { bytes.append(UInt8(ascii: "-")) }
    bytes.append(contentsOf: String(scaled / Int(scale)).utf8)
    var fraction = String(scaled % Int(scale))
    guard decimals > 0, scaled % Int(scale) != 0 else { return }
    fraction = String(repeating: "0", count: decimals - fraction.utf8.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    bytes.append(UInt8(ascii: "."))
    bytes.append(contentsOf: fraction.utf8)
  }

  /// Copies runs of plain bytes at once. U+2028 and U+2029 are escaped since scripts take them for
  /// line ends.
  private mutating func append(escaping text: UnsafeBufferPointer<UInt8>) {
    var start = 0
    var index = 0
    while index < text.count {
      let byte = unsafe text[index]
      let replacement: String? =
        switch byte {
        case 0x22: "\\\""
        case 0x5C: "\\\\"
        case 0x0A: "\\n"
        case 0x0D: "\\r"
        case 0x09: "\\t"
        case 0..<0x20, 0x7F: Self.unicodeEscape(UInt16(byte))
        case 0xE2 where unsafe Self.isLineSeparator(text, at: index):
          unsafe Self.unicodeEscape(text[index + 2] == 0xA8 ? 0x2028 : 0x2029)
        default: nil
        }
      guard let replacement else {
        index += 1
        continue
      }
      unsafe bytes.append(contentsOf: text[start..<index])
      bytes.append(contentsOf: replacement.utf8)
      index += byte == 0xE2 ? 3 : 1
      start = index
    }
    unsafe bytes.append(contentsOf: text[start..<text.count])
  }

  private static func isLineSeparator(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    unsafe index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] & 0xFE == 0xA8
  }

  private static func unicodeEscape(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}
