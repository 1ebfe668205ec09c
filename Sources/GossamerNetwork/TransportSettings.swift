#if Network
  /// How one `AsyncHTTPTransport` connects. Times of one exchange are given with each request.
  public struct TransportSettings: Sendable {
    /// Which versions of HTTP are offered.
    public enum HTTPVersion: Sendable {
      /// HTTP/2 where a TLS server agrees to it, else HTTP/1.1.
      case automatic
      /// HTTP/1.1 only.
      case http1Only
    }

    /// Which versions of HTTP are offered.
    public var httpVersion = HTTPVersion.automatic
    /// The longest time a connection attempt may take, TCP and TLS each.
    public var connectTimeout = Duration.seconds(10)
    /// How long an unused connection is kept open.
    public var idleTimeout = Duration.seconds(30)
    /// HTTP/1.1 connections to one address and port; more requests wait. Not a politeness rule: many
    /// hosts may share one address.
    public var maximumConnectionsPerAddress = 256
    /// The longest response head, informational heads before it included.
    public var headLimitInBytes = 256 * 1024
    /// The most field lines in one response head; `Set-Cookie` lines are bounded by bytes alone.
    public var headLimitInLines = 500
    /// Room for the first read of a connection, in bytes; it grows to 64 KiB as what comes in does.
    public var firstReadInBytes = 1_024
    /// A PEM file of certificate authorities trusted beside those of the system.
    public var additionalTrustRootsFile: String?

    /// Settings of a crawler.
    public init() {}
  }
#endif
