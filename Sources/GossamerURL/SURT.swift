/// Sort-friendly keys, as the Internet Archive's CDX indexes have them.
///
/// `http://www.archive.org/goo/?a=2&b&a=1` has the key `org,archive)/goo?a=1&a=2&b`: no scheme, no
/// `www.` or `www2.`, labels of the host in reverse, port if not the default, path and query in
/// lower case, no trailing slash (but the root's), slashes not doubled, parameters sorted by name and
/// value; all encodings decoded, also encoded ones, and then blanks, controls, `#%` and what is not
/// ASCII encoded. A key is coarser than a `CanonicalURL`: pages that differ may share one. Addresses
/// are not reversed, and IPv6 loses its brackets.
///
/// Source: WaybackURLKeyMaker of iipc/webarchive-commons, with its GoogleURLCanonicalizer and
/// IAURLCanonicalizer.
enum SURT {
  static func key(of canonical: CanonicalURL) -> String {
    let url = canonical.url
    return url.withUTF8 { bytes in
      var key: [UInt8] = []
      key.reserveCapacity(bytes.count)
      appendHost(url, bytes, to: &key)
      if let port = url.port { key.append(contentsOf: ":\(port)".utf8) }
      key.append(UInt8(ascii: ")"))
      appendPath(bytes[Int(url.layout.pathStart)..<Int(url.layout.queryStart)], to: &key)
      appendQuery(bytes[Int(url.layout.queryStart)..<Int(url.layout.fragmentStart)], to: &key)
      return String(decoding: key, as: UTF8.self)
    }
  }

  private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  private static func appendHost(
    _ url: WebURL, _ bytes: UnsafeBufferPointer<UInt8>, to key: inout [UInt8]
  ) {
    let host = bytes[Int(url.layout.hostStart)..<Int(url.layout.hostEnd)]
    switch url.layout.host {
    case .ipv4: key.append(contentsOf: host)
    case .ipv6: key.append(contentsOf: host.dropFirst().dropLast())
    default:
      let labels = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      let named = labels.count > 1 && isWWW(labels[0]) ? labels.dropFirst() : labels[...]
      key.append(contentsOf: named.reversed().joined(separator: [UInt8(ascii: ",")]))
    }
  }

  /// `www` and any digits.
  private static func isWWW(_ label: Bytes) -> Bool {
    label.starts(with: "www".utf8) && label.dropFirst(3).allSatisfy { $0.decimalDigit != nil }
  }

  private static func appendPath(_ path: Bytes, to key: inout [UInt8]) {
    let slash = UInt8(ascii: "/")
    let start = key.count
    for byte in decodedRepeatedly(path) where byte != slash || key.last != slash {
      append(byte, to: &key)
    }
    if key.count > start + 1, key.last == slash { key.removeLast() }
  }

  private static func appendQuery(_ query: Bytes, to key: inout [UInt8]) {
    guard query.count > 1 else { return }
    let parameters = decodedRepeatedly(query.dropFirst()).map(\.asciiLowercased)
      .split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
      .map {
        $0.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      }
      .sorted { first, second in
        if first[0] != second[0] { return first[0].lexicographicallyPrecedes(second[0]) }
        return first.count == second.count && first.count > 1
          ? first[1].lexicographicallyPrecedes(second[1]) : first.count < second.count
      }
    key.append(UInt8(ascii: "?"))
    let joined = parameters.map { $0.joined(separator: [UInt8(ascii: "=")]) }
    for byte in joined.joined(separator: [UInt8(ascii: "&")]) { append(byte, to: &key) }
  }

  private static func append(_ byte: UInt8, to key: inout [UInt8]) {
    guard byte <= 0x20 || byte >= 0x7F || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "%")
    else { return key.append(byte.asciiLowercased) }
    key.append(UInt8(ascii: "%"))
    key.append(URLWriter.hexDigit(byte >> 4).asciiLowercased)
    key.append(URLWriter.hexDigit(byte & 15).asciiLowercased)
  }

  /// Decodes until nothing changes: every round that changes something makes the text shorter.
  private static func decodedRepeatedly(_ text: Bytes) -> [UInt8] {
    var decoded = Array(text)
    guard decoded.contains(UInt8(ascii: "%")) else { return decoded }
    while true {
      let again = decoded.withUnsafeBufferPointer { HostParser.percentDecode($0) }
      if again.count == decoded.count { return decoded }
      decoded = again
    }
  }
}
