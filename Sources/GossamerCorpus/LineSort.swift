import Glibc

/// Sorts the lines of a file by their bytes, as `LC_ALL=C sort` does, in bounded memory.
///
/// Pieces are sorted in memory and written beside the file; then they are merged. The file is replaced
/// in one step once all is on the device: whoever reads it sees the old order or the new one, and a
/// crash leaves one of them.
public enum LineSort {
  private static let lineFeed: UInt8 = 0x0A

  /// - Parameters:
  ///   - path: the file; each line ends with a line feed.
  ///   - pieceBytes: how much is sorted at a time.
  /// - Throws: `StoreError` where it cannot be read or the device is full; the file is as it was.
  public static func sort(path: String, pieceBytes: Int = 64 << 20) throws(StoreError) {
    guard access(path, F_OK) == 0, !isSorted(path) else { return }
    var pieces: [String] = []
    let whole = path + ".sorted"
    defer { for piece in pieces + [whole] { unlink(piece) } }
    try split(path, pieceBytes: pieceBytes, into: &pieces)
    // A reader that met an error just ends: what is not whole must not take the place of what is.
    var facts = stat()
    guard stat(path, &facts) == 0, try merge(pieces, into: whole) == facts.st_size else {
      throw StoreError(operation: "sort", path: path, code: EIO)
    }
    guard rename(whole, path) == 0 else {
      throw StoreError(operation: "replace", path: path, code: errno)
    }
  }

  private static func isSorted(_ path: String) -> Bool {
    var last: [UInt8] = []
    for line in CorpusLines(path: path, beginningWith: []) {
      if line.lexicographicallyPrecedes(last) { return false }
      last = line
    }
    return true
  }

  private static func split(
    _ path: String, pieceBytes: Int, into pieces: inout [String]
  ) throws(StoreError) {
    var lines: [[UInt8]] = []
    var size = 0
    func endPiece(_ pieces: inout [String]) throws(StoreError) {
      lines.sort(by: before)
      let name = "\(path).piece-\(pieces.count)"
      pieces.append(name)
      var piece = try BufferedFile(path: name, committed: 0)
      for line in lines { try piece.append(line + [lineFeed]) }
      try piece.write()
      lines.removeAll(keepingCapacity: true)
      size = 0
    }
    for line in CorpusLines(path: path, beginningWith: []) {
      size += line.count + 64
      lines.append(line)
      if size >= pieceBytes { try endPiece(&pieces) }
    }
    if !lines.isEmpty { try endPiece(&pieces) }
  }

  /// A handful of pieces, so that looking at each for the least line is as good as a heap.
  private static func merge(_ pieces: [String], into path: String) throws(StoreError) -> Int {
    var streams: [(rest: CorpusLines, line: [UInt8])] = []
    for piece in pieces {
      var lines = CorpusLines(path: piece, beginningWith: [])
      if let line = lines.next() { streams.append((lines, line)) }
    }
    var whole = try BufferedFile(path: path, committed: 0)
    while let least = streams.indices.min(by: { before(streams[$0].line, streams[$1].line) }) {
      try whole.append(streams[least].line + [lineFeed])
      if let line = streams[least].rest.next() {
        streams[least].line = line
      } else {
        streams.remove(at: least)
      }
    }
    try whole.synchronize()
    return whole.length
  }

  private static func before(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    first.lexicographicallyPrecedes(second)
  }
}
