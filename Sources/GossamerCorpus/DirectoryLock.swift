import Glibc
import GossamerFlow

/// The right to write into an output directory. Held by one process at a time; the kernel gives it
/// back when the process dies, however it dies.
public final class DirectoryLock: Sendable {
  private let descriptor: CInt

  /// Takes the lock of a directory.
  ///
  /// - Throws: `StoreError` of kind `store.locked`, naming the holder, when another process has it.
  public init(_ layout: CorpusLayout) throws(StoreError) {
    let descriptor = open(layout.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw StoreError(operation: "open", path: layout.lock, code: errno)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      let holder = Self.read(descriptor)
      close(descriptor)
      guard code == EWOULDBLOCK else {
        throw StoreError(operation: "lock", path: layout.lock, code: code)
      }
      throw StoreError(
        kind: .storeLocked, message: "\(layout.root) is in use (\(holder))",
        advice: "wait until it ends, or choose another directory with --output")
    }
    self.descriptor = descriptor
    let note = Array("process \(getpid()), since \(Timestamp.rfc3339(Timestamp.now()))\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = note.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit { close(descriptor) }

  /// Whether some process holds the lock now.
  public static func isHeld(_ layout: CorpusLayout) -> Bool {
    let descriptor = open(layout.lock, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  private static func read(_ descriptor: CInt) -> String {
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = buffer.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
    }
    let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    return text.split(separator: "\n").first.map(String.init) ?? "another process"
  }
}
