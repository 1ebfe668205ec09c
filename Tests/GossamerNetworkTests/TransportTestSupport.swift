#if Network
  import GossamerFlow
  import GossamerHTTP
  import GossamerNetwork
  import GossamerURL
  import Testing

  let loopback = IPAddress.v4(0x7F00_0001)

  /// Times short enough for tests, long enough for a busy machine.
  let quick = HTTPTimeLimits(
    connect: .seconds(5), firstByte: .milliseconds(800), silence: .milliseconds(800),
    whole: .seconds(10))
  let patient = HTTPTimeLimits(
    connect: .seconds(10), firstByte: .seconds(20), silence: .seconds(20), whole: .seconds(40))

  /// Runs with a server and a transport, and ends both.
  func withServer(
    greeting: [RawServer.Step] = [], settings: TransportSettings = TransportSettings(),
    isAllowed: @escaping @Sendable (IPAddress) -> Bool = { _ in true },
    script: @escaping RawServer.Script,
    body: (RawServer, AsyncHTTPTransport) async throws -> Void
  ) async throws {
    let server = try await RawServer(greeting: greeting, script)
    let transport = AsyncHTTPTransport(settings: settings, isAllowed: isAllowed)
    do {
      try await body(server, transport)
    } catch {
      await transport.shutdown()
      await server.stop()
      throw error
    }
    await transport.shutdown()
    await server.stop()
  }

  extension AsyncHTTPTransport {
    /// Sends a GET to a path of the server and reads the whole body.
    func get(
      _ path: String = "/", from server: RawServer, host: String = "127.0.0.1",
      limits: HTTPTimeLimits = patient
    ) async throws -> (response: HTTPResponse, body: String) {
      let url = try #require(WebURL("http://\(host):\(server.port)\(path)"))
      let response = try await send(HTTPRequest(url: url, address: loopback), limits: limits)
      var bytes: [UInt8] = []
      for try await piece in response.body { bytes += piece }
      return (response, String(decoding: bytes, as: UTF8.self))
    }

    /// The kind with which such a GET fails; nil when it does not.
    func failure(
      _ path: String = "/", from server: RawServer, limits: HTTPTimeLimits = patient
    ) async throws -> Cause? {
      do {
        _ = try await get(path, from: server, limits: limits)
        return nil
      } catch let error as HTTPTransportError {
        return error.kind
      }
    }
  }

  let hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
#endif
