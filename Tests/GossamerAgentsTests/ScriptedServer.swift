import GossamerFlow
import GossamerHTTP
import GossamerLLM
import Synchronization

/// A model server that says what a test wants, in any wire format, piece by piece. Pieces can wait for
/// something to happen first: that is how tests show what runs while a stream is open.
final class ScriptedServer: HTTPTransport {
  enum Piece: Sendable {
    case text(String)
    case call(id: String, name: String, arguments: String)
    case wait(Signal)
    /// The stream breaks off here.
    case cut
  }

  /// Something that happens once.
  final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    init() { (stream, continuation) = AsyncStream.makeStream() }
    func happen() { continuation.finish() }
    func wait() async { for await _ in stream {} }
  }

  private let format: WireFormat
  private let script: @Sendable (_ turn: Int, _ body: String) -> [Piece]
  private let asked = Mutex<[String]>([])

  /// - Parameter script: what is answered to a request, from its number (from 1) and body.
  init(
    _ format: WireFormat = .chatCompletions,
    script: @escaping @Sendable (_ turn: Int, _ body: String) -> [Piece]
  ) {
    self.format = format
    self.script = script
  }

  /// A server that goes through its answers; the last one is given again and again.
  convenience init(_ turns: [[Piece]], format: WireFormat = .chatCompletions) {
    self.init(format) { turn, _ in turns[min(turn, turns.count) - 1] }
  }

  /// Bodies of the requests.
  var bodies: [String] { asked.withLock { $0 } }

  /// A client of this server.
  func client(budget: ModelBudget? = nil) throws -> ModelClient {
    let model = try RemoteModel(
      format, name: "scripted", baseURL: "http://127.0.0.1:9", key: nil, transport: self)
    return ModelClient(
      model: model,
      gate: ModelGate(limiter: RateLimiter(limits: .unlimited), budget: budget, sleep: { _ in }))
  }

  func send(
    _ request: HTTPRequest, limits: HTTPTimeLimits
  ) async throws(HTTPTransportError) -> HTTPResponse {
    let text = String(decoding: request.body ?? [], as: UTF8.self)
    let turn = asked.withLock { asked in
      asked.append(text)
      return asked.count
    }
    let script = script(turn, text)
    let isCut = script.contains { if case .cut = $0 { true } else { false } }
    let format = format
    let body = HTTPBody {
      var pieces = script[...]
      var wire = WireWriter(format: format)
      var isOver = isCut
      return HTTPBody.AsyncIterator { () async throws(HTTPTransportError) in
        while let piece = pieces.popFirst() {
          switch piece {
          case .text(let text): return Array(wire.text(text).utf8)
          case .call(let id, let name, let arguments):
            return Array(wire.call(id, name, arguments).utf8)
          case .cut: return nil
          case .wait(let signal):
            await signal.wait()
            if Task.isCancelled { throw HTTPTransportError(.cancelled, detail: "cancelled") }
          }
        }
        defer { isOver = true }
        return isOver ? nil : Array(wire.end().utf8)
      }
    }
    return HTTPResponse(status: 200, fields: HTTPFields(), body: body)
  }
}

/// Writes pieces of an answer as each provider does.
struct WireWriter {
  let format: WireFormat
  private var index = 0
  private var calls = 0

  init(format: WireFormat) { self.format = format }

  private static func quoted(_ text: String) -> String { JSONValue.string(text).text }

  private func event(_ json: String, name: String? = nil) -> String {
    (name.map { "event: \($0)\n" } ?? "") + "data: \(json)\n\n"
  }

