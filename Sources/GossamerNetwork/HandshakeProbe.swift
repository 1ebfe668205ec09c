#if Network
  import Glibc
  import GossamerFlow
  import GossamerURL
  import NIOCore
  import NIOPosix
  import NIOSSL
  import NIOTLS
  import Synchronization

  /// Finds out why a TLS connection failed, by a handshake of its own that is broken off.
  ///
  /// The pool tells no more than that a certificate could not be verified, or that the server hung up.
  /// What is learned here only gives that failure its name: it never makes a bad certificate good, and
  /// nothing is asked of the server.
  struct HandshakeProbe {
    let peer: IPAddress
    let port: Int
    /// The name in the URL; nil for an address.
    let name: String?
    let timeout: Duration

    /// What the dates of the server's certificate have wrong; nil if they are in order, or if the
    /// server does not show it again.
    func dateFault() async -> Cause? {
      let seen = Findings()
      guard
        await shake(
          .makeClientConfiguration(), seen,
          verifying: { chain, verdict in
            seen.note(chain.first)
            verdict.succeed(.failed)
          })
      else { return nil }
      return seen.now.validity?.fault(at: time(nil))
    }

    /// Whether the server lets in nobody without a certificate of his own.
    ///
    /// In TLS 1.3 a client's handshake is over before the server has looked for its certificate, so
    /// that the server just hangs up later. In TLS 1.2 it does so within the handshake, after the
    /// client has accepted the server's certificate. A server that speaks no TLS 1.2 does not get that
    /// far, and stays unexplained.
    func wantsClientCertificate() async -> Bool {
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.maximumTLSVersion = .tlsv12
      let seen = Findings()
      let isConnected = await shake(
        configuration, seen,
        verifying: { chain, verdict in
          seen.note(chain.first)
          verdict.succeed(.certificateVerified)
        })
      return isConnected && seen.now.validity != nil && !seen.now.isOpen
    }

    /// Shakes hands and lets go.
    ///
    /// - Returns: whether there was a connection.
    private func shake(
      _ configuration: TLSConfiguration, _ seen: Findings,
      verifying:
        @escaping @Sendable (
          [NIOSSLCertificate], EventLoopPromise<NIOSSLVerificationResult>
        ) -> Void
    ) async -> Bool {
      do {
        let address = try SocketAddress(ipAddress: peer.description, port: port)
        let context = try NIOSSLContext(configuration: configuration)
        let name = name
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
          .connectTimeout(TimeAmount(timeout))
          .channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
              let handler = try NIOSSLClientHandler(
                context: context, serverHostname: name, customVerificationCallback: verifying)
              try channel.pipeline.syncOperations.addHandlers(handler, HandshakeWatcher(seen))
            }
          }
          .connect(to: address).get()
        let alarm = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
          channel.close(promise: nil)
        }
        try? await channel.closeFuture.get()
        alarm.cancel()
        return true
      } catch {
        return false
      }
    }

    /// The span in which a certificate is valid, in seconds since 1970.
    struct Validity {
      var begin: time_t
      var end: time_t

      func fault(at now: time_t) -> Cause? {
        if now > end { return .tlsExpired }
        return now < begin ? .tlsNotYetValid : nil
      }
    }

    /// What callbacks, on their event loop, have seen.
    fileprivate final class Findings: Sendable {
      struct State {
        var validity: Validity?
        /// The handshake came to its end.
        var isOpen = false
      }

      private let state = Mutex(State())

      var now: State { state.withLock { $0 } }

      func opened() { state.withLock { $0.isOpen = true } }

      func note(_ certificate: NIOSSLCertificate?) {
        guard let certificate else { return }
        state.withLock {
          $0.validity = Validity(
            begin: certificate.notValidBefore, end: certificate.notValidAfter)
        }
      }
    }
  }

  /// Closes the connection as soon as the handshake has ended, well or not.
  private final class HandshakeWatcher: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let seen: HandshakeProbe.Findings

    init(_ seen: HandshakeProbe.Findings) { self.seen = seen }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if case .handshakeCompleted? = event as? TLSUserEvent {
        seen.opened()
        context.close(promise: nil)
      }
      context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
#endif
