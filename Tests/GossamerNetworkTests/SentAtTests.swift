#if Network
  import GossamerHTTP
  import GossamerNetwork
  import GossamerURL
  import Synchronization
  import Testing

  @Suite("The moment a request left", .timeLimit(.minutes(5)))
  struct SentAtTests {
    /// Asks, and gives the moments of the call, of the request's leaving, and of the head.
    private func moments(
      _ path: String = "/", from server: RawServer, over transport: AsyncHTTPTransport
    ) async throws -> (call: ContinuousClock.Instant, sent: ContinuousClock.Instant) {
      let called = ContinuousClock.now
      let response = try await transport.get(path, from: server).response
      let sent = try #require(response.sentAt)
      #expect(called < sent && sent < .now)
      return (called, sent)
    }

    @Test func itLiesBetweenTheCallAndTheAnswer() async throws {
      try await withServer(script: { _, _, _ in [.pause(milliseconds: 400), .send(hello)] }) {
        server, transport async throws in
        for _ in 0..<3 {
          let (_, sent) = try await moments(from: server, over: transport)
          // Half of the pause: the moment is noted after the write, however busy the machine.
          #expect(ContinuousClock.now - sent >= .milliseconds(200))
        }
      }
    }

    @Test func theWaitForAConnectionComesBefore() async throws {
      let seen = SeenMoments()
      var settings = TransportSettings()
      settings.maximumConnectionsPerAddress = 1
      try await withServer(
        settings: settings,
        script: { _, _, _ in
          seen.note()
          return [.pause(milliseconds: 300), .send(hello)]
        }
      ) { server, transport async throws in
        let first = Task { try await moments("/1", from: server, over: transport) }
        try await server.wait { $0.requests.count == 1 }
        let (call, sent) = try await moments("/2", from: server, over: transport)
        _ = try await first.value
        let firstSeen = try #require(seen.all.first)
        #expect(sent - firstSeen >= .milliseconds(300) && call < sent)
        #expect(server.snapshot.connections == 1)
      }
    }

    @Test func aRequestSentOnceMoreCountsFromThen() async throws {
      var settings = TransportSettings()
      settings.idleTimeout = .seconds(600)
      try await withServer(
        settings: settings,
        script: { _, connection, request in
          connection == 0 && request == 1 ? [.pause(milliseconds: 250), .close] : [.send(hello)]
        }
      ) { server, transport async throws in
        _ = try await moments(from: server, over: transport)
        let (call, sent) = try await moments(from: server, over: transport)
        #expect(sent - call >= .milliseconds(250))
        #expect(server.snapshot.requests.count == 3)
      }
    }
  }

  /// When a server saw requests.
  private final class SeenMoments: Sendable {
    private let moments = Mutex<[ContinuousClock.Instant]>([])

    var all: [ContinuousClock.Instant] { moments.withLock { $0 } }

    func note() { moments.withLock { $0.append(.now) } }
  }
#endif
