import Foundation
import Gossamer
import Synchronization

/// One run of an enricher for a command: files, progress, signals, and how it ends.
struct EnrichmentWork {
  private var run: EnrichmentRun
  private let plan: ModelPlan
  private let console: Console
  private let verb: String
  private let place: String
  /// Remembers limits between runs; nil where there is no directory to keep it in.
  private let limits: LimiterFile?
  /// The model in bulk, which is told when the user wants to leave.
  private let bulk = Bulk()
  /// Held while the directory is written to.
  private let lock: DirectoryLock?

  /// - Throws: `CommandFailure` for inputs that are not there or are in use.
  init(
    _ corpus: CorpusOptions, results: KeyPath<CorpusLayout, String>,
    failures: KeyPath<CorpusLayout, String>, plan: ModelPlan, console: Console, verb: String,
    textsAtOnce: Int = 1
  ) throws {
    self.plan = plan
    self.console = console
    self.verb = verb
    let concurrency = plan.concurrency * textsAtOnce
    let inputs = try corpus.files()
    if let directory = inputs.first, Self.isDirectory(directory) {
      guard inputs.count == 1, corpus.output == nil, corpus.outputSize == nil else {
        throw CommandFailure(
          .usage,
          "one directory at a time, and its results stay in it (\(directory)): "
            + "leave other inputs, --output and --output-size out")
      }
      let layout = CorpusLayout(root: directory)
      let files = layout.pageFiles
      guard !files.isEmpty else {
        throw CommandFailure(
          .usage, "there are no pages (\(directory)): name the output directory of a crawl")
      }
      do { lock = try DirectoryLock(layout) } catch { throw CommandFailure(error) }
      limits = plan.provider == .extractive ? nil : LimiterFile(layout.modelLimits, of: plan)
      place = layout[keyPath: results]
      run = EnrichmentRun(
        inputs: files, results: place, failures: layout[keyPath: failures],
        concurrency: concurrency)
    } else {
      for path in inputs where path != "-" {
        guard FileManager.default.isReadableFile(atPath: path), !Self.isDirectory(path) else {
          throw CommandFailure(.usage, "cannot read the texts (\(path)): check the path")
        }
      }
      lock = nil
      limits = nil
      place = corpus.output ?? "standard output"
      run = EnrichmentRun(
        inputs: inputs, results: corpus.output,
        failures: corpus.output.map { $0 + ".failed" }, concurrency: concurrency)
      run.resultSize = corpus.outputSize?.bytes
    }
    run.output = { Output.bytes($0) }
  }

  private static func isDirectory(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && isDirectory.boolValue
  }

  /// Which words are common in the texts.
  func statistics() -> CorpusStatistics {
    var statistics = CorpusStatistics()
    var lines = LineFiles(run.inputs)
    while let line = lines.next() {
      if case .record(let record) = TextRecord.read([UInt8](line)) { statistics.add(record.page) }
    }
    return statistics
  }

  /// The plan's model, over a transport.
  func model(over transport: any HTTPTransport) throws -> any LanguageModel {
    guard let batches = plan.batches else { return try plan.model(over: transport) }
    let model = try plan.bulkModel(batches, over: transport)
    bulk.set(model)
    return model
  }

  /// Runs an enricher that calls a server.
  func runOverNetwork<Made: Enricher>(
    upTo level: SummaryLevel = .page, _ make: (any HTTPTransport) throws -> Made
  ) async throws {
    #if Network
      let transport = plan.transport()
      do {
        let enricher = try make(transport)
        if let limits {
          try await limits.keep { try await run(enricher, upTo: level) }
        } else {
          try await run(enricher, upTo: level)
        }
        await transport.shutdown()
      } catch {
        await transport.shutdown()
        throw CommandFailure(error)
      }
    #else
      throw CommandFailure(
        .usage, "this binary was built without the network: build it with the trait")
    #endif
  }

  /// Runs an enricher to its end, level by level, and tells how it went.
  ///
  /// - Throws: `CommandFailure` where the user must know something.
  func run(_ enricher: some Enricher, upTo level: SummaryLevel = .page) async throws {
    if level != .page, run.results == nil {
      throw CommandFailure(
        .usage, "summaries of sites are made of those of pages: name their file with --output")
    }
    var partly: CommandFailure?
    for current in SummaryLevel.allCases {
      var run = run
      // Each run begins its file of failures anew.
      if current != .page { run.failures = run.failures.map { "\($0).\(current.rawValue)" } }
      run.texts =
        current == .page
        ? nil : current.texts(path: run.results ?? "", method: enricher.method)
      let verb = current == .page ? verb : "\(current.rawValue)s \(verb)"
      if let failure = try await self.run(run, enricher, verb: verb) { partly = failure }
      if current == level { break }
    }
    if let partly { throw partly }
  }

  /// - Returns: what failed, where the rest went on.
  private func run(
    _ run: EnrichmentRun, _ enricher: some Enricher, verb: String
  ) async throws -> CommandFailure? {
    let start = ContinuousClock.now
    let stopped = Flag()
    let progress = Progress(console, plan, verb, since: start)
    var run = run
    run.stop = { stopped.isSet }
    run.progress = { progress.show($0) }
    let report = try await report(of: run, enricher, stopped)
    return try tell(
      report, verb: verb, seconds: (ContinuousClock.now - start) / .seconds(1),
      isStopped: stopped.isSet)
  }

