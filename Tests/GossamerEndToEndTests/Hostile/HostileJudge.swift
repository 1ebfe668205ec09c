#if Network
  import Foundation

  /// Tells from the records of a crawl what became of each case.
  struct HostileJudge {
    /// What became of a case.
    struct Finding: CustomStringConvertible {
      var outcome: String
      var kinds: [String]
      var requests: Int

      var description: String {
        var seen: Set<String> = []
        let kinds = kinds.filter { seen.insert($0).inserted }
        return ([outcome] + kinds.prefix(4) + ["\(requests) requests"]).joined(separator: " ")
      }
    }

    private let pages: [StoredCorpus.Page]
    private let log: HostileLog
    /// A hundred thousand lines, in the order of the file. Looked up by place, by referrer and by URL.
    private let skips: [StoredCorpus.Skip]
    private var places: [String: [Int]] = [:]
    private var referrers: [String: [Int]] = [:]
    private var urls: [String: [Int]] = [:]

    init(_ corpora: [StoredCorpus], log: HostileLog) throws {
      pages = try corpora.flatMap { try $0.pages() }
      skips = try corpora.flatMap { try $0.skips() }
      self.log = log
      for (index, skip) in skips.enumerated() {
        places[Self.place(of: skip.url), default: []].append(index)
        urls[skip.url, default: []].append(index)
        if let referrer = skip.referrer { referrers[referrer, default: []].append(index) }
      }
    }

    /// The case that a path names, or the origin: what cases have for their own.
    private static func place(of url: String) -> String {
      let parts = url.split(separator: "/", maxSplits: 5, omittingEmptySubsequences: false)
      guard parts.count > 2 else { return url }
      if parts.count == 6, parts[3] == "c" { return String(parts[4]) }
      return parts[0...2].joined(separator: "/") + "/"
    }

    private func all(_ indices: [Int]?...) -> [StoredCorpus.Skip] {
      Set(indices.compactMap(\.self).joined()).sorted().map { skips[$0] }
    }

    /// What became of the case; the outcome is a word of the catalogue.
    func finding(_ hostile: HostileCase) -> Finding {
      let requests = log.log[hostile.id]?.hits ?? 0
      if hostile.expect == "blocked", let link = forbiddenLink(of: hostile) {
        return Finding(outcome: outcome(of: link), kinds: [link.kind], requests: requests)
      }
      let seed = hostile.canonicalURL
      let own = all(places[hostile.origin ?? hostile.id], referrers[seed])
      let trail = trail(from: seed)
      let ends = own.filter { trail.contains($0.url) || $0.depth == 0 }
      if hostile.expect == "bounded", let trap = own.first(where: { isBound($0.kind) }) {
        return Finding(outcome: "bounded", kinds: [trap.kind], requests: requests)
      }
      // A site that came to its own end after a few pages needed no limit.
      if hostile.expect == "bounded", (1..<50).contains(requests) {
        return Finding(outcome: "bounded", kinds: own.map(\.kind), requests: requests)
      }
      // A sitemap or a robots.txt that failed, or of which a part was used.
      if hostile.expect.hasPrefix("fail"),
        let helper = own.first(where: { $0.kind == hostile.kind }),
        !trail.contains(helper.url)
      {
        return Finding(
          outcome: self.outcome(of: helper), kinds: [helper.kind], requests: requests)
      }
      let isPartly = own.contains {
        $0.depth == nil && !trail.contains($0.url) && $0.rule != "faults in the XML"
      }
      if let page = pages.first(where: { trail.contains($0.url) }) {
        let outcome = self.outcome(of: page, hostile)
        return Finding(
          outcome: outcome == "ok" && isPartly ? "ok-truncated" : outcome,
          kinds: (page.limits ?? []) + own.map(\.kind), requests: requests)
      }
      if let end = skips(of: trail).last(where: { $0.kind != "redirect" }) {
        let outcome = self.outcome(of: end)
        return Finding(
          outcome: outcome == "ok" && isPartly ? "ok-truncated" : outcome,
          kinds: kinds(of: end, own), requests: requests)
      }
      if let end = ends.last {
        return Finding(outcome: outcome(of: end), kinds: kinds(of: end, own), requests: requests)
      }
      return Finding(outcome: "lost", kinds: [], requests: requests)
    }

    /// What became of the page that a model was to summarize: it is stored with its text, and has a
    /// summary or the reason why not.
    static func finding(ofModel corpus: StoredCorpus) throws -> Finding {
      guard let page = try corpus.pages().first, page.text?.isEmpty == false else {
        return Finding(outcome: "lost", kinds: [], requests: 0)
      }
      let isMarked = page.summary != nil || page.summaryError?.kind.hasPrefix("llm.") == true
      return Finding(
        outcome: isMarked ? "llm" : "unmarked",
        kinds: ["llm", page.summaryError?.kind ?? "summary"], requests: 0)
    }

    /// Whether the finding is what the catalogue wants.
    func isExpected(_ finding: Finding, of hostile: HostileCase) -> Bool {
      let kindFits = hostile.kind.isEmpty || finding.kinds.contains(hostile.kind)
      // A host that failed at robots.txt: the cause stands beside the label of that.
      if finding.kinds.first == "policy.robots_unavailable", hostile.expect == "fail-retry" {
        // Whether a hang-up is seen as an end or as a reset is the kernel's to decide.
        let hangUps = ["net.closed", "net.reset"]
        let isHangUp =
          hangUps.contains(hostile.kind) && finding.kinds.contains(where: hangUps.contains)
        return (kindFits || isHangUp) && finding.kinds.contains("tried again")
      }
      switch hostile.expect {
      // The crawl goes on after the delay: a stored page, or a host given up with the reason.
      case "defer": return finding.outcome == "ok" || kindFits
      // What has no label of its own leaves no trace on the record.
      case "ok-recovered" where hostile.kind.isEmpty: return finding.outcome.hasPrefix("ok")
      case "ok-recovered": return finding.outcome.hasPrefix("ok") && kindFits
      case "bounded": return finding.outcome == "bounded"
      case "ok": return finding.outcome.hasPrefix("ok")
      default: return finding.outcome == hostile.expect && kindFits
      }
    }

    /// The URL and all that redirects lead to from there.
    private func trail(from seed: String) -> Set<String> {
      var trail: Set<String> = [seed]
      var last = seed
      while let next = all(urls[last]).first(where: { $0.kind == "redirect" })?.value,
        trail.insert(withoutUser(next)).inserted
      {
        last = withoutUser(next)
      }
      return trail
    }

    /// Canonical URLs have no user, redirects are told as they were sent.
    private func withoutUser(_ url: String) -> String {
      guard let at = url.firstIndex(of: "@"), let start = url.range(of: "://")?.upperBound,
        start < at, !url[start..<at].contains("/")
      else { return url }
      return String(url[..<start]) + url[url.index(after: at)...]
    }

    private func skips(of trail: Set<String>) -> [StoredCorpus.Skip] {
      Set(trail.flatMap { urls[$0] ?? [] }).sorted().map { skips[$0] }
    }

    private func isBound(_ kind: String) -> Bool {
      kind == "policy.trap" || kind == "redirect.too_many" || kind.hasPrefix("limit.")
    }

    private func outcome(of page: StoredCorpus.Page, _ hostile: HostileCase) -> String {
      if page.truncated != nil { return "ok-truncated" }
      if page.limits?.contains("parse.links") == true { return "ok-truncated" }
      return page.limits?.isEmpty ?? true ? "ok" : "ok-recovered"
    }

    private func kinds(of end: StoredCorpus.Skip, _ own: [StoredCorpus.Skip]) -> [String] {
      var kinds = [end.kind] + (end.limits ?? []) + own.map(\.kind)
      if end.kind == "policy.robots_unavailable", let rule = end.rule {
        kinds += rule.split(separator: ",").map(String.init)
        if rule.hasSuffix(" tries") { kinds.append("tried again") }
      }
      return kinds
    }

    /// The first of a page's links, if none of those that lead to other hosts was followed.
    private func forbiddenLink(of hostile: HostileCase) -> StoredCorpus.Skip? {
      guard pages.contains(where: { $0.url == hostile.canonicalURL }) else { return nil }
      let links = all(referrers[hostile.canonicalURL])
      return links.first { $0.kind == hostile.kind } ?? links.first
    }

    private func outcome(of skip: StoredCorpus.Skip) -> String {
      let cuts = ["body.bomb", "body.too_large", "body.decode"]
      if skip.kind == "duplicate", skip.limits?.contains(where: cuts.contains) == true {
        return "ok-truncated"
      }
      if skip.rule?.hasSuffix(" tries") == true || skip.rule?.hasSuffix("in a row") == true,
        !skip.kind.hasPrefix("policy.")
      {
        return "fail-retry"
      }
      return switch skip.kind {
      case "policy.address_blocked", "policy.robots", "policy.scope": "blocked"
      case "policy.type", "policy.meta_robots": "skip"
      case "policy.robots_unavailable", "rate.limited": "defer"
      case "policy.trap": "bounded"
      case "duplicate": "ok"
      default: (skip.attempt ?? 1) > 1 ? "fail-retry" : "fail-fast"
      }
    }
  }
#endif
