#if Network
  import GossamerFetch
  import GossamerFlow
  import GossamerHTTP
  import GossamerNetwork
  import GossamerURL
  import Testing

  @Suite(
    "HTTP/2 with nginx", .timeLimit(.minutes(5)),
    .enabled(if: NginxServer.isAvailable, NginxServer.absence))
  struct HTTP2Tests {
    private struct Answer {
      var response: HTTPResponse
      var body: [UInt8]
      var headAt: ContinuousClock.Instant
    }

    private func get(
      _ path: String, from server: NginxServer, over transport: AsyncHTTPTransport,
      _ fields: HTTPFields = HTTPFields(), limits: HTTPTimeLimits = patient
    ) async throws -> Answer {
      let response = try await transport.send(
        HTTPRequest(url: server.url(path), fields: fields, address: loopback), limits: limits)
      let headAt = ContinuousClock.now
      var body: [UInt8] = []
      for try await piece in response.body { body += piece }
      return Answer(response: response, body: body, headAt: headAt)
    }

    private func failure(
      _ path: String, from server: NginxServer, over transport: AsyncHTTPTransport,
      limits: HTTPTimeLimits = patient
    ) async throws -> Cause? {
      do {
        _ = try await get(path, from: server, over: transport, limits: limits)
        return nil
      } catch let error as HTTPTransportError {
        return error.kind
      }
    }

    @Test func aPageComesWhole() async throws {
      let server = try await NginxServer()
      try await server.withTransport { transport async throws in
        let called = ContinuousClock.now
        let answer = try await get("/page.html", from: server, over: transport)
        #expect(answer.response.version == "HTTP/2")
        #expect(answer.response.status == 200)
        #expect(answer.response.peer == loopback)
        #expect(answer.response.fields["Content-Type"] == "text/html")
        #expect(answer.response.fields["Content-Length"] == "37000")
        #expect(answer.response.fields.lines.allSatisfy { !$0.name.hasPrefix(":") })
        #expect(answer.body == server.page)
        let sentAt = try #require(answer.response.sentAt)
        #expect(called < sentAt && sentAt < answer.headAt)
        let lost = try await get("/none?x=|%zz", from: server, over: transport)
        #expect(lost.response.status == 404)
        let visits = server.visits
        #expect(visits.map(\.version) == ["HTTP/2.0", "HTTP/2.0"])
        #expect(visits.map(\.target) == ["/page.html", "/none?x=|%zz"])
      }
    }

    @Test func codedBodiesComeAsSent() async throws {
      let server = try await NginxServer()
      try await server.withTransport { transport async throws in
        let answer = try await get(
          "/gzip/page.html", from: server, over: transport,
          HTTPFields([("Accept-Encoding", "gzip")]))
        #expect(answer.response.fields["Content-Encoding"] == "gzip")
        #expect(
          answer.body.starts(with: [0x1F, 0x8B]) && answer.body.count < server.page.count / 2)
        let seed = try server.url("/")
        let fetcher = Fetcher(
          transport: transport, resolver: SystemResolver(), userAgent: "Test/1",
          addresses: AddressPolicy(seeds: [seed]), limits: FetchLimits(times: patient))
        for path in ["/page.html", "/gzip/page.html"] {
          let page = try await fetcher.fetch(FetchRequest(url: server.url(path)))
          #expect(page.version == "HTTP/2" && page.body == server.page && page.truncated == nil)
        }
        let moved = try await fetcher.fetch(FetchRequest(url: server.url("/old")))
        #expect(moved.redirectTarget == (try server.url("/page.html")))
        #expect(server.connectionCount == 1)
      }
    }

    @Test func aHundredAtOnceShareAConnection() async throws {
      let server = try await NginxServer()
      try await server.withTransport { transport async throws in
        _ = try await get("/page.html?first", from: server, over: transport)
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
          for index in 0..<100 {
            group.addTask {
              try await get("/page.html?\(index)", from: server, over: transport).body
            }
          }
          for try await body in group { #expect(body == server.page) }
        }
        try await server.wait(forVisits: 101)
        #expect(server.connectionCount == 1)
        #expect(Set(server.visits.map(\.target)).count == 101)
        // After a rest, too.
        try await Task.sleep(for: .milliseconds(300))
        let later = try await get("/page.html?later", from: server, over: transport)
        #expect(later.body == server.page)
        try await server.wait(forVisits: 102)
        #expect(server.connectionCount == 1)
      }
    }

    @Test func aConnectionThatTheServerGivesUpIsReplaced() async throws {
      let server = try await NginxServer(requestsPerConnection: 5)
      try await server.withTransport { transport async throws in
        for _ in 0..<20 {
          let answer = try await get("/page.html", from: server, over: transport)
          #expect(answer.body == server.page)
        }
        try await server.wait(forVisits: 20)
        #expect(server.connectionCount >= 4 && server.visits.count == 20)
      }
    }

    /// Nobody knows yet that the server speaks HTTP/2, or what it will do with a connection.
    @Test(arguments: [10_000, 30])
    func manyAtOnceFromTheStart(requestsPerConnection: Int) async throws {
      let server = try await NginxServer(requestsPerConnection: requestsPerConnection)
      try await server.withTransport { transport async throws in
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
          for index in 0..<40 {
            group.addTask {
              try await get("/page.html?\(index)", from: server, over: transport).body
            }
          }
          for try await body in group { #expect(body == server.page) }
        }
        try await server.wait(forVisits: 40)
        #expect(server.connectionCount == (requestsPerConnection < 40 ? 2 : 1))
        #expect(server.visits.count == 40)
      }
    }

    @Test func headsHaveALimit() async throws {
      let upstream = try await RawServer { head, _, _ in
        let size = Int(head.dropFirst("GET /slow/".count).prefix(while: \.isNumber)) ?? 0
        let line = "X-Big: " + String(repeating: "b", count: size)
        return [.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\(line)\r\n\r\nok")]
      }
      let server = try await NginxServer(upstream: upstream.port)
      var settings = TransportSettings()
      settings.headLimitInBytes = 100_000
      try await server.withTransport(settings) { transport async throws in
        for size in [1000, 20_000, 90_000] {
          let answer = try await get("/slow/\(size)", from: server, over: transport)
          #expect(answer.response.fields["X-Big"]?.utf8.count == size)
        }
        // As sent, in one frame too many. Over the limit only once decoded, the library does not
        // tell it from a broken encoding.
        let cases: [(size: Int, kind: Cause)] = [
          (140_000, .headerTooLarge), (200_000, .headerTooLarge), (110_000, .framing),
        ]
        for (size, kind) in cases {
          let found = try await failure("/slow/\(size)", from: server, over: transport)
          #expect(found == kind, "\(size)")
        }
        let next = try await get("/page.html", from: server, over: transport)
        #expect(next.body == server.page)
      }
      await upstream.stop()
    }

    @Test func aCancelledStreamLeavesTheOthersAlone() async throws {
      let upstream = try await RawServer { head, _, _ in
        head.contains("/slow/steady")
          ? [.send("HTTP/1.1 200 OK\r\n\r\n"), .pause(milliseconds: 400), .send("steady"), .close]
          : head.contains("/slow/body") ? [.send("HTTP/1.1 200 OK\r\n\r\nx")] : []
      }
      let server = try await NginxServer(upstream: upstream.port)
      try await server.withTransport { transport async throws in
        _ = try await get("/page.html", from: server, over: transport)
        async let steady = get("/slow/steady", from: server, over: transport)
        let head = Task { try await failure("/slow/head", from: server, over: transport) }
        let body = Task { try await failure("/slow/body", from: server, over: transport) }
        try await upstream.wait { $0.requests.count == 3 }
        try await Task.sleep(for: .milliseconds(50))
        head.cancel()
        body.cancel()
        #expect(try await head.value == .cancelled)
        #expect(try await body.value == .cancelled)
        #expect(try await get("/page.html", from: server, over: transport).body == server.page)
        #expect(try await steady.body == Array("steady".utf8))
        try await server.wait(forVisits: 5)
        #expect(server.connectionCount == 1)
      }
      await upstream.stop()
    }

    @Test func silenceEndsItsStreamAlone() async throws {
      let upstream = try await RawServer { head, _, _ in
        head.contains("/slow/body") ? [.send("HTTP/1.1 200 OK\r\n\r\nx")] : []
      }
      let server = try await NginxServer(upstream: upstream.port)
      try await server.withTransport { transport async throws in
        _ = try await get("/page.html", from: server, over: transport)
        for path in ["/slow/head", "/slow/body"] {
          let started = ContinuousClock.now
          let kind = try await failure(path, from: server, over: transport, limits: quick)
          #expect(kind == .readTimeout)
          let took = ContinuousClock.now - started
          #expect(took >= quick.firstByte && took < .seconds(5))
        }
        var limits = quick
        limits.whole = .milliseconds(300)
        let kind = try await failure("/slow/body", from: server, over: transport, limits: limits)
        #expect(kind == .deadline)
        #expect(try await get("/page.html", from: server, over: transport).body == server.page)
        try await server.wait(forVisits: 5)
        #expect(server.connectionCount == 1)
      }
      await upstream.stop()
    }

    @Test func aPeerThatIsNotAllowedGetsNoRequest() async throws {
      let server = try await NginxServer()
      try await server.withTransport(isAllowed: { $0.isGloballyRoutable }) {
        transport async throws in
        for _ in 0..<3 {
          #expect(
            try await failure("/page.html", from: server, over: transport) == .addressBlocked)
        }
      }
      // The log is in order: had anything been asked before, it would stand first.
      try await server.withTransport { transport async throws in
        _ = try await get("/page.html?allowed", from: server, over: transport)
        try await server.wait(forVisits: 1)
        #expect(server.visits.map(\.target) == ["/page.html?allowed"])
      }
    }

    @Test(arguments: [true, false])
    func olderHTTPIsSpokenWhereAsked(offersHTTP2: Bool) async throws {
      let server = try await NginxServer(offersHTTP2: offersHTTP2)
      var settings = TransportSettings()
      if offersHTTP2 { settings.httpVersion = .http1Only }
      try await server.withTransport(settings) { transport async throws in
        for _ in 0..<3 {
          let called = ContinuousClock.now
          let answer = try await get("/page.html", from: server, over: transport)
          #expect(answer.response.version == "HTTP/1.1")
          #expect(answer.body == server.page)
          let sentAt = try #require(answer.response.sentAt)
          #expect(called < sentAt && sentAt < answer.headAt)
        }
        try await server.wait(forVisits: 3)
        #expect(server.visits.allSatisfy { $0.version == "HTTP/1.1" })
        #expect(server.connectionCount == 1)
      }
    }
  }
#endif
