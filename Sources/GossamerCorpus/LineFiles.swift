public import Foundation

/// The lines of several files, one after the other, without their ends.
///
/// Holds one piece of a file in memory, and the longest line. A file that cannot be opened has no
/// lines; callers who care have looked before.
public struct LineFiles {
  private var files: [String]
  private var handle: FileHandle?
  private var buffer = Data()
  private var searched = 0
  private static let pieceSize = 1 << 20

  /// The lines of files in their order; `-` is standard input.
  public init(_ files: [String]) { self.files = files.reversed() }

  /// The next line, or nil after the last.
  public mutating func next() -> Data? {
    while true {
      if let end = buffer[(buffer.startIndex + searched)...].firstIndex(of: 0x0A) {
        let line = buffer[buffer.startIndex..<end]
        buffer = buffer[(end + 1)...]
        searched = 0
        return line
      }
      searched = buffer.count
      if let piece = try? handle?.read(upToCount: Self.pieceSize), !piece.isEmpty {
        buffer = Data(buffer) + piece
        continue
      }
      searched = 0
      if !buffer.isEmpty {
        defer { buffer = Data() }
        return buffer
      }
      guard let file = files.popLast() else { return nil }
      handle = file == "-" ? .standardInput : FileHandle(forReadingAtPath: file)
    }
  }
}
