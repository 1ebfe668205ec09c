/// A JSON schema that answers are held against.
///
/// Knows what schemas of extractions are made of: `type`, `enum`, `const`, `properties`,
/// `required`, `additionalProperties`, `items`, `prefixItems`, `minItems`, `maxItems`,
/// `uniqueItems`, lengths and `pattern` of texts, bounds of numbers, `anyOf`, `oneOf`, `allOf`,
/// `not`, and `$ref` inside the schema. Other keywords, `format` too, say nothing here.
/// Source: JSON Schema 2020-12, Core and Validation.
public struct JSONSchema: Sendable, Equatable {
  /// As JSON, for a request.
  public let text: String
  private let root: JSONValue

  /// - Throws: `config` if the text is not a JSON object.
  public init(_ text: String) throws(ModelError) {
    guard let root = JSONValue(parsing: text), root.isObject else {
      throw ModelError(.config, "a schema that is no JSON object")
    }
    self.root = root
    self.text = root.text
  }

  /// What is wrong with a value, the first few faults; empty if nothing is.
  package func faults(in value: JSONValue) -> [String] {
    var check = SchemaCheck(root: root)
    check.check(value, root, at: "the answer", depth: 0)
    return check.faults
  }
}

/// One value held against a schema.
private struct SchemaCheck {
  private static let mostFaults = 8
  private static let deepest = 64

  let root: JSONValue
  var faults: [String] = []

  mutating func check(_ value: JSONValue, _ schema: JSONValue, at place: String, depth: Int) {
    guard faults.count < Self.mostFaults else { return }
    guard depth < Self.deepest else { return say(place, "is nested too deeply") }
    if let allowed = schema.bool {
      if !allowed { say(place, "must not be there") }
      return
    }
    if let pointer = schema["$ref"]?.string {
      guard let target = target(of: pointer) else {
        return say(place, "refers to a schema that is not there: \(pointer)")
      }
      check(value, target, at: place, depth: depth + 1)
    }
    checkKind(value, schema, place)
    switch value {
    case .object(let members): checkObject(members, schema, place, depth)
    case .array(let values): checkArray(values, schema, place, depth)
    case .string(let text): checkText(text, schema, place)
    case .number: checkNumber(value.double ?? 0, schema, place)
    case .null, .bool: break
    }
    checkChoices(value, schema, place, depth)
  }

  private mutating func say(_ place: String, _ fault: String) {
    if faults.count < Self.mostFaults { faults.append("\(place) \(fault)") }
  }

  private mutating func checkKind(_ value: JSONValue, _ schema: JSONValue, _ place: String) {
    let kinds =
      schema["type"]?.array?.compactMap(\.string) ?? [schema["type"]?.string].compactMap { $0 }
    if !kinds.isEmpty, !kinds.contains(where: { Self.isKind($0, value) }) {
      say(place, "must be of type \(kinds.joined(separator: " or "))")
    }
    if let choices = schema["enum"]?.array, !choices.contains(where: { $0.isEqual(to: value) }) {
      let names = choices.prefix(12).map(\.text).joined(separator: ", ")
      say(place, "must be one of \(names)")
    }
    if let constant = schema.member("const"), !constant.isEqual(to: value) {
      say(place, "must be \(constant.text)")
    }
  }

  private static func isKind(_ kind: String, _ value: JSONValue) -> Bool {
    switch (kind, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("number", .number),
      ("boolean", .bool), ("null", .null):
      true
    case ("integer", .number): value.double.map { $0 == $0.rounded() } ?? false
    default: false
    }
  }

  private mutating func checkObject(
    _ members: [JSONValue.Member], _ schema: JSONValue, _ place: String, _ depth: Int
  ) {
    let properties = schema["properties"]?.members ?? []
    for name in (schema["required"]?.array ?? []).compactMap(\.string)
    where !members.contains(where: { $0.key == name }) {
      say(place, "lacks \"\(name)\"")
    }
    for member in members {
      let inner = "\(place).\(member.key.prefix(40))"
      if let property = properties.first(where: { $0.key == member.key }) {
        check(member.value, property.value, at: inner, depth: depth + 1)
      } else if let others = schema["additionalProperties"] {
        if others == .bool(false) {
          say(place, "has \"\(member.key.prefix(40))\", which is not asked for")
        } else {
          check(member.value, others, at: inner, depth: depth + 1)
        }
      }
    }
    checkCount(members.count, schema, place, "minProperties", "maxProperties", "members")
  }

