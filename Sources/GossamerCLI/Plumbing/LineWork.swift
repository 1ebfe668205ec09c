import Foundation
import Gossamer

/// Why a line gives no result. Becomes a line of its own on standard output.
struct BadLine: Error {
  var message: String

  init(_ message: String) { self.message = message }
}

/// A line in, its results out, in the same order; a bad line is reported in its place.
struct LineWork: Sendable {
  /// Blank lines are passed over, as JSON Lines readers do.
  var skipsBlankLines = true
  /// Makes the results of a line: whole lines, none, one or many.
  let work: @Sendable (_ line: [UInt8]) throws -> [UInt8]

  init(skipsBlankLines: Bool = true, work: @escaping @Sendable ([UInt8]) throws -> [UInt8]) {
    self.skipsBlankLines = skipsBlankLines
    self.work = work
  }

  /// One line after the other: for work that is done sooner than it could be handed over.
  func run(on path: String?) throws {
    var reader = LineReader(try InputFile(path))
    let writer = ResultWriter()
    var number = 0
    while let line = try reader.next(beforeWaiting: writer.flush) {
      number += 1
      guard !isBlank(line) else { continue }
      writer.append(result(of: line, number))
    }
    try writer.flush()
  }

  /// On all cores. Lines under way are bounded, and so are results that wait for an earlier one.
  func runInParallel(on path: String?) async throws {
    var reader = LineReader(try InputFile(path))
    let writer = ResultWriter()
    let atOnce = 2 * ProcessInfo.processInfo.activeProcessorCount
    try await withThrowingTaskGroup(of: Void.self) { group in
      var (number, started, underWay) = (0, 0, 0)
      while let line = try reader.next(beforeWaiting: writer.flush) {
        number += 1
        guard !isBlank(line) else { continue }
        while underWay >= atOnce || (underWay > 0 && started - writer.next >= 4 * atOnce) {
          try await group.next()
          underWay -= 1
        }
        group.addTask { [number, started] in
          writer.put(result(of: line, number), at: started)
          try writer.flush()
        }
        started += 1
        underWay += 1
      }
      try await group.waitForAll()
    }
    try writer.flush()
  }

  private func isBlank(_ line: [UInt8]) -> Bool {
    skipsBlankLines && line.allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }

  private func result(of line: [UInt8], _ number: Int) -> [UInt8] {
    do {
      return try work(line)
    } catch {
      struct Name: Decodable { var id: LineID? }
      var report = JSONLine()
      (try? JSONInput.decode(Name.self, from: line))?.id?.add(to: &report)
      let message = (error as? BadLine)?.message ?? "\(error)"
      report.add("error", "line \(number): \(message)")
      return report.finished()
    }
  }
}
