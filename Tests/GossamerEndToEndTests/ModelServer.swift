#if Network
  import Foundation
  import NIOCore
  import NIOHTTP1
  import Synchronization

  /// A server that speaks Chat Completions and OpenAI's embeddings, and does what the test says:
  /// answers in a stream, takes its time, fails, plays a script.
  final class ModelServer: Sendable {
    enum Manner: Sendable {
      case answers(String, after: Duration)
      case fails(status: Int)
      /// Streams what the closure makes of the request's body, a `delta` after the other, with a
      /// pause between any two.
      case streams(pause: Duration, @Sendable (String) -> [String])
      /// Answers by a script: method, path and body to a status and JSON.
      case plays(@Sendable (String, String, String) -> (status: Int, text: String))
    }

    /// What it was asked, as counted by itself.
    struct Count: Sendable {
      var begun = 0
      var ended = 0
      /// Bodies of the requests.
      var bodies: [String] = []
      var mostParallel = 0
    }

    private let state: Mutex<(manner: Manner, count: Count)>
    private let port = Mutex(0)

    private init(_ manner: Manner) { state = Mutex((manner, Count())) }

    /// "http://127.0.0.1:1234", without a slash.
    var url: String { "http://127.0.0.1:\(port.withLock { $0 })" }

    /// Runs `body` while the server is up.
    static func with<Result>(
      _ manner: Manner, _ body: (ModelServer) async throws -> Result
    ) async throws -> Result {
      let server = ModelServer(manner)
      return try await LoopbackServer.with(handler: { ModelHandler(server) }) { port in
        server.port.withLock { $0 = port }
        return try await body(server)
      }
    }

    var count: Count { state.withLock { $0.count } }

    /// Answers like this from now on.
    func behave(_ manner: Manner) { state.withLock { $0.manner = manner } }

    fileprivate func begin(_ body: String) -> Manner {
      state.withLock { state in
        state.count.begun += 1
        state.count.bodies.append(body)
        let parallel = state.count.begun - state.count.ended
        state.count.mostParallel = max(state.count.mostParallel, parallel)
        return state.manner
      }
    }

    fileprivate func end() { state.withLock { $0.count.ended += 1 } }
  }

  /// A connection of the model server.
  private final class ModelHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: ModelServer
    private var body = ""
    private var head: HTTPRequestHead?

    init(_ server: ModelServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): (self.head, body) = (head, "")
      case .body(let bytes): body += String(buffer: bytes)
      case .end: answer(context)
      }
    }

    private func answer(_ context: ChannelHandlerContext) {
      switch server.begin(body) {
      case .fails(let status):
        server.end()
        send(
          status, "application/json", [#"{"error":{"message":"out of order","code":500}}"#], context
        )
      case .answers where head?.uri.hasSuffix("/embeddings") == true:
        server.end()
        send(200, "application/json", [Self.vectors(body)], context)
      case .streams(let pause, let deltas):
        send(deltas(body), pause: TimeAmount(pause), server, context)
      case .plays(let script):
        server.end()
        let answer = script(head?.method.rawValue ?? "", head?.uri ?? "", body)
        send(answer.status, "application/json", [answer.text], context)
      case .answers(let text, let pause):
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: TimeAmount(pause)) {
          let (handler, context) = bound.value
          handler.server.end()
          handler.send(200, "text/event-stream", Self.events(text), context)
        }
      }
    }

    /// A vector for each input of a request.
    private static func vectors(_ body: String) -> String {
      struct Request: Decodable { var input: [String] }
      let inputs = try? JSONDecoder().decode(Request.self, from: Data(body.utf8)).input
      let data = (inputs ?? []).indices.map { #"{"index":\#($0),"embedding":[0.6,0.8]}"# }
      return #"{"data":[\#(data.joined(separator: ","))],"usage":{"prompt_tokens":9}}"#
    }

    /// A stream with a word in each event, as servers send them.
    private static func events(_ text: String) -> [String] {
      text.split(separator: " ").map { word in
        #"data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":"#
          + #"{"content":"\#(word) "},"finish_reason":null}]}"# + "\n\n"
      } + [
        #"data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"#
          + #""finish_reason":"stop"}]}"# + "\n\n", "data: [DONE]\n\n",
      ]
    }

    private func send(
      _ deltas: [String], pause: TimeAmount, _ server: ModelServer, _ context: ChannelHandlerContext
    ) {
      let events =
        deltas.map { #"{"choices":[{"index":0,"delta":\#($0),"finish_reason":null}]}"# } + [
          #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
          #"{"choices":[],"usage":{"prompt_tokens":90,"completion_tokens":10}}"#, "[DONE]",
        ]
      let head = HTTPResponseHead(
        version: .http1_1, status: .ok,
        headers: ["Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"])
      context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      for (index, event) in events.enumerated() {
        let wait = TimeAmount.nanoseconds(pause.nanoseconds * Int64(min(index, deltas.count)))
        context.eventLoop.scheduleTask(in: wait) {
          let (handler, context) = bound.value
          let buffer = context.channel.allocator.buffer(string: "data: \(event)\n\n")
          context.writeAndFlush(handler.wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
          guard index == events.count - 1 else { return }
          server.end()
          context.writeAndFlush(handler.wrapOutboundOut(.end(nil)), promise: nil)
        }
      }
    }

    private func send(
      _ status: Int, _ type: String, _ parts: [String], _ context: ChannelHandlerContext
    ) {
      let head = HTTPResponseHead(
        version: .http1_1, status: .init(statusCode: status),
        headers: ["Content-Type": type, "Transfer-Encoding": "chunked"])
      context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
      for part in parts {
        let buffer = context.channel.allocator.buffer(string: part)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
      }
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
#endif
