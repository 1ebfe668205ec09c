import GossamerHTTP
import GossamerURL

/// One server with its key: builds the head of a call, and keeps the key out of what comes back.
struct ModelServer: Sendable {
  /// What an error says fits into it.
  static let errorLimit = 1 << 16

  let key: APIKey?
  let transport: any HTTPTransport
  let timeLimits: HTTPTimeLimits

  /// One call whose answer is JSON and comes whole.
  func json(
    _ method: String, _ url: WebURL, _ body: [UInt8]?, type: String = "application/json",
    limit: Int = 16 << 20, sign: (inout HTTPFields, APIKey?) -> Void
  ) async throws(ModelError) -> JSONValue {
    do throws(ModelError) {
      let response = try await send(message(method, url, body, type: type, sign: sign))
      return try Self.json(try await whole(response, limit: limit), response)
    } catch {
      throw redacted(error)
    }
  }

  /// One call whose answer is lines of JSON; those that are none are read over.
  func lines(
    _ url: WebURL, sign: (inout HTTPFields, APIKey?) -> Void, _ line: (JSONValue) -> Void
  ) async throws(ModelError) {
    do throws(ModelError) {
      let response = try await send(message("GET", url, nil, accept: "*/*", sign: sign))
      guard response.status == 200 else {
        _ = try await whole(response, limit: Self.errorLimit)
        throw ModelError(.wrongShape, "no results", status: response.status)
      }
      var parser = LineParser(limit: 16 << 20)
      var pieces = response.body.makeAsyncIterator()
      while let piece = try await Self.next(&pieces) {
        do throws(EventStreamTooLong) {
          for text in try parser.feed(piece) {
            if let value = JSONValue(parsing: text) { line(value) }
          }
        } catch {
          throw ModelError(.tooLarge, "a line of more than 16 MiB", status: 200)
        }
      }
      if let value = parser.unfinished().flatMap({ JSONValue(parsing: $0) }) { line(value) }
    } catch {
      throw redacted(error)
    }
  }

  /// A call with its head. Not made where it is sent, and so not kept while the answer is awaited.
  @inline(never)
  func message(
    _ method: String, _ url: WebURL, _ body: [UInt8]?, type: String = "application/json",
    accept: String = "application/json", sign: (inout HTTPFields, APIKey?) -> Void
  ) -> HTTPRequest {
    var fields = HTTPFields([("Accept", accept), ("Accept-Encoding", "identity")])
    if body != nil { fields.append("Content-Type", type) }
    sign(&fields, key)
    return HTTPRequest(method: method, url: url, fields: fields, body: body)
  }

  func send(_ message: HTTPRequest) async throws(ModelError) -> HTTPResponse {
    do throws(HTTPTransportError) {
      return try await transport.send(message, limits: timeLimits)
    } catch {
      throw ModelError(error, inBody: false)
    }
  }

  private static func next(
    _ pieces: inout HTTPBody.AsyncIterator
  ) async throws(ModelError) -> [UInt8]? {
    do throws(HTTPTransportError) { return try await pieces.next() } catch {
      throw ModelError(error, inBody: true)
    }
  }

  /// The body of a good answer, or the error that a bad one is.
  func whole(_ response: HTTPResponse, limit: Int) async throws(ModelError) -> [UInt8] {
    var bytes: [UInt8] = []
    let isGood = response.status == 200
    let limit = isGood ? limit : Self.errorLimit
    do throws(ModelError) {
      var pieces = response.body.makeAsyncIterator()
      while bytes.count <= limit, let piece = try await Self.next(&pieces) { bytes += piece }
    } catch {
      // An error's body may break off: it still has its status.
      if isGood { throw error }
    }
    if (300..<400).contains(response.status) {
      throw ModelError(
        .config, "the model server redirects; give its own address", status: response.status)
    }
    guard isGood else {
      throw ProviderFailure.error(
        status: response.status, fields: response.fields, body: Array(bytes.prefix(limit)))
    }
    guard bytes.count <= limit else {
      throw ModelError(.tooLarge, "an answer of more than \(limit) bytes", status: 200)
    }
    return bytes
  }

  /// JSON that is no error.
  static func json(_ bytes: [UInt8], _ response: HTTPResponse) throws(ModelError) -> JSONValue {
    guard let json = JSONValue(parsing: bytes) else {
      throw ModelError(.badJSON, "an answer that is not JSON", status: 200)
    }
    if json["error"] != nil {
      throw ProviderFailure.error(status: 200, fields: response.fields, json: json, raw: bytes)
    }
    return json
  }

  /// The error without the key, which some servers quote.
  func redacted(_ error: ModelError) -> ModelError {
    guard let key else { return error }
    var error = error
    error.message = key.redacted(error.message)
    error.requestID = error.requestID.map(key.redacted)
    if let detail = error.underlying?.detail { error.underlying?.detail = key.redacted(detail) }
    return error
  }

  /// An address of a server.
  static func place(_ text: String) throws(ModelError) -> WebURL {
    guard let url = WebURL(text) else {
      throw ModelError(.config, "not an address of a model server")
    }
    return url
  }

  /// The address of calls below an address in any of its usual forms.
  static func endpoint(
    _ base: String, path: String, query: String
  ) throws(ModelError) -> WebURL {
    // A user name in the address would end up in logs; the key is what identifies.
    guard let url = WebURL(base), url.isHTTP, url.username.isEmpty, url.password.isEmpty else {
      throw ModelError(.config, "not an http or https address of a model server, without a user")
    }
    var start = url.pathname
    while start.hasSuffix("/") { start.removeLast() }
    // As much of the path as the address has already: all, `/v1`, or nothing.
    var given = path
    while !given.isEmpty, !start.hasSuffix(given) {
      given = given.lastIndex(where: { $0 == "/" || $0 == ":" }).map { String(given[..<$0]) } ?? ""
    }
    let search = url.search.isEmpty ? query : url.search
    return try place(url.origin + start + path.dropFirst(given.count) + search)
  }
}
