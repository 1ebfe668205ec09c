import GossamerLLM

/// What a tool takes, parameter by parameter. Written out as the JSON schema that all providers
/// take, and used to check what comes back.
public struct ToolSchema: Sendable, Equatable {
  /// The parameters in order.
  public var parameters: [ToolParameter]

  /// A schema.
  public init(_ parameters: [ToolParameter] = []) { self.parameters = parameters }

  /// The JSON schema. Equal schemas make equal bytes.
  public var json: String { json(addresses: nil) }

  /// The JSON schema.
  ///
  /// - Parameter addresses: the only values that address parameters may take, or nil to leave that
  ///   to a later check.
  func json(addresses: [String]?) -> String {
    let properties = parameters.map { parameter in
      JSONValue.Member(key: parameter.name, value: parameter.schema(addresses: addresses))
    }
    let required = parameters.filter(\.isRequired).map { JSONValue.string($0.name) }
    return JSONValue.object([
      .init(key: "type", value: .string("object")),
      .init(key: "properties", value: .object(properties)),
      .init(key: "required", value: .array(required)),
      .init(key: "additionalProperties", value: .bool(false)),
    ]).text
  }

  /// The arguments in what a model wrote.
  ///
  /// Forgives what small models do and no meaning hangs on: absent as null, numbers and truth
  /// values as text.
  ///
  /// - Throws: `ToolFailure` that names every fault and says what is wanted.
  public func arguments(in text: String) throws(ToolFailure) -> ToolArguments {
    let isBlank = text.allSatisfy(\.isWhitespace)
    guard let members = isBlank ? [] : JSONValue(parsing: text)?.members else {
      throw ToolFailure("The arguments are not a JSON object. Expected: \(json)")
    }
    var faults: [String] = []
    var values: [JSONValue.Member] = []
    for member in members where !parameters.contains(where: { $0.name == member.key }) {
      faults.append("there is no argument \"\(member.key.prefix(40))\"")
    }
    for parameter in parameters {
      let given = members.first { $0.key == parameter.name }?.value ?? .null
      switch parameter.check(given) {
      case .absent:
        if parameter.isRequired { faults.append("\"\(parameter.name)\" is missing") }
      case .value(let value): values.append(.init(key: parameter.name, value: value))
      case .fault(let wanted): faults.append("\"\(parameter.name)\" must be \(wanted)")
      }
    }
    guard faults.isEmpty else {
      throw ToolFailure(
        "Wrong arguments: " + faults.prefix(6).joined(separator: "; ")
          + ". Correct them and call again.")
    }
    return ToolArguments(values)
  }
}

/// One argument that a tool takes.
public struct ToolParameter: Sendable, Equatable {
  /// What values there are.
  public enum Kind: Sendable, Equatable {
    /// Text of at most so many characters.
    case text(limit: Int)
    /// One of a few words.
    case choice([String])
    /// A page's address. An agent may use only those it was shown or the user named.
    case address
    /// A whole number.
    case number(ClosedRange<Int>)
    /// True or false.
    case flag
  }

  /// The name in JSON.
  public var name: String
  /// What values there are.
  public var kind: Kind
  /// What it means, for the model.
  public var purpose: String
  /// Whether it has to be there.
  public var isRequired: Bool

  /// A parameter.
  public init(_ name: String, _ kind: Kind, _ purpose: String, isRequired: Bool = true) {
    self.name = name
    self.kind = kind
    self.purpose = purpose
    self.isRequired = isRequired
  }

  fileprivate enum Verdict {
    case absent
    case value(JSONValue)
    /// What would have been right.
    case fault(String)
  }

  fileprivate func check(_ value: JSONValue) -> Verdict {
    if value == .null { return .absent }
    switch kind {
    case .text(let limit):
      guard let text = value.string, text.count <= limit else {
        return .fault("a text of at most \(limit) characters")
      }
      if text.allSatisfy(\.isWhitespace) {
        return isRequired ? .fault("a text that is not empty") : .absent
      }
      return .value(value)
    case .choice(let words):
      guard let word = value.string, words.contains(word) else {
        return .fault("one of " + words.map { "\"\($0)\"" }.joined(separator: ", "))
      }
      return .value(value)
    case .address:
      guard let text = value.string, !text.isEmpty, text.utf8.count <= 4_096 else {
        return isRequired || value.string != "" ? .fault("an address as text") : .absent
      }
      return .value(value)
    case .number(let range):
      guard let number = value.int ?? value.string.flatMap({ Int($0) }), range.contains(number)
      else { return .fault("a whole number from \(range.lowerBound) to \(range.upperBound)") }
      return .value(.number(String(number)))
    case .flag:
      guard let flag = value.bool ?? value.string.flatMap({ Bool($0) }) else {
        return .fault("true or false")
      }
      return .value(.bool(flag))
    }
  }

  fileprivate func schema(addresses: [String]?) -> JSONValue {
    var members: [JSONValue.Member] = []
    func add(_ key: String, _ value: JSONValue) { members.append(.init(key: key, value: value)) }
    switch kind {
    case .text(let limit):
      add("type", .string("string"))
      add("maxLength", .number(String(limit)))
    case .choice(let words):
      add("type", .string("string"))
      add("enum", .array(words.map { .string($0) }))
    case .address:
      add("type", .string("string"))
      if let addresses, !addresses.isEmpty { add("enum", .array(addresses.map { .string($0) })) }
    case .number(let range):
      add("type", .string("integer"))
      add("minimum", .number(String(range.lowerBound)))
      add("maximum", .number(String(range.upperBound)))
    case .flag: add("type", .string("boolean"))
    }
    add("description", .string(purpose))
    return .object(members)
  }
}

/// Arguments of a call, checked against the tool's schema.
public struct ToolArguments: Sendable, Equatable {
  private var values: [JSONValue.Member]

  init(_ values: [JSONValue.Member]) { self.values = values.sorted { $0.key < $1.key } }

  /// A text, choice or address.
  public func text(_ name: String) -> String? { self[name]?.string }
  /// A whole number.
  public func number(_ name: String) -> Int? { self[name]?.int }
  /// A truth value.
  public func flag(_ name: String) -> Bool? { self[name]?.bool }
  /// As JSON, in the order of names: equal arguments make equal text.
  public var json: String { JSONValue.object(values).text }
  /// Puts a text in the place of another.
  mutating func set(_ name: String, _ text: String) {
    guard let index = values.firstIndex(where: { $0.key == name }) else { return }
    values[index] = .init(key: name, value: .string(text))
  }

  /// All texts among the values.
  var texts: [String] { values.compactMap(\.value.string) }

  private subscript(name: String) -> JSONValue? { values.first { $0.key == name }?.value }
}
