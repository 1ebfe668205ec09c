import Foundation
import Gossamer
import GossamerBytes
import Synchronization

/// The files that `ask` writes: the transcript, and the answers of many questions. Both only grow, a
/// line at a time.
final class AskFiles: Sendable {
  private struct State: ~Copyable {
    var transcript: AppendFile?
    var answers: AppendFile?
    var done: Set<String> = []
    var failures = 0
  }

  private let state: Mutex<State>

  /// - Throws: `StoreError` for files that cannot be written.
  init(_ plan: AskPlan) throws {
    var state = State()
    let transcript = plan.transcript
    state.transcript = try AppendFile(
      path: transcript, committed: AppendFile.lengthOfWholeLines(path: transcript))
    if plan.isBatch {
      state.answers = try AppendFile(
        path: plan.answers, committed: AppendFile.lengthOfWholeLines(path: plan.answers))
      state.done = Self.done(in: plan.answers)
    }
    self.state = Mutex(state)
  }

  /// Keys of answers that are there. What failed is asked again.
  private static func done(in path: String) -> Set<String> {
    struct Line: Decodable {
      var key: String?
      var ending: String
    }
    var done: Set<String> = []
    var lines = LineFiles([path])
    let decoder = JSONDecoder()
    while let line = lines.next() {
      guard let line = try? decoder.decode(Line.self, from: line), let key = line.key else {
        continue
      }
      let ending = AgentAnswer.Ending(rawValue: line.ending)
      if ending != .failed, ending != .cancelled { done.insert(key) } else { done.remove(key) }
    }
    return done
  }

  func isDone(_ key: String) -> Bool { state.withLock { $0.done.contains(key) } }
  var failures: Int { state.withLock { $0.failures } }

  /// Notes a step. A transcript that cannot be written is no reason to lose the answer.
  func note(_ record: AgentRecord) {
    let line = record.line()
    state.withLock { state in
      do { try state.transcript?.append(line) } catch { state.transcript = nil }
    }
  }

  /// Keeps an answer, durably where there is a file of answers.
  func add(_ answer: AgentAnswer, line: [UInt8]) throws {
    let failure: StoreError? = state.withLock { state in
      if answer.ending == .failed || answer.ending == .cancelled { state.failures += 1 }
      do throws(StoreError) {
        try state.answers?.append(line)
        try state.answers?.synchronize()
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }
}
