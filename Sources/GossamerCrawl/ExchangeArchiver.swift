import GossamerArchive
import GossamerBytes
import GossamerCorpus
import GossamerFetch
import GossamerHTTP
import GossamerURL

/// Turns an exchange into archive records: response (or revisit), request, metadata.
struct ExchangeArchiver: Sendable {
  private let encoder = WARCRecordEncoder()

  /// The records of a fetch, each a gzip member, the response first.
  ///
  /// - Parameters:
  ///   - original: the URL under which the same content is already stored; makes a revisit of it.
  ///   - facts: what the crawl knows about the visit.
  func records(
    of response: FetchedResponse, original: String? = nil,
    facts: [(name: String, value: String)] = []
  ) -> [[UInt8]] {
    let exchange = WARCExchange(
      uri: response.url.href, date: response.startedAtSeconds,
      address: response.peer.map { "\($0)" }, version: response.version,
      requestTarget: response.url.requestTarget,
      requestFields: response.requestFields.lines.map { ($0.name, $0.value) },
      status: response.status, responseFields: response.fields.lines.map { ($0.name, $0.value) })
    let main = record(of: response, exchange, original)
    var records = [
      encoder.encode(main), encoder.encode(.request(exchange, concurrentTo: main.id)),
    ]
    if !facts.isEmpty {
      records.append(
        encoder.encode(
          .metadata(
            uri: exchange.uri, date: exchange.date, fields: facts, concurrentTo: main.id)))
    }
    return records
  }

  private func record(
    of response: FetchedResponse, _ exchange: WARCExchange, _ original: String?
  ) -> WARCRecord {
    guard let original else {
      return .response(
        exchange, body: response.wireBody, truncation: response.truncated.map(Self.truncation))
    }
    var revisit = WARCRecord.revisit(
      exchange, original: nil, payloadDigest: Digest.sha1(of: response.wireBody))
    revisit.fields.append(("WARC-Refers-To-Target-URI", original))
    return revisit
  }

  private static func truncation(_ reason: FetchedResponse.Truncation) -> WARCRecord.Truncation {
    switch reason {
    case .length: .length
    case .time: .time
    case .disconnect: .disconnect
    case .decode: .unspecified
    }
  }
}
