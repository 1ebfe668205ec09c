import GossamerHTTP
import GossamerURL

/// The fields of a crawler's request.
enum RequestFields {
  static let accept =
    "text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.1"
  static let codings = "gzip, br, zstd, deflate"

  /// All fields in the order in which they are sent. Validators come as the standard wants them:
  /// the tag first, the date beside it for old servers.
  static func make(for request: FetchRequest, userAgent: String) -> HTTPFields {
    let url = request.url
    var fields = HTTPFields()
    fields.append("Host", url.port.map { "\(url.hostname):\($0)" } ?? url.hostname)
    fields.append("User-Agent", userAgent)
    fields.append("Accept", request.accept ?? accept)
    fields.append("Accept-Encoding", codings)
    if let tag = request.validators?.entityTag { fields.append("If-None-Match", tag) }
    if let date = request.validators?.lastModified { fields.append("If-Modified-Since", date) }
    for line in request.extraFields.lines where fields[line.name] == nil {
      fields.append(line.name, line.value)
    }
    return fields
  }
}
