public import GossamerFlow
import Glibc

/// A failure of the output directory: what was tried, on which file, and what helps.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  /// `store.full`, `store.io`, `store.corrupt`, `store.locked` or `store.version`.
  public var kind: Cause
  /// What failed, where.
  public var message: String
  /// What the user can do.
  public var advice: String

  /// An error of a kind.
  public init(kind: Cause, message: String, advice: String) {
    self.kind = kind
    self.message = message
    self.advice = advice
  }

  init(operation: String, path: String, code: CInt) {
    let full = code == ENOSPC || code == EDQUOT || code == EFBIG
    let reason = unsafe String(cString: strerror(code))
    self.init(
      kind: full ? .storeFull : .storeIO,
      message: "cannot \(operation) \(path): \(reason)",
      advice: Self.advice(for: code))
  }

  init(shortFile path: String, length: Int, committed: Int) {
    self.init(
      kind: .storeCorrupt,
      message: "\(path) has \(length) bytes where \(committed) were stored",
      advice: "restore the file from a backup, or crawl into another directory")
  }

  private static func advice(for code: CInt) -> String {
    switch code {
    case ENOSPC, EDQUOT, EFBIG: "make room and run the same command again"
    case EACCES, EPERM, EROFS: "choose a directory you may write to with --output"
    case ENOENT, ENOTDIR: "check the path given with --output"
    default: "check the disk, then run the same command again"
    }
  }

  /// "cannot write to pages/part-00000.jsonl: No space left on device: make room …".
  public var description: String { "\(message): \(advice)" }
}
