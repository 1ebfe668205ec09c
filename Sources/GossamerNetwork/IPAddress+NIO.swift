#if Network
  import GossamerURL
  import NIOCore

  extension IPAddress {
    /// The address without its port, or nil for a socket that has none.
    init?(_ address: SocketAddress?) {
      guard let text = address?.ipAddress else { return nil }
      // A zone is of no meaning to others than this machine.
      self.init(text.prefix { $0 != "%" })
    }

    /// The host part of a URL that names this address.
    var urlHost: String {
      switch self {
      case .v4: description
      case .v6: "[\(description)]"
      }
    }
  }
#endif
