import GossamerLLM

/// A server of the Model Context Protocol over lines: tools, resources and prompts of a crawl.
///
/// Speaks the stateless revision 2026-07-28 and those with a handshake up to 2025-11-25. Requests are
/// answered as they are done, in whichever order; the tool box bounds how many calls run at once. Takes
/// no connection and knows no transport: whoever runs it brings lines and takes lines.
public struct MCPServer: Sendable {
  /// Who answers.
  public struct Identity: Sendable {
    /// The program's name.
    public var name: String
    /// Its version.
    public var version: String

    /// An identity.
    public init(name: String, version: String) {
      self.name = name
      self.version = version
    }
  }

  let identity: Identity
  let tools: ToolBox
  let resources: CorpusResources
  let results: ResultText

  /// A server.
  ///
  /// - Parameter seed: a text that no page can know; what strangers wrote is marked with what is made
  ///   of it.
  public init(
    _ identity: Identity, tools: ToolBox, resources: CorpusResources, seed: String
  ) {
    self.identity = identity
    self.tools = tools
    self.resources = resources
    results = ResultText(seed: seed)
  }

  /// Answers until no more lines come and all answers are given.
  ///
  /// - Parameters:
  ///   - lines: without their ends; empty ones are passed over.
  ///   - send: takes whole lines. Called from several tasks, a line a call.
  public func serve(
    _ lines: some AsyncSequence<[UInt8], Never> & Sendable,
    send: @escaping @Sendable ([UInt8]) -> Void
  ) async {
    let session = MCPSession()
    await withDiscardingTaskGroup { group in
      for await line in lines where line.contains(where: { $0 > 0x20 }) {
        switch MCPMessage(line) {
        case .response: continue
        case .invalid(let id, let error): send(MCPMessage.line(id: id, .failure(error)))
        case .notification(let method, let params):
          guard method == "notifications/cancelled", let id = params["requestId"] else { continue }
          await session.cancel(id)
        case .request(let id, let method, let params):
          // Before the next line is read, as that may be its cancellation or rely on it.
          let request = await session.begin(id, method, params)
          group.addTask { await answer(request, session, send) }
        }
      }
    }
  }

  /// Answers a request, unless it is cancelled first: then nothing is said.
  private func answer(
    _ request: MCPRequest, _ session: MCPSession,
    _ send: @escaping @Sendable ([UInt8]) -> Void
  ) async {
    let result = await withTaskGroup(of: Result<JSONValue, MCPError>?.self) { group in
      group.addTask { await self.result(of: request, session, send) }
      group.addTask {
        for await _ in request.cancellation {}
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
    await session.end(request.id)
    if let result { send(MCPMessage.line(id: request.id, result)) }
  }

  private func result(
    of request: MCPRequest, _ session: MCPSession,
    _ send: @escaping @Sendable ([UInt8]) -> Void
  ) async -> Result<JSONValue, MCPError>? {
    do throws(MCPError) {
      var call = try MCPCall(request)
      call.log = { [level = await session.logLevel] text in
        guard let level, MCPSession.levels.firstIndex(of: level) == 0 else { return }
        send(
          MCPMessage.line(
            method: "notifications/message",
            params: .members([
              "level": .string("debug"), "logger": .string(identity.name), "data": .string(text),
            ])))
      }
      if call.method == "logging/setLevel", !call.isStateless {
        try await session.setLogLevel(call.params["level"]?.string)
        return .success(.object([]))
      }
      return .success(finished(try await self.result(of: call), call))
    } catch {
      return Task.isCancelled ? nil : .failure(error)
    }
  }

  /// The new revision wants every result to say that it is one, and who gave it.
  private func finished(_ result: JSONValue, _ call: MCPCall) -> JSONValue {
    guard call.isStateless else { return result }
    return result.adding([
      "resultType": .string("complete"), "_meta": .members([MCPVersion.serverKey: info]),
    ])
  }

  var info: JSONValue {
    .members([
      "name": .string(identity.name.lowercased()), "title": .string(identity.name),
      "version": .string(identity.version),
    ])
  }
}

/// A request that was taken in.
struct MCPRequest: Sendable {
  var id: JSONValue
  var method: String
  var params: JSONValue
  /// Whether a handshake came before it.
  var isInitialized: Bool
  /// Ends when the request is cancelled.
  var cancellation: AsyncStream<Never>
}

/// A request whose revision is known.
struct MCPCall: Sendable {
  var method: String
  var params: JSONValue
  var isStateless: Bool
  /// Tells the client what happens, if it asked to be told.
  var log: @Sendable (String) -> Void = { _ in }

  init(_ request: MCPRequest) throws(MCPError) {
    method = request.method
    params = request.params
    isStateless = try MCPVersion.isStateless(
      request.method, request.params, isInitialized: request.isInitialized)
  }
}

/// What is remembered between the lines of one client.
private actor MCPSession {
  static let levels = [
    "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency",
  ]

  /// From which level on the client wants to be told; nil: nothing.
  private(set) var logLevel: String?
  private var isInitialized = false
  private var running: [String: AsyncStream<Never>.Continuation] = [:]

  func begin(_ id: JSONValue, _ method: String, _ params: JSONValue) -> MCPRequest {
    let (stream, continuation) = AsyncStream<Never>.makeStream()
    running[id.text] = continuation
    let request = MCPRequest(
      id: id, method: method, params: params, isInitialized: isInitialized, cancellation: stream)
    if method == "initialize" { isInitialized = true }
    return request
  }

  func cancel(_ id: JSONValue) { running[id.text]?.finish() }

  func end(_ id: JSONValue) { running[id.text] = nil }

  func setLogLevel(_ level: String?) throws(MCPError) {
    guard let level, Self.levels.contains(level) else {
      throw MCPError(.params, "level must be one of " + Self.levels.joined(separator: ", "))
    }
    logLevel = level
  }
}
