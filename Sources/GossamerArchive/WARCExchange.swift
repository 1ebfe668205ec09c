/// One HTTP exchange, as far as its records need it.
///
/// Values, not the types of the HTTP room: an archive can be written without it.
public struct WARCExchange: Sendable {
  /// The URL asked for.
  public var uri: String
  /// When the request was sent, in seconds since 1970.
  public var date: Double
  /// The address of the peer, if known.
  public var address: String?
  /// The name of the warcinfo record of the file, if there is one.
  public var warcinfoID: String?
  /// "HTTP/1.1" or "HTTP/2".
  public var version: String
  /// The method of the request.
  public var method: String
  /// Path and query of the request.
  public var requestTarget: String
  /// The fields of the request in order, `Host` included.
  public var requestFields: [(name: String, value: String)]
  /// The status of the response.
  public var status: Int
  /// The fields of the response in order, as sent.
  public var responseFields: [(name: String, value: String)]

  /// An exchange.
  public init(
    uri: String, date: Double, address: String? = nil, warcinfoID: String? = nil,
    version: String = "HTTP/1.1", method: String = "GET", requestTarget: String,
    requestFields: [(name: String, value: String)], status: Int,
    responseFields: [(name: String, value: String)]
  ) {
    self.uri = uri
    self.date = date
    self.address = address
    self.warcinfoID = warcinfoID
    self.version = version
    self.method = method
    self.requestTarget = requestTarget
    self.requestFields = requestFields
    self.status = status
    self.responseFields = responseFields
  }

  /// The head of the request. HTTP/2 is written as HTTP/1.1, which readers understand;
  /// `WARC-Protocol` says what it was.
  var requestHead: [UInt8] {
    let line = "\(WARCFields.token(method)) \(WARCFields.uri(requestTarget)) HTTP/1.1\r\n"
    return Array(line.utf8) + WARCFields.encode(requestFields) + [0x0D, 0x0A]
  }

  /// The head of the response as sent, but for `Transfer-Encoding`: the body is stored without it,
  /// so the field is kept under another name.
  var responseHead: [UInt8] {
    let phrase = Self.phrases[status] ?? "Status"
    let line = "HTTP/1.1 \(status) \(phrase)\r\n"
    let fields = responseFields.map { field in
      field.name.lowercased() == "transfer-encoding"
        ? (name: "X-Archive-Orig-Transfer-Encoding", value: field.value) : field
    }
    return Array(line.utf8) + WARCFields.encode(fields) + [0x0D, 0x0A]
  }

  /// Whether the body bears a content coding. All of them compress.
  var isBodyCompressed: Bool {
    responseFields.contains {
      $0.name.lowercased() == "content-encoding" && $0.value.lowercased() != "identity"
    }
  }

  /// The record fields that all records of the exchange bear.
  var commonFields: [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    if let address { fields.append(("WARC-IP-Address", address)) }
    if version.hasPrefix("HTTP/2") { fields.append(("WARC-Protocol", "h2")) }
    if let warcinfoID { fields.append(("WARC-Warcinfo-ID", "<\(warcinfoID)>")) }
    return fields
  }

  /// The reason phrases of the standard; servers' own are not kept by all transports.
  /// Source: RFC 9110 §15.
  private static let phrases: [Int: String] = [
    200: "OK", 201: "Created", 202: "Accepted", 203: "Non-Authoritative Information",
    204: "No Content", 205: "Reset Content", 206: "Partial Content", 300: "Multiple Choices",
    301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
    307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request",
    401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict",
    410: "Gone", 421: "Misdirected Request", 425: "Too Early", 429: "Too Many Requests",
    451: "Unavailable For Legal Reasons", 500: "Internal Server Error", 501: "Not Implemented",
    502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
  ]
}
