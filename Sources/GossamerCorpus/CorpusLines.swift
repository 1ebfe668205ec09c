import Foundation
import Glibc

/// The lines of a file that begin with a text, without looking closer at all others.
///
/// Our records begin with what they are about, so this finds one page among millions at the speed of
/// the disk; an empty beginning gives all lines. Reads in pieces; memory holds one piece and one line. A last line without an end is still
/// being written and is passed over. A file that is not there has no lines.
public struct CorpusLines: Sequence, IteratorProtocol {
  private static let pieceSize = 1 << 20

  /// Bytes of the file before the line that was given last.
  public private(set) var offset: Int

  private let beginning: [UInt8]
  private let handle: FileHandle?
  private var buffer: [UInt8] = []
  /// Bytes of the file before the buffer.
  private var bufferOffset: Int
  private var used = 0
  /// Bytes after `used` that hold no line end.
  private var searched = 0

  /// The lines of the file at a path.
  ///
  /// - Parameters:
  ///   - beginning: bytes with which the line must begin.
  ///   - start: bytes to pass over, at the end of which a line begins.
  public init(path: String, beginningWith beginning: [UInt8] = [], from start: Int = 0) {
    self.beginning = beginning
    offset = start
    bufferOffset = start
    let handle = FileHandle(forReadingAtPath: path)
    self.handle = start == 0 || (try? handle?.seek(toOffset: UInt64(start))) != nil ? handle : nil
  }

  /// The next line that begins so, without its end.
  public mutating func next() -> [UInt8]? {
    while true {
      while let end = lineEnd() {
        defer {
          used = end + 1
          searched = 0
        }
        if matches(upTo: end) {
          offset = bufferOffset + used
          return Array(buffer[used..<end])
        }
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
    bufferOffset += used
    used = 0
    searched = buffer.count
    guard let piece = try? handle?.read(upToCount: Self.pieceSize), !piece.isEmpty else {
      return false
    }
    buffer.append(contentsOf: piece)
    return true
  }

  /// A line whose place is known, without its end; nil where the file is shorter.
  package static func line(path: String, offset: Int, length: Int) -> [UInt8]? {
    guard let handle = FileHandle(forReadingAtPath: path),
      (try? handle.seek(toOffset: UInt64(offset))) != nil,
      let bytes = try? handle.read(upToCount: length), bytes.count == length
    else { return nil }
    return Array(bytes)
  }
}
