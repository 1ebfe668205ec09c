#if Network
  import ArgumentParser
  import Gossamer

  /// What is said at the end of a crawl, and with which exit code.
  struct CrawlEnding {
    let result: CrawlRun.Result
    let plan: CrawlPlan
    let console: Console

    /// - Throws: `ExitCode` or `CommandFailure` where the end is not simply good.
    func tell() throws {
      console.say(summary)
      if let report = result.report, report.pageCount > 0 || result.counts.known > 0 {
        console.say("report: \(plan.layout.report)")
      }
      switch result.end {
      case .stopped:
        console.say("stopped; run the same command again to go on")
        throw ExitCode(CommandFailure.Code.stopped.rawValue)
      case .budget:
        console.say(
          "a limit was reached with \(result.counts.pending) URLs waiting; raise it to go on")
      case .finished: break
      }
      try tellFailures()
    }

    private var summary: String {
      let counters = result.counters
      let new = result.counts.pages - result.pagesBefore
      var parts = [
        Self.count(result.counts.pages, "page") + (result.wasContinued ? " (\(new) new)" : ""),
        Self.count(result.counts.hosts, "host"),
      ]
      if new > 0, result.seconds >= 1 {
        let tenths = (10 * Double(new) / result.seconds).rounded()
        let pace = tenths < 100 ? "\(tenths / 10)" : "\(Int(tenths / 10))"
        parts.append("\(Int(result.seconds.rounded())) s at \(pace) pages/s")
      }
      if counters.duplicates > 0 { parts.append(Self.count(counters.duplicates, "duplicate")) }
      if counters.skips > 0 { parts.append("\(counters.skips) skipped") }
      if counters.failures > 0 { parts.append("\(counters.failures) failed") }
      if counters.summaries > 0 { parts.append("\(counters.summaries) summarized") }
      return parts.joined(separator: ", ")
    }

    private static func count(_ number: Int, _ noun: String) -> String {
      "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    /// Seeds without an answer, and summaries that failed, are what a user must not overlook.
    private func tellFailures() throws {
      if let seed = result.counters.failedSeeds.first {
        let count = result.counters.failedSeeds.count
        let others = count > 1 ? " and \(Self.count(count - 1, "more seed"))" : ""
        throw CommandFailure(
          .partly,
          "no page from \(seed.url)\(others) (\(seed.reason)): see \(plan.layout.skipped)")
      }
      if result.counters.summaryFailures > 0 {
        throw CommandFailure(
          .partly,
          "\(Self.count(result.counters.summaryFailures, "page")) without a summary "
            + "(summary_error in \(plan.layout.pages)): check the model server; the pages are stored"
        )
      }
    }
  }
#endif
