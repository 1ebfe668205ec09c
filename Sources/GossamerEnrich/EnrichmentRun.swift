import Foundation
import GossamerCorpus
public import GossamerFlow
public import GossamerLLM
import Synchronization

/// What an enrichment did.
public struct EnrichmentReport: Sendable {
  /// Texts that got a result.
  public var made = 0
  /// Texts whose result was there already, of this run or an earlier one.
  public var known = 0
  /// Texts that a site does not want given to models.
  public var refused = 0
  /// Texts without a result, in the file of failures.
  public var failed = 0
  /// Records without a text.
  public var empty = 0
  /// Lines that are no JSON object.
  public var bad = 0
  /// Where the first of them is, as "pages.jsonl, line 3".
  public var firstBad: String?
  /// Why the first text failed that did.
  public var firstFailure: ModelError?
  /// Tokens that were used.
  public var tokens = 0
  /// Why the run ended early, or nil.
  public var halt: ModelError?
  /// What the stage did.
  public var stage: StageFigures?

  /// Nothing done.
  public init() {}
}

/// The lines that a text became, and what they cost.
public struct Enrichment: Sendable {
  /// Whole lines of JSON.
  public var lines: [UInt8]
  /// Tokens that were used.
  public var tokens: Int
}

/// Makes something of every text of a corpus, once.
public protocol Enricher: Sendable {
  /// Provider, model, method and settings: with a text's digest, the key of what is made.
  var method: String { get }
  /// What becomes of a text.
  func enrich(_ record: TextRecord) async throws(ModelError) -> Enrichment
}

/// Runs an enricher over JSON Lines, as many texts at once as it is told.
///
/// What a site does not want given to models is passed over, whatever the method. What was made
/// before is not made again: the results are the memory. A text that fails is noted
/// in the file of failures, which is begun anew by every run, and is tried again by the next one. A
/// spent budget, a refused key and a server that is out of order for every text end the run; so
/// does `stop`, after what is under way.
public struct EnrichmentRun: Sendable {
  /// Files of JSON Lines; `-` is standard input.
  public var inputs: [String]
  /// Texts in place of those of the files.
  public var texts: [TextRecord]?
  /// Where results go; nil hands them to `output` and remembers nothing.
  public var results: String?
  /// Bytes of one file of results, after which another is begun; nil for any number.
  public var resultSize: Int?
  /// Where failures go, or nil.
  public var failures: String?
  /// Texts at once.
  public var concurrency: Int
  /// Takes results where there is no file.
  public var output: @Sendable ([UInt8]) -> Void = { _ in }
  /// Sees the report as it grows.
  public var progress: @Sendable (EnrichmentReport) -> Void = { _ in }
  /// True ends the run early.
  public var stop: @Sendable () -> Bool = { false }

  /// A run.
  public init(inputs: [String], results: String?, failures: String?, concurrency: Int) {
    self.inputs = inputs
    self.results = results
    self.failures = failures
    self.concurrency = max(1, concurrency)
  }

  /// Bytes of texts that are read and not finished.
  private static let bytesUnderWay = 64 << 20

  /// What is under way ends with the task. Cancelled after `stop`, it is a run that ended early;
  /// what was under way is not stored.
  ///
  /// - Throws: `StoreError` for files that cannot be written, `CancellationError`.
  public func run(_ enricher: some Enricher) async throws -> EnrichmentReport {
    let known = results.map { ResultFile.done(path: $0, method: enricher.method) } ?? []
    let letters = try FailureFile(path: failures)
    let source = TextSource(texts.map { .texts($0) } ?? .lines(inputs), known: known, letters)
    let sink = try EnrichmentSink(path: results, limit: resultSize, output: output)
    let outage = Outage()
    let pipeline = Pipeline<TextRecord, Enrichment>(enricher.method, concurrency: concurrency) {
      record in
      do throws(ModelError) {
        let made = try await enricher.enrich(record)
        outage.note(nil)
        return made
      } catch {
        if error.kind == .cancelled { throw CancellationError() }
        if outage.note(error) { throw PipelineHalt(error) }
        throw error
      }
    }
    @Sendable func report() async -> EnrichmentReport {
      var report = await source.counts
      (report.made, report.tokens) = await sink.counts
      (report.failed, report.firstFailure) = await (letters.failed, letters.first)
      return report
    }
    var end: PipelineReport?
    do {
      end = try await pipeline.run(
        source: { try await source.next() }, keepsOrder: results == nil,
        window: max(256, concurrency * 2), weightLimit: Self.bytesUnderWay,
        weigh: { $0.page.text.utf8.count }, stop: stop,
        deadLetters: { letter in await letters.add(letter) },
        sink: { enrichment in
          try await sink.take(enrichment)
          progress(await report())
        })
    } catch is CancellationError where stop() {
    } catch ChannelError.cancelled where stop() {}
    try await sink.finish()
    var whole = await report()
    whole.halt = end?.halt as? ModelError
    whole.stage = end?.stages.first
    return whole
  }
}