  private mutating func checkArray(
    _ values: [JSONValue], _ schema: JSONValue, _ place: String, _ depth: Int
  ) {
    checkCount(values.count, schema, place, "minItems", "maxItems", "elements")
    let first = schema["prefixItems"]?.array ?? []
    for (index, value) in values.enumerated() {
      let wanted = index < first.count ? first[index] : schema["items"]
      if let wanted { check(value, wanted, at: "\(place)[\(index)]", depth: depth + 1) }
    }
    if schema["uniqueItems"]?.bool == true {
      // By their text: quick, and equal values that are written alike are what models repeat.
      if Set(values.map(\.text)).count < values.count { say(place, "holds something twice") }
    }
  }

  private mutating func checkText(_ text: String, _ schema: JSONValue, _ place: String) {
    checkCount(
      text.unicodeScalars.count, schema, place, "minLength", "maxLength", "characters")
    // A pattern that cannot be read says nothing.
    if let pattern = schema["pattern"]?.string, let regex = try? Regex(pattern),
      !text.contains(regex)
    {
      say(place, "must match \(pattern)")
    }
  }

  private mutating func checkNumber(_ number: Double, _ schema: JSONValue, _ place: String) {
    if let least = schema["minimum"]?.double, number < least {
      say(place, "must be at least \(least)")
    }
    if let most = schema["maximum"]?.double, number > most { say(place, "must be at most \(most)") }
    if let least = schema["exclusiveMinimum"]?.double, number <= least {
      say(place, "must be more than \(least)")
    }
    if let most = schema["exclusiveMaximum"]?.double, number >= most {
      say(place, "must be less than \(most)")
    }
    if let step = schema["multipleOf"]?.double, step > 0 {
      let parts = number / step
      if abs(parts - parts.rounded()) > 1e-9 { say(place, "must be a multiple of \(step)") }
    }
  }

  private mutating func checkCount(
    _ count: Int, _ schema: JSONValue, _ place: String, _ least: String, _ most: String,
    _ what: String
  ) {
    if let least = schema[least]?.int, count < least {
      say(place, "must have at least \(least) \(what)")
    }
    if let most = schema[most]?.int, count > most {
      say(place, "must have at most \(most) \(what)")
    }
  }

  private mutating func checkChoices(
    _ value: JSONValue, _ schema: JSONValue, _ place: String, _ depth: Int
  ) {
    for part in schema["allOf"]?.array ?? [] { check(value, part, at: place, depth: depth + 1) }
    if let choices = schema["anyOf"]?.array, !choices.contains(where: { fits(value, $0, depth) }) {
      say(place, "fits none of the choices")
    }
    if let choices = schema["oneOf"]?.array {
      let count = choices.count { fits(value, $0, depth) }
      if count != 1 { say(place, "fits \(count) of the choices instead of one") }
    }
    if let unwanted = schema["not"], fits(value, unwanted, depth) {
      say(place, "is what it must not be")
    }
  }

  private func fits(_ value: JSONValue, _ schema: JSONValue, _ depth: Int) -> Bool {
    var inner = SchemaCheck(root: root)
    inner.check(value, schema, at: "", depth: depth + 1)
    return inner.faults.isEmpty
  }

  /// What a reference inside the schema means. Source: RFC 6901.
  private func target(of pointer: String) -> JSONValue? {
    guard pointer.hasPrefix("#") else { return nil }
    var value = root
    for step in pointer.dropFirst().split(separator: "/") {
      let key = String(step).replacing("~1", with: "/").replacing("~0", with: "~")
      let next =
        value.member(key)
        ?? Int(key).flatMap { index in
          value.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
        }
      guard let next else { return nil }
      value = next
    }
    return value
  }
}

extension JSONValue {
  /// A member, also where it is null.
  fileprivate func member(_ key: String) -> JSONValue? {
    members?.first { $0.key == key }?.value
  }

  /// Equal as values: numbers by what they mean, objects in any order.
  fileprivate func isEqual(to other: JSONValue) -> Bool {
    switch (self, other) {
    case (.number, .number): double == other.double
    case (.array(let mine), .array(let theirs)):
      mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.isEqual(to: $1) }
    case (.object(let mine), .object(let theirs)):
      mine.count == theirs.count
        && mine.allSatisfy { member in
          theirs.first { $0.key == member.key }.map { $0.value.isEqual(to: member.value) } ?? false
        }
    default: self == other
    }
  }
}
