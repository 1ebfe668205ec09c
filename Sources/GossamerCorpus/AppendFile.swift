import Glibc

/// A file that only grows, owned by one writer. Knows its length; can be cut back to a length that
/// is known to be whole, and made durable.
///
/// Writes go straight to the kernel; the caller gathers bytes into pieces worth a call.
public struct AppendFile: ~Copyable {
  /// The path, for messages.
  public let path: String
  /// Bytes in the file.
  public private(set) var length: Int
  /// Bytes beyond the committed end that were cut when it was opened.
  public let cutBytes: Int
  private let descriptor: CInt

  /// Opens or makes the file and cuts everything beyond `committed`.
  ///
  /// - Parameter committed: bytes that a committed transaction vouches for; nil keeps all there is.
  /// - Throws: `StoreError`, also when the file is shorter than `committed`.
  public init(path: String, committed: Int? = nil) throws(StoreError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw StoreError(operation: "open", path: path, code: errno) }
    let end = lseek(descriptor, 0, SEEK_END)
    guard let end = Int(exactly: end), end >= 0 else {
      close(descriptor)
      throw StoreError(operation: "read the length of", path: path, code: errno)
    }
    if let committed {
      guard end >= committed else {
        close(descriptor)
        throw StoreError(shortFile: path, length: end, committed: committed)
      }
      guard ftruncate(descriptor, committed) == 0,
        lseek(descriptor, 0, SEEK_END) == committed
      else {
        let code = errno
        close(descriptor)
        throw StoreError(operation: "cut", path: path, code: code)
      }
    }
    self.path = path
    self.descriptor = descriptor
    length = committed ?? end
    cutBytes = end - length
  }

  deinit { close(descriptor) }

  /// The length of a file up to the end of its last whole line; 0 for none.
  ///
  /// For files whose every line counts by itself, where only a torn tail has to go.
  public static func lengthOfWholeLines(path: String) throws(StoreError) -> Int {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return 0 }
      throw StoreError(operation: "open", path: path, code: errno)
    }
    defer { close(descriptor) }
    var end = Int(lseek(descriptor, 0, SEEK_END))
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while end > 0 {
      let start = max(0, end - piece.count)
      let count = piece.withUnsafeMutableBytes { raw in
        unsafe pread(descriptor, raw.baseAddress, end - start, off_t(start))
      }
      guard count > 0 else { throw StoreError(operation: "read", path: path, code: errno) }
      if let line = piece[..<count].lastIndex(of: 0x0A) { return start + line + 1 }
      end = start
    }
    return 0
  }

  /// Appends all bytes.
  ///
  /// A write that fails half-way leaves a torn tail beyond `length`; opening again cuts it.
  public mutating func append(_ bytes: borrowing [UInt8]) throws(StoreError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { raw in
        unsafe write(descriptor, raw.baseAddress?.advanced(by: written), raw.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw StoreError(operation: "write to", path: path, code: errno)
      }
      written += count
    }
    length += written
  }

  /// Returns once the bytes are on the device.
  ///
  /// After a failure the file must not be trusted again: a second call may lie. Source: fsync(2).
  public func synchronize() throws(StoreError) {
    guard fdatasync(descriptor) == 0 else {
      throw StoreError(operation: "make durable", path: path, code: errno)
    }
  }
}