/// Tells what is wrong with one text from what is wrong with all of them.
private final class Outage: Sendable {
  /// Failures in a row that may be the texts' own.
  private static let patience = 16
  /// A wait that a run does not sit out.
  private static let longestWait = Duration.seconds(120)
  private let inARow = Mutex(0)

  /// Takes note of how a text ended; true where the next one would end no better.
  @discardableResult
  func note(_ error: ModelError?) -> Bool {
    switch error?.kind {
    case .quota, .auth: return true
    // No such model, no such address.
    case .config where error?.status != 400 && error?.status != 422: return true
    case .rateLimited where error?.retryAfter ?? .zero > Self.longestWait: return true
    case .server, .timeout, .rateLimited, .badJSON:
      return inARow.withLock { inARow in
        inARow += 1
        return inARow >= Self.patience
      }
    default:
      inARow.withLock { $0 = 0 }
      return false
    }
  }
}

/// Reads the texts that are still to be worked on.
private actor TextSource {
  enum Origin {
    case lines([String])
    case texts([TextRecord])
  }

  private(set) var counts = EnrichmentReport()
  private var paths: ArraySlice<String>
  private var lines = LineFiles([])
  private var path = ""
  private var number = 0
  private var texts: ArraySlice<TextRecord>
  private var taken: Set<String>
  private let letters: FailureFile

  init(_ origin: Origin, known: Set<String>, _ letters: FailureFile) {
    switch origin {
    case .lines(let paths): (self.paths, texts) = (paths[...], [])
    case .texts(let records): (paths, texts) = ([], records[...])
    }
    taken = known
    self.letters = letters
  }

  func next() async throws -> TextRecord? {
    while let content = content() {
      try Task.checkCancellation()
      switch content {
      case .bad:
        counts.bad += 1
        counts.firstBad =
          counts.firstBad ?? "\(path == "-" ? "standard input" : path), line \(number)"
      case .empty: counts.empty += 1
      case .record(let record):
        if !record.allowsModels {
          counts.refused += 1
          await letters.refuse(record)
        } else if taken.insert(record.digest).inserted {
          return record
        } else {
          counts.known += 1
        }
      }
    }
    return nil
  }

  private func content() -> TextRecord.Content? {
    if let text = texts.popFirst() { return .record(text) }
    while true {
      if let line = lines.next() {
        number += 1
        if line.contains(where: { $0 > 0x20 }) { return TextRecord.read([UInt8](line)) }
      } else if let next = paths.popFirst() {
        (path, number) = (next, 0)
        lines = LineFiles([next])
      } else {
        return nil
      }
    }
  }
}

/// Stores results; one task feeds it.
private actor EnrichmentSink {
  private var file: ResultFile?
  private let output: @Sendable ([UInt8]) -> Void
  private var made = 0
  private var tokens = 0

  init(
    path: String?, limit: Int?, output: @escaping @Sendable ([UInt8]) -> Void
  ) throws(StoreError) {
    if let path { file = try ResultFile(path: path, limit: limit) } else { file = nil }
    self.output = output
  }

  var counts: (Int, Int) { (made, tokens) }

  func take(_ enrichment: Enrichment) throws {
    if file != nil { try file?.append(enrichment.lines) } else { output(enrichment.lines) }
    made += 1
    tokens += enrichment.tokens
  }

  func finish() throws { try file?.synchronize() }
}

/// What got no result, a line each, with the reason.
private actor FailureFile {
  private(set) var failed = 0
  /// Why the first text failed.
  private(set) var first: ModelError?
  private var file: AppendFile?

  init(path: String?) throws(StoreError) {
    if let path { file = try AppendFile(path: path, committed: 0) } else { file = nil }
  }

  func add(_ letter: DeadLetter<TextRecord>) {
    failed += 1
    let error = letter.error as? ModelError
    first = first ?? error
    write(
      letter.item, kind: error?.kind.rawValue ?? "error",
      message: error?.message ?? "\(letter.error)", attempts: error?.attempts)
  }

  func refuse(_ record: TextRecord) {
    write(
      record, kind: Cause.aiInput.rawValue,
      message: "the site does not want its text given to models", attempts: nil)
  }

  private func write(_ record: TextRecord, kind: String, message: String, attempts: Int?) {
    var line = JSONLine()
    line.add("url", record.page.url)
    line.add("digest", record.digest)
    line.add("kind", kind)
    line.add("message", message)
    line.add("attempts", attempts)
    // A note that cannot be written is no reason to lose the run: the count says it all.
    try? file?.append(line.finished())
  }
}
