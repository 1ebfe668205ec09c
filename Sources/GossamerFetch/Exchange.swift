import Glibc
import GossamerBytes
import GossamerFlow
import GossamerHTTP
import GossamerURL

/// One request and its answer, from the first byte sent to the last one kept.
struct Exchange {
  private let request: FetchRequest
  private let fields: HTTPFields
  private let limits: FetchLimits
  private let largeBodies: LargeBodyPlaces
  private var startedAt = ContinuousClock.now
  private var startedAtSeconds = 0.0
  private var firstStart: ContinuousClock.Instant?

  init(
    _ request: FetchRequest, fields: HTTPFields, limits: FetchLimits, largeBodies: LargeBodyPlaces
  ) {
    self.request = request
    self.fields = fields
    self.limits = limits
    self.largeBodies = largeBodies
  }

  /// Whether the time for the whole fetch is used up.
  var isOverdue: Bool { ContinuousClock.now - (firstStart ?? .now) >= limits.times.whole }

  /// Sends the request to one address and reads the answer.
  mutating func run(
    over transport: any HTTPTransport, to address: IPAddress
  ) async throws(FetchError) -> FetchedResponse {
    startedAtSeconds = Self.wallSeconds()
    startedAt = .now
    firstStart = firstStart ?? startedAt
    do {
      let response = try await send(over: transport, to: address)
      countFrom(response.sentAt)
      return try await receive(response)
    } catch {
      var failure = error
      failure.startedAt = startedAt
      failure.totalSeconds = secondsSoFar
      throw failure
    }
  }

  /// Politeness counts from the moment the request left, not from the wait for a connection.
  private mutating func countFrom(_ sentAt: ContinuousClock.Instant?) {
    guard let sentAt, sentAt > startedAt else { return }
    startedAtSeconds += (sentAt - startedAt) / .seconds(1)
    startedAt = sentAt
  }

  private func send(
    over transport: any HTTPTransport, to address: IPAddress
  ) async throws(FetchError) -> HTTPResponse {
    do {
      return try await transport.send(
        HTTPRequest(method: request.method, url: request.url, fields: fields, address: address),
        limits: limits.times)
    } catch {
      throw FetchError(error)
    }
  }

  private func receive(_ response: HTTPResponse) async throws(FetchError) -> FetchedResponse {
    var answer = head(of: response)
    switch response.status {
    case ..<200: throw unasked(response.status)
    case 304 where request.validators?.isEmpty ?? true: throw unasked(304)
    case 204, 205:
      // Success without a page, which no GET of a link asks for.
      answer.oddities.append(.status)
      return finished(&answer)
    case 304: return finished(&answer)
    case 429, 503: throw await limited(response)
    case let status where RedirectTarget.isRedirect(status):
      return try await redirect(response, &answer)
    default: return try await body(of: response, &answer)
    }
  }

  private func unasked(_ status: Int) -> FetchError {
    FetchError(.status, detail: "status \(status) was not asked for", status: status)
  }

  private func head(of response: HTTPResponse) -> FetchedResponse {
    FetchedResponse(
      url: request.url, requestFields: fields, version: response.version, status: response.status,
      fields: response.fields, wireBody: [], body: [], codings: [], truncated: nil,
      oddities: response.oddities,
      mediaType: MediaTypeSniffer(response.fields).declared,
      startedAtSeconds: startedAtSeconds, startedAt: startedAt, firstByteSeconds: secondsSoFar,
      totalSeconds: 0, peer: response.peer, redirectTarget: nil)
  }

  private func finished(_ answer: inout FetchedResponse) -> FetchedResponse {
    answer.totalSeconds = secondsSoFar
    return answer
  }

  // MARK: Answers without a page

  /// Reads the short body such answers have, so that the connection can be used again.
  private func drain(_ response: HTTPResponse) async -> (bytes: [UInt8], isWhole: Bool) {
    var bytes: [UInt8] = []
    do {
      for try await piece in response.body {
        bytes.append(contentsOf: piece)
        if bytes.count > limits.redirectBodyBytes { return (bytes, false) }
      }
      return (bytes, true)
    } catch {
      return (bytes, false)
    }
  }

  private func limited(_ response: HTTPResponse) async -> FetchError {
    _ = await drain(response)
    return FetchError(
      .rateLimited, isTransient: true, detail: "status \(response.status)",
      status: response.status,
      retryAfter: response.fields["Retry-After"].flatMap {
        RetryAfter.parse($0, now: Int64(Self.wallSeconds()))
      })
  }

  private func redirect(
    _ response: HTTPResponse, _ answer: inout FetchedResponse
  ) async throws(FetchError) -> FetchedResponse {
    let (bytes, isWhole) = await drain(response)
    if Task.isCancelled { throw FetchError(.cancelled, detail: "task cancelled") }
    answer.wireBody = bytes
    answer.truncated = isWhole ? nil : .length
    switch RedirectTarget.resolve(response.fields, base: request.url) {
    case .success(let target): answer.redirectTarget = target
    case .failure(let problem):
      throw FetchError(problem.kind, detail: problem.detail, status: response.status)
    }
    return finished(&answer)
  }

