#if Network
  import Glibc
  import GossamerHTTP
  import GossamerURL
  import NIOCore
  import NIOPosix
  import NIOSSL
  import Synchronization

  /// Finds out why a certificate was not trusted, by a handshake of its own that is broken off.
  ///
  /// The pool tells no more than that the certificate could not be verified. What is learned here
  /// only gives that failure its name: it never makes a bad certificate good, and nothing is asked of
  /// the server.
  enum CertificateProbe {
    /// The kind that the dates of the server's certificate give; nil if they are in order, or if the
    /// server does not show it again.
    ///
    /// - Parameters:
    ///   - peer: the address whose certificate was not trusted.
    ///   - name: the name in the URL; nil for an address.
    static func kind(
      at peer: IPAddress, port: Int, name: String?, timeout: Duration
    ) async -> HTTPTransportError.Kind? {
      let seen = SeenCertificate()
      do {
        let address = try SocketAddress(ipAddress: peer.description, port: port)
        let context = try NIOSSLContext(configuration: .makeClientConfiguration())
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
          .connectTimeout(TimeAmount(timeout))
          .channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
              let handler = try NIOSSLClientHandler(
                context: context, serverHostname: name,
                customVerificationCallback: { chain, verdict in
                  seen.note(chain.first)
                  verdict.succeed(.failed)
                })
              try channel.pipeline.syncOperations.addHandler(handler)
            }
          }
          .connect(to: address).get()
        let alarm = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
          channel.close(promise: nil)
        }
        try? await channel.closeFuture.get()
        alarm.cancel()
      } catch {
        return nil
      }
      return seen.validity?.kind(at: time(nil))
    }

    /// The span in which a certificate is valid, in seconds since 1970.
    struct Validity {
      var begin: time_t
      var end: time_t

      func kind(at now: time_t) -> HTTPTransportError.Kind? {
        if now > end { return .tlsExpired }
        return now < begin ? .tlsNotYetValid : nil
      }
    }

    /// What the callback, on its event loop, has seen.
    private final class SeenCertificate: Sendable {
      private let state = Mutex(Validity?.none)

      var validity: Validity? { state.withLock { $0 } }

      func note(_ certificate: NIOSSLCertificate?) {
        guard let certificate else { return }
        state.withLock {
          $0 = Validity(begin: certificate.notValidBefore, end: certificate.notValidAfter)
        }
      }
    }
  }
#endif
