import ArgumentParser
import Foundation
import Synchronization

/// Standard output of the plumbing: results in the order of their numbers, whoever is done first.
///
/// Fed by one command or by many tasks; emptied by `flush`. Unlike `Output` it tells when nobody
/// reads any more, so that long work ends with its reader.
final class ResultWriter: Sendable {
  private struct State {
    var buffer: [UInt8] = []
    /// Results that are done before an earlier one.
    var early: [Int: [UInt8]] = [:]
    var next = 0
    var failure: Int32?
  }

  private static let bufferSize = 64 << 10
  private let state = Mutex(State())

  /// The number of the first result that is not there yet.
  var next: Int { state.withLock { $0.next } }

  /// Takes a result; it is written after those with lower numbers.
  func put(_ bytes: [UInt8], at number: Int) {
    state.withLock { state in
      state.early[number] = bytes
      while let ready = state.early.removeValue(forKey: state.next) {
        state.buffer += ready
        state.next += 1
      }
      if state.buffer.count >= Self.bufferSize { Self.write(&state) }
    }
  }

  /// Takes the next result.
  func append(_ bytes: [UInt8]) { put(bytes, at: next) }

  /// Writes what is ready.
  ///
  /// - Throws: `ExitCode` when the reader has gone, `CommandFailure` when nothing can be written.
  func flush() throws {
    let failure = state.withLock { state in
      Self.write(&state)
      return state.failure
    }
    guard let failure else { return }
    if failure == EPIPE { throw ExitCode.success }
    throw CommandFailure(
      .partly,
      "cannot write results: \(String(cString: strerror(failure))) (standard output): make room"
    )
  }

  private static func write(_ state: inout State) {
    defer { state.buffer.removeAll(keepingCapacity: true) }
    guard state.failure == nil else { return }
    state.failure = state.buffer.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = UnsafeRawBufferPointer(rebasing: rest)
        let count = Glibc.write(1, piece.baseAddress, piece.count)
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
  }
}
