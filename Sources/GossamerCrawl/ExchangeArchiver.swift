import GossamerArchive
import GossamerBytes
import GossamerCorpus
import GossamerFetch
import GossamerHTTP
import GossamerURL

/// One record of the archive, ready to be appended.
struct ArchivedRecord: Sendable {
  /// A gzip member.
  var bytes: [UInt8]
  /// The beginning of its line in the index; nil for what no index lists.
  var indexLine: [UInt8]?
}

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
  ) -> [ArchivedRecord] {
    let exchange = WARCExchange(
      uri: response.url.href, date: response.startedAtSeconds,
      address: response.peer.map { "\($0)" }, version: response.version,
      requestTarget: response.url.requestTarget,
      requestFields: response.requestFields.lines.map { ($0.name, $0.value) },
      status: response.status, responseFields: response.fields.lines.map { ($0.name, $0.value) })
    let main = record(of: response, exchange, original)
    var records = [
      ArchivedRecord(bytes: encoder.encode(main), indexLine: indexLine(of: main, response)),
      ArchivedRecord(bytes: encoder.encode(.request(exchange, concurrentTo: main.id))),
    ]
    if !facts.isEmpty {
      let metadata = WARCRecord.metadata(
        uri: exchange.uri, date: exchange.date, fields: facts, concurrentTo: main.id)
      records.append(ArchivedRecord(bytes: encoder.encode(metadata)))
    }
    return records
  }

  private func indexLine(of record: WARCRecord, _ response: FetchedResponse) -> [UInt8] {
    let type = MediaType.extract(from: response.fields.values("Content-Type"))?.essence
    return CDXJIndex.open(
      .init(
        surt: CanonicalURL(response.url)?.surt ?? response.url.href,
        timestamp: WARCDate.timestamp(record.date), url: response.url.href,
        mime: record.kind == .revisit ? "warc/revisit" : type, status: response.status,
        digest: record.payloadDigest?.label))
  }

  private func record(
    of response: FetchedResponse, _ exchange: WARCExchange, _ original: String?
  ) -> WARCRecord {
    let digest = Digest.sha1(of: response.wireBody)
    guard let original else {
      var record = WARCRecord.response(
        exchange, body: response.wireBody, truncation: response.truncated.map(Self.truncation))
      record.payloadDigest = digest
      return record
    }
    var revisit = WARCRecord.revisit(exchange, original: nil, payloadDigest: digest)
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
