import GossamerLLM

/// Which revision of the protocol a request is of.
///
/// Since 2026-07-28 nothing is agreed on beforehand: every request says its version and what its client
/// can do. Before, a handshake did. One server speaks both; a request with a version of its own is of the
/// new kind, whatever came before it.
enum MCPVersion {
  static let latest = "2026-07-28"
  /// Those that begin with a handshake, newest first.
  static let withHandshake = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
  static let all = [latest] + withHandshake

  static let versionKey = "io.modelcontextprotocol/protocolVersion"
  static let capabilitiesKey = "io.modelcontextprotocol/clientCapabilities"
  static let serverKey = "io.modelcontextprotocol/serverInfo"

  /// Whether a request is of the new kind.
  ///
  /// - Parameter isInitialized: whether there was a handshake.
  /// - Throws: where it is of neither kind, or of a version that is not spoken.
  static func isStateless(
    _ method: String, _ params: JSONValue, isInitialized: Bool
  ) throws(MCPError) -> Bool {
    let meta = params["_meta"]
    guard let version = meta?[versionKey] else {
      if method == "initialize" || method == "ping"
        || (isInitialized && method != "server/discover")
      {
        return false
      }
      throw MCPError(.params, "params._meta has no \(versionKey), and there was no initialize")
    }
    guard let text = version.string else {
      throw MCPError(.params, "\(versionKey) must be a text")
    }
    guard text == latest else {
      throw MCPError(
        .version, "Unsupported protocol version",
        data: .members([
          "supported": .array(all.map { .string($0) }), "requested": .string(text),
        ]))
    }
    guard meta?[capabilitiesKey]?.isObject == true else {
      throw MCPError(.params, "params._meta has no \(capabilitiesKey)")
    }
    return true
  }
}

/// How long a client may keep a result, and for whom. Source: MCP 2026-07-28, "Caching".
enum MCPCaching {
  /// The same for everyone until another program runs.
  case program
  /// As the corpus is: a crawl may be adding to it.
  case corpus

  /// What the new revision wants to see in a result; the old ones are given nothing.
  func members(isStateless: Bool) -> KeyValuePairs<String, JSONValue?> {
    guard isStateless else { return [:] }
    switch self {
    case .program: return ["ttlMs": .number("3600000"), "cacheScope": .string("public")]
    case .corpus: return ["ttlMs": .number("5000"), "cacheScope": .string("private")]
    }
  }
}
