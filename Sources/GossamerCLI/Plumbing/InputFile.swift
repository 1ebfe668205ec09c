import Foundation
import GossamerBytes

/// A file named on the command line, or standard input.
final class InputFile {
  /// The most that is unpacked of one compressed file, and kept of one that is not.
  static let sizeLimit = 128 << 20

  /// For messages.
  let name: String
  private let descriptor: Int32

  /// - Parameter path: nil and `-` mean standard input.
  /// - Throws: `CommandFailure` when it cannot be opened.
  init(_ path: String?) throws {
    guard let path, path != "-" else {
      name = "standard input"
      descriptor = 0
      return
    }
    name = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  deinit { if descriptor > 0 { close(descriptor) } }

  /// The next bytes, at most `count`; none only at the end.
  func read(_ count: Int) throws -> [UInt8] {
    while true {
      var result = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        result = Glibc.read(descriptor, buffer.baseAddress, count)
        filled = max(0, result)
      }
      if result >= 0 { return bytes }
      guard errno == EINTR else { throw Self.failure(name) }
    }
  }

  /// Passes over so many bytes.
  func skip(_ count: Int) throws {
    if lseek(descriptor, off_t(count), SEEK_CUR) >= 0 { return }
    var rest = count
    while rest > 0 {
      let piece = try read(min(rest, 1 << 20))
      guard !piece.isEmpty else { return }
      rest -= piece.count
    }
  }

  /// All that is left.
  func rest() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let piece = try read(1 << 20)
      guard !piece.isEmpty else { return bytes }
      bytes += piece
    }
  }

  /// A whole file, unpacked if it is gzip; what is beyond the limit is left out.
  static func content(_ path: String?) throws -> Unpacked {
    let file = try InputFile(path)
    var bytes: [UInt8] = []
    while bytes.count <= sizeLimit {
      let piece = try file.read(1 << 20)
      if piece.isEmpty { return Unpacked(bytes) }
      bytes += piece
    }
    bytes.removeLast(bytes.count - sizeLimit)
    var content = Unpacked(bytes)
    content.problem = content.problem ?? "longer than \(sizeLimit) bytes"
    return content
  }

  private static func failure(_ path: String) -> CommandFailure {
    let reason = String(cString: strerror(errno))
    return CommandFailure(.usage, "cannot read: \(reason) (\(path)): check the path")
  }
}

/// Bytes without the gzip around them, by their first two bytes.
struct Unpacked {
  var bytes: [UInt8]
  /// Why not all of it could be unpacked.
  var problem: String?

  init(_ bytes: [UInt8]) {
    guard bytes.starts(with: [0x1F, 0x8B]) else {
      self.bytes = bytes
      return
    }
    let (plain, error) = ContentDecoder.decode(
      bytes, codings: [.gzip], limit: InputFile.sizeLimit)
    self.bytes = plain
    problem = error.map { "\($0)" }
  }
}
