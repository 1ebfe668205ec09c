#if Network
  import GossamerFlow
  import GossamerHTTP
  import GossamerNetwork
  import GossamerURL
  import Testing

  @Suite("Kinds of failure on the wire", .timeLimit(.minutes(5)))
  struct TransportFailureTests {
    /// What a server does, and what the client is to call it.
    struct Case: Sendable, CustomTestStringConvertible {
      let steps: [RawServer.Step]
      let kind: Cause
      let testDescription: String

      init(_ steps: [RawServer.Step], _ kind: Cause, _ description: String) {
        self.steps = steps
        self.kind = kind
        testDescription = description
      }
    }

    private func check(_ example: Case, limits: HTTPTimeLimits) async throws {
      try await withServer(script: { _, _, _ in example.steps }) { server, transport async throws in
        let kind = try await transport.failure(from: server, limits: limits)
        #expect(kind == example.kind)
        try await server.wait { $0.closed == $0.connections }
        #expect(server.snapshot.requests.count == 1)
        #expect(server.snapshot.flooded < 8 << 20)
      }
    }

    @Test(arguments: [
      Case([.close], .closed, "closed without a byte"),
      Case([.reset], .reset, "reset without a byte"),
      Case([.send("SSH-2.0-OpenSSH_9.2\r\n")], .badStatusLine, "an SSH server"),
      Case([.send("<html>0.9</html>")], .badStatusLine, "HTTP/0.9"),
      Case([.send("HTTP/1.1 2000 OK\r\n\r\n")], .badStatusLine, "four digits"),
      Case([.send("HTTP/9.9 200 OK\r\n\r\n")], .badStatusLine, "version 9.9"),
      Case([.send("HTTP/1.1 2x0 OK\r\n\r\n")], .badStatusLine, "no number"),
      Case([.flood("\u{1}\u{2}noise")], .badStatusLine, "noise"),
      Case([.send("HTTP/1.1 200 OK\r\nX: 1\r\n"), .close], .truncatedHead, "half a head"),
      Case([.send("HTTP/1.1 200 OK\r\nX: a\u{0}b\r\n\r\n")], .badHeader, "NUL in a value"),
      Case(
        [
          .send("HTTP/1.1 200 OK\r\n"),
          .flood("X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"),
        ], .headerTooLarge, "endless lines"),
      Case([.send("HTTP/1.1 200 OK\r\nX: "), .flood("y")], .headerTooLarge, "an endless line"),
      Case(
        [.send("HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 501) + "\r\n")],
        .headerTooLarge, "501 lines"),
      Case(
        [.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx")], .framing,
        "two lengths"),
      Case([.send("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")], .framing, "negative length"),
      Case([.send("HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n")], .framing, "length in words"),
      Case(
        [.send("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nx"), .close],
        .lengthMismatch, "length of 2^63-1"),
      Case(
        [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"), .close], .lengthMismatch,
        "short body"),
      Case(
        [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"), .close],
        .lengthMismatch, "no last chunk"),
      Case(
        [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n")], .framing,
        "bad chunk size"),
      Case(
        [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n")],
        .framing, "chunk size overflow"),
      Case(
        [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"), .flood("T: x\r\n")],
        .framing, "endless trailer"),
      Case([.flood("HTTP/1.1 100 Continue\r\n\r\n")], .informationalFlood, "endless 100"),
      Case(
        [.flood("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")], .informationalFlood,
        "endless 103"),
      Case([.send("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n")], .status, "101"),
      Case(
        [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"), .pause(milliseconds: 50), .reset],
        .reset, "reset in the body"),
    ])
    func kinds(example: Case) async throws { try await check(example, limits: patient) }

    @Test(arguments: [
      Case([], .readTimeout, "silence"),
      Case(
        [.send("HTTP/1.1 200"), .pause(milliseconds: 100), .send(" ")], .deadline, "a slow head"),
      Case(
        [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")], .readTimeout,
        "silence in the body"),
    ])
    func timeouts(example: Case) async throws { try await check(example, limits: quick) }

    @Test func aRefusedPort() async throws {
      let server = try await RawServer { _, _, _ in [] }
      await server.stop()
      let transport = AsyncHTTPTransport()
      #expect(try await transport.failure(from: server) == .refused)
      await transport.shutdown()
    }

    @Test func bytesNobodyAskedForEndTheConnection() async throws {
      try await withServer(script: { _, _, request in
        request == 0 ? [.send(hello), .pause(milliseconds: 30), .send(hello)] : []
      }) { server, transport async throws in
        #expect(try await transport.get(from: server).body == "hello")
        try await server.wait { $0.closed == 1 }
        #expect(try await transport.get(from: server).body == "hello")
        #expect(server.snapshot.connections == 2)
      }
    }

    @Test func theWholeExchangeEndsInTimeHoweverBusyTheBody() async throws {
      let drip: [RawServer.Step] = (0..<100).flatMap { _ in
        [RawServer.Step.send("x"), .pause(milliseconds: 50)]
      }
      try await withServer(script: { _, _, _ in [.send("HTTP/1.1 200 OK\r\n\r\n")] + drip }) {
        server, transport async throws in
        var limits = quick
        limits.whole = .milliseconds(600)
        #expect(try await transport.failure(from: server, limits: limits) == .deadline)
      }
    }

    @Test func aReaderThatTakesItsTimeIsNotTakenForSilence() async throws {
      let body = String(repeating: "x", count: 4 << 20)
      try await withServer(script: { _, _, _ in
        [.send("HTTP/1.1 200 OK\r\nContent-Length: \(4 << 20)\r\n\r\n"), .send(body)]
      }) { server, transport async throws in
        let limits = HTTPTimeLimits(silence: .seconds(2))
        let url = try #require(WebURL("http://127.0.0.1:\(server.port)/"))
        let response = try await transport.send(
          HTTPRequest(url: url, address: loopback), limits: limits)
        var count = 0
        var isFirst = true
        for try await piece in response.body {
          count += piece.count
          if isFirst { try await Task.sleep(for: .milliseconds(3000)) }
          isFirst = false
        }
        #expect(count == 4 << 20)
      }
    }

    @Test func aThousandCookiesAreNoReasonToFail() async throws {
      let head =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
        + (0..<1500).map { "Set-Cookie: c\($0)=v\r\n" }.joined()
        + "Set-Cookie: big=" + String(repeating: "b", count: 200_000) + "\r\n\r\nok"
      try await withServer(script: { _, _, _ in [.send(head)] }) { server, transport async throws in
        #expect(try await transport.get(from: server).body == "ok")
      }
    }
  }
#endif
