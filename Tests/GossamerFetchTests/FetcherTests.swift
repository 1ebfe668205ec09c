import GossamerBytes
import GossamerFlow
import GossamerHTTP
import GossamerURL
import Testing

@testable import GossamerFetch

@Suite("Fetcher", .timeLimit(.minutes(5)))
struct FetcherTests {
  @Test func aPageIsFetchedWithOurFields() async throws {
    let transport = ScriptedTransport { _ in response() }
    let url = try #require(page)
    let before = ContinuousClock.now
    let answer = try await fetcher(transport).fetch(
      FetchRequest(
        url: url, validators: Validators(entityTag: "\"a\"", lastModified: "yesterday"),
        extraFields: HTTPFields([("From", "a@b"), ("user-agent", "ignored")])))
    #expect(answer.status == 200 && answer.mediaType == "text/html" && answer.truncated == nil)
    #expect(answer.body == Array("<html>page".utf8) && answer.body == answer.wireBody)
    #expect(answer.startedAt >= before && answer.startedAt <= .now)
    #expect(answer.totalSeconds >= answer.firstByteSeconds && answer.startedAtSeconds > 1e9)
    let sent = try #require(transport.requests.first)
    #expect(sent.address == .v4(0x5DB8_D822))
    #expect(sent.fields == answer.requestFields)
    #expect(
      sent.fields.lines.map(\.name) == [
        "Host", "User-Agent", "Accept", "Accept-Encoding", "If-None-Match", "If-Modified-Since",
        "From",
      ])
    #expect(sent.fields["Host"] == "example.org")
    #expect(sent.fields["Accept"]?.hasPrefix("text/html") == true)
  }

  @Test func codingsAreRemovedAndTheWireBodyIsKept() async throws {
    let text = Array(("<html>" + String(repeating: "text ", count: 500)).utf8)
    let coded = GzipEncoder().member(of: [text])
    let pieces = coded.map { [$0] }
    let answer = try await fetch(
      response(200, [("Content-Type", "text/html"), ("Content-Encoding", "gzip")], body(pieces))
    ).get()
    #expect(answer.body == text && answer.wireBody == coded && answer.codings == [.gzip])
  }

  @Test func aCutCodingIsMarked() async throws {
    let text = (0..<20_000).map { UInt8(truncatingIfNeeded: 97 + ($0 &* $0 % 23)) }
    let coded = Array(GzipEncoder().member(of: [text]).dropLast(40))
    let answer = try await fetch(
      response(200, [("Content-Type", "text/plain"), ("Content-Encoding", "gzip")], body([coded]))
    ).get()
    #expect(answer.truncated == .decode && answer.oddities == [.bodyDamaged])
    #expect(!answer.body.isEmpty && answer.body.count < text.count)
  }

  @Test func plainBytesThatClaimACodingAreTakenAsTheyAre() async throws {
    let answer = try await fetch(
      response(200, [("Content-Type", "text/html"), ("Content-Encoding", "gzip")])
    ).get()
    #expect(answer.body == Array("<html>page".utf8) && answer.oddities == [.bodyDamaged])
    #expect(answer.truncated == nil)
  }

  @Test func aBombIsBounded() async throws {
    let bomb = GzipEncoder().member(of: [[UInt8](repeating: 97, count: 4 << 20)])
    let limits = FetchLimits(decodedBytes: 100_000)
    let answer = try await fetch(
      response(200, [("Content-Type", "text/html"), ("Content-Encoding", "gzip")], body([bomb])),
      limits: limits
    ).get()
    #expect(answer.body.count == 100_000)
    #expect(answer.truncated == .length && answer.oddities == [.bomb])
  }

  @Test func anEndlessBodyIsCutAtTheLimit() async throws {
    let pulled = Counter()
    let answer = try await fetch(
      response(
        200, [("Content-Type", "text/html")],
        body([[UInt8](repeating: 97, count: 1000)], pulled: pulled, forever: true)),
      limits: FetchLimits(wireBytes: 10_500)
    ).get()
    #expect(answer.body.count == 10_500 && answer.truncated == .length)
    #expect(answer.oddities == [.bodyTooLarge] && pulled.count == 11)
  }

  @Test(arguments: [
    ("exotic", Cause.unsupportedCoding),
    ("gzip, gzip, gzip", .unsupportedCoding),
  ])
  func unknownCodings(coding: String, kind: Cause) async {
    let answer = await fetch(
      response(200, [("Content-Type", "text/html"), ("Content-Encoding", coding)]))
    #expect(answer.kind == kind)
  }

  @Test(arguments: [
    (Cause.reset, FetchedResponse.Truncation.disconnect),
    (.lengthMismatch, .disconnect), (.readTimeout, .time), (.deadline, .time),
  ])
  func aBrokenBodyFailsWithItsPart(
    kind: Cause, truncation: FetchedResponse.Truncation
  ) async throws {
    let broken = body([Array("<html>half".utf8)], then: HTTPTransportError(kind, detail: ""))
    guard
      case .failure(let error) = await fetch(response(200, [("Content-Type", "text/html")], broken))
    else { throw FetchError(.status, detail: "no failure") }
    #expect(error.kind == kind && error.isTransient && error.status == 200)
    #expect(error.partial?.body == Array("<html>half".utf8))
    #expect(error.partial?.truncated == truncation)
    #expect(error.startedAt != nil)
  }

  @Test func aBodyThatDripsIsGivenUp() async {
    let slow = HTTPBody {
      HTTPBody.AsyncIterator { () async throws(HTTPTransportError) in
        try? await Task.sleep(for: .milliseconds(10))
        return [97]
      }
    }
    let answer = await fetch(
      response(200, [("Content-Type", "text/html")], slow),
      limits: FetchLimits(leastBytesPerSecond: 1000, rateWindow: .milliseconds(100)))
    #expect(answer.kind == .deadline)
  }

  @Test func statusesNobodyAskedForAreRefused() async throws {
    #expect(await fetch(response(304)).kind == .status)
    #expect(await fetch(response(101)).kind == .status)
    let validators = Validators(entityTag: "\"a\"")
    #expect(try await fetch(response(304), validators: validators).get().body.isEmpty)
    #expect(try await fetch(response(204)).get().body.isEmpty)
    #expect(try await fetch(response(206)).get().truncated == .length)
    #expect(try await fetch(response(999)).get().status == 999)
    #expect(try await fetch(response(404)).get().status == 404)
  }

  @Test func limitedHostsAreToldApart() async throws {
    for status in [429, 503] {
      guard case .failure(let error) = await fetch(response(status, [("Retry-After", "7")])) else {
        throw FetchError(.status, detail: "no failure")
      }
      #expect(error.kind == .rateLimited && error.isTransient && error.status == status)
      #expect(error.retryAfter == .seconds(7))
    }
  }

  @Test func transportFailuresKeepTheirKind() async throws {
    let url = try #require(page)
    for kind in Cause.allCases {
      let transport = ScriptedTransport { _ throws(HTTPTransportError) in
        throw HTTPTransportError(kind, detail: "")
      }
      do {
        _ = try await fetcher(transport).fetch(FetchRequest(url: url))
        Issue.record("no failure")
      } catch {
        #expect(error.kind == kind && error.isTransient == kind.isTransient)
      }
    }
  }

  @Test func theNextAddressIsTriedWhenThereIsNoConnection() async throws {
    let url = try #require(page)
    let resolver = FixedResolver(names: ["example.org": [.v4(0x0101_0101), .v4(0x0808_0808)]])
    let transport = ScriptedTransport { request throws(HTTPTransportError) in
      if request.address == .v4(0x0101_0101) { throw HTTPTransportError(.refused, detail: "") }
      return response()
    }
    let answer = try await fetcher(transport, resolver: resolver).fetch(FetchRequest(url: url))
    #expect(answer.status == 200 && transport.requests.count == 2)
  }

  @Test func forbiddenAddressesAreNeverAsked() async throws {
    let names: [String: [IPAddress]] = [
      "private.example": [.v4(0x0A00_0001)], "mixed.example": [.v4(0x0808_0808), .v4(0x7F00_0001)],
    ]
    let transport = ScriptedTransport { _ in response() }
    for text in [
      "http://private.example/", "http://mixed.example/", "http://127.0.0.1/", "http://2130706433/",
      "http://0x7f.1/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://169.254.169.254/",
      "http://[64:ff9b::a9fe:a9fe]/", "http://[::1]/",
    ] {
      let url = try #require(WebURL(text))
      do {
        _ = try await fetcher(transport, resolver: FixedResolver(names: names))
          .fetch(FetchRequest(url: url))
        Issue.record("\(text) was asked")
      } catch {
        #expect(error.kind == .addressBlocked, "\(text)")
      }
    }
    #expect(transport.requests.isEmpty)
  }

  @Test func anUnknownNameIsAFailureOfItsOwn() async throws {
    let url = try #require(WebURL("http://nowhere.example/"))
    do {
      _ = try await fetcher(ScriptedTransport { _ in response() }).fetch(FetchRequest(url: url))
      Issue.record("no failure")
    } catch {
      #expect(error.kind == .dnsNotFound && !error.isTransient && error.startedAt == nil)
    }
  }
}
