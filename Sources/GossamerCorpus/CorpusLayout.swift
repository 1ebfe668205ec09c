import Foundation

/// Where things are in an output directory. The only place that knows the names.
public struct CorpusLayout: Sendable, Equatable {
  /// The directory, without a slash at its end.
  public let root: String

  /// The layout below a directory.
  public init(root: String) {
    self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
  }

  /// State of the crawl: frontier, seen set, host pace.
  public var database: String { root + "/crawl.db" }
  /// Page records.
  public var pages: String { root + "/pages/" }
  /// The files of page records that are there, in the order of their numbers.
  public var pageFiles: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: pages)) ?? []
    return names.filter { $0.hasSuffix(".jsonl") }.sorted().map { pages + $0 }
  }
  /// Archived exchanges.
  public var archive: String { root + "/warc/" }
  /// Where in the archive each capture is, for replay tools. Sorted when a crawl ends.
  public var archiveIndex: String { archive + "index.cdxj" }
  /// Results of the language stage.
  public var summaries: String { root + "/summaries.jsonl" }
  /// What the language stage gave up on, or was not allowed to read, in its last run.
  public var failedSummaries: String { root + "/summaries.failed.jsonl" }
  /// Vectors of passages.
  public var embeddings: String { root + "/embeddings.jsonl" }
  /// What embedding gave up on, or was not allowed to read, in its last run.
  public var failedEmbeddings: String { root + "/embeddings.failed.jsonl" }
  /// Answers to questions about the corpus.
  public var answers: String { root + "/answers.jsonl" }
  /// Every step that led to them.
  public var transcripts: String { root + "/transcripts.jsonl" }
  /// What was learned of the limits of models, so that it outlives a run.
  public var modelLimits: String { root + "/model-limits.json" }
  /// The index of words and vectors; made of the other files, and made again when it is gone.
  public var searchIndex: String { root + "/search.db" }
  /// Bulk jobs that run at a provider, so that another run collects them.
  public var batches: String { root + "/batches.jsonl" }
  /// What was not fetched or not kept.
  public var skipped: String { root + "/skipped.jsonl" }
  /// robots.txt and tdmrep.json files as they were when asked for.
  public var permissions: String { root + "/permissions.jsonl" }
  /// What sites repeat from page to page, written when a run ends.
  public var sites: String { root + "/sites.jsonl" }
  /// What happened, with plots.
  public var report: String { root + "/report.html" }
  /// Identity, dates, settings, counts.
  public var manifest: String { root + "/manifest.json" }
  /// Held by the process that writes.
  public var lock: String { root + "/crawl.lock" }
}
