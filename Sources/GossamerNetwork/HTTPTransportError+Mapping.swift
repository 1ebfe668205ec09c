#if Network
  import AsyncHTTPClient
  import Glibc
  import GossamerFlow
  import GossamerHTTP
  import NIOCore
  import NIOHTTP1
  import NIOHTTP2
  import NIOPosix
  import NIOSSL

  extension HTTPTransportError {
    /// What the layers below threw, in our words.
    ///
    /// What our own handlers saw comes first: they stand closer to the wire.
    init(_ error: any Error, in exchange: Exchange) {
      let state = exchange.snapshot
      if Task.isCancelled {
        self.init(.cancelled, detail: "task cancelled")
      } else if let failure = state.failure, !Self.hides(failure.kind, error) {
        self = failure
      } else {
        self.init(error, state: state)
      }
    }

    /// Whether the error says more than our handlers, who only saw the connection end.
    private static func hides(_ seen: Cause, _ error: any Error) -> Bool {
      switch seen {
      case .closed, .truncatedHead: error is IOError || error is BoringSSLError
      default: false
      }
    }

    private init(_ error: any Error, state: Exchange.State) {
      switch error {
      case let error as HTTPTransportError: self = error
      case let error as HTTPClientError: self.init(client: error, state: state)
      case let error as IOError: self.init(errno: error.errnoCode, state: state)
      case let error as NIOConnectionError: self.init(connection: error, state: state)
      case let error as NIOCore.ChannelError: self.init(channel: error)
      case let error as HTTPParserError: self.init(parser: error, state: state)
      case is NIOHTTPDecoderError: self.init(.framing, detail: "a response nobody asked for")
      case let error as NIOSSLError: self.init(tls: error, state: state)
      case let error as NIOSSLExtraError:
        self.init(
          error == .failedToValidateHostname ? .tlsHostname : .tlsHandshake,
          detail: Self.words(error))
      case is BoringSSLError: self.init(.tlsHandshake, detail: Self.words(error))
      case is SocketAddressError: self.init(.dnsNotFound, detail: Self.words(error))
      case is CancellationError: self.init(.cancelled, detail: "task cancelled")
      case is any NIOHTTP2Error: self.init(.reset, detail: Self.words(error))
      default: self.init(.closed, detail: Self.words(error))
      }
    }

    private init(client error: HTTPClientError, state: Exchange.State) {
      let kind: Cause =
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout: .connectTimeout
        case .tlsHandshakeTimeout: .tlsTimeout
        case .readTimeout, .writeTimeout: .readTimeout
        case .deadlineExceeded: state.isAttached ? .deadline : .connectTimeout
        case .uncleanShutdown: .tlsTruncated
        case .alreadyShutdown: .cancelled
        case .invalidURL, .emptyHost: .dnsNotFound
        default: .closed
        }
      self.init(kind, detail: error.description)
    }

    private init(errno code: CInt, state: Exchange.State) {
      let kind: Cause =
        switch code {
        case ECONNREFUSED: .refused
        case ECONNRESET, EPIPE, ECONNABORTED: .reset
        case ETIMEDOUT: state.isAttached ? .readTimeout : .connectTimeout
        case EMFILE, ENFILE: .tooManyFiles
        case ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EACCES, EPERM, EINVAL, EAFNOSUPPORT:
          .unreachable
        default: state.isAttached ? .closed : .unreachable
        }
      self.init(kind, detail: String(cString: strerror(code)))
    }

    private init(connection error: NIOConnectionError, state: Exchange.State) {
      if let last = error.connectionErrors.last {
        self.init(last.error, state: state)
      } else if let dns = error.dnsAError ?? error.dnsAAAAError {
        self.init(.dnsNotFound, detail: Self.words(dns))
      } else {
        self.init(.dnsNoAddress, detail: "no address to connect to")
      }
    }

    private init(channel error: NIOCore.ChannelError) {
      switch error {
      case .connectTimeout: self.init(.connectTimeout, detail: "no connection in time")
      default: self.init(.closed, detail: Self.words(error))
      }
    }

    private init(parser error: HTTPParserError, state: Exchange.State) {
      switch error {
      case .invalidEOFState where state.head == nil:
        self.init(.truncatedHead, detail: "closed in the middle of the head")
      case .invalidEOFState, .closedConnection:
        self.init(.lengthMismatch, detail: "closed before the stated end of the body")
      default: self.init(.framing, detail: Self.words(error))
      }
    }

    private init(tls error: NIOSSLError, state: Exchange.State) {
      let words = Self.words(error)
      switch error {
      case .uncleanShutdown where state.head != nil: self.init(.tlsTruncated, detail: words)
      case .uncleanShutdown where state.isAttached: self.init(.closed, detail: words)
      case .noCertificateToValidate, .unableToValidateCertificate:
        self.init(.tlsUntrusted, detail: words)
      case .handshakeFailed where words.contains("CERTIFICATE_VERIFY_FAILED"):
        self.init(.tlsUntrusted, detail: words)
      default: self.init(.tlsHandshake, detail: words)
      }
    }

    private static func words(_ error: any Error) -> String {
      String(String(describing: error).prefix(300))
    }
  }
#endif