  // MARK: Answers with a body

  private func body(
    of response: HTTPResponse, _ answer: inout FetchedResponse
  ) async throws(FetchError) -> FetchedResponse {
    if let declared = answer.mediaType, answer.status < 300 { try check(declared, answer) }
    answer.codings = try codings(of: response)
    let isPage = answer.status < 300
    var collector = BodyCollector(
      codings: answer.codings, wireLimit: isPage ? limits.wireBytes : limits.errorBodyBytes,
      decodedLimit: isPage ? limits.decodedBytes : limits.errorBodyBytes,
      ratio: limits.decodedRatio,
      expectedCount: response.fields["Content-Length"].flatMap { Int($0) })
    let failure = try await read(response.body, into: &collector, for: &answer)
    collector.finish(cutBy: failure.map(Self.truncation))
    if isPage, request.method != "HEAD" { try sniff(collector.body, whole: true, &answer) }
    keep(collector, in: &answer)
    if let failure {
      if failure.kind == .cancelled { throw FetchError(failure) }
      var error = FetchError(failure)
      error.status = answer.status
      error.partial = answer
      throw error
    }
    if answer.truncated == .decode, answer.body.isEmpty {
      throw FetchError(
        .bodyDamaged, detail: "the content coding is damaged from the start",
        status: answer.status)
    }
    return answer
  }

  private func keep(_ collector: borrowing BodyCollector, in answer: inout FetchedResponse) {
    answer.wireBody = collector.wire
    answer.body = collector.body
    answer.truncated = collector.truncated
    answer.oddities += collector.oddities
    if answer.status == 206 { answer.truncated = answer.truncated ?? .length }
    // 203 is 200 as some proxy changed it; all others say that this is not quite the page.
    if (201..<300).contains(answer.status), answer.status != 203 { answer.oddities.append(.status) }
    answer.totalSeconds = secondsSoFar
  }

  /// Reads until the end, a limit, or a failure, which is given back.
  private func read(
    _ body: HTTPBody, into collector: inout BodyCollector, for answer: inout FetchedResponse
  ) async throws(FetchError) -> HTTPTransportError? {
    var rate = ByteRate(
      leastPerSecond: limits.leastBytesPerSecond, window: limits.rateWindow, at: .now)
    var pieces = body.makeAsyncIterator()
    var isSniffed = answer.status >= 300
    do {
      while let piece = try await pieces.next() {
        let now = ContinuousClock.now
        guard rate.add(piece.count, at: now) else {
          return HTTPTransportError(.deadline, detail: "the body comes too slowly")
        }
        guard now - startedAt < limits.times.whole else {
          return HTTPTransportError(.deadline, detail: "the whole exchange took too long")
        }
        if collector.add(piece) == .enough { return nil }
        if answer.place == nil, collector.size > LargeBodyPlaces.freeBytes {
          answer.place = await largeBodies.take()
          // The server is not to blame for the time that took.
          rate = ByteRate(
            leastPerSecond: limits.leastBytesPerSecond, window: limits.rateWindow, at: .now)
        }
        if !isSniffed, collector.bodyCount >= MediaTypeSniffer.sampleSize {
          isSniffed = true
          try sniff(collector.body, whole: false, &answer)
        }
      }
      return nil
    } catch let error as HTTPTransportError {
      return error
    } catch let error as FetchError {
      throw error
    } catch {
      return HTTPTransportError(.closed, detail: String(describing: error))
    }
  }

  private func codings(of response: HTTPResponse) throws(FetchError) -> [ContentCoding] {
    let named = response.fields.values("Content-Encoding")
    if named.isEmpty { return [] }
    guard let codings = ContentCoding.parse(named.joined(separator: ",")) else {
      throw FetchError(
        .unsupportedCoding, detail: "unknown or too many content codings",
        status: response.status)
    }
    return codings
  }

  /// Refuses a body whose bytes are not of a wanted type.
  private func sniff(
    _ body: [UInt8], whole: Bool, _ answer: inout FetchedResponse
  ) throws(FetchError) {
    let sample = body.prefix(MediaTypeSniffer.sampleSize)
    guard !sample.isEmpty else { return }
    let sniffer = MediaTypeSniffer(answer.fields)
    if answer.mediaType != nil {
      guard request.types.checksBytes, let actual = sniffer.contradiction(sample) else { return }
      try check(actual, answer)
    } else {
      let sniffed = sniffer.undeclaredType(sample)
      try check(sniffed, answer)
      answer.mediaType = sniffed
    }
  }

  private func check(_ type: String, _ answer: FetchedResponse) throws(FetchError) {
    guard !request.types(type) else { return }
    throw FetchError(.type, detail: type, status: answer.status)
  }

  private static func truncation(_ error: HTTPTransportError) -> FetchedResponse.Truncation {
    switch error.kind {
    case .readTimeout, .deadline: .time
    default: .disconnect
    }
  }

  private var secondsSoFar: Double { (ContinuousClock.now - startedAt) / .seconds(1) }

  private static func wallSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
