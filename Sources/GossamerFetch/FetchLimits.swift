public import GossamerHTTP

/// How much one fetch may take of time and memory.
public struct FetchLimits: Sendable, Equatable {
  /// Times of the phases of one exchange.
  public var times: HTTPTimeLimits
  /// Body bytes taken from the wire, content codings not yet removed.
  public var wireBytes: Int
  /// Body bytes after decoding, checked while decoding.
  public var decodedBytes: Int
  /// Decoded bytes for each byte from the wire, above the first 2 MiB: more is a bomb. Ordinary pages
  /// pack 5 to 20 times, tables of zeros 100 times.
  public var decodedRatio = 250
  /// Body bytes of an answer that is no page (status 400 and above).
  public var errorBodyBytes: Int
  /// Body bytes of a redirect, read only to keep the connection.
  public var redirectBodyBytes: Int
  /// Body bytes a second below which a server is given up, over each `rateWindow`.
  public var leastBytesPerSecond: Int
  /// Over how long the rate is measured.
  public var rateWindow: Duration
  /// How many addresses of one name are tried when the first cannot be connected to.
  public var addresses: Int

  /// Limits; the defaults are those of a page crawl.
  public init(
    times: HTTPTimeLimits = HTTPTimeLimits(), wireBytes: Int = 16 << 20,
    decodedBytes: Int = 32 << 20, errorBodyBytes: Int = 64 << 10, redirectBodyBytes: Int = 16 << 10,
    leastBytesPerSecond: Int = 256, rateWindow: Duration = .seconds(30), addresses: Int = 4
  ) {
    self.times = times
    self.wireBytes = wireBytes
    self.decodedBytes = decodedBytes
    self.errorBodyBytes = errorBodyBytes
    self.redirectBodyBytes = redirectBodyBytes
    self.leastBytesPerSecond = leastBytesPerSecond
    self.rateWindow = rateWindow
    self.addresses = addresses
  }
}
