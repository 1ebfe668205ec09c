#if Network
  import NIOCore
  import NIOHTTP1
  import NIOPosix

  /// A model server on loopback that speaks Chat Completions, waits before it answers, and then goes
  /// through a search, a page and an answer, by how many results a request has.
  final class SlowModelServer: Sendable {
    /// Calls of the model that a question takes.
    static let turns = 3

    let url: String
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup

    /// - Parameter milliseconds: how long it takes before it answers.
    init(milliseconds: Int) async throws {
      let latency = TimeAmount.milliseconds(Int64(milliseconds))
      group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
      channel = try await ServerBootstrap(group: group)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline()
            try channel.pipeline.syncOperations.addHandler(Handler(latency: latency))
          }
        }
        .bind(host: "127.0.0.1", port: 0).get()
      url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    func shutdown() async {
      try? await channel.close()
      try? await group.shutdownGracefully()
    }

    private final class Handler: ChannelInboundHandler {
      typealias InboundIn = HTTPServerRequestPart
      typealias OutboundOut = HTTPServerResponsePart

      private let latency: TimeAmount
      private var body = ""

      init(latency: TimeAmount) { self.latency = latency }

      func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: body = ""
        case .body(let bytes): body += String(buffer: bytes)
        case .end:
          let answer = Self.answer(to: body)
          let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
          context.eventLoop.scheduleTask(in: latency) {
            let (handler, context) = bound.value
            handler.send(answer, context)
          }
        }
      }

      private static func answer(to body: String) -> String {
        let results = body.split(separator: #""role":"tool""#).count - 1
        let delta =
          switch results {
          case 0: call("search_corpus", #"{\"query\":\"ferry\"}"#)
          case 1: call("read_page", #"{\"url\":\"http://harbour.test/ferry\"}"#)
          default: #"{"content":"It sails twice a day [S1 \"sails twice a day\"]."}"#
          }
        return "data: {\"choices\":[{\"index\":0,\"delta\":\(delta)}]}\n\n"
          + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
          + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":5}}\n\n"
          + "data: [DONE]\n\n"
      }

      private static func call(_ name: String, _ arguments: String) -> String {
        #"{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"\#(name)","#
          + #""arguments":"\#(arguments)"}}]}"#
      }

      private func send(_ text: String, _ context: ChannelHandlerContext) {
        let head = HTTPResponseHead(
          version: .http1_1, status: .ok,
          headers: ["Content-Type": "text/event-stream", "Content-Length": "\(text.utf8.count)"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let buffer = context.channel.allocator.buffer(string: text)
        context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      }
    }
  }
#endif
