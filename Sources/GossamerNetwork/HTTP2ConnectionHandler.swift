#if Network
  import GossamerFlow
  import GossamerHTTP
  import NIOCore
  import NIOHTTP2

  /// Does what the pool leaves undone on a connection that speaks HTTP/2.
  ///
  /// Announces our limit for response heads, where the pool's is 16 KiB (a head of more than 96 KiB as sent
  /// fails all the same: the library takes 5 continuation frames); and closes the connection
  /// after an error of the connection as a whole, which the pool leaves open with all its streams
  /// waiting for nothing.
  final class HTTP2ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    /// Why the connection was given up, if it was.
    private(set) var failure: HTTPTransportError?
    private let headLimitInBytes: Int

    init(headLimitInBytes: Int) { self.headLimitInBytes = headLimitInBytes }

    func handlerAdded(context: ChannelHandlerContext) {
      let limit = HTTP2Setting(parameter: .maxHeaderListSize, value: headLimitInBytes)
      let frame = HTTP2Frame(streamID: .rootStream, payload: .settings(.settings([limit])))
      context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.fireErrorCaught(error)
      // Errors of one stream have been told to that stream.
      guard !(error is NIOHTTP2Errors.StreamError), failure == nil else { return }
      failure = Self.failure(for: error)
      context.close(promise: nil)
    }

    private static func failure(for error: any Error) -> HTTPTransportError? {
      let words = String(String(describing: error).prefix(300))
      switch error {
      case is NIOHTTP2Errors.ExcessivelyLargeHeaderBlock,
        is NIOHTTP2Errors.ExcessiveContinuationFrames:
        return HTTPTransportError(.headerTooLarge, detail: words)
      case is any NIOHTTP2Error: return HTTPTransportError(.framing, detail: words)
      default: return nil
      }
    }
  }
#endif
