#if Network
  import GossamerHTTP
  import GossamerNetwork
  import GossamerURL
  import Testing

  @Suite("The moment a request left", .timeLimit(.minutes(1)))
  struct SentAtTests {
    /// Asks, and gives the spans from the call to the request's leaving and to the head.
    private func spans(
      _ path: String = "/", from server: RawServer, over transport: AsyncHTTPTransport
    ) async throws -> (sent: Duration, head: Duration) {
      let called = ContinuousClock.now
      let response = try await transport.get(path, from: server).response
      let ended = ContinuousClock.now
      return (try #require(response.sentAt) - called, ended - called)
    }

    @Test func itLiesBetweenTheCallAndTheAnswer() async throws {
      try await withServer(script: { _, _, _ in [.pause(milliseconds: 200), .send(hello)] }) {
        server, transport async throws in
        for _ in 0..<3 {
          let (sent, head) = try await spans(from: server, over: transport)
          #expect(sent > .zero)
          #expect(head - sent >= .milliseconds(200))
        }
      }
    }

    @Test func theWaitForAConnectionComesBefore() async throws {
      var settings = TransportSettings()
      settings.maximumConnectionsPerAddress = 1
      try await withServer(
        settings: settings, script: { _, _, _ in [.pause(milliseconds: 300), .send(hello)] }
      ) { server, transport async throws in
        let first = Task { try await spans("/1", from: server, over: transport) }
        try await server.wait { $0.requests.count == 1 }
        let second = Task { try await spans("/2", from: server, over: transport) }
        let (sent, head) = try await second.value
        // Less the time it took to see that the first was there.
        #expect(sent >= .milliseconds(150))
        #expect(head - sent >= .milliseconds(300))
        #expect(try await first.value.sent < .milliseconds(300))
        #expect(server.snapshot.connections == 1)
      }
    }

    @Test func aRequestSentOnceMoreCountsFromThen() async throws {
      try await withServer(script: { _, connection, request in
        connection == 0 && request == 1 ? [.pause(milliseconds: 250), .close] : [.send(hello)]
      }) { server, transport async throws in
        _ = try await spans(from: server, over: transport)
        let (sent, _) = try await spans(from: server, over: transport)
        #expect(sent >= .milliseconds(250))
        #expect(server.snapshot.requests.count == 3)
      }
    }
  }
#endif
