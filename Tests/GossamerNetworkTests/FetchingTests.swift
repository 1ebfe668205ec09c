#if Network
  import GossamerFetch
  import GossamerFlow
  import GossamerHTTP
  import GossamerNetwork
  import GossamerURL
  import Testing

  @Suite("Fetcher over a real connection", .timeLimit(.minutes(5)))
  struct FetchingTests {
    private func fetch(
      _ path: String, from server: RawServer, over transport: AsyncHTTPTransport
    ) async throws(FetchError) -> FetchedResponse {
      guard let url = WebURL("http://127.0.0.1:\(server.port)\(path)") else {
        throw FetchError(.invalidURL, detail: "no URL")
      }
      return try await Fetcher(
        transport: transport, resolver: SystemResolver(), userAgent: "Test/1",
        addresses: AddressPolicy(seeds: [url]), limits: FetchLimits(times: patient)
      ).fetch(FetchRequest(url: url))
    }

    @Test func redirectsAndPagesShareAConnection() async throws {
      try await withServer(script: { head, _, _ in
        head.hasPrefix("GET /old ")
          ? [.send("HTTP/1.1 301 Moved\r\nLocation: /new\r\nContent-Length: 4\r\n\r\ngone")]
          : [.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>")]
      }) { server, transport async throws in
        let moved = try await fetch("/old", from: server, over: transport)
        #expect(moved.redirectTarget?.pathname == "/new")
        #expect(moved.wireBody == Array("gone".utf8))
        let page = try await fetch("/new", from: server, over: transport)
        #expect(page.body == Array("<html>".utf8) && page.peer == loopback)
        #expect(server.snapshot.connections == 1)
        let asked = page.requestFields.lines.map { "\($0.name): \($0.value)\r\n" }.joined()
        #expect(server.snapshot.requests.last == "GET /new HTTP/1.1\r\n\(asked)\r\n")
      }
    }

    @Test func anEndlessStreamOfAnUnwantedTypeIsLeftAtOnce() async throws {
      try await withServer(script: { _, _, _ in
        [.send("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n"), .flood("noise")]
      }) { server, transport async throws in
        do {
          _ = try await fetch("/", from: server, over: transport)
          Issue.record("read")
        } catch let error as FetchError {
          #expect(error.kind == .type && error.status == 200)
        }
        try await server.wait { $0.closed == 1 }
        #expect(server.snapshot.flooded < 8 << 20)
      }
    }

    @Test func anEndlessPageIsCutAndTheConnectionClosed() async throws {
      try await withServer(script: { _, _, _ in
        [.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"), .flood("words ")]
      }) { server, transport async throws in
        let answer = try await fetch("/", from: server, over: transport)
        #expect(answer.truncated == .length && answer.body.count == 16 << 20)
        try await server.wait { $0.closed == 1 }
        #expect(server.snapshot.flooded < 24 << 20)
      }
    }
  }
#endif
