import Foundation
import Glibc
import Synchronization

/// The built program, run the way its users run it: as a process with arguments and exit code.
struct GossamerBinary: Sendable {
  /// What came of a run.
  struct Answer: Sendable {
    /// The exit code, or minus the number of the signal that ended the process.
    var code: Int32
    var output: String
    var errors: String
    var seconds: Double

    /// Lines on standard error that begin as errors do.
    var errorLines: [Substring] {
      errors.split(separator: "\n").filter { $0.hasPrefix("gossamer: error: ") }
    }
  }

  /// Beside the test bundle, or what `GOSSAMER_BINARY` names.
  static let path: String = {
    if let named = ProcessInfo.processInfo.environment["GOSSAMER_BINARY"] { return named }
    return URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "gossamer").path
  }()

  /// Runs the program to its end; kills it after `patience`.
  static func run(
    _ arguments: [String], in folder: Folder, environment: [String: String] = [:],
    input: String? = nil, patience: Duration = .seconds(60)
  ) async throws -> Answer {
    let run = try start(arguments, in: folder, environment: environment, input: input)
    let watchdog = Task {
      try await Task.sleep(for: patience)
      run.send(SIGKILL)
    }
    defer { watchdog.cancel() }
    return await run.end()
  }

  /// Starts the program.
  static func start(
    _ arguments: [String], in folder: Folder, environment: [String: String] = [:],
    input: String? = nil, program: String = path
  ) throws -> RunningBinary {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    // Settings of whoever runs the tests are none of the tests' business.
    process.environment = ProcessInfo.processInfo.environment
      .filter { !$0.key.hasPrefix("GOSSAMER_") && $0.key != "OPENAI_API_KEY" }
      .merging(environment) { $1 }
    return try RunningBinary(process, in: folder, input: input)
  }
}

/// A process of the program that has been started.
final class RunningBinary: Sendable {
  private struct State {
    var code: Int32?
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let identifier: pid_t
  private let state: Mutex<State>
  private let output: URL
  private let errors: URL
  private let start = ContinuousClock.now

  /// Standard output and error go to files: a pipe that nobody empties would stop the program.
  fileprivate init(_ process: Process, in folder: Folder, input: String?) throws {
    let stem = ".run-\(UUID().uuidString)"
    output = folder.url.appending(path: stem + ".out")
    errors = folder.url.appending(path: stem + ".err")
    let source = folder.url.appending(path: stem + ".in")
    for (url, text) in [(output, ""), (errors, ""), (source, input ?? "")] {
      try Data(text.utf8).write(to: url)
    }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = try FileHandle(forReadingFrom: source)
    let box = Box()
    process.terminationHandler = { ended in
      let code = ended.terminationStatus
      box.finish(ended.terminationReason == .exit ? code : -code)
    }
    state = Mutex(State())
    try process.run()
    identifier = process.processIdentifier
    box.connect { self.finished($0) }
  }

  /// Sends a signal, unless the process has ended.
  func send(_ signal: Int32) {
    state.withLock { if $0.code == nil { kill(identifier, signal) } }
  }

  /// Whether the process still runs.
  var isRunning: Bool { state.withLock { $0.code == nil } }

  /// What it has said on standard error up to now.
  var errorsSoFar: String {
    (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
  }

  /// Waits for the end.
  func end() async -> GossamerBinary.Answer {
    await withCheckedContinuation { continuation in
      let hasEnded = state.withLock { state in
        guard state.code == nil else { return true }
        state.waiters.append(continuation)
        return false
      }
      if hasEnded { continuation.resume() }
    }
    return GossamerBinary.Answer(
      code: state.withLock { $0.code ?? -1 },
      output: (try? String(contentsOf: output, encoding: .utf8)) ?? "", errors: errorsSoFar,
      seconds: (ContinuousClock.now - start) / .seconds(1))
  }

  private func finished(_ code: Int32) {
    let waiters = state.withLock { state in
      state.code = code
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Brings the end of the process to its owner, whichever of the two is there first.
  private final class Box: Sendable {
    private let state = Mutex((code: Int32?.none, receiver: (@Sendable (Int32) -> Void)?.none))

    func finish(_ code: Int32) {
      let receiver = state.withLock { state in
        state.code = code
        return state.receiver
      }
      receiver?(code)
    }

    func connect(_ receiver: @escaping @Sendable (Int32) -> Void) {
      let code = state.withLock { state in
        state.receiver = receiver
        return state.code
      }
      if let code { receiver(code) }
    }
  }
}
