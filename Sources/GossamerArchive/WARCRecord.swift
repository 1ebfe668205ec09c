public import GossamerBytes
import Synchronization

/// A record to be written: named fields and a block.
///
/// Source: WARC/1.1 (ISO 28500:2017).
public struct WARCRecord: Sendable {
  /// What a record holds.
  public enum Kind: String, Sendable, CaseIterable {
    case warcinfo, request, response, revisit, metadata, conversion
  }

  /// Why a block is shorter than what the server had to say. Source: WARC/1.1 §5.13.
  public enum Truncation: String, Sendable, CaseIterable {
    case length, time, disconnect, unspecified
  }

  /// What the record holds.
  public let kind: Kind
  /// Its name, unique in the world: "urn:uuid:…".
  public let id: String
  /// The time of capture, in seconds since 1970; written with milliseconds.
  public let date: Double
  /// The URL it is about; nil for warcinfo.
  public var targetURI: String?
  /// The media type of the block.
  public var contentType: String
  /// Fields beside those the encoder makes itself, in order.
  public var fields: [(name: String, value: String)] = []
  /// What comes before the payload in the block: the HTTP head, or nothing.
  public var head: [UInt8] = []
  /// The payload: the body as received, content codings kept, or the whole block.
  public var payload: [UInt8] = []
  /// The digest of the payload, where it is known already or is that of another record.
  public var payloadDigest: Digest?

  /// Whether the payload is compressed already: it is then stored as it is.
  public var isPayloadCompressed = false

  /// A record of a kind; the fields are those that every kind needs.
  public init(
    _ kind: Kind, id: String = WARCRecord.makeID(), date: Double, targetURI: String? = nil,
    contentType: String
  ) {
    self.kind = kind
    self.id = id
    self.date = date
    self.targetURI = targetURI
    self.contentType = contentType
  }

  /// A new random name. Source: RFC 9562 §5.4.
  public static func makeID() -> String {
    let (first, second) = names.withLock { ($0.next(), $0.next()) }
    let high = first & ~0xF000 | 0x4000
    let low = second & ~(3 << 62) | 1 << 63
    let prefix: StaticString = "urn:uuid:"
    return String(unsafeUninitializedCapacity: 45) { text in
      _ = text.update(from: UnsafeBufferPointer(start: prefix.utf8Start, count: 9))
      var at = 9
      for index in 0..<32 {
        if index == 8 || index == 12 || index == 16 || index == 20 {
          text[at] = UInt8(ascii: "-")
          at += 1
        }
        let digit = UInt8((index < 16 ? high : low) >> UInt64(60 - index % 16 * 4) & 15)
        text[at] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
        at += 1
      }
      return at
    }
  }

  /// Seeded once by the system: asking it for every name costs a system call each.
  private static let names = Mutex(NameGenerator())
}

extension WARCRecord {
  /// The record a file begins with: who made it and how.
  public static func warcinfo(
    fileName: String?, fields: [(name: String, value: String)], date: Double
  ) -> WARCRecord {
    var record = WARCRecord(.warcinfo, date: date, contentType: "application/warc-fields")
    if let fileName { record.fields.append(("WARC-Filename", fileName)) }
    record.payload = WARCFields.encode(fields)
    return record
  }

  /// A response as received: the head put together again, the body with its content codings.
  ///
  /// - Parameters:
  ///   - exchange: what the records of one exchange have in common.
  ///   - body: the body with transfer codings removed.
  ///   - truncation: why the body is not whole, if so.
  public static func response(
    _ exchange: WARCExchange, body: [UInt8], truncation: Truncation? = nil, id: String = makeID()
  ) -> WARCRecord {
    var record = WARCRecord(
      .response, id: id, date: exchange.date, targetURI: exchange.uri,
      contentType: "application/http;msgtype=response")
    record.fields = exchange.commonFields
    if let truncation { record.fields.append(("WARC-Truncated", truncation.rawValue)) }
    record.head = exchange.responseHead
    record.payload = body
    record.isPayloadCompressed = exchange.isBodyCompressed
    return record
  }

  /// The request that led to a response.
  public static func request(
    _ exchange: WARCExchange, concurrentTo responseID: String
  ) -> WARCRecord {
    var record = WARCRecord(
      .request, date: exchange.date, targetURI: exchange.uri,
      contentType: "application/http;msgtype=request")
    record.fields = exchange.commonFields + [("WARC-Concurrent-To", "<\(responseID)>")]
    record.head = exchange.requestHead
    return record
  }

  /// A response whose payload is already in the archive, or that said "not modified".
  ///
  /// - Parameters:
  ///   - original: URL and date of the record that holds the payload.
  ///   - payloadDigest: the digest of that payload; nil for a 304 whose payload is not known.
  public static func revisit(
    _ exchange: WARCExchange, original: (uri: String, date: Double, id: String?)?,
    payloadDigest: Digest?, id: String = makeID()
  ) -> WARCRecord {
    var record = WARCRecord(
      .revisit, id: id, date: exchange.date, targetURI: exchange.uri,
      contentType: "application/http;msgtype=response")
    let profile = exchange.status == 304 ? "server-not-modified" : "identical-payload-digest"
    record.fields = exchange.commonFields
    record.fields.append(
      ("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/\(profile)"))
    if let original {
      record.fields.append(("WARC-Refers-To-Target-URI", original.uri))
      record.fields.append(("WARC-Refers-To-Date", WARCDate.format(original.date)))
      if let id = original.id { record.fields.append(("WARC-Refers-To", "<\(id)>")) }
    }
    record.head = exchange.responseHead
    record.payloadDigest = payloadDigest
    return record
  }

  /// Facts about a capture: times, outlinks, why it was cut.
  public static func metadata(
    uri: String, date: Double, fields: [(name: String, value: String)],
    concurrentTo responseID: String? = nil
  ) -> WARCRecord {
    var record = WARCRecord(
      .metadata, date: date, targetURI: uri, contentType: "application/warc-fields")
    if let responseID { record.fields.append(("WARC-Concurrent-To", "<\(responseID)>")) }
    record.payload = WARCFields.encode(fields)
    return record
  }
}

extension WARCRecord {
  /// A capture in another form, such as its text alone. Source: WARC/1.1 §6.7.
  ///
  /// - Parameters:
  ///   - uri: the URL of the capture.
  ///   - date: when it was captured.
  ///   - contentType: the media type of the payload.
  public static func conversion(
    uri: String, date: Double, contentType: String, payload: [UInt8]
  ) -> WARCRecord {
    var record = WARCRecord(.conversion, date: date, targetURI: uri, contentType: contentType)
    record.payload = payload
    return record
  }
}

/// xoshiro256++ with a seed of the system's. Source: Blackman, Vigna: Scrambled linear
/// pseudorandom number generators, 2021.
private struct NameGenerator: RandomNumberGenerator {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  init() {
    var system = SystemRandomNumberGenerator()
    state = (system.next() | 1, system.next(), system.next(), system.next())
  }

  mutating func next() -> UInt64 {
    let sum = state.0 &+ state.3
    let result = (sum << 23 | sum >> 41) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = state.3 << 45 | state.3 >> 19
    return result
  }
}
