public import GossamerCorpus
import GossamerRobots

extension Explanation {
  /// The explanation as one JSON line; unknown things are absent.
  ///
  /// - Parameter input: the URL as it was given.
  public func line(input: String, now: Double = Timestamp.now()) -> [UInt8] {
    var line = JSONLine(capacity: 4096)
    line.add("input", input)
    line.add("url", url.string)
    line.add("surt", url.surt)
    line.add("host_key", url.hostKey)
    line.add("domain", url.registeredDomain)
    line.add("state", state)
    addKnown(to: &line)
    addHost(to: &line, now)
    addRobots(to: &line)
    if let preferences = PageRecord.Preferences(sitePreferences) {
      line.addObject("site_preferences") { preferences.add(to: &$0) }
    }
    line.addLines("skips", skips.map { $0.line() })
    line.add("duplicate_of", duplicateOf)
    addPage(to: &line)
    return line.finished()
  }

  private func addKnown(to line: inout JSONLine) {
    guard let known else { return }
    line.add("purpose", "\(known.purpose)")
    line.add("depth", known.depth)
    line.add("seed", known.seed)
    line.add("referrer", known.referrer)
    line.add("redirects", known.redirects)
    line.add("failed_tries", known.failedTries)
    line.add("due_at", known.dueAt.map(Timestamp.rfc3339))
    line.add("modified_at", known.modifiedAt.map { Timestamp.rfc3339(Double($0)) })
  }

  private func addHost(to line: inout JSONLine, _ now: Double) {
    guard let host else { return }
    line.addObject("host") {
      $0.add("asked", host.wasAsked)
      $0.add("pages", host.pagesStored)
      $0.add("gap", gap)
      $0.add("crawl_delay", host.crawlDelay)
      $0.add("rests_until", host.rests(at: now).map(Timestamp.rfc3339))
      $0.add("refusals_in_row", host.refusalsInARow)
      $0.add("failures_in_row", host.failuresInARow)
    }
  }

  private func addRobots(to line: inout JSONLine) {
    if let robots {
      line.addObject("robots") {
        $0.add("agent", token)
        $0.add("allowed", verdict?.isAllowed)
        $0.add("rule", verdict?.rule)
        $0.add("line", verdict?.line)
        $0.add("crawl_delay", crawlDelay)
        robots.addAnswer(to: &$0)
      }
    }
    if let reservations { line.addObject("tdmrep") { reservations.addAnswer(to: &$0) } }
  }

  /// The record without what fills screens.
  private func addPage(to line: inout JSONLine) {
    guard var page else { return }
    line.add("text_bytes", page.text?.utf8.count)
    line.add("links", page.links?.count)
    (page.text, page.markdown, page.links) = (nil, nil, nil)
    (page.headings, page.structured) = (nil, nil)
    line.addLine("page", PageRecord.finish(line: page.openLine(), at: page.warc))
  }
}

extension PermissionRecord {
  fileprivate func addAnswer(to line: inout JSONLine) {
    line.add("from", url ?? "\(origin)/\(file == .robots ? "" : ".well-known/")\(file.rawValue)")
    line.add("status", status)
    line.add("error", error)
    line.add("asked_at", at)
  }
}
