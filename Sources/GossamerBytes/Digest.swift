import CCrypto

/// A message digest: its algorithm and its bytes.
public struct Digest: Sendable, Hashable, CustomStringConvertible {
  /// How a digest is made.
  public enum Algorithm: String, Sendable, CaseIterable {
    case sha1
    case sha256

    /// Bytes in a digest.
    public var byteCount: Int { self == .sha1 ? 20 : 32 }
  }

  /// How this digest was made.
  public let algorithm: Algorithm
  /// The digest itself.
  public let bytes: [UInt8]

  init(_ algorithm: Algorithm, _ bytes: [UInt8]) {
    self.algorithm = algorithm
    self.bytes = bytes
  }

  /// The SHA-1 digest. For WARC and for dedup, never for security. Source: FIPS 180-4.
  public static func sha1(of bytes: [UInt8]) -> Digest { of([bytes], .sha1) }

  /// The SHA-256 digest. Source: FIPS 180-4.
  public static func sha256(of bytes: [UInt8]) -> Digest { of([bytes], .sha256) }

  /// The SHA-256 digest of a text's UTF-8.
  public static func sha256(of text: String) -> Digest { sha256(of: Array(text.utf8)) }

  /// The digest of parts as if they were joined.
  public static func of(_ parts: [[UInt8]], _ algorithm: Algorithm) -> Digest {
    var stream = DigestStream(algorithm)
    for part in parts { stream.update(part) }
    return stream.finish()
  }

  /// Lower-case hexadecimal digits.
  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Base 32 with padding, upper case, as WARC files use it. Source: RFC 4648 §6.
  public var base32: String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 4) / 5 * 8)
    var pending: UInt32 = 0
    var bits = 0
    for byte in bytes {
      pending = pending << 8 | UInt32(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        text.append(alphabet[Int(pending >> UInt32(bits) & 31)])
      }
    }
    if bits > 0 { text.append(alphabet[Int(pending << UInt32(5 - bits) & 31)]) }
    while text.count % 8 != 0 { text.append(UInt8(ascii: "=")) }
    return String(decoding: text, as: UTF8.self)
  }

  /// "sha1:" and base 32, or "sha256:" and base 32.
  public var label: String { "\(algorithm.rawValue):\(base32)" }

  /// As `label`.
  public var description: String { label }
}

/// Makes a digest of bytes that come in pieces.
public struct DigestStream: ~Copyable {
  private let algorithm: Digest.Algorithm
  private let context: OpaquePointer?

  /// A stream of no bytes yet.
  public init(_ algorithm: Digest.Algorithm) {
    self.algorithm = algorithm
    context = EVP_MD_CTX_new()
    let method = algorithm == .sha1 ? Self.sha1 : Self.sha256
    let isReady = EVP_DigestInit_ex(context, method, nil) == 1
    precondition(isReady, "libcrypto offers SHA-1 and SHA-256")
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Takes the next bytes.
  public mutating func update(_ bytes: borrowing [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Takes the next bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  /// The digest of all bytes taken.
  public consuming func finish() -> Digest {
    var bytes = [UInt8](repeating: 0, count: algorithm.byteCount)
    EVP_DigestFinal_ex(context, &bytes, nil)
    return Digest(algorithm, bytes)
  }

  // Fetched once: an implicit fetch for every digest costs more than hashing a short text. They are
  // constant tables of libcrypto, safe to read from everywhere.
  private nonisolated(unsafe) static let sha1 = EVP_MD_fetch(nil, "SHA1", nil)
  private nonisolated(unsafe) static let sha256 = EVP_MD_fetch(nil, "SHA256", nil)
}
