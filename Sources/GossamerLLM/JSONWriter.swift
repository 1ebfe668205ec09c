/// Writes JSON in the order it is told.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []

  mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x0A: raw("\\n")
      case 0x0D: raw("\\r")
      case 0x09: raw("\\t")
      case 0..<0x20:
        raw("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// `"key":"text"`.
  mutating func member(_ key: String, _ text: String) {
    string(key)
    raw(":")
    string(text)
  }

  /// `,"key":"text"`.
  mutating func also(_ key: String, _ text: String) {
    raw(",")
    member(key, text)
  }

  /// A list, an element a call.
  mutating func list<Element>(
    _ elements: some Sequence<Element>, _ write: (Element, inout JSONWriter) -> Void
  ) {
    raw("[")
    var isFirst = true
    for element in elements {
      if !isFirst { raw(",") }
      isFirst = false
      write(element, &self)
    }
    raw("]")
  }

  mutating func value(_ value: JSONValue) {
    switch value {
    case .null: raw("null")
    case .bool(let value): raw(value ? "true" : "false")
    case .number(let text): raw(text)
    case .string(let text): string(text)
    case .array(let values): list(values) { $1.value($0) }
    case .object(let members):
      raw("{")
      for (index, member) in members.enumerated() {
        if index > 0 { raw(",") }
        string(member.key)
        raw(":")
        self.value(member.value)
      }
      raw("}")
    }
  }

  /// A text that should be a JSON object, as one: where a format wants objects and a model wrote
  /// something else, that stands in the object under a name.
  mutating func object(_ text: String, orUnder name: String) {
    if JSONValue(parsing: Array(text.utf8))?.isObject == true { return raw(text) }
    raw("{")
    if !text.isEmpty { member(name, text) }
    raw("}")
  }

  /// A number without a fraction where it has none.
  mutating func number(_ value: Double) {
    raw(value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(value))
  }
}

extension JSONValue {
  /// As JSON, without blanks.
  package var text: String {
    var writer = JSONWriter()
    writer.value(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
