#if Network
  import NIOCore
  import NIOPosix
  import Synchronization

  /// A TCP server that answers each request head with bytes, pauses and ends as told, well-formed or
  /// not.
  final class RawServer: Sendable {
    enum Step: Sendable {
      case send(String)
      case bytes([UInt8])
      case pause(milliseconds: Int64)
      /// Sends the bytes until the peer goes away.
      case flood(String)
      case close
      case reset
    }

    struct Seen: Sendable {
      /// Request heads as they came.
      var requests: [String] = []
      var connections = 0
      var closed = 0
      /// Bytes the peers accepted in floods.
      var flooded = 0
    }

    /// The request head, the number of the connection, and of the request on it, from 0.
    typealias Script = @Sendable (_ head: String, _ connection: Int, _ request: Int) -> [Step]

    let port: Int
    /// Not the client's: a busy server must not slow it.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    private let seen: Box

    final class Box: Sendable {
      let value = Mutex(Seen())
    }

    /// - Parameter greeting: what is done before any request.
    init(greeting: [Step] = [], _ script: @escaping Script) async throws {
      let seen = Box()
      self.seen = seen
      channel = try await ServerBootstrap(group: Self.group)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(
              RawHandler(seen: seen, greeting: greeting, script: script))
          }
        }
        .bind(host: "127.0.0.1", port: 0).get()
      port = channel.localAddress?.port ?? 0
    }

    var snapshot: Seen { seen.value.withLock { $0 } }

    func stop() async { try? await channel.close() }

    /// Waits until what was seen is as wanted; the test's time limit bounds it.
    func wait(until isDone: (Seen) -> Bool) async throws {
      while !isDone(snapshot) { try await Task.sleep(for: .milliseconds(5)) }
    }
  }

  /// `struct linger` that makes a close a reset.
  private struct LingerNot: Sendable {
    var isOn: CInt = 1
    var seconds: CInt = 0
  }

  private final class RawHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let seen: RawServer.Box
    private let greeting: [RawServer.Step]
    private let script: RawServer.Script
    private var pending = ""
    private var number = 0
    private var count = 0

    init(seen: RawServer.Box, greeting: [RawServer.Step], script: @escaping RawServer.Script) {
      self.seen = seen
      self.greeting = greeting
      self.script = script
    }

    func channelActive(context: ChannelHandlerContext) {
      number = seen.value.withLock {
        $0.connections += 1
        return $0.connections - 1
      }
      run(greeting[...], context: context)
    }

    func channelInactive(context: ChannelHandlerContext) {
      seen.value.withLock { $0.closed += 1 }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let buffer = unwrapInboundIn(data)
      pending += String(buffer: buffer)
      guard pending.hasSuffix("\r\n\r\n") || pending.contains("\r\n\r\n") else { return }
      let head = pending
      pending = ""
      seen.value.withLock { $0.requests.append(head) }
      count += 1
      run(script(head, number, count - 1)[...], context: context)
    }

    private func run(_ steps: ArraySlice<RawServer.Step>, context: ChannelHandlerContext) {
      guard let step = steps.first, context.channel.isActive else { return }
      let rest = steps.dropFirst()
      switch step {
      case .send(let text): write(ByteBuffer(string: text), context: context)
      case .bytes(let bytes): write(ByteBuffer(bytes: bytes), context: context)
      case .pause(let milliseconds):
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(milliseconds)) {
          self.run(rest, context: context)
        }
        return
      case .flood(let text):
        return flood(
          ByteBuffer(string: String(repeating: text, count: 1 + 16384 / text.utf8.count)),
          context: context)
      case .close:
        context.close(promise: nil)
        return
      case .reset:
        let provider = context.channel as? any SocketOptionProvider
        let done = provider?.unsafeSetSocketOption(
          level: .socket, name: .so_linger, value: LingerNot())
        done?.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        return
      }
      run(rest, context: context)
    }

    private func write(_ buffer: ByteBuffer, context: ChannelHandlerContext) {
      context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    private func flood(_ buffer: ByteBuffer, context: ChannelHandlerContext) {
      context.writeAndFlush(wrapOutboundOut(buffer)).assumeIsolated().whenSuccess {
        self.seen.value.withLock { $0.flooded += buffer.readableBytes }
        // Not at once: the event loop must get to see the peer go away.
        context.eventLoop.assumeIsolated().scheduleTask(in: .microseconds(200)) {
          self.flood(buffer, context: context)
        }
      }
    }
  }
#endif