  /// How long a call may take to end once the user wants to leave.
  private static let patience = Duration.seconds(4)

  /// The run beside its signals: the first one ends it after what is under way, within seconds.
  private func report(
    of run: EnrichmentRun, _ enricher: some Enricher, _ stopped: Flag
  ) async throws -> EnrichmentReport {
    let signals = StopSignals()
    do {
      return try await withThrowingTaskGroup(of: EnrichmentReport?.self) { group in
        group.addTask { try await run.run(enricher) }
        group.addTask {
          if await signals.first() {
            stopped.set()
            await bulk.leave()
            try? await Task.sleep(for: Self.patience)
          }
          return nil
        }
        // The first to return something is the run itself; the other only when patience ends.
        var report: EnrichmentReport?
        while report == nil, let next = try await group.next() {
          report = next
          if report == nil { group.cancelAll() }
        }
        group.cancelAll()
        return report ?? EnrichmentReport()
      }
    } catch {
      throw CommandFailure(error)
    }
  }

  private func tell(
    _ report: EnrichmentReport, verb: String, seconds: Double, isStopped: Bool
  ) throws -> CommandFailure? {
    var parts = ["\(report.made) \(verb)"]
    if report.known > 0 { parts.append("\(report.known) there before") }
    if report.refused > 0 { parts.append("\(report.refused) kept from models by their sites") }
    if report.empty > 0 { parts.append("\(report.empty) without text") }
    if report.tokens > 0 { parts.append("\(report.tokens) tokens") }
    console.say(
      parts.joined(separator: ", ") + " in \((seconds * 10).rounded() / 10) s: \(place)")
    if isStopped {
      throw CommandFailure(.stopped, "stopped (\(place)): run the same command again to go on")
    }
    if let halt = report.halt {
      throw CommandFailure(
        halt.kind == .config ? .usage : .partly,
        "\(verb) \(report.made) texts, then stopped (\(halt.description)): \(advice(on: halt))")
    }
    var faults: [String] = []
    var advice: [String] = []
    if report.failed > 0 {
      let reason = report.firstFailure.map { ", the first with \($0.description)" } ?? ""
      faults.append("\(report.failed) of the texts failed\(reason)")
      advice.append("run the same command again to retry")
    }
    if report.bad > 0 {
      let lines = report.bad == 1 ? "1 line is no JSON:" : "\(report.bad) lines are no JSON, first"
      faults.append("\(lines) \(report.firstBad ?? place)")
      advice.append("correct what is no JSON or leave it out")
    }
    guard !faults.isEmpty else { return nil }
    let file = report.failed > 0 ? run.failures.map { " (\($0))" } ?? "" : ""
    return CommandFailure(
      .partly, faults.joined(separator: "; ") + file + ": " + advice.joined(separator: ", "))
  }

  /// What to do about an error that ended a run.
  private func advice(on halt: ModelError) -> String {
    let again = "run the same command again to go on"
    switch halt.kind {
    case .auth:
      let names = APIKey.variables(of: plan.provider.rawValue).joined(separator: " or ")
      return "set the right key in \(names), then \(again)"
    case .config: return "check --llm-url and --model, then \(again)"
    case .server, .timeout, .badJSON:
      return "see that a model server answers at \(plan.url ?? "the provider"), then \(again)"
    case .rateLimited:
      let hours = halt.retryAfter.map { " in about \(max(1, Int($0 / .seconds(60)))) minutes" }
      return again + (hours ?? " later")
    default: return again
    }
  }

  /// The model in bulk, once there is one.
  private final class Bulk: Sendable {
    private let model = Mutex(BatchModel?.none)
    func set(_ model: BatchModel) { self.model.withLock { $0 = model } }
    func leave() async {
      let model = model.withLock { $0 }
      await model?.leave()
    }
  }

  /// A switch that one task sets and others see.
  private final class Flag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
  }

  /// The progress line: often on a terminal, every 10 s elsewhere.
  private final class Progress: Sendable {
    private let console: Console
    private let plan: ModelPlan
    private let verb: String
    private let start: ContinuousClock.Instant
    private let next: Mutex<ContinuousClock.Instant>

    init(
      _ console: Console, _ plan: ModelPlan, _ verb: String, since start: ContinuousClock.Instant
    ) {
      self.console = console
      self.plan = plan
      self.verb = verb
      self.start = start
      next = Mutex(start + .seconds(console.isTerminal ? 0 : 10))
    }

    func show(_ report: EnrichmentReport) {
      let now = ContinuousClock.now
      let isDue = next.withLock { next in
        guard now >= next else { return false }
        next = now + .seconds(console.isTerminal ? 0.25 : 10)
        return true
      }
      guard isDue else { return }
      var parts = ["\(report.made) \(verb)"]
      let seconds = (now - start) / .seconds(1)
      if seconds > 1 { parts.append("\(Int(Double(report.made) / seconds * 60)) a minute") }
      if report.failed > 0 { parts.append("\(report.failed) failed") }
      if report.tokens > 0 { parts.append("\(report.tokens) tokens") }
      if let budget = plan.budget?.budget, budget.limit > 0, report.made > 0 {
        let each = max(1, budget.spent / report.made)
        parts.append(
          "budget \(budget.spent * 100 / budget.limit) % spent, enough for about "
            + "\(budget.left / each) more")
      }
      console.draw(parts.joined(separator: " · "))
    }
  }
}
