#if Network
  import NIOCore
  import NIOHTTP1
  import NIOPosix
  import Synchronization

  /// A model server on loopback that speaks Chat Completions, waits before it answers, and then goes
  /// through a search, a page and an answer, by how many results a request has. Who has the tool
  /// `wait` is first asked for eight calls of it at once.
  final class SlowModelServer: Sendable {
    /// Calls of the model that a question takes.
    static let turns = 3

    /// Requests at the same time, as the server sees them.
    final class Load: Sendable {
      private let state = Mutex<(now: Int, most: Int)>((0, 0))
      var most: Int { state.withLock { $0.most } }
      func reset() { state.withLock { $0.most = 0 } }

      fileprivate func change(by number: Int) {
        state.withLock { state in
          state.now += number
          state.most = max(state.most, state.now)
        }
      }
    }

    let url: String
    let load = Load()
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup

    /// - Parameter milliseconds: how long it takes before it answers.
    init(milliseconds: Int) async throws {
      let latency = TimeAmount.milliseconds(Int64(milliseconds))
      let load = load
      group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
      channel = try await ServerBootstrap(group: group)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline()
            try channel.pipeline.syncOperations.addHandler(Handler(latency: latency, load: load))
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
      private let load: Load
      private var body = ""

      init(latency: TimeAmount, load: Load) {
        self.latency = latency
        self.load = load
      }

      func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: body = ""
        case .body(let bytes): body += String(buffer: bytes)
        case .end:
          let answer = Self.answer(to: body)
          load.change(by: 1)
          let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
          context.eventLoop.scheduleTask(in: latency) {
            let (handler, context) = bound.value
            handler.load.change(by: -1)
            handler.send(answer, context)
          }
        }
      }

      private static func answer(to body: String) -> String {
        let results = body.split(separator: #""role":"tool""#).count - 1
        let waits = (0..<8).map { Self.item("wait", #"{\"number\":\#($0)}"#, $0) }
        let delta =
          switch results {
          case 0 where body.contains(#""name":"wait""#):
            #"{"tool_calls":[\#(waits.joined(separator: ","))]}"#
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
        #"{"tool_calls":[\#(item(name, arguments, 0))]}"#
      }

      private static func item(_ name: String, _ arguments: String, _ index: Int) -> String {
        #"{"index":\#(index),"id":"a\#(index)","type":"function","function":{"name":"\#(name)","#
          + #""arguments":"\#(arguments)"}}"#
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
