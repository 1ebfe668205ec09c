#if Network
  import GossamerHTTP
  import GossamerURL
  import NIOCore
  import Synchronization

  /// One request on its way: what the sender and the connection's handlers know of it together.
  ///
  /// Filled by `AsyncHTTPTransport.send` and by the handlers on the event loop, read by the sender.
  final class Exchange: Sendable {
    /// What the request line asks for.
    let target: String
    let firstByte: TimeAmount
    let silence: TimeAmount
    let deadline: NIODeadline

    struct State {
      /// Whether the request was given to a connection; before that nothing can have been sent.
      var isAttached = false
      /// Whether that connection had served another request before.
      var isReused = false
      /// Whether the server left the stream unserved, as when it gives the connection up.
      var wasRefused = false
      /// When the request had been handed to the system, which is when the server can have seen it.
      var sentAt: ContinuousClock.Instant?
      var sawBytes = false
      var isComplete = false
      var peer: IPAddress?
      var head: ResponseHead?
      /// The first thing that went wrong, as seen closest to the wire.
      var failure: HTTPTransportError?
    }

    private let state = Mutex(State())

    init(target: String, limits: HTTPTimeLimits) {
      self.target = target
      firstByte = TimeAmount(limits.firstByte)
      silence = TimeAmount(limits.silence)
      deadline = .now() + TimeAmount(limits.whole)
    }

    var snapshot: State { state.withLock { $0 } }

    func attach(peer: IPAddress?, isReused: Bool) {
      state.withLock {
        $0.isAttached = true
        $0.isReused = isReused
        $0.peer = peer
      }
    }

    func refused() { state.withLock { $0.wasRefused = true } }

    func sent() { state.withLock { $0.sentAt = .now } }

    func sawBytes() { state.withLock { $0.sawBytes = true } }

    func receive(_ head: ResponseHead) { state.withLock { if $0.head == nil { $0.head = head } } }

    func complete() { state.withLock { $0.isComplete = true } }

    /// Notes why the exchange failed; only the first reason counts.
    func fail(_ error: HTTPTransportError) {
      state.withLock { if $0.failure == nil { $0.failure = error } }
    }
  }

  /// Exchanges that wait for a connection, by ticket. Filled by `send`, emptied by the connection
  /// that takes the exchange, or by `send` when none did.
  final class ExchangeTable: Sendable {
    private let waiting = Mutex((next: UInt64(0), exchanges: [UInt64: Exchange]()))

    /// Lays the exchange down and gives its ticket.
    func insert(_ exchange: Exchange) -> UInt64 {
      waiting.withLock {
        $0.next &+= 1
        $0.exchanges[$0.next] = exchange
        return $0.next
      }
    }

    @discardableResult
    func take(_ ticket: UInt64) -> Exchange? {
      waiting.withLock { $0.exchanges.removeValue(forKey: ticket) }
    }

    var count: Int { waiting.withLock { $0.exchanges.count } }
  }

  /// What the two handlers of one connection share. Confined to the connection's event loop.
  final class ConnectionState {
    enum Phase {
      case idle
      case head
      case body
    }

    var phase = Phase.idle
    var exchange: Exchange?
  }
#endif
