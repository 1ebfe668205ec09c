import GossamerFlow
import GossamerHTTP
import GossamerLLM
import GossamerTestKit
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
      var wire = WireWriter(format.rawValue)
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
