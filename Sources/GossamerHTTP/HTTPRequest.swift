public import GossamerURL

/// One request as a value: what is asked, of whom, and with which fields.
public struct HTTPRequest: Sendable {
  /// The method, upper case.
  public var method: String
  /// The absolute http or https URL; its host goes into `Host` and into the TLS handshake.
  public var url: WebURL
  /// The fields to send beside `Host` and `Content-Length`, which the transport adds.
  public var fields: HTTPFields
  /// The body, or nil for none.
  public var body: [UInt8]?
  /// The address that was judged to be allowed; the transport connects to it and to no other.
  /// nil leaves the choice to the transport's own resolver (model servers named by the operator).
  public var address: IPAddress?

  /// A request; a GET without fields or body unless told otherwise.
  public init(
    method: String = "GET", url: WebURL, fields: HTTPFields = HTTPFields(), body: [UInt8]? = nil,
    address: IPAddress? = nil
  ) {
    self.method = method
    self.url = url
    self.fields = fields
    self.body = body
    self.address = address
  }
}
