#if Network
  import AsyncHTTPClient
  import GossamerFlow
  import GossamerHTTP
  import NIOCore
  import Synchronization

  /// The body of one response, to be read once. Whoever drops it, or its iterator, before the end
  /// closes the connection.
  final class BodySource: Sendable {
    private let body: Mutex<HTTPClientResponse.Body?>
    private let exchange: Exchange

    init(_ body: HTTPClientResponse.Body, of exchange: Exchange) {
      self.body = Mutex(body)
      self.exchange = exchange
    }

    func makeIterator() -> HTTPBody.AsyncIterator {
      let taken = body.withLock { body in
        defer { body = nil }
        return body
      }
      guard let taken else {
        return HTTPBody.AsyncIterator { () throws(HTTPTransportError) in
          throw HTTPTransportError(.closed, detail: "the body was read before")
        }
      }
      let reader = BodyReader(taken, of: exchange)
      return HTTPBody.AsyncIterator { () async throws(HTTPTransportError) in try await reader.next()
      }
    }
  }

  /// Reads one body. Used by one task at a time, as iterators are.
  private final class BodyReader {
    private var iterator: HTTPClientResponse.Body.AsyncIterator?
    private let exchange: Exchange

    init(_ body: HTTPClientResponse.Body, of exchange: Exchange) {
      iterator = body.makeAsyncIterator()
      self.exchange = exchange
    }

    func next() async throws(HTTPTransportError) -> [UInt8]? {
      // Safe: iterators are not shared, and the library's `next` touches nothing but its own.
      nonisolated(unsafe) var iterator = self.iterator
      do {
        if let bytes = try await iterator?.next() { return Array(buffer: bytes) }
      } catch {
        self.iterator = nil
        throw HTTPTransportError(error, in: exchange)
      }
      self.iterator = nil
      // The library ends a body quietly when the task is cancelled.
      let state = exchange.snapshot
      guard state.isComplete else {
        if Task.isCancelled { throw HTTPTransportError(.cancelled, detail: "task cancelled") }
        throw state.failure ?? HTTPTransportError(.closed, detail: "the body ended early")
      }
      return nil
    }
  }
#endif
