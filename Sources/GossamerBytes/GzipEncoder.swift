import CZlib
import Synchronization

/// Makes gzip members. Can be used from many tasks at once.
///
/// Deflate states (some 260 KB each) are kept and used again; there are as many as calls ever ran at
/// the same time.
///
/// Source: RFC 1952. The header holds no time and no name, so equal input gives equal output.
public final class GzipEncoder: Sendable {
  /// The zlib level, 1 (fast) to 9 (small).
  public let level: Int
  private let usual: DeflatePool
  /// For short members, which are stored: deflating a few hundred bytes costs more than it saves.
  private let small: DeflatePool
  private static let shortLength = 1024

  /// An encoder of a level.
  public init(level: Int = 2) {
    self.level = min(9, max(1, level))
    usual = DeflatePool(level: self.level, memory: .usual)
    small = DeflatePool(level: 0, memory: .small)
  }

  /// One gzip member that holds the parts one after the other.
  ///
  /// - Parameter stored: the index of a part that is stored as it is, since it is compressed already
  ///   and would only cost time.
  public func member(of parts: [[UInt8]], storing stored: Int? = nil) -> [UInt8] {
    let isShort = parts.reduce(0) { $0 + $1.count } <= Self.shortLength
    return (isShort ? small : usual).member(of: parts, storing: stored)
  }
}

/// Deflate states of one size that wait to be used again.
private final class DeflatePool: Sendable {
  private let level: Int
  private let memory: DeflateStream.Memory
  private let idle = Mutex<[DeflateStream]>([])

  init(level: Int, memory: DeflateStream.Memory) {
    self.level = level
    self.memory = memory
  }

  func member(of parts: [[UInt8]], storing stored: Int?) -> [UInt8] {
    let stream = idle.withLock { $0.popLast() } ?? DeflateStream(level: level, memory: memory)
    defer { idle.withLock { $0.append(stream) } }
    return stream.member(of: parts, storing: stored)
  }
}

/// One deflate state. Used by one call at a time: `DeflatePool` hands it out and takes it back, which
/// the compiler cannot see; hence `@unchecked`.
private final class DeflateStream: @unchecked Sendable {
  private let stream: UnsafeMutablePointer<z_stream>
  private let level: Int32

  /// How large window and tables are, as `deflateInit2` takes it.
  struct Memory: Sendable {
    var windowBits: Int32
    var level: Int32

    static let usual = Memory(windowBits: 15, level: 8)
    static let small = Memory(windowBits: 12, level: 3)
  }

  init(level: Int, memory: Memory) {
    self.level = Int32(level)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let code = czlib_deflate_init(
      stream, Int32(level), memory.windowBits + 16, memory.level)
    precondition(code == Z_OK, "a deflate state needs 260 KB")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func member(of parts: [[UInt8]], storing stored: Int?) -> [UInt8] {
    deflateReset(stream)
    let total = parts.reduce(0) { $0 + $1.count }
    // The bound holds for deflated and stored blocks, with room for two changes between them.
    let bound = Int(deflateBound(stream, UInt(total))) + total / 1000 + 512
    return [UInt8](unsafeUninitializedCapacity: bound) { target, count in
      stream.pointee.next_out = target.baseAddress
      stream.pointee.avail_out = UInt32(clamping: bound)
      for (index, part) in parts.enumerated() {
        if index == stored { deflateParams(stream, 0, Z_DEFAULT_STRATEGY) }
        part.withUnsafeBufferPointer { bytes in _ = feed(bytes, Z_NO_FLUSH) }
        if index == stored { deflateParams(stream, level, Z_DEFAULT_STRATEGY) }
      }
      let code = feed(UnsafeBufferPointer(start: nil, count: 0), Z_FINISH)
      precondition(code == Z_STREAM_END, "a member fits within its bound")
      count = bound - Int(stream.pointee.avail_out)
    }
  }

  private func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ flush: Int32) -> Int32 {
    stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
    stream.pointee.avail_in = UInt32(clamping: bytes.count)
    return deflate(stream, flush)
  }
}

/// The CRC-32 of gzip and PNG.
public enum CRC32 {
  /// The check sum of bytes, going on from that of the bytes before.
  public static func checksum(of bytes: [UInt8], continuing previous: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBufferPointer {
      UInt32(truncatingIfNeeded: crc32_z(UInt(previous), $0.baseAddress, $0.count))
    }
  }
}
