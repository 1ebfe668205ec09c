import GossamerHTTP
import GossamerURL

/// The fields that the operator sends with every request, kept from those they are not meant for.
///
/// What may be a secret goes to the origins of the seeds alone: not along a redirect or link to another
/// host, scheme or port. Fields that only say what is wanted go everywhere.
struct OwnFields: Sendable {
  private static let harmless: Set<String> = [
    "accept", "accept-language", "cache-control", "dnt", "from", "pragma", "sec-gpc",
    "upgrade-insecure-requests",
  ]

  private let all: HTTPFields
  private let withoutSecrets: HTTPFields
  private let origins: Set<String>

  init(_ fields: [(name: String, value: String)], seeds: [WebURL]) {
    all = HTTPFields(fields.map { ($0.name, $0.value) })
    withoutSecrets = HTTPFields(
      fields.filter { Self.harmless.contains($0.name.lowercased()) }.map { ($0.name, $0.value) })
    origins = Set(seeds.map(\.origin))
  }

  /// What is sent with a request for this URL.
  func fields(for url: WebURL) -> HTTPFields {
    origins.contains(url.origin) ? all : withoutSecrets
  }
}
