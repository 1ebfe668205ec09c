public import GossamerBytes
public import GossamerFlow
public import GossamerHTTP
public import GossamerURL

/// One answer within all limits: head and body as sent, and the body decoded.
public struct FetchedResponse: Sendable {
  /// What was asked for.
  public var url: WebURL
  /// The fields that were sent, `Host` first.
  public var requestFields: HTTPFields
  /// "HTTP/1.1" or "HTTP/2".
  public var version: String
  /// The status; any final one.
  public var status: Int
  /// The fields as sent.
  public var fields: HTTPFields
  /// The body as sent, transfer codings removed, content codings kept.
  public var wireBody: [UInt8]
  /// The body with content codings removed.
  public var body: [UInt8]
  /// The content codings that were removed, in the order in which they had been applied.
  public var codings: [ContentCoding]
  /// Why the body is not whole, or nil if it is.
  public var truncated: Truncation?
  /// What was odd but survived, as in "body.bomb".
  public var oddities: [Cause]
  /// The media type without parameters, lower case: as declared, or else as the bytes look.
  public var mediaType: String?
  /// When the request left, in seconds since 1970.
  public var startedAtSeconds: Double
  /// The same moment on the clock that paces hosts.
  public var startedAt: ContinuousClock.Instant
  /// From the start until the head was there.
  public var firstByteSeconds: Double
  /// From the start until the body was there.
  public var totalSeconds: Double
  /// The address that answered.
  public var peer: IPAddress?
  /// What a large body was let in with; kept for as long as the body is.
  var place: LargeBodyPlaces.Place?
  /// Where a redirect leads; judged for its form only, not for scope, robots or address.
  public var redirectTarget: WebURL?

  /// Why a body is not whole. The words are those of `WARC-Truncated`, and "decode".
  public enum Truncation: String, Sendable {
    /// A byte limit was reached.
    case length
    /// A time limit was reached.
    case time
    /// The connection broke.
    case disconnect
    /// The content coding was damaged.
    case decode
  }
}
