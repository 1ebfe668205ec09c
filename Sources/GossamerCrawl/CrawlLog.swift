import GossamerCorpus
import GossamerFrontier
import Logging

/// Tells a log what becomes of each visit: pages and skips at `debug`, further tries at `info`.
struct CrawlLog: Sendable {
  let logger: Logger

  func tell(_ result: PageResult) {
    guard logger.logLevel <= .info else { return }
    for postponed in result.receipt.postponed {
      logger.info(
        "tried again later",
        metadata: [
          "url": "\(postponed.entry.url)", "tries": "\(postponed.entry.failedTries)",
          "seconds": "\(postponed.dueIn / .seconds(1))",
        ])
    }
    guard logger.logLevel <= .debug else { return }
    if let record = result.page?.record {
      logger.debug(
        "page",
        metadata: Self.metadata(
          ("url", record.url), ("status", record.status), ("bytes", record.bytes),
          ("seconds", record.fetchSeconds), ("depth", record.depth)))
    }
    for skip in result.skipped {
      logger.debug(
        "skipped",
        metadata: Self.metadata(
          ("url", skip.url), ("kind", skip.kind), ("rule", skip.rule), ("value", skip.value),
          ("status", skip.status)))
    }
  }

  /// What is not known is left out.
  private static func metadata(
    _ facts: (name: String, value: (any CustomStringConvertible)?)...
  ) -> Logger.Metadata {
    var metadata: Logger.Metadata = [:]
    for fact in facts { metadata[fact.name] = fact.value.map { .string($0.description) } }
    return metadata
  }
}
