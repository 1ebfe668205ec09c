#if Network
  import Foundation
  import GossamerTestKit
  import NIOCore
  import NIOHTTP1
  import Synchronization
  import Testing

  /// A server on loopback that is both the model and a web service: the model's first answer asks for
  /// the service, and does not end before the service was asked.
  private final class HeldStream: Sendable {
    private let format: String
    private let state = Mutex<(events: [String], release: (@Sendable () -> Void)?)>(([], nil))

    init(_ format: String) { self.format = format }

    /// What happened, in its order.
    var events: [String] { state.withLock { $0.events } }
    func note(_ event: String) { state.withLock { $0.events.append(event) } }

    /// Called once the service is asked.
    func hold(_ release: @escaping @Sendable () -> Void) {
      state.withLock { $0.release = release }
    }

    func release() { state.withLock { $0.release.take() }?() }

    /// The first answer: what comes at once, and what is held back.
    func first() -> (begin: String, rest: String) {
      var writer = WireWriter(format)
      let begin =
        writer.text("I look it up. ")
        + writer.call("call_1", "look_up", #"{"query":"ferry"}"#)
      return (begin, writer.text("One moment.") + writer.end())
    }

    func last() -> String {
      var writer = WireWriter(format)
      return writer.text("It is known by now.") + writer.end()
    }
  }

  private final class HeldStreamHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: HeldStream
    private var target = ""
    private var body = ""

    init(_ server: HeldStream) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): (target, body) = (head.uri, "")
      case .body(let bytes): body += String(buffer: bytes)
      case .end: answer(context)
      }
    }

    private func answer(_ context: ChannelHandlerContext) {
      guard !target.hasPrefix("/lookup") else {
        server.note("tool asked")
        begin("application/json", context)
        end(#"{"found":"sails at noon"}"#, context)
        return server.release()
      }
      begin("text/event-stream", context)
      guard !body.contains("sails at noon") else {
        server.note("result sent back")
        return end(server.last(), context)
      }
      server.note("stream begins")
      let (first, rest) = server.first()
      write(first, context)
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      let loop = context.eventLoop
      server.hold {
        loop.execute {
          let (handler, context) = bound.value
          handler.server.note("stream ends")
          handler.end(rest, context)
        }
      }
    }

    private func begin(_ type: String, _ context: ChannelHandlerContext) {
      let head = HTTPResponseHead(
        version: .http1_1, status: .ok,
        headers: ["Content-Type": type, "Transfer-Encoding": "chunked"])
      context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func write(_ text: String, _ context: ChannelHandlerContext) {
      let buffer = context.channel.allocator.buffer(string: text)
      context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
    }

    private func end(_ text: String, _ context: ChannelHandlerContext) {
      write(text, context)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }

  @Suite("Tools while the answer still streams, over sockets", .timeLimit(.minutes(5)))
  struct StreamingToolTests {
    @Test(arguments: [
      ("openai", "chat"), ("openai-responses", "responses"), ("anthropic", "messages"),
      ("gemini", "gemini"), ("ollama", "ollama"),
    ])
    func theFirstToolBeginsBeforeTheStreamEnds(provider: String, format: String) async throws {
      let server = HeldStream(format)
      try await Folder.with { folder in
        try await LoopbackServer.with(handler: { HeldStreamHandler(server) }) { port in
          try FileManager.default.createDirectory(
            atPath: folder("out/pages"), withIntermediateDirectories: true)
          try folder.write(
            "out/pages/part-00000.jsonl",
            #"{"url":"http://a.test/","host":"a.test","text":"Nothing of interest."}"# + "\n")
          try folder.write(
            "tools.yaml",
            """
            hosts: [127.0.0.1]
            tools:
              - name: look_up
                purpose: Looks up a word.
                url: http://127.0.0.1:\(port)/lookup?q={query}
                parameters:
                  query: {purpose: A word.}
            """)
          let answer = try await GossamerBinary.run(
            [
              "ask", "out", "When does it sail?", "--provider", provider, "--llm-url",
              "http://127.0.0.1:\(port)", "--model", "tester", "--tools", "tools.yaml", "--json",
            ], in: folder,
            environment: ["ANTHROPIC_API_KEY": "k", "GEMINI_API_KEY": "k", "LLM_API_KEY": "k"])
          #expect(answer.code == 0, "\(answer.errors)")
          #expect(answer.output.contains("It is known by now."))
          #expect(
            server.events == ["stream begins", "tool asked", "stream ends", "result sent back"])
        }
      }
    }
  }
#endif
