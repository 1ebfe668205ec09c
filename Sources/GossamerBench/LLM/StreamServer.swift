#if Network
  import Glibc
  import NIOCore
  import NIOHTTP1
  import NIOPosix

  /// A Chat Completions server on loopback whose first segment of a path says how it answers:
  /// `call` at once and whole, `stream` 64 texts a millisecond apart, `hold` one text and then
  /// nothing, `first` one text that says when it was written.
  final class StreamServer: Sendable {
    /// Texts of a `stream`.
    static let texts = 64

    let port: Int
    private let channel: any Channel

    init() async throws {
      channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .serverChannelOption(.backlog, value: 2_048)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline()
            try channel.pipeline.syncOperations.addHandler(Handler())
          }
        }
        .bind(host: "127.0.0.1", port: 0).get()
      port = channel.localAddress?.port ?? 0
    }

    /// Nanoseconds of the clock that all processes of a machine share.
    static func now() -> Int64 {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    private final class Handler: ChannelInboundHandler {
      typealias InboundIn = HTTPServerRequestPart
      typealias OutboundOut = HTTPServerResponsePart

      private var kind = ""

      func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): kind = head.uri.split(separator: "/").first.map { String($0) } ?? ""
        case .body: break
        case .end: answer(context)
        }
      }

      private func answer(_ context: ChannelHandlerContext) {
        switch kind {
        case "call":
          let answer =
            #"{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","#
            + #""content":"People mend many things here."}}],"#
            + #""usage":{"prompt_tokens":9,"completion_tokens":5}}"#
          begin(context, length: answer.utf8.count)
          write(answer, context)
          end(context)
        case "stream":
          begin(context, length: nil)
          continueStream(from: 0, context)
        case "first":
          begin(context, length: nil)
          later(context, milliseconds: 5) { handler, context in
            handler.write(Self.event("\(StreamServer.now())"), context)
            handler.finish(context)
          }
        default:
          begin(context, length: nil)
          write(Self.event("one"), context)
        }
      }

      private func continueStream(from number: Int, _ context: ChannelHandlerContext) {
        guard number < StreamServer.texts else { return finish(context) }
        write(Self.event("word "), context)
        later(context, milliseconds: 1) { $0.continueStream(from: number + 1, $1) }
      }

      private func later(
        _ context: ChannelHandlerContext, milliseconds: Int64,
        _ body: @escaping @Sendable (Handler, ChannelHandlerContext) -> Void
      ) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) {
          let (handler, context) = bound.value
          body(handler, context)
        }
      }

      private static func event(_ text: String) -> String {
        #"data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"bench","choices":"#
          + #"[{"index":0,"delta":{"content":"\#(text)"},"finish_reason":null}]}"# + "\n\n"
      }

      private func finish(_ context: ChannelHandlerContext) {
        write(
          #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
            + #"data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":64}}"#
            + "\n\ndata: [DONE]\n\n", context)
        end(context)
      }

      private func begin(_ context: ChannelHandlerContext, length: Int?) {
        var fields: HTTPHeaders = [
          "Content-Type": length == nil ? "text/event-stream" : "application/json"
        ]
        if let length { fields.add(name: "Content-Length", value: "\(length)") }
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: fields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
      }

      private func write(_ text: String, _ context: ChannelHandlerContext) {
        let buffer = context.channel.allocator.buffer(string: text)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
      }

      private func end(_ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      }
    }
  }
#endif
