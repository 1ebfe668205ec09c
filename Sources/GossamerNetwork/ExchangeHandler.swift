#if Network
  import GossamerFlow
  import GossamerHTTP
  import GossamerURL
  import NIOCore
  import NIOHTTP1
  import NIOHTTP2

  /// Ties the exchange to the connection, or stream, that carries it, and keeps its times.
  ///
  /// The request comes with a ticket as its target, which is replaced here by what is really asked
  /// for: so the URL reaches the wire byte by byte as it was canonicalized. One timer a connection,
  /// moved lazily, serves all its exchanges.
  final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private let connection: ConnectionState
    private let table: ExchangeTable
    private let peer: IPAddress?
    private let version: String
    /// The handler of the connection this is a stream of.
    private let parent: HTTP2ConnectionHandler?
    private var uses = 0
    /// When the running phase ends at the latest; nil while the reader, not the server, is awaited.
    private var phaseDeadline: NIODeadline?
    private var alarm: (at: NIODeadline, task: Scheduled<Void>)?

    init(
      _ connection: ConnectionState, table: ExchangeTable, peer: IPAddress?, version: String,
      parent: HTTP2ConnectionHandler? = nil
    ) {
      self.connection = connection
      self.table = table
      self.peer = peer
      self.version = version
      self.parent = parent
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      guard case .head(var head) = unwrapOutboundIn(data) else {
        context.write(data, promise: promise)
        return
      }
      guard let ticket = UInt64(head.uri.dropFirst()), let exchange = table.take(ticket) else {
        let error = HTTPTransportError(.cancelled, detail: "the request was given up")
        promise?.fail(error)
        context.fireErrorCaught(error)
        return
      }
      head.uri = exchange.target
      begin(exchange, context: context)
      let written = promise ?? context.eventLoop.makePromise(of: Void.self)
      written.futureResult.whenSuccess { exchange.sent() }
      context.write(wrapOutboundOut(.head(head)), promise: written)
    }

    func read(context: ChannelHandlerContext) {
      if let exchange = connection.exchange, connection.phase == .body, phaseDeadline == nil {
        phaseDeadline = .now() + exchange.silence
        setAlarm(context: context)
      }
      context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        guard head.status.code >= 200 else { break }
        connection.phase = .body
        phaseDeadline = nil
        if version == "HTTP/2" {
          connection.exchange?.receive(
            ResponseHead(
              version: version, status: Int(head.status.code),
              fields: HTTPFields(head.headers.map { ($0.name, $0.value) })))
        }
      case .body: phaseDeadline = nil
      // Before it is passed on: the next request may be written while this call lasts.
      case .end: end()
      }
      context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      noteConnectionFailure()
      if let closed = error as? NIOHTTP2Errors.StreamClosed,
        closed.errorCode == .refusedStream || closed.errorCode == .cancel
      {
        connection.exchange?.refused()
      }
      context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
      noteConnectionFailure()
      alarm?.task.cancel()
      alarm = nil
      context.fireChannelInactive()
      connection.exchange = nil
    }

    func handlerRemoved(context: ChannelHandlerContext) {
      alarm?.task.cancel()
      alarm = nil
    }

    private func noteConnectionFailure() {
      if let failure = parent?.failure { connection.exchange?.fail(failure) }
    }

    private func begin(_ exchange: Exchange, context: ChannelHandlerContext) {
      exchange.attach(peer: peer, isReused: uses > 0)
      uses += 1
      connection.exchange = exchange
      connection.phase = .head
      phaseDeadline = .now() + exchange.firstByte
      setAlarm(context: context)
    }

    private func end() {
      connection.exchange?.complete()
      connection.exchange = nil
      connection.phase = .idle
      phaseDeadline = nil
    }

    /// Makes sure that the alarm rings no later than the running phase ends.
    private func setAlarm(context: ChannelHandlerContext) {
      guard let exchange = connection.exchange else { return }
      let due = min(phaseDeadline ?? exchange.deadline, exchange.deadline)
      if let alarm {
        guard due < alarm.at else { return }
        alarm.task.cancel()
      }
      let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { [weak self] in
        guard let self else { return }
        self.alarm = nil
        self.check(context: context)
      }
      alarm = (due, task)
    }

    private func check(context: ChannelHandlerContext) {
      guard let exchange = connection.exchange else { return }
      let now = NIODeadline.now()
      if connection.phase == .head, !exchange.snapshot.sawBytes, isOver(exchange, now) {
        giveUp(.readTimeout, "the server is silent", context: context)
      } else if now >= exchange.deadline {
        giveUp(.deadline, "the whole exchange took too long", context: context)
      } else if let phaseDeadline, now >= phaseDeadline {
        if connection.phase == .head {
          giveUp(.deadline, "the head took too long", context: context)
        } else {
          giveUp(.readTimeout, "the server is silent", context: context)
        }
      } else {
        setAlarm(context: context)
      }
    }

    private func isOver(_ exchange: Exchange, _ now: NIODeadline) -> Bool {
      now >= exchange.deadline || phaseDeadline.map { now >= $0 } ?? false
    }

    private func giveUp(
      _ kind: Cause, _ detail: String, context: ChannelHandlerContext
    ) {
      let error = HTTPTransportError(kind, detail: detail)
      connection.exchange?.fail(error)
      connection.exchange = nil
      context.fireErrorCaught(error)
      context.close(promise: nil)
    }
  }
#endif
