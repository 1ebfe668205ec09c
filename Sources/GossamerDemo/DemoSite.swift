#if Network
  internal import NIOCore
  internal import NIOHTTP1
  internal import NIOPosix
  import Synchronization

  /// A small web on loopback addresses, made to show and to test a crawler.
  ///
  /// Seven hosts with some 150 pages of prose, and with what the real web does to crawlers: rules,
  /// redirects, refusals, duplicates, legacy encodings, an endless calendar. It keeps its own count of
  /// what was asked for and how politely. It knows nothing of the crawler it serves.
  public final class DemoSite: Sendable {
    /// The home page of each host.
    public let seeds: [String]
    /// What a complete and polite crawl of all hosts stores, each URL once.
    public let expectedPages: [String]
    /// Groups of URLs with the same content: one of each group is stored.
    public let duplicateGroups: [[String]]
    /// Those of `expectedPages` that only a sitemap names.
    public let sitemapOnlyPages: [String]
    /// URLs that must not be stored: noindex, or not to be fetched at all.
    public let unwantedPages: [String]
    /// The port that all hosts share.
    public let port: Int

    private let visits: VisitLedger
    private let channels: [any Channel]
    private let group: MultiThreadedEventLoopGroup

    private init(
      world: DemoWorld, port: Int, visits: VisitLedger, channels: [any Channel],
      group: MultiThreadedEventLoopGroup
    ) {
      seeds = world.hosts.map { $0.base + "/" }
      expectedPages = world.expected
      duplicateGroups = world.duplicateGroups
      sitemapOnlyPages = world.sitemapOnly
      unwantedPages = world.unwanted
      self.port = port
      self.visits = visits
      self.channels = channels
      self.group = group
    }

    /// Starts all hosts.
    ///
    /// - Throws: `DemoError` when an address or the port cannot be had.
    public static func start(
      _ configuration: DemoConfiguration = DemoConfiguration()
    ) async throws -> DemoSite {
      let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
      do {
        let visits = VisitLedger()
        let channels = try await bind(configuration, group: group, visits: visits)
        let port = channels.first?.localAddress?.port ?? 0
        for channel in channels { try await warmUp(channel, group: group) }
        let world = DemoWorld(configuration: configuration, port: port)
        visits.open(world, configuration: configuration)
        return DemoSite(
          world: world, port: port, visits: visits, channels: channels, group: group)
      } catch {
        try? await group.shutdownGracefully()
        throw error
      }
    }

    /// The site's own count up to now.
    public func statistics() -> DemoStatistics { visits.statistics }

    /// Stops all hosts and frees the port.
    public func shutdown() async throws {
      for channel in channels { try? await channel.close() }
      try await group.shutdownGracefully()
    }

    /// Binds every host to one port; tries other ports when one of the addresses has it taken.
    private static func bind(
      _ configuration: DemoConfiguration, group: MultiThreadedEventLoopGroup, visits: VisitLedger
    ) async throws -> [any Channel] {
      let attempts = configuration.port == 0 ? 8 : 1
      var problem = ""
      for _ in 0..<attempts {
        var channels: [any Channel] = []
        var port = configuration.port
        do {
          for index in 0..<DemoWorld.hostCount {
            let address = DemoWorld.address(of: index, configuration)
            problem = "\(address):\(port)"
            let channel = try await bootstrap(group, host: index, visits: visits)
              .bind(host: address, port: port).get()
            channels.append(channel)
            port = channel.localAddress?.port ?? port
          }
          return channels
        } catch {
          problem += ": \(error)"
          for channel in channels { try? await channel.close() }
        }
      }
      throw DemoError(
        description: "cannot listen (\(problem)): choose another port or address prefix; "
          + "outside Linux the addresses have to be added to the loopback interface first")
    }

    /// Has each host answer once before it counts: the first answer of a process is slow, and the
    /// client should not be blamed for a gap that only looks short.
    private static func warmUp(
      _ channel: any Channel, group: MultiThreadedEventLoopGroup
    ) async throws {
      guard let address = channel.localAddress else { return }
      let client = try await ClientBootstrap(group: group).connect(to: address).get()
      let request = "GET /warm-up HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n\r\n"
      try await client.writeAndFlush(client.allocator.buffer(string: request)).get()
      try await client.closeFuture.get()
    }

    private static func bootstrap(
      _ group: MultiThreadedEventLoopGroup, host: Int, visits: VisitLedger
    ) -> ServerBootstrap {
      ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 256)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline()
            try channel.pipeline.syncOperations.addHandler(DemoHandler(host: host, visits: visits))
          }
        }
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
    }
  }

  /// The audit and the world behind one lock. Filled by the handlers, read by `statistics()`.
  final class VisitLedger: Sendable {
    private struct Book {
      var world: DemoWorld
      var audit: VisitAudit
      var slowness: Duration
    }
    private let book = Mutex<Book?>(nil)

    func open(_ world: DemoWorld, configuration: DemoConfiguration) {
      let audit = VisitAudit(configuration: configuration, bases: world.hosts.map(\.base))
      book.withLock { $0 = Book(world: world, audit: audit, slowness: configuration.slowness) }
    }

    var statistics: DemoStatistics {
      book.withLock { $0?.audit.statistics ?? DemoStatistics(hosts: []) }
    }

    /// The answer to a request, and how long to wait before it is given.
    func begin(
      _ target: String, host: Int, at now: ContinuousClock.Instant
    ) -> (answer: DemoAnswer, pause: Duration) {
      book.withLock { book in
        guard let world = book?.world, let slowness = book?.slowness,
          let answer = book?.audit.begin(target, host: host, in: world, at: now)
        else { return (.plain(503, "Not open yet.\n"), .zero) }
        return (answer, answer.manner == .slow ? slowness : .zero)
      }
    }

    func end(_ target: String, host: Int, status: Int) {
      book.withLock { book in
        guard let world = book?.world else { return }
        book?.audit.end(target, host: host, status: status, in: world)
      }
    }
  }

  /// One connection to one host. Answers GET and HEAD; a body of a request is read and dropped.
  private final class DemoHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let host: Int
    private let visits: VisitLedger
    private var request: HTTPRequestHead?
    /// When the connection came; its first request counts from here, as the client's clock does.
    private var opened: ContinuousClock.Instant?

    init(host: Int, visits: VisitLedger) {
      self.host = host
      self.visits = visits
    }

    func channelActive(context: ChannelHandlerContext) {
      opened = .now
      context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): request = head
      case .body: break
      case .end: respond(context)
      }
    }

    /// Now, or when the connection came if that was just before.
    private func arrival() -> ContinuousClock.Instant {
      let now = ContinuousClock.now
      defer { opened = nil }
      return opened.map { now - $0 < .milliseconds(50) ? $0 : now } ?? now
    }

    private func respond(_ context: ChannelHandlerContext) {
      guard let request else { return }
      self.request = nil
      guard request.method == .GET || request.method == .HEAD else {
        return send(.plain(405, "Only GET and HEAD.\n"), to: request, context)
      }
      let (answer, pause) = visits.begin(request.uri, host: host, at: arrival())
      guard pause > .zero else { return finish(answer, request, context) }
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      context.eventLoop.scheduleTask(in: .milliseconds(pause.milliseconds)) {
        let (handler, context) = bound.value
        handler.finish(answer, request, context)
      }
    }

    private func finish(
      _ answer: DemoAnswer, _ request: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
      // Before the last byte leaves, so that the client cannot be faster than the count.
      visits.end(request.uri, host: host, status: answer.status)
      send(answer, to: request, context)
    }

    private func send(
      _ answer: DemoAnswer, to request: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
      var headers = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
      headers.add(name: "Server", value: "gossamer-demo")
      headers.add(name: "Content-Length", value: String(answer.body.count))
      if !request.isKeepAlive { headers.add(name: "Connection", value: "close") }
      let head = HTTPResponseHead(
        version: request.version, status: .init(statusCode: answer.status), headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      if request.method == .GET, !answer.body.isEmpty {
        let buffer = context.channel.allocator.buffer(bytes: answer.body)
        context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
      }
      let done = context.writeAndFlush(wrapOutboundOut(.end(nil)))
      guard !request.isKeepAlive else { return }
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      done.whenComplete { _ in bound.value.close(promise: nil) }
    }
  }
#endif
