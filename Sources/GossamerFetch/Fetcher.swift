public import GossamerHTTP
import GossamerBytes
import GossamerFlow
import GossamerURL

/// One URL to one response within all limits.
///
/// Exactly one exchange: follows no redirect, tries no second time, knows no robots rules. Every
/// address is judged by the `AddressPolicy` before it is connected to.
public struct Fetcher: Sendable {
  /// Which addresses may be connected to.
  public let addresses: AddressPolicy
  /// Limits of a fetch that brings none of its own.
  public let limits: FetchLimits

  private let transport: any HTTPTransport
  private let resolver: any AddressResolver
  private let userAgent: String
  private let largeBodies: LargeBodyPlaces

  /// A fetcher.
  ///
  /// - Parameters:
  ///   - userAgent: the whole value of `User-Agent`: product, version, contact.
  ///   - largeBodies: how many bodies of more than 1 MiB may be read or in use at once.
  public init(
    transport: any HTTPTransport, resolver: any AddressResolver, userAgent: String,
    addresses: AddressPolicy = AddressPolicy(), limits: FetchLimits = FetchLimits(),
    largeBodies: Int = 2
  ) {
    self.transport = transport
    self.resolver = resolver
    self.userAgent = userAgent
    self.largeBodies = LargeBodyPlaces(count: largeBodies)
    self.addresses = addresses
    self.limits = limits
  }

  /// Fetches one URL.
  ///
  /// Every final status is an answer, but for 429 and 503 (`rate.limited`) and those nobody asked
  /// for (`http.status`). A body cut by a limit or a damaged coding comes with its `truncated`
  /// mark; one cut by the network or by time is thrown, with what was read as `partial`.
  public func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchedResponse {
    guard request.url.isHTTP, let host = request.url.host else {
      throw FetchError(.invalidURL, detail: "not an http or https URL")
    }
    let addresses = try await judge(host)
    let limits = request.limits ?? self.limits
    var exchange = Exchange(
      request, fields: RequestFields.make(for: request, userAgent: userAgent), limits: limits,
      largeBodies: largeBodies)
    for (index, address) in addresses.prefix(max(1, limits.addresses)).enumerated() {
      do {
        return try await exchange.run(over: transport, to: address)
      } catch {
        let isLast = index + 1 == min(addresses.count, limits.addresses)
        guard error.isNoConnection, !isLast, !exchange.isOverdue else { throw error }
      }
    }
    throw FetchError(.dnsNoAddress, detail: "no address to connect to")
  }

  /// The addresses of a host, all of them allowed.
  private func judge(_ host: WebHost) async throws(FetchError) -> [IPAddress] {
    let found: [IPAddress]
    if let literal = host.ipAddress {
      found = [literal]
    } else if case .domain(let name) = host {
      do {
        found = try await resolver.addresses(of: name)
      } catch {
        throw FetchError(error)
      }
    } else {
      throw FetchError(.invalidURL, detail: "not a host")
    }
    guard addresses.allows(all: found) else {
      throw FetchError(.addressBlocked, detail: "an address of the host is not allowed")
    }
    return found
  }
}

extension FetchError {
  /// Whether nothing was sent, since no connection came about.
  fileprivate var isNoConnection: Bool {
    switch underlying?.kind {
    case .refused, .unreachable, .connectTimeout: true
    default: false
    }
  }
}
