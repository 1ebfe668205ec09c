#if Network
  import NIOCore
  import NIOHTTP1
  import NIOPosix

  /// Listens on a port of its own on loopback, speaks HTTP/1, and hands requests to handlers.
  enum LoopbackServer {
    /// Runs `body` with the port while the server is up.
    ///
    /// - Parameter handler: makes the handler of a connection.
    static func with<Result>(
      handler: @escaping @Sendable () -> any ChannelHandler,
      _ body: (Int) async throws -> Result
    ) async throws -> Result {
      let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
      let channel = try await ServerBootstrap(group: group)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline()
            try channel.pipeline.syncOperations.addHandler(handler())
          }
        }
        .bind(host: "127.0.0.1", port: 0).get()
      func shutdown() async {
        try? await channel.close()
        try? await group.shutdownGracefully()
      }
      do {
        let result = try await body(channel.localAddress?.port ?? 0)
        await shutdown()
        return result
      } catch {
        await shutdown()
        throw error
      }
    }
  }
#endif
