import CDeflate
import Synchronization

/// Makes gzip members. Can be used from many tasks at once.
///
/// Members are made in one go, which libdeflate does in half the time of zlib and in fewer bytes.
/// Its states (some 200 KB each) are kept and used again; there are as many as calls ever ran at the
/// same time.
///
/// Source: RFC 1952. The header holds no time and no name, so equal input gives equal output.
public final class GzipEncoder: Sendable {
  /// The level, 1 (fast) to 12 (small).
  public let level: Int
  private let deflating: CompressorPool
  private let storing = CompressorPool(level: 0)
  /// Deflating a few hundred bytes costs more than it saves.
  private static let shortLength = 1024

  /// An encoder of a level.
  public init(level: Int = 1) {
    self.level = min(12, max(1, level))
    deflating = CompressorPool(level: self.level)
  }

  /// One gzip member that holds the parts one after the other.
  ///
  /// - Parameter isCompressed: most of it is compressed already: it is stored as it is, since
  ///   deflating it would only cost time.
  public func member(of parts: [[UInt8]], isCompressed: Bool = false) -> [UInt8] {
    let length = parts.reduce(0) { $0 + $1.count }
    let pool = isCompressed || length <= Self.shortLength ? storing : deflating
    if parts.count == 1 { return pool.member(of: parts[0]) }
    var whole: [UInt8] = []
    whole.reserveCapacity(length)
    for part in parts { whole += part }
    return pool.member(of: whole)
  }
}

/// Compressors of one level that wait to be used again.
private final class CompressorPool: Sendable {
  private let level: Int
  private let idle = Mutex<[Compressor]>([])

  init(level: Int) { self.level = level }

  func member(of bytes: [UInt8]) -> [UInt8] {
    let compressor = idle.withLock { $0.popLast() } ?? Compressor(level: level)
    defer { idle.withLock { $0.append(compressor) } }
    return compressor.member(of: bytes)
  }
}

/// One compressor. Used by one call at a time: `CompressorPool` hands it out and takes it back, which
/// the compiler cannot see; hence `@unchecked`.
private final class Compressor: @unchecked Sendable {
  private let state: OpaquePointer

  init(level: Int) {
    guard let state = libdeflate_alloc_compressor(Int32(level)) else {
      // The only reason it gives none for a valid level; nothing can go on without memory.
      preconditionFailure("no memory for a compressor")
    }
    self.state = state
  }

  deinit { libdeflate_free_compressor(state) }

  func member(of bytes: [UInt8]) -> [UInt8] {
    let bound = libdeflate_gzip_compress_bound(state, bytes.count)
    return [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      count = bytes.withUnsafeBytes {
        libdeflate_gzip_compress(state, $0.baseAddress, $0.count, target.baseAddress, bound)
      }
      precondition(count > 0, "a member fits within its bound")
    }
  }
}
