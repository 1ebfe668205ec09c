import GossamerHTTP
import GossamerNetwork
import GossamerURL
import Testing

@Suite("Kinds of failure on the wire", .timeLimit(.minutes(1)))
struct TransportFailureTests {
  typealias Kind = HTTPTransportError.Kind

  @Test(
    arguments: [
      ([.close], Kind.closed, "closed without a byte"),
      ([.reset], .reset, "reset without a byte"),
      ([.send("SSH-2.0-OpenSSH_9.2\r\n")], .badStatusLine, "an SSH server"),
      ([.send("<html>0.9</html>")], .badStatusLine, "HTTP/0.9"),
      ([.send("HTTP/1.1 2000 OK\r\n\r\n")], .badStatusLine, "four digits"),
      ([.send("HTTP/9.9 200 OK\r\n\r\n")], .badStatusLine, "version 9.9"),
      ([.send("HTTP/1.1 2x0 OK\r\n\r\n")], .badStatusLine, "no number"),
      ([.flood("\u{1}\u{2}noise")], .badStatusLine, "noise"),
      ([.send("HTTP/1.1 200 OK\r\nX: 1\r\n"), .close], .truncatedHead, "half a head"),
      ([.send("HTTP/1.1 200 OK\r\nX: a\u{0}b\r\n\r\n")], .badHeader, "NUL in a value"),
      ([.send("HTTP/1.1 200 OK\r\n"), .flood("X: y\r\n")], .headerTooLarge, "endless lines"),
      ([.send("HTTP/1.1 200 OK\r\nX: "), .flood("y")], .headerTooLarge, "an endless line"),
      (
        [.send("HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 501) + "\r\n")],
        .headerTooLarge, "501 lines"
      ),
      (
        [.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx")], .framing,
        "two lengths"
      ),
      ([.send("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")], .framing, "negative length"),
      ([.send("HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n")], .framing, "length in words"),
      (
        [.send("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nx"), .close],
        .lengthMismatch, "length of 2^63-1"
      ),
      (
        [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"), .close], .lengthMismatch,
        "short body"
      ),
      (
        [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"), .close],
        .lengthMismatch, "no last chunk"
      ),
      (
        [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n")], .framing,
        "bad chunk size"
      ),
      (
        [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n")],
        .framing, "chunk size overflow"
      ),
      (
        [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"), .flood("T: x\r\n")],
        .framing, "endless trailer"
      ),
      ([.flood("HTTP/1.1 100 Continue\r\n\r\n")], .framing, "endless 100"),
      ([.send("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n")], .framing, "101"),
      (
        [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"), .pause(milliseconds: 50), .reset],
        .reset, "reset in the body"
      ),
      ([], .readTimeout, "silence"),
      ([.send("HTTP/1.1 200"), .pause(milliseconds: 100), .send(" ")], .deadline, "a slow head"),
      (
        [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")], .readTimeout,
        "silence in the body"
      ),
    ] as [([RawServer.Step], Kind, Comment)])
  func kinds(steps: [RawServer.Step], expected: Kind, because: Comment) async throws {
    try await withServer(script: { _, _, _ in steps }) { server, transport async throws in
      #expect(try await transport.failure(from: server, limits: quick) == expected, because)
      try await server.wait { $0.closed == $0.connections }
      #expect(server.snapshot.requests.count == 1, because)
      #expect(server.snapshot.flooded < 8 << 20, because)
    }
  }

  @Test func aRefusedPort() async throws {
    let server = try await RawServer { _, _, _ in [] }
    await server.stop()
    let transport = AsyncHTTPTransport()
    let started = ContinuousClock.now
    #expect(try await transport.failure(from: server) == .refused)
    #expect(ContinuousClock.now - started < .seconds(2))
    await transport.shutdown()
  }

  @Test func anAnswerBeforeTheRequestIsNotItsAnswer() async throws {
    try await withServer(greeting: [.send(hello)], script: { _, _, _ in [] }) {
      server, transport async throws in
      let kind = try await transport.failure(from: server, limits: quick)
      #expect(kind == .framing || kind == .closed || kind == .reset)
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
      let url = try #require(WebURL("http://127.0.0.1:\(server.port)/"))
      let response = try await transport.send(
        HTTPRequest(url: url, address: loopback), limits: quick)
      var count = 0
      var isFirst = true
      for try await piece in response.body {
        count += piece.count
        if isFirst { try await Task.sleep(for: .milliseconds(900)) }
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
