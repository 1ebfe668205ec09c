extension PageRecord {
  /// The record as one JSON line, all but its end: whoever owns the archive file adds `warc` with
  /// ``finish(line:at:)`` once the offset is known, so that encoding can run in many tasks.
  public func openLine() -> [UInt8] {
    let size = (text?.utf8.count ?? 0) + (markdown?.utf8.count ?? 0) + 160 * (links?.count ?? 0)
    var line = JSONLine(capacity: size + size / 8 + 1024)
    addFetch(to: &line)
    addMetadata(to: &line)
    addContent(to: &line)
    addVerdicts(to: &line)
    return line.open()
  }

  /// Ends a line begun by ``openLine()``.
  public static func finish(line: consuming [UInt8], at place: Place?) -> [UInt8] {
    var line = JSONLine(continuing: line)
    if let place {
      line.addObject("warc") {
        $0.add("file", place.file)
        $0.add("offset", place.offset)
        $0.add("length", place.length)
      }
    }
    return line.finished()
  }

  private func addFetch(to line: inout JSONLine) {
    line.add("url", url)
    line.add("host", host)
    line.add("seed", seed)
    line.add("depth", depth)
    line.add("referrer", referrer)
    line.add("redirects", redirects ?? [])
    line.add("status", status)
    line.add("fetched_at", fetchedAt)
    line.add("fetch_seconds", fetchSeconds, decimals: 6)
    line.add("queued_seconds", queuedSeconds)
    line.add("attempt", attempt)
    line.add("content_type", contentType)
    line.add("charset", charset)
    line.add("bytes", bytes)
    line.add("digest", digest)
    line.add("truncated", truncated)
  }

  private func addMetadata(to line: inout JSONLine) {
    line.add("title", title)
    line.add("description", description)
    line.add("author", author)
    line.add("published", published)
    line.add("modified", modified)
    line.add("site_name", siteName)
    line.add("language", language)
    line.add("canonical", canonical)
  }

  private func addContent(to line: inout JSONLine) {
    line.add("text", text)
    line.add("markdown", markdown)
    line.add("word_count", wordCount)
    line.add("tokens", tokens)
    line.add("direction", direction)
    line.addObjects("images", images ?? []) {
      $0.add("url", $1.url)
      $0.add("description", $1.description)
      $0.add("caption", $1.caption)
    }
    line.add("comments", comments)
    if let extraction { line.addObject("extraction") { extraction.add(to: &$0) } }
    line.addObjects("links", links ?? []) {
      $0.add("url", $1.url)
      $0.add("text", $1.text)
      $0.add("rel", $1.rel)
      $0.add("kind", $1.kind)
    }
    line.addObjects("headings", headings ?? []) {
      $0.add("level", $1.level)
      $0.add("text", $1.text)
    }
    guard let structured, !structured.isEmpty else { return }
    line.addObject("structured") { object in
      for (name, values) in structured.sorted(by: { $0.key < $1.key }) {
        object.add(named: name, values)
      }
    }
  }

  private func addVerdicts(to line: inout JSONLine) {
    line.add("robots", robots ?? [])
    if let preferences { line.addObject("preferences") { preferences.add(to: &$0) } }
    line.add("limits", limits ?? [])
    if let summary {
      line.addObject("summary") {
        $0.add("text", summary.text)
        $0.add("provider", summary.provider)
        $0.add("model", summary.model)
        $0.add("method", summary.method)
        $0.add("flags", summary.flags ?? [])
      }
    }
    if let summaryError {
      line.addObject("summary_error") {
        $0.add("kind", summaryError.kind)
        $0.add("message", summaryError.message)
      }
    }
  }
}
