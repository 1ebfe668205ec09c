#if Network
  import GossamerFlow
  import GossamerHTTP
  import GossamerNetwork
  import GossamerURL
  import Testing

  @Suite("AsyncHTTPTransport over HTTP/1.1", .timeLimit(.minutes(5)))
  struct AsyncHTTPTransportTests {
    @Test func aConnectionIsKeptForTheNextRequest() async throws {
      try await withServer(script: { _, _, _ in [.send(hello)] }) {
        server, transport async throws in
        for _ in 0..<5 {
          let (response, body) = try await transport.get(from: server)
          #expect(response.status == 200)
          #expect(response.peer == loopback)
          #expect(body == "hello")
        }
        #expect(server.snapshot.connections == 1)
        #expect(server.snapshot.requests.count == 5)
      }
    }

    @Test func theJudgedAddressIsConnectedToAndTheNameIsSent() async throws {
      try await withServer(script: { _, _, _ in [.send(hello)] }) {
        server, transport async throws in
        _ = try await transport.get("/a?b=c", from: server, host: "www.no-such-name.example")
        let head = try #require(server.snapshot.requests.first)
        #expect(head.hasPrefix("GET /a?b=c HTTP/1.1\r\n"))
        #expect(head.contains("\r\nHost: www.no-such-name.example:\(server.port)\r\n"))
      }
    }

    @Test func targetAndFieldsAreSentAsGiven() async throws {
      try await withServer(script: { _, _, _ in [.send(hello)] }) {
        server, transport async throws in
        let target = "/a|b/[c]/%7Ed/%zz//x;y?q={1}&r=^%"
        let url = try #require(WebURL("http://127.0.0.1:\(server.port)\(target)"))
        let fields = HTTPFields([
          ("Host", "example.org"), ("User-Agent", "Test/1"), ("x-LOWER", "1"), ("Accept", "*/*"),
        ])
        let response = try await transport.send(
          HTTPRequest(url: url, fields: fields, address: loopback), limits: patient)
        for try await _ in response.body {}
        let head = try #require(server.snapshot.requests.first)
        #expect(
          head == "GET \(url.requestTarget) HTTP/1.1\r\nHost: example.org\r\nUser-Agent: Test/1\r\n"
            + "x-LOWER: 1\r\nAccept: */*\r\n\r\n")
      }
    }

    @Test func aBodyIsSent() async throws {
      try await withServer(script: { _, _, _ in [.send(hello)] }) {
        server, transport async throws in
        let url = try #require(WebURL("http://127.0.0.1:\(server.port)/post"))
        let response = try await transport.send(
          HTTPRequest(method: "POST", url: url, body: Array("{}".utf8)), limits: patient)
        for try await _ in response.body {}
        #expect(server.snapshot.requests.joined().lowercased().contains("content-length: 2\r\n"))
      }
    }

    @Test func aPeerThatIsNotAllowedGetsNoRequest() async throws {
      try await withServer(
        isAllowed: { $0.isGloballyRoutable }, script: { _, _, _ in [.send(hello)] }
      ) { server, transport async throws in
        #expect(try await transport.failure(from: server) == .addressBlocked)
        try await server.wait { $0.closed == 1 }
        #expect(server.snapshot.requests.isEmpty)
      }
    }

    @Test func fieldsArriveAsSent() async throws {
      let head =
        "HTTP/1.1 404 Not\r\nx-A: 1\r\nX-a:  2 \r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
      try await withServer(script: { _, _, _ in [.send(head)] }) { server, transport async throws in
        let (response, _) = try await transport.get(from: server)
        #expect(response.status == 404)
        #expect(
          response.fields
            == HTTPFields([
              ("x-A", "1"), ("X-a", "2"), ("Set-Cookie", "a=b"), ("Content-Length", "0"),
            ]))
      }
    }

    @Test(arguments: [
      ("HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "bare line feeds"),
      ("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", "no reason"),
      ("HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\nok", "a line without a colon"),
      ("HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok", "a blank before the colon"),
      ("HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok", "a folded line"),
      (
        "HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "103"
      ),
      ("HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nok", "an unknown class"),
      ("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok", "one length twice"),
      (
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "chunked beats a length"
      ),
      (
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\no\r\n1\r\nk\r\n0\r\nT: 1\r\n\r\n",
        "chunks with extension and trailer"
      ),
      ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more than was said", "a longer body"),
    ])
    func oddButReadable(bytes: String, because: Comment) async throws {
      try await withServer(script: { _, _, _ in [.send(bytes)] }) {
        server, transport async throws in
        #expect(try await transport.get(from: server).body == "ok", because)
        #expect(try await transport.get(from: server).body == "ok", because)
      }
    }

    @Test func aBodyWithoutLengthEndsWithTheConnection() async throws {
      try await withServer(script: { _, _, _ in [.send("HTTP/1.1 200 OK\r\n\r\nall"), .close] }) {
        server, transport async throws in
        #expect(try await transport.get(from: server).body == "all")
      }
    }

    @Test func aBodyOfA204IsNeverTheNextAnswer() async throws {
      let bytes = "HTTP/1.1 204 No\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
      try await withServer(script: { _, connection, _ in [.send(connection == 0 ? bytes : hello)] })
      {
        server, transport async throws in
        #expect(try await transport.get(from: server).response.status == 204)
        #expect(try await transport.get(from: server).body == "hello")
      }
    }

    @Test func aSecondAnswerIsNeverTheNextOne() async throws {
      let evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
      try await withServer(script: { _, connection, _ in
        [.send(connection == 0 ? hello + evil : hello)]
      }) { server, transport async throws in
        #expect(try await transport.get(from: server).body == "hello")
        #expect(try await transport.get(from: server).body == "hello")
        #expect(server.snapshot.connections == 2)
      }
    }

    @Test func aKeptConnectionThatWasClosedIsReplaced() async throws {
      try await withServer(script: { _, _, request in
        request == 0 ? [.send(hello), .pause(milliseconds: 30), .close] : [.close]
      }) { server, transport async throws in
        for _ in 0..<3 {
          #expect(try await transport.get(from: server).body == "hello")
          try await Task.sleep(for: .milliseconds(20))
        }
        // Closed in answer to the second request: sent once more on a fresh connection.
      }
      try await withServer(script: { _, _, request in request == 0 ? [.send(hello)] : [.close] }) {
        server, transport async throws in
        for _ in 0..<3 { #expect(try await transport.get(from: server).body == "hello") }
        #expect(server.snapshot.connections == 3)
      }
    }

    @Test func anAbandonedBodyClosesTheConnection() async throws {
      try await withServer(script: { _, _, _ in
        [.send("HTTP/1.1 200 OK\r\n\r\n"), .flood(String(repeating: "x", count: 65536))]
      }) { server, transport async throws in
        let url = try #require(WebURL("http://127.0.0.1:\(server.port)/"))
        do {
          let response = try await transport.send(
            HTTPRequest(url: url, address: loopback), limits: patient)
          var count = 0
          for try await piece in response.body {
            count += piece.count
            if count > 1_000_000 { break }
          }
        }
        try await server.wait { $0.closed == 1 }
        #expect(server.snapshot.flooded < 16 << 20)
      }
    }

    @Test func anUnreadBodyClosesTheConnection() async throws {
      try await withServer(script: { _, _, _ in
        [.send("HTTP/1.1 200 OK\r\n\r\n"), .flood(String(repeating: "x", count: 65536))]
      }) { server, transport async throws in
        let url = try #require(WebURL("http://127.0.0.1:\(server.port)/"))
        _ = try await transport.send(HTTPRequest(url: url, address: loopback), limits: patient)
        try await server.wait { $0.closed == 1 }
      }
    }

    @Test func cancellationClosesTheConnection() async throws {
      try await withServer(script: { head, _, _ in
        head.contains("/silent") ? [] : [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")]
      }) { server, transport async throws in
        for path in ["/silent", "/body"] {
          let before = server.snapshot
          let task = Task { try await transport.failure(path, from: server) }
          try await server.wait { $0.requests.count == before.requests.count + 1 }
          try await Task.sleep(for: .milliseconds(30))
          task.cancel()
          #expect(try await task.value == .cancelled)
          try await server.wait { $0.closed == before.closed + 1 }
        }
      }
    }

    @Test func manyAtOnce() async throws {
      try await withServer(script: { _, _, _ in [.pause(milliseconds: 20), .send(hello)] }) {
        server, transport async throws in
        try await withThrowingTaskGroup(of: String.self) { group in
          for index in 0..<64 {
            group.addTask { try await transport.get("/\(index)", from: server).body }
          }
          for try await body in group { #expect(body == "hello") }
        }
        #expect(server.snapshot.requests.count == 64)
      }
    }
  }
#endif
