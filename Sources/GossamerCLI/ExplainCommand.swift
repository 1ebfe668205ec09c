import ArgumentParser
import Foundation
import Gossamer

/// `gossamer explain`: everything known about one URL.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Tell everything known about one URL of a crawl.",
    discussion: "Works beside a crawl that is running. Nothing is fetched.")

  @Argument(help: "The output directory of a crawl.")
  var directory: String
  @Argument(help: "The URL.")
  var url: String
  @Flag(name: .long, help: "One JSON object instead of text.")
  var json = false

  func run() throws {
    guard let parsed = WebURL(url), let canonical = CanonicalURL(parsed) else {
      throw CommandFailure(
        .usage, "'\(url)' is no URL of the web: give one with http:// or https://")
    }
    do {
      let layout = CorpusLayout(root: directory)
      let explanation = try Explanation(of: canonical, parsed: parsed, in: layout)
      if json {
        Output.bytes(explanation.line(input: url))
      } else {
        Output.bytes(Array(ExplanationText(explanation, input: url).text.utf8))
      }
    } catch {
      throw CommandFailure(error)
    }
  }
}

/// An explanation as people read it: a heading a topic, a fact a line.
struct ExplanationText {
  private(set) var text = ""
  private let facts: Explanation
  private let now = Timestamp.now()

  init(_ facts: Explanation, input: String) {
    self.facts = facts
    addIdentity(input)
    addState()
    addHost()
    addRobots()
    addUse("site says", PageRecord.Preferences(facts.sitePreferences))
    addPage()
    addSkips()
  }

  // MARK: Topics

  private mutating func addIdentity(_ input: String) {
    text += "\(Self.plain(facts.url.string))\n"
    if input != facts.url.string { add("given as", input) }
    add("SURT", facts.url.surt)
    add("host", facts.url.hostKey)
    add("domain", facts.url.registeredDomain)
  }

  private mutating func addState() {
    begin("state: \(facts.state)")
    guard let known = facts.known else {
      return add(
        nil,
        facts.skips.isEmpty
          ? "never seen by this crawl" : "found, but never accepted: see the decisions below")
    }
    if known.purpose != .page { add("wanted as", "\(known.purpose)") }
    add("depth", "\(known.depth)")
    add("seed", known.seed)
    add("found on", known.referrer)
    for redirect in known.redirects { add("redirected by", redirect) }
    add("changed, it says", known.modifiedAt.map { Timestamp.rfc3339(Double($0)) })
    if known.failedTries > 0 { add("failed tries", "\(known.failedTries)") }
    add("not before", known.dueAt.map(Timestamp.rfc3339))
  }

  private mutating func addHost() {
    guard let host = facts.host else { return }
    begin("host")
    add("pages stored", "\(host.pagesStored)")
    add("asked", host.wasAsked ? "yes" : "not yet")
    add("least gap", facts.gap.map(Self.seconds))
    add("its Crawl-delay", host.crawlDelay.map(Self.seconds))
    add("rests until", host.rests(at: now).map(Timestamp.rfc3339))
    if host.refusalsInARow > 0 { add("refusals in a row", "\(host.refusalsInARow)") }
    if host.failuresInARow > 0 { add("failures in a row", "\(host.failuresInARow)") }
  }

  private mutating func addRobots() {
    begin("robots.txt")
    guard let robots = facts.robots else { return add(nil, "not asked for") }
    add("asked for", Self.answer(robots))
    if let verdict = facts.verdict {
      let line = verdict.line.map { "line \($0): " } ?? ""
      let ground = verdict.rule.map { line + $0 } ?? (verdict.isAllowed ? "no rule" : "no file")
      add(verdict.isAllowed ? "allowed" : "forbidden", "for \(facts.token), by \(ground)")
    } else {
      add(nil, "not obeyed in this crawl")
    }
    add("Crawl-delay", facts.crawlDelay.map(Self.seconds))
    if let reservations = facts.reservations { add("tdmrep.json", Self.answer(reservations)) }
  }

  private mutating func addUse(_ heading: String, _ use: PageRecord.Preferences?) {
    guard let use else { return }
    begin(heading)
    add("search", use.search)
    add("input to models", use.aiInput)
    add("training", use.aiTrain)
    add("longest excerpt", use.maxSnippet.map { "\($0) characters" })
    for license in use.licenses ?? [] { add("terms", license) }
    for statement in use.evidence ?? [] { add("because", "\(statement.source): \(statement.text)") }
  }

  private mutating func addPage() {
    guard let page = facts.page else { return }
    begin("page")
    let seconds = page.fetchSeconds.map { " in \(Self.seconds($0))" } ?? ""
    add("fetched", page.fetchedAt.map { $0 + seconds })
    add("status", page.status.map { "\($0)" })
    add("try", page.attempt.map { "\($0)" })
    add("type", [page.contentType, page.charset].compactMap { $0 }.joined(separator: ", "))
    add("bytes", page.bytes.map { "\($0)" })
    add("cut", page.truncated)
    add("digest", page.digest)
    add("title", page.title)
    add("language", page.language)
    add("words", page.wordCount.map { "\($0)" })
    add("links", page.links.map { "\($0.count)" })
    add("directives", page.robots?.joined(separator: ", "))
    add("limits", page.limits?.joined(separator: ", "))
    add("summary", page.summary.map { "\($0.text) (\($0.model ?? $0.provider))" })
    add("no summary", page.summaryError.map { "\($0.kind): \($0.message)" })
    add("archived", page.warc.map { "\($0.file), \($0.length) bytes at \($0.offset)" })
    addUse("use of the page", page.preferences)
  }

  private mutating func addSkips() {
    guard !facts.skips.isEmpty else { return }
    begin("decisions against it")
    for skip in facts.skips {
      let parts = [
        skip.rule, skip.status.map { "status \($0)" }, skip.value.map { "found \($0)" },
        skip.threshold.map { "limit \($0)" }, skip.referrer.map { "link on \($0)" },
      ]
      add(skip.at ?? "", ([skip.kind] + parts.compactMap { $0 }).joined(separator: ", "))
    }
  }

  // MARK: Lines

  private mutating func begin(_ heading: String) { text += "\n\(heading)\n" }

  private mutating func add(_ name: String?, _ value: String?) {
    guard let value, !value.isEmpty else { return }
    let label = name ?? ""
    let blanks = String(repeating: " ", count: max(1, 18 - label.count))
    text += "  \(label)\(name == nil ? "" : blanks)\(Self.plain(value))\n"
  }

  private static func answer(_ record: PermissionRecord) -> String {
    [
      record.at, record.status.map { "status \($0)" }, record.error,
      record.url.map { "from \($0)" },
    ]
    .compactMap { $0 }.joined(separator: ", ")
  }

  private static func seconds(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? "\(Int(rounded)) s" : "\(rounded) s"
  }

  /// Text of pages must not steer a terminal, nor break lines.
  private static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator: " "
          default: scalar
          }
        }))
  }
}
