/// JSON schemas of answers.
enum AnswerSchema {
  /// Whether a schema is as OpenAI's strict mode wants it: every object names all its properties
  /// as required and takes no others. Sent with what is not, strict would be refused.
  static func isStrict(_ schema: String) -> Bool {
    JSONValue(parsing: schema).map(isStrict) ?? false
  }

  private static func isStrict(_ value: JSONValue) -> Bool {
    switch value {
    case .array(let values): return values.allSatisfy(isStrict)
    case .object(let members):
      if let properties = value["properties"]?.members {
        let required = Set((value["required"]?.array ?? []).compactMap(\.string))
        guard value["additionalProperties"] == .bool(false),
          properties.allSatisfy({ required.contains($0.key) })
        else { return false }
      } else if value["type"]?.string == "object" {
        return false
      }
      return members.allSatisfy { isStrict($0.value) }
    default: return true
    }
  }
}
