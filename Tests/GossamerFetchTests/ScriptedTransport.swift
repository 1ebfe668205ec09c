import GossamerFetch
import GossamerFlow
import GossamerHTTP
import GossamerURL
import Synchronization

/// A transport that answers from memory, and keeps what it was asked.
final class ScriptedTransport: HTTPTransport {
  typealias Script = @Sendable (HTTPRequest) throws(HTTPTransportError) -> HTTPResponse

  private let script: Script
  private let seen = Mutex<[HTTPRequest]>([])

  init(_ script: @escaping Script) { self.script = script }

  var requests: [HTTPRequest] { seen.withLock { $0 } }

  func send(
    _ request: HTTPRequest, limits: HTTPTimeLimits
  ) async throws(HTTPTransportError) -> HTTPResponse {
    seen.withLock { $0.append(request) }
    return try script(request)
  }
}

/// Knows the names it was given.
struct FixedResolver: AddressResolver {
  var names: [String: [IPAddress]] = ["example.org": [.v4(0x5DB8_D822)]]

  func addresses(of name: String) async throws(AddressResolutionError) -> [IPAddress] {
    guard let found = names[name] else {
      throw AddressResolutionError(.dnsNotFound, detail: "no such name")
    }
    return found
  }
}

/// A body of pieces, then a failure if there is one. Counts the pieces that were pulled.
func body(
  _ pieces: [[UInt8]], then failure: HTTPTransportError? = nil, pulled: Counter? = nil,
  forever: Bool = false
) -> HTTPBody {
  HTTPBody {
    var rest = pieces[...]
    return HTTPBody.AsyncIterator { () throws(HTTPTransportError) in
      pulled?.add()
      if forever { return pieces[0] }
      if let piece = rest.popFirst() { return piece }
      if let failure { throw failure }
      return nil
    }
  }
}

final class Counter: Sendable {
  private let value = Mutex(0)
  var count: Int { value.withLock { $0 } }
  func add() { value.withLock { $0 += 1 } }
}

func response(
  _ status: Int = 200, _ fields: [(String, String)] = [("Content-Type", "text/html")],
  _ body: HTTPBody = HTTPBody(Array("<html>page".utf8))
) -> HTTPResponse {
  HTTPResponse(status: status, fields: HTTPFields(fields), body: body)
}

func fetcher(
  _ transport: ScriptedTransport, resolver: FixedResolver = FixedResolver(),
  addresses: AddressPolicy = AddressPolicy(), limits: FetchLimits = FetchLimits()
) -> Fetcher {
  Fetcher(
    transport: transport, resolver: resolver, userAgent: "Test/1 (+https://example.org/bot)",
    addresses: addresses, limits: limits)
}

let page = WebURL("http://example.org/dir/page?q#f")

/// Fetches `page` from a transport that answers thus.
func fetch(
  _ answer: HTTPResponse, validators: Validators? = nil, types: TypePolicy = .pages,
  limits: FetchLimits = FetchLimits()
) async -> Result<FetchedResponse, FetchError> {
  guard let page else { return .failure(FetchError(.invalidURL, detail: "no URL")) }
  do {
    return .success(
      try await fetcher(ScriptedTransport { _ in answer }, limits: limits)
        .fetch(FetchRequest(url: page, validators: validators, types: types)))
  } catch {
    return .failure(error)
  }
}

extension Result where Failure == FetchError {
  var kind: Cause? {
    if case .failure(let error) = self { error.kind } else { nil }
  }
}
