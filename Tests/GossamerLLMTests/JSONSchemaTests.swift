import Testing

@testable import GossamerLLM

@Suite("JSON schemas of answers")
struct JSONSchemaTests {
  @Test(arguments: [
    (#"{"type":"object"}"#, "{}", true), (#"{"type":"object"}"#, "[]", false),
    (#"{"type":"integer"}"#, "3.0", true), (#"{"type":"integer"}"#, "3.5", false),
    (#"{"type":["string","null"]}"#, "null", true), (#"{"type":["string","null"]}"#, "1", false),
    (#"{"enum":["a",1]}"#, "1.0", true), (#"{"enum":["a",1]}"#, "2", false),
    (#"{"const":null}"#, "null", true), (#"{"const":null}"#, "0", false),
    (#"{"required":["a"]}"#, #"{"a":null}"#, true), (#"{"required":["a"]}"#, #"{"b":1}"#, false),
    (#"{"properties":{"a":{"type":"string"}}}"#, #"{"a":1}"#, false),
    (#"{"properties":{"a":{}},"additionalProperties":false}"#, #"{"a":1}"#, true),
    (#"{"properties":{"a":{}},"additionalProperties":false}"#, #"{"b":1}"#, false),
    (#"{"additionalProperties":{"type":"number"}}"#, #"{"b":"x"}"#, false),
    (#"{"items":{"type":"number"}}"#, "[1,2]", true),
    (#"{"items":{"type":"number"}}"#, #"[1,"2"]"#, false),
    (#"{"prefixItems":[{"type":"string"}],"items":false}"#, #"["a"]"#, true),
    (#"{"prefixItems":[{"type":"string"}],"items":false}"#, #"["a",1]"#, false),
    (#"{"minItems":1,"maxItems":2}"#, "[]", false), (#"{"minItems":1,"maxItems":2}"#, "[1]", true),
    (#"{"uniqueItems":true}"#, "[1,1]", false), (#"{"maxLength":2}"#, #""äöü""#, false),
    (#"{"maxLength":3}"#, #""äöü""#, true), (#"{"pattern":"^[0-9]{4}$"}"#, #""2024""#, true),
    (#"{"pattern":"^[0-9]{4}$"}"#, #""x2024""#, false),
    (#"{"minimum":0,"exclusiveMaximum":10}"#, "10", false),
    (#"{"minimum":0,"exclusiveMaximum":10}"#, "9.9", true), (#"{"multipleOf":0.1}"#, "0.3", true),
    (#"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, "1", false),
    (#"{"oneOf":[{"minimum":1},{"maximum":5}]}"#, "3", false),
    (#"{"oneOf":[{"minimum":1},{"maximum":5}]}"#, "9", true),
    (#"{"not":{"type":"string"}}"#, #""x""#, false),
    (#"{"allOf":[{"minimum":1},{"maximum":5}]}"#, "6", false),
    (##"{"$defs":{"n":{"type":"number"}},"items":{"$ref":"#/$defs/n"}}"##, #"["x"]"#, false),
    (##"{"properties":{"next":{"$ref":"#"}},"required":["v"]}"##, #"{"v":1,"next":{"v":2}}"#, true),
    (##"{"properties":{"next":{"$ref":"#"}},"required":["v"]}"##, #"{"v":1,"next":{}}"#, false),
    (##"{"$ref":"#"}"##, "1", false), (##"{"$ref":"#/nowhere"}"##, "1", false),
    (#"{"format":"email","title":"T"}"#, #""x""#, true),
  ])
  func valuesAreHeldAgainstIt(schema: String, value: String, fits: Bool) throws {
    let value = try #require(JSONValue(parsing: value))
    let faults = try JSONSchema(schema).faults(in: value)
    #expect(faults.isEmpty == fits, "\(faults)")
  }

  @Test func faultsNameTheirPlace() throws {
    let schema = try JSONSchema(
      #"{"properties":{"ports":{"items":{"properties":{"name":{"type":"string"}}}}}}"#)
    let value = try #require(JSONValue(parsing: #"{"ports":[{"name":"a"},{"name":3}]}"#))
    #expect(schema.faults(in: value) == ["the answer.ports[1].name must be of type string"])
  }

  @Test(arguments: ["", "[]", "{", "true"])
  func whatIsNoSchemaIsRefused(text: String) {
    #expect(throws: ModelError.self) { try JSONSchema(text) }
  }
}
