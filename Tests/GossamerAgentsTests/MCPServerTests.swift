import Foundation
import GossamerAgents
import GossamerCorpus
import GossamerLLM
import Synchronization
import Testing

@Suite("A server of the Model Context Protocol", .timeLimit(.minutes(5)))
struct MCPServerTests {
  private static let meta =
    #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#
    + #""io.modelcontextprotocol/clientCapabilities":{}}"#
  private static let hello =
    #"{"jsonrpc":"2.0","id":"hello","method":"initialize","params":{"protocolVersion":"2025-11-25","#
    + #""capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#

  private static func modern(_ method: String, _ params: String = "", id: Int = 1) -> String {
    let rest = params.isEmpty ? "" : "," + params
    return #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":{\#(meta)\#(rest)}}"#
  }

  private static func old(_ method: String, _ params: String = "", id: Int = 1) -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":{\#(params)}}"#
  }

  /// What a client reads that sends lines and then closes.
  private func answers(
    _ lines: [String], corpus: SmallCorpus = .harbour, tools: [any Tool]? = nil,
    root: String = "/nowhere"
  ) async throws -> [JSONValue] {
    let sent = Mutex<[[UInt8]]>([])
    let server = MCPServer(
      MCPServer.Identity(name: "Gossamer", version: "9"),
      tools: ToolBox(tools ?? ToolBox.standard(search: corpus, pages: corpus)),
      resources: CorpusResources(CorpusLayout(root: root), pages: corpus), seed: "s")
    let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
    for line in lines { continuation.yield(Array(line.utf8)) }
    continuation.finish()
    await server.serve(stream) { line in sent.withLock { $0.append(line) } }
    return try sent.withLock { $0 }.map { line in
      #expect(line.last == 0x0A && line.dropLast().allSatisfy { $0 >= 0x20 })
      let answer = try #require(JSONValue(parsing: line))
      #expect(answer["jsonrpc"]?.string == "2.0")
      return answer
    }
  }

  private func answer(
    _ line: String, after lines: [String] = [], corpus: SmallCorpus = .harbour
  ) async throws -> JSONValue {
    let all = try await answers(lines + [line], corpus: corpus)
    return try #require(all.first { $0["id"]?.string != "hello" })
  }

  // MARK: Messages

  private static func versioned(_ meta: String) -> String {
    old("tools/list", "\"_meta\":{" + meta + "}")
  }

  private static let faults: [(String, Int)] = {
    let raw: [(String, Int)] = [
      ("{", -32_700), ("nonsense", -32_700), ("[]", -32_600), ("7", -32_600), ("{}", -32_600),
      (#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, -32_600),
      (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32_600),
      (#"{"jsonrpc":"2.0","id":1}"#, -32_600),
      (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32_600),
      (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32_600),
      (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}"#, -32_602),
    ]
    let unversioned: [(String, Int)] = ["no/such", "tools/list", "server/discover"]
      .map { (old($0), -32_602) }
    let removed: [(String, Int)] = ["no/such", "initialize", "ping", "logging/setLevel"]
      .map { (modern($0), -32_601) }
    let parameters: [(String, String)] = [
      ("tools/call", ""), ("tools/call", #""name":"rm""#), ("tools/list", #""cursor":"x""#),
      ("prompts/get", #""name":"x""#), ("prompts/get", #""name":"research_question""#),
      ("resources/read", ""), ("resources/read", #""uri":"gossamer://page/nowhere""#),
      ("resources/read", #""uri":"file:///etc/passwd""#),
    ]
    let version = #""io.modelcontextprotocol/protocolVersion":"#
    let versions: [(String, Int)] = [
      (versioned(version + #""2031-01-01""#), -32_022),
      (versioned(version + #""2026-07-28""#), -32_602), (versioned(version + "7"), -32_602),
    ]
    return raw + unversioned + removed + parameters.map { (modern($0.0, $0.1), -32_602) }
      + versions
  }()

  @Test(arguments: faults)
  func faultsOfTheProtocolHaveTheirCodes(line: String, code: Int) async throws {
    let answer = try await answer(line)
    #expect(answer["error"]?["code"]?.int == code, "\(answer.text)")
    #expect(answer["result"] == nil)
  }

  @Test func aFaultDoesNotEndTheConversation() async throws {
    let answers = try await answers(["{", "", " ", "[]", Self.modern("tools/list", id: 5)])
    #expect(answers.count == 3)
    #expect(answers.last?["id"]?.int == 5)
  }

  @Test func notificationsAndAnswersGetNoAnswer() async throws {
    let answers = try await answers([
      #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
      #"{"jsonrpc":"2.0","method":"no/such"}"#, #"{"jsonrpc":"2.0","id":3,"result":{}}"#,
      #"{"jsonrpc":"2.0","id":3,"error":{"code":1,"message":"x"}}"#,
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}"#,
    ])
    #expect(answers.isEmpty)
  }

  @Test(arguments: ["1", "0", "-7", "1.5", #""a""#, #""""#])
  func anIDComesBackAsItWasWritten(id: String) async throws {
    let line = Self.modern("tools/list").replacing(#""id":1"#, with: "\"id\":\(id)")
    #expect(try await answer(line)["id"]?.text == id)
  }

  // MARK: Revisions

  @Test(arguments: [
    ("2025-11-25", "2025-11-25"), ("2025-06-18", "2025-06-18"), ("2024-11-05", "2024-11-05"),
    ("2026-07-28", "2025-11-25"), ("1999-01-01", "2025-11-25"), ("", "2025-11-25"),
  ])
  func aHandshakeAgreesOnAVersion(asked: String, agreed: String) async throws {
    let answer = try await answer(Self.old("initialize", #""protocolVersion":"\#(asked)""#))
    #expect(answer["result"]?["protocolVersion"]?.string == agreed)
    #expect(answer["result"]?["serverInfo"]?["version"]?.string == "9")
    #expect(answer["result"]?["capabilities"]?["tools"]?.isObject == true)
    #expect(answer["result"]?["resultType"] == nil)
  }

  @Test func afterAHandshakeNoRequestNeedsAVersion() async throws {
    for method in [
      "tools/list", "resources/list", "resources/templates/list", "prompts/list", "ping",
    ] {
      let answer = try await answer(Self.old(method), after: [Self.hello])
      #expect(answer["error"] == nil, "\(method)")
      #expect(answer["result"]?["ttlMs"] == nil)
    }
    let unknown = try await answer(Self.old("server/discover"), after: [Self.hello])
    #expect(unknown["error"] != nil)
  }

  @Test(arguments: ["server/discover", "tools/list", "resources/list", "prompts/list"])
  func statelessResultsSayWhatTheyAreAndHowLongTheyHold(method: String) async throws {
    for before in [[], [Self.hello]] {
      let result = try #require(try await answer(Self.modern(method), after: before)["result"])
      #expect(result["resultType"]?.string == "complete")
      #expect(result["ttlMs"]?.int != nil)
      #expect(["public", "private"].contains(result["cacheScope"]?.string ?? ""))
      #expect(
        result["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"]?.string == "gossamer")
    }
  }

  @Test func discoveryAndRefusalNameTheVersionsThereAre() async throws {
    let result = try await answer(Self.modern("server/discover"))["result"]
    let versions = result?["supportedVersions"]?.array?.compactMap(\.string) ?? []
    #expect(versions.first == "2026-07-28" && versions.contains("2025-11-25"))
    let refusal = try await answer(
      Self.modern("tools/list").replacing("2026-07-28", with: "2027-01-01"))["error"]
    #expect(refusal?["data"]?["supported"]?.array?.compactMap(\.string) == versions)
    #expect(refusal?["data"]?["requested"]?.string == "2027-01-01")
  }

  // MARK: Tools

  @Test func toolsAreListedInAFixedOrderWithTheirSchemas() async throws {
    let first = try await answer(Self.modern("tools/list"))["result"]
    let tools = try #require(first?["tools"]?.array)
    #expect(
      tools.compactMap { $0["name"]?.string } == [
        "search_corpus", "read_page", "page_links", "list_hosts",
      ])
    #expect(tools.allSatisfy { $0["inputSchema"]?["type"]?.string == "object" })
    #expect(tools.allSatisfy { $0["annotations"]?["readOnlyHint"]?.bool == true })
    #expect(try await answer(Self.modern("tools/list"))["result"] == first)
  }

  @Test func aCallGivesWhatTheToolFound() async throws {
    let answer = try await answer(
      Self.modern(
        "tools/call", #""name":"search_corpus","arguments":{"query":"ferry ticket"}"#))
    let text = answer["result"]?["content"]?.array?.first?["text"]?.string ?? ""
    #expect(answer["result"]?["isError"]?.bool == false)
    #expect(text.contains("http://harbour.test/ferry") && text.contains("34 crowns"))
  }

  @Test(arguments: [
    #""name":"read_page","arguments":{"url":"http://nowhere.test/"}"#,
    #""name":"search_corpus","arguments":{}"#, #""name":"search_corpus""#,
    #""name":"search_corpus","arguments":[1]"#, #""name":"search_corpus","arguments":{"query":7}"#,
  ])
  func whatAToolCannotDoIsForTheModelToRead(params: String) async throws {
    let answer = try await answer(Self.modern("tools/call", params))
    #expect(answer["result"]?["isError"]?.bool == true)
    #expect(answer["result"]?["content"]?.array?.first?["text"]?.string?.isEmpty == false)
  }

  @Test func callsRunAtTheSameTime() async throws {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    var waits = ScriptedTool()
    waits.name = "waits"
    waits.act = { _ in
      for await _ in stream { break }
      return ToolResult([.note("waited")])
    }
    var frees = ScriptedTool()
    frees.name = "frees"
    frees.act = { _ in
      continuation.finish()
      return ToolResult([.note("freed")])
    }
    let arguments = #","arguments":{"query":"x"}"#
    let answers = try await answers(
      [
        Self.modern("tools/call", #""name":"waits""# + arguments, id: 1),
        Self.modern("tools/call", #""name":"frees""# + arguments, id: 2),
      ], tools: [waits, frees])
    #expect(Set(answers.compactMap { $0["id"]?.int }) == [1, 2])
  }

  @Test func aCancelledCallEndsWithoutAnAnswer() async throws {
    var slow = ScriptedTool()
    slow.limits.deadline = .seconds(600)
    slow.act = { _ in
      try await Task.sleep(for: .seconds(600))
      return ToolResult([])
    }
    let call = #""name":"look_up","arguments":{"query":"x"}"#
    let answers = try await answers(
      [
        Self.modern("tools/call", call, id: 1),
        #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#,
        Self.modern("tools/list", id: 2),
      ], tools: [slow])
    #expect(answers.compactMap { $0["id"]?.int } == [2])
  }

  @Test func aClientThatAsksIsToldOfCalls() async throws {
    let call = Self.old(
      "tools/call", #""name":"list_hosts","arguments":{}"#, id: 3)
    let level = Self.old("logging/setLevel", #""level":"debug""#, id: 2)
    // The level is set before its answer comes: a client waits for that.
    let first = try await answers([Self.hello, level])
    #expect(first.last?["result"] != nil)
    let wrong = try await answer(
      Self.old("logging/setLevel", #""level":"loud""#), after: [Self.hello])
    #expect(wrong["error"]?["code"]?.int == -32_602)
    let quiet = try await answers([Self.hello, call])
    #expect(quiet.allSatisfy { $0["method"] == nil })
  }

  // MARK: Resources and prompts

  @Test(arguments: [
    "gossamer://page/http%3A%2F%2Fharbour.test%2Fferry", "http://harbour.test/ferry",
    "gossamer://page/http://harbour.test/ferry",
  ])
  func aPageIsReadByItsAddress(uri: String) async throws {
    let answer = try await answer(Self.modern("resources/read", #""uri":"\#(uri)""#))
    let content = answer["result"]?["contents"]?.array?.first
    #expect(content?["uri"]?.string == uri)
    #expect(content?["text"]?.string?.contains("34 crowns") == true)
  }

  @Test func whatASiteKeepsFromModelsIsNotGiven() async throws {
    var corpus = SmallCorpus.harbour
    for index in corpus.records.indices {
      corpus.records[index].markdown = "**" + (corpus.records[index].text ?? "") + "**"
      corpus.records[index].preferences = PageRecord.Preferences()
    }
    corpus.records[0].preferences?.aiInput = "no"
    corpus.records[1].preferences?.maxSnippet = 11
    func read(_ path: String) async throws -> JSONValue {
      try await answer(
        Self.modern("resources/read", #""uri":"http://harbour.test/\#(path)""#), corpus: corpus)
    }
    let refused = try await read("ferry")
    #expect(refused["error"] != nil && !refused.text.contains("crowns"))
    let short = try await read("museum")["result"]?["contents"]?.array?.first?["text"]?.string
    #expect(short == "The harbour")
    let whole = try await read("weather")["result"]?["contents"]?.array?.first
    #expect(whole?["mimeType"]?.string == "text/markdown")
  }

  @Test func anUnknownResourceHasTheCodeOfItsRevision() async throws {
    let params = #""uri":"http://harbour.test/none""#
    let stateless = try await answer(Self.modern("resources/read", params))
    #expect(stateless["error"]?["code"]?.int == -32_602)
    let before = try await answer(Self.old("resources/read", params), after: [Self.hello])
    #expect(before["error"]?["code"]?.int == -32_002)
  }

  @Test func filesOfTheCrawlAreResourcesWhereTheyAre() async throws {
    #expect(try await answer(Self.modern("resources/list"))["result"]?["resources"]?.array == [])
    let root = FileManager.default.temporaryDirectory.appending(path: "mcp-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: root) }
    try Data("{\"a\":1}".utf8).write(to: root.appending(path: "manifest.json"))
    let answers = try await answers(
      [
        Self.modern("resources/list", id: 1),
        Self.modern("resources/read", #""uri":"gossamer://manifest""#, id: 2),
        Self.modern("resources/read", #""uri":"gossamer://report""#, id: 3),
      ], root: root.path)
    let byID = Dictionary(uniqueKeysWithValues: answers.map { ($0["id"]?.int, $0) })
    #expect(byID[1]?["result"]?["resources"]?.array?.count == 1)
    #expect(
      byID[2]?["result"]?["contents"]?.array?.first?["text"]?.string == "{\"a\":1}")
    #expect(byID[3]?["error"] != nil)
  }

  @Test func aPromptIsARequestAboutSomething() async throws {
    let list = try await answer(Self.modern("prompts/list"))["result"]?["prompts"]?.array ?? []
    #expect(list.count == 2)
    for prompt in list {
      let argument = try #require(prompt["arguments"]?.array?.first?["name"]?.string)
      let name = try #require(prompt["name"]?.string)
      let answer = try await answer(
        Self.modern("prompts/get", #""name":"\#(name)","arguments":{"\#(argument)":"Why 5 %?"}"#))
      let message = answer["result"]?["messages"]?.array?.first
      #expect(message?["role"]?.string == "user")
      #expect(message?["content"]?["text"]?.string?.contains("Why 5 %?") == true)
    }
  }
}
