#if Network
  import AsyncHTTPClient
  import GossamerFlow
  public import GossamerHTTP
  public import GossamerURL
  import NIOCore
  import NIOHTTP1
  import NIOHTTP2
  import NIOPosix
  import NIOSSL

  /// HTTP over one pool of connections for a whole crawl.
  ///
  /// Connects to the address that was judged, and to no other: for http by connecting to the address
  /// itself; for https, where the name is needed for the handshake, by asking `isAllowed` about the
  /// peer before anything but the handshake is sent. Does not follow redirects, decode content
  /// codings, keep cookies, or retry; only a GET or HEAD that met a kept-alive connection just closed
  /// by the server is sent once more on a fresh one, as RFC 9110 §9.2.2 has it.
  ///
  /// Owns connections: filled by requests, emptied by the idle time-out and by `shutdown`.
  public final class AsyncHTTPTransport: HTTPTransport {
    private let client: HTTPClient
    private let table = ExchangeTable()
    private let settings: TransportSettings
    private let isAllowed: @Sendable (IPAddress) -> Bool

    /// A transport without connections yet.
    ///
    /// - Parameter isAllowed: asked about the peer of every new connection; a peer it refuses fails
    ///   the exchange with `policy.address_blocked`.
    public init(
      settings: TransportSettings = TransportSettings(),
      isAllowed: @escaping @Sendable (IPAddress) -> Bool = { _ in true }
    ) {
      self.settings = settings
      self.isAllowed = isAllowed
      client = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: .crawling(settings, table: table, isAllowed: isAllowed))
    }

    /// Closes all connections; exchanges still under way fail. To be called once, at the end.
    public func shutdown() async {
      try? await client.shutdown()
    }

    /// Exchanges that no connection has taken yet.
    var waitingCount: Int { table.count }

    /// Sends the request and returns once the response head is there.
    ///
    /// `limits.connect` does not count here: all connections share `TransportSettings.connectTimeout`.
    public func send(
      _ request: HTTPRequest, limits: HTTPTimeLimits
    ) async throws(HTTPTransportError) -> HTTPResponse {
      let mayRepeat = request.method == "GET" || request.method == "HEAD"
      let exchange = Exchange(target: request.url.requestTarget, limits: limits)
      do {
        return try await send(request, as: exchange)
      } catch {
        guard mayRepeat, exchange.snapshot.metStaleConnection(error) else {
          throw await explained(error, of: request, exchange.snapshot)
        }
        return try await send(
          request, as: Exchange(target: request.url.requestTarget, limits: limits))
      }
    }

    /// Tells a certificate of the wrong date from one that nobody vouches for, and a server that
    /// wants a certificate of its clients from one that just hangs up.
    private func explained(
      _ error: HTTPTransportError, of request: HTTPRequest, _ state: Exchange.State
    ) async -> HTTPTransportError {
      guard request.url.scheme == "https", let peer = request.address, isAllowed(peer) else {
        return error
      }
      let probe = HandshakeProbe(
        peer: peer, port: Int(request.url.effectivePort ?? 443),
        name: request.url.host?.ipAddress == nil ? request.url.hostname : nil,
        timeout: settings.connectTimeout)
      switch error.kind {
      case .tlsUntrusted:
        return await probe.dateFault().map { HTTPTransportError($0, detail: error.detail) } ?? error
      case .closed, .reset:
        guard state.isAttached, !state.isReused, !state.sawBytes,
          await probe.wantsClientCertificate()
        else { return error }
        return HTTPTransportError(
          .tlsHandshake, detail: "the server wants a certificate of its clients")
      default: return error
      }
    }

    private func send(
      _ request: HTTPRequest, as exchange: Exchange
    ) async throws(HTTPTransportError) -> HTTPResponse {
      let ticket = table.insert(exchange)
      defer { table.take(ticket) }
      do {
        return try Self.response(
          from: await client.execute(
            HTTPClientRequest(request, ticket: ticket), deadline: exchange.deadline),
          to: exchange)
      } catch {
        throw Self.failure(error, exchange)
      }
    }

    @inline(never)
    private static func failure(_ error: any Error, _ exchange: Exchange) -> HTTPTransportError {
      HTTPTransportError(error, in: exchange)
    }

    /// Not made where the head is awaited: what it needs for a moment would be kept meanwhile.
    @inline(never)
    private static func response(
      from response: HTTPClientResponse, to exchange: Exchange
    ) throws -> HTTPResponse {
      let state = exchange.snapshot
      guard let head = state.head else {
        throw HTTPTransportError(.closed, detail: "no response head")
      }
      let source = BodySource(response.body, of: exchange)
      return HTTPResponse(
        version: head.version, status: head.status, fields: head.fields, peer: state.peer,
        sentAt: state.sentAt, oddities: head.oddities, body: HTTPBody { source.makeIterator() })
    }
  }

  extension Exchange.State {
    /// Whether the server had closed the connection before it can have seen this request.
    fileprivate func metStaleConnection(_ error: HTTPTransportError) -> Bool {
      switch error.kind {
      case .closed where !isAttached: true
      case .closed, .reset, .framing: head == nil && (wasRefused || isReused && !sawBytes)
      default: false
      }
    }
  }

  extension HTTPClientRequest {
    /// The request as the pool needs it; the target is a ticket that `ExchangeHandler` redeems.
    @inline(never)
    fileprivate init(_ request: HTTPRequest, ticket: UInt64) {
      let url = request.url
      let port = url.effectivePort ?? 80
      let isPlain = url.scheme == "http"
      let host = isPlain ? request.address?.urlHost ?? url.hostname : url.hostname
      self.init(url: "\(isPlain ? "http" : "https")://\(host):\(port)/\(ticket)")
      method = HTTPMethod(rawValue: request.method)
      headers.reserveCapacity(request.fields.lines.count + 2)
      if request.fields["Host"] == nil {
        headers.add(name: "Host", value: url.port.map { "\(url.hostname):\($0)" } ?? url.hostname)
      }
      for line in request.fields.lines { headers.add(name: line.name, value: line.value) }
      if let bytes = request.body { body = .bytes(bytes) }
    }
  }

  extension HTTPClient.Configuration {
    fileprivate static func crawling(
      _ settings: TransportSettings, table: ExchangeTable,
      isAllowed: @escaping @Sendable (IPAddress) -> Bool
    ) -> Self {
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.minimumTLSVersion = .tlsv12
      if let file = settings.additionalTrustRootsFile { tls.additionalTrustRoots = [.file(file)] }
      var configuration = HTTPClient.Configuration(
        tlsConfiguration: tls, redirectConfiguration: .disallow,
        timeout: .init(connect: TimeAmount(settings.connectTimeout)), decompression: .disabled)
      configuration.connectionPool = .init(
        idleTimeout: TimeAmount(settings.idleTimeout),
        concurrentHTTP1ConnectionsPerHostSoftLimit: settings.maximumConnectionsPerAddress)
      configuration.connectionPool.retryConnectionEstablishment = false
      configuration.httpVersion = settings.httpVersion == .automatic ? .automatic : .http1Only
      configuration.tracing.tracer = nil
      let firstRead = settings.firstReadInBytes
      configuration.http1_1ConnectionDebugInitializer = { channel in
        channel.eventLoop.submit {
          try admit(channel, isAllowed: isAllowed)
          try channel.syncOptions?.setOption(
            .recvAllocator,
            value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: firstRead, maximum: 65_536)
          )
          try channel.pipeline.syncOperations.addExchangeHandlers(
            table: table, settings: settings, peer: IPAddress(channel.remoteAddress))
        }
      }
      configuration.http2ConnectionDebugInitializer = { channel in
        channel.eventLoop.submit {
          try admit(channel, isAllowed: isAllowed)
          try channel.pipeline.syncOperations.addHandler(
            HTTP2ConnectionHandler(headLimitInBytes: settings.headLimitInBytes))
        }
      }
      configuration.http2StreamChannelDebugInitializer = { channel in
        channel.eventLoop.submit {
          let operations = channel.pipeline.syncOperations
          let codec = try operations.handler(type: HTTP2FramePayloadToHTTP1ClientCodec.self)
          let parent = try channel.parent?.pipeline.syncOperations.handler(
            type: HTTP2ConnectionHandler.self)
          let handler = ExchangeHandler(
            ConnectionState(), table: table, peer: IPAddress(channel.parent?.remoteAddress),
            version: "HTTP/2", parent: parent)
          try operations.addHandler(handler, position: .after(codec))
        }
      }
      return configuration
    }

    /// Refuses, and closes, a connection to an address that is not allowed.
    private static func admit(
      _ channel: any Channel, isAllowed: @Sendable (IPAddress) -> Bool
    ) throws {
      guard let peer = IPAddress(channel.remoteAddress) else {
        channel.close(promise: nil)
        throw HTTPTransportError(.closed, detail: "closed before it could be used")
      }
      guard isAllowed(peer) else {
        channel.close(promise: nil)
        throw HTTPTransportError(.addressBlocked, detail: "the peer's address is not allowed")
      }
    }
  }

  extension ChannelPipeline.SynchronousOperations {
    /// Puts the guard before the HTTP/1 parser and the exchange handler behind it.
    fileprivate func addExchangeHandlers(
      table: ExchangeTable, settings: TransportSettings, peer: IPAddress?
    ) throws {
      let connection = ConnectionState()
      let decoder = try handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
      try addHandler(
        ExchangeHandler(connection, table: table, peer: peer, version: "HTTP/1.1"),
        position: .after(decoder))
      try addHandler(ResponseHeadGuard(connection, settings: settings), position: .before(decoder))
    }
  }
#endif
