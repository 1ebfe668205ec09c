#if Network
  import GossamerFlow
  import GossamerHTTP
  import NIOCore

  /// Reads response heads itself, before the HTTP parser sees them.
  ///
  /// The exchange gets the head exactly as sent; the parser behind gets one with nothing but the
  /// framing, so that its own limits and strictness decide nothing. Bodies pass through untouched.
  /// Never lets a byte through that was not asked for.
  final class ResponseHeadGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private static let informationalLimit = 32

    private let connection: ConnectionState
    private let settings: TransportSettings
    private var parser: ResponseHeadParser
    private var pending = ByteBuffer()
    private var informational = 0
    private var isBroken = false

    init(_ connection: ConnectionState, settings: TransportSettings) {
      self.connection = connection
      self.settings = settings
      parser = ResponseHeadParser(
        limitInBytes: settings.headLimitInBytes, limitInLines: settings.headLimitInLines)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard !isBroken else { return }
      switch connection.phase {
      case .body: context.fireChannelRead(data)
      case .head: readHead(unwrapInboundIn(data), context: context)
      case .idle: breakOff(HTTPTransportError(.framing, detail: "bytes nobody asked for"), context)
      }
    }

    func channelInactive(context: ChannelHandlerContext) {
      if connection.phase == .head, let exchange = connection.exchange {
        exchange.fail(
          pending.readableBytes > 0
            ? HTTPTransportError(.truncatedHead, detail: "closed in the middle of the head")
            : HTTPTransportError(.closed, detail: "closed before a response"))
      }
      context.fireChannelInactive()
    }

    private func readHead(_ bytes: ByteBuffer, context: ChannelHandlerContext) {
      if pending.readableBytes == 0 {
        pending = bytes
        connection.exchange?.sawBytes()
      } else {
        pending.writeImmutableBuffer(bytes)
      }
      do {
        while connection.phase == .head, let head = try nextHead() {
          if head.status < 200 {
            try skip(head)
          } else {
            try pass(head, context: context)
            return
          }
        }
      } catch {
        breakOff(error, context)
      }
    }

    private func nextHead() throws(HTTPTransportError) -> ResponseHead? {
      guard pending.readableBytes > 0 else { return nil }
      let found = pending.withUnsafeReadableBytes { bytes in
        Result { () throws(HTTPTransportError) in try parser.parse(bytes) }
      }
      guard let (head, length) = try found.get() else { return nil }
      pending.moveReaderIndex(forwardBy: length)
      return head
    }

    private func skip(_ head: ResponseHead) throws(HTTPTransportError) {
      informational += 1
      if head.status == 101 {
        throw HTTPTransportError(.status, detail: "101 Switching Protocols nobody asked for")
      }
      if informational > Self.informationalLimit {
        throw HTTPTransportError(.informationalFlood, detail: "flood of informational responses")
      }
    }

    private func pass(
      _ head: ResponseHead, context: ChannelHandlerContext
    ) throws(HTTPTransportError) {
      let framing = try ResponseFraming(of: head)
      let exchange = connection.exchange
      exchange?.receive(noting(head, framing))
      connection.phase = .body
      informational = 0
      var plain = context.channel.allocator.buffer(capacity: 128)
      plain.writeString("\(head.version) \(head.status) \r\n")
      plain.writeStaticString(
        framing.closes ? "Connection: close\r\n" : "Connection: keep-alive\r\n")
      switch framing.length {
      case .untilClose: break
      case .chunked: plain.writeStaticString("Transfer-Encoding: chunked\r\n")
      case .bytes(let count): plain.writeString("Content-Length: \(count)\r\n")
      }
      plain.writeStaticString("\r\n")
      let rest = pending
      pending = ByteBuffer()
      context.fireChannelRead(wrapInboundOut(plain))
      guard rest.readableBytes > 0 else { return }
      // A response without a body is over by now, and what follows it belongs to nobody.
      // A new request may have taken the connection already: it is not to blame, and is sent anew.
      if connection.phase == .body, connection.exchange === exchange {
        context.fireChannelRead(wrapInboundOut(rest))
      } else {
        breakOff(HTTPTransportError(.framing, detail: "bytes after the last response"), context)
      }
    }

    /// The head with what is odd about its framing, as far as the bytes at hand show it.
    private func noting(_ head: ResponseHead, _ framing: ResponseFraming) -> ResponseHead {
      var isOdd = framing.isDoubtful
      if case .bytes(let count) = framing.length, pending.readableBytes > count { isOdd = true }
      guard isOdd else { return head }
      var head = head
      head.oddities.append(.framing)
      return head
    }

    private func breakOff(_ error: HTTPTransportError, _ context: ChannelHandlerContext) {
      isBroken = true
      pending = ByteBuffer()
      connection.exchange?.fail(error)
      context.fireErrorCaught(error)
      context.close(promise: nil)
    }
  }
#endif