  private func chunk(_ delta: String, finish: String = "null") -> String {
    event(#"{"choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#)
  }

  mutating func text(_ text: String) -> String {
    let quoted = Self.quoted(text)
    defer { index += 1 }
    switch format {
    case .chatCompletions: return chunk(#"{"content":\#(quoted)}"#)
    case .responses: return event(#"{"type":"response.output_text.delta","delta":\#(quoted)}"#)
    case .messages:
      return event(
        #"{"type":"content_block_start","index":\#(index),"content_block":{"type":"text","text":""}}"#
      )
        + event(
          #"{"type":"content_block_delta","index":\#(index),"#
            + #""delta":{"type":"text_delta","text":\#(quoted)}}"#)
        + event(#"{"type":"content_block_stop","index":\#(index)}"#)
    case .gemini:
      return event(#"{"candidates":[{"content":{"parts":[{"text":\#(quoted)}]},"index":0}]}"#)
    case .ollama:
      return #"{"message":{"role":"assistant","content":\#(quoted)},"done":false}"# + "\n"
    }
  }

  /// A call, its arguments in two fragments where the format has fragments.
  mutating func call(_ id: String, _ name: String, _ arguments: String) -> String {
    let middle = arguments.index(arguments.startIndex, offsetBy: arguments.count / 2)
    let first = Self.quoted(String(arguments[..<middle]))
    let second = Self.quoted(String(arguments[middle...]))
    defer {
      index += 1
      calls += 1
    }
    switch format {
    case .chatCompletions:
      return chunk(
        #"{"tool_calls":[{"index":\#(calls),"id":"\#(id)","type":"function","#
          + #""function":{"name":"\#(name)","arguments":\#(first)}}]}"#)
        + chunk(#"{"tool_calls":[{"index":\#(calls),"function":{"arguments":\#(second)}}]}"#)
    case .responses:
      let item = #""item_id":"i\#(id)","output_index":\#(index)"#
      return event(
        #"{"type":"response.output_item.added","output_index":\#(index),"item":{"id":"i\#(id)","#
          + #""type":"function_call","call_id":"\#(id)","name":"\#(name)","arguments":""}}"#)
        + event(
          #"{"type":"response.function_call_arguments.delta",\#(item),"delta":\#(first)}"#)
        + event(
          #"{"type":"response.function_call_arguments.delta",\#(item),"delta":\#(second)}"#)
    case .messages:
      return event(
        #"{"type":"content_block_start","index":\#(index),"content_block":{"type":"tool_use","#
          + #""id":"\#(id)","name":"\#(name)","input":{}}}"#)
        + event(
          #"{"type":"content_block_delta","index":\#(index),"delta":{"type":"input_json_delta","#
            + #""partial_json":\#(first)}}"#)
        + event(
          #"{"type":"content_block_delta","index":\#(index),"delta":{"type":"input_json_delta","#
            + #""partial_json":\#(second)}}"#)
    case .gemini:
      return event(
        #"{"candidates":[{"content":{"parts":[{"functionCall":{"id":"\#(id)","name":"\#(name)","#
          + #""args":\#(arguments)}}]},"index":0}]}"#)
    case .ollama:
      return #"{"message":{"role":"assistant","content":"","tool_calls":[{"id":"\#(id)","#
        + #""function":{"name":"\#(name)","arguments":\#(arguments)}}]},"done":false}"# + "\n"
    }
  }

  mutating func end() -> String {
    switch format {
    case .chatCompletions:
      return chunk("{}", finish: calls > 0 ? #""tool_calls""# : #""stop""#)
        + event(#"{"choices":[],"usage":{"prompt_tokens":50,"completion_tokens":10}}"#)
        + event("[DONE]")
    case .responses:
      return event(
        #"{"type":"response.completed","response":{"status":"completed","output":[],"#
          + #""usage":{"input_tokens":50,"output_tokens":10}}}"#)
    case .messages:
      return event(
        #"{"type":"message_delta","delta":{"stop_reason":"\#(calls > 0 ? "tool_use" : "end_turn")"},"#
          + #""usage":{"input_tokens":50,"output_tokens":10}}"#)
        + event(#"{"type":"message_stop"}"#)
    case .gemini:
      return event(
        #"{"candidates":[{"finishReason":"STOP","index":0}],"#
          + #""usageMetadata":{"promptTokenCount":50,"candidatesTokenCount":10}}"#)
    case .ollama:
      return #"{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","#
        + #""prompt_eval_count":50,"eval_count":10}"# + "\n"
    }
  }
}
