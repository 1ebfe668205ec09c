import GossamerLLM

/// A message of JSON-RPC 2.0 as it comes in.
enum MCPMessage {
  case request(id: JSONValue, method: String, params: JSONValue)
  case notification(method: String, params: JSONValue)
  /// An answer to something we never asked.
  case response
  case invalid(id: JSONValue, MCPError)

  /// Reads a line.
  init(_ line: [UInt8]) {
    guard let json = JSONValue(parsing: line) else {
      self = .invalid(id: .null, MCPError(.parse, "a line that is not JSON"))
      return
    }
    guard json.isObject, json["jsonrpc"]?.string == "2.0" else {
      self = .invalid(id: .null, MCPError(.request, "a line that is no message of JSON-RPC 2.0"))
      return
    }
    let id = json.members?.first { $0.key == "id" }?.value
    guard let method = json["method"]?.string else {
      let isAnswer = json.members?.contains { $0.key == "result" || $0.key == "error" } ?? false
      self =
        isAnswer ? .response : .invalid(id: id ?? .null, MCPError(.request, "no method is named"))
      return
    }
    let params = json["params"] ?? .object([])
    switch id {
    case nil: self = .notification(method: method, params: params)
    case .string?, .number?:
      guard params.isObject else {
        self = .invalid(id: id ?? .null, MCPError(.params, "params must be an object"))
        return
      }
      self = .request(id: id ?? .null, method: method, params: params)
    default:
      self = .invalid(id: .null, MCPError(.request, "an id must be a text or a number"))
    }
  }

  /// An answer as a line.
  static func line(id: JSONValue, _ result: Result<JSONValue, MCPError>) -> [UInt8] {
    switch result {
    case .success(let value): line(["id": id, "result": value])
    case .failure(let error): line(["id": id, "error": error.json])
    }
  }

  /// A notification as a line.
  static func line(method: String, params: JSONValue) -> [UInt8] {
    line(["method": .string(method), "params": params])
  }

  private static func line(_ members: KeyValuePairs<String, JSONValue?>) -> [UInt8] {
    var all: [JSONValue.Member] = [.init(key: "jsonrpc", value: .string("2.0"))]
    if case .object(let given) = JSONValue.members(members) { all += given }
    return Array(JSONValue.object(all).text.utf8) + [0x0A]
  }
}

/// A failure of the protocol; that of a tool is a result.
struct MCPError: Error, Equatable {
  /// Source: JSON-RPC 2.0 §5.1; MCP 2026-07-28 for those from -32020 on; MCP 2025-11-25 for -32002.
  enum Code: Int {
    case parse = -32_700
    case request = -32_600
    case method = -32_601
    case params = -32_602
    case intern = -32_603
    case noResource = -32_002
    case version = -32_022
  }

  var code: Code
  var message: String
  var data: JSONValue?

  init(_ code: Code, _ message: String, data: JSONValue? = nil) {
    self.code = code
    self.message = message
    self.data = data
  }

  var json: JSONValue {
    .members([
      "code": .number(String(code.rawValue)), "message": .string(message), "data": data,
    ])
  }
}

extension JSONValue {
  /// An object of those members that there are.
  static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
  }

  /// This object with more members.
  func adding(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    guard case .object(let own) = self, case .object(let more) = Self.members(members) else {
      return self
    }
    return .object(own + more)
  }
}
