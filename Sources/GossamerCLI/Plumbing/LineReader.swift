import Foundation

/// The lines of a file or of standard input, one after the other. Memory holds one line and one
/// window. A byte order mark before the first is left out.
struct LineReader {
  private static let windowSize = 256 << 10

  private let file: InputFile
  private var window: [UInt8] = []
  private var used = 0
  private var isAtEnd = false
  private var isAtStart = true

  init(_ file: InputFile) { self.file = file }

  /// The next line without its end; nil after the last.
  ///
  /// - Parameter wait: called before more is read, which may take long at a pipe.
  /// - Throws: `CommandFailure` when the file cannot be read on, and what `wait` throws.
  mutating func next(beforeWaiting wait: () throws -> Void) throws -> [UInt8]? {
    var searched = 0
    while true {
      if let end = lineEnd(from: used + searched) {
        defer { used = end + 1 }
        return Self.withoutReturn(window[used..<end])
      }
      searched = isAtStart ? 0 : window.count - used
      guard !isAtEnd else { return takeRest() }
      try wait()
      try load()
    }
  }

  private mutating func takeRest() -> [UInt8]? {
    guard used < window.count else { return nil }
    defer { used = window.count }
    return Self.withoutReturn(window[used...])
  }

  private static func withoutReturn(_ line: ArraySlice<UInt8>) -> [UInt8] {
    Array(line.last == 0x0D ? line.dropLast() : line)
  }

  private func lineEnd(from start: Int) -> Int? {
    window.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, start < bytes.count,
        let end = memchr(base + start, 0x0A, bytes.count - start)
      else { return nil }
      return UnsafeRawPointer(end) - base
    }
  }

  /// A pipe may give a single byte at a time.
  private mutating func dropByteOrderMark() {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    guard isAtStart, isAtEnd || window.count >= mark.count || !mark.starts(with: window) else {
      return
    }
    isAtStart = false
    if window.starts(with: mark) { window.removeFirst(mark.count) }
  }

  private mutating func load() throws {
    window.removeFirst(used)
    used = 0
    let piece = try file.read(Self.windowSize)
    isAtEnd = piece.isEmpty
    window += piece
    dropByteOrderMark()
  }
}
