import Foundation
import Glibc

/// The lines of a file that begin with a text, without looking closer at all others.
///
/// Our records begin with what they are about, so this finds one page among millions at the speed of
/// the disk. Reads in pieces; memory holds one piece and one line. A last line without an end is still
/// being written and is passed over. A file that is not there has no lines.
public struct CorpusLines: Sequence, IteratorProtocol {
  private static let pieceSize = 1 << 20

  private let beginning: [UInt8]
  private let handle: FileHandle?
  private var buffer: [UInt8] = []
  private var used = 0
  /// Bytes after `used` that hold no line end.
  private var searched = 0

  /// The lines of the file at a path.
  ///
  /// - Parameter beginning: bytes with which the line must begin.
  public init(path: String, beginningWith beginning: [UInt8]) {
    self.beginning = beginning
    handle = FileHandle(forReadingAtPath: path)
  }

  /// The next line that begins so, without its end.
  public mutating func next() -> [UInt8]? {
    while true {
      while let end = lineEnd() {
        defer {
          used = end + 1
          searched = 0
        }
        if matches(upTo: end) { return Array(buffer[used..<end]) }
      }
      guard load() else { return nil }
    }
  }

  private func lineEnd() -> Int? {
    buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, used + searched < bytes.count,
        let end = unsafe memchr(base + used + searched, 0x0A, bytes.count - used - searched)
      else { return nil }
      return unsafe UnsafeRawPointer(end) - base
    }
  }

  private func matches(upTo end: Int) -> Bool {
    guard end - used >= beginning.count else { return false }
    return buffer.withUnsafeBytes { bytes in
      beginning.withUnsafeBytes { wanted in
        guard let base = bytes.baseAddress, let text = wanted.baseAddress else { return true }
        return unsafe memcmp(base + used, text, wanted.count) == 0
      }
    }
  }

  private mutating func load() -> Bool {
    buffer.removeFirst(used)
    used = 0
    searched = buffer.count
    guard let piece = try? handle?.read(upToCount: Self.pieceSize), !piece.isEmpty else {
      return false
    }
    buffer.append(contentsOf: piece)
    return true
  }
}
