import GossamerAgents
import Synchronization
import Testing

/// Does what a test says.
struct ScriptedTool: Tool {
  var name = "look_up"
  var purpose = "Looks something up."
  var schema = ToolSchema([
    ToolParameter("query", .text(limit: 40), "What to look for."),
    ToolParameter("limit", .number(1...20), "How many.", isRequired: false),
    ToolParameter("kind", .choice(["page", "link"]), "Of what kind.", isRequired: false),
    ToolParameter("all", .flag, "Whether all.", isRequired: false),
  ])
  var limits = ToolLimits()
  var act: @Sendable (ToolArguments) async throws -> ToolResult = { arguments in
    ToolResult([.note("found " + (arguments.text("query") ?? "nothing"))])
  }

  func call(_ arguments: ToolArguments) async throws -> ToolResult { try await act(arguments) }
}

@Suite("A box of tools", .timeLimit(.minutes(5)))
struct ToolBoxTests {
  @Test func aSchemaIsWrittenAsProvidersTakeIt() {
    let schema = ToolSchema([
      ToolParameter("query", .text(limit: 40), "What."),
      ToolParameter("limit", .number(1...20), "How many.", isRequired: false),
    ])
    #expect(
      schema.json == #"{"type":"object","properties":{"query":{"type":"string","maxLength":40,"#
        + #""description":"What."},"limit":{"type":"integer","minimum":1,"maximum":20,"#
        + #""description":"How many."}},"required":["query"],"additionalProperties":false}"#)
  }

  @Test(arguments: [
    (#"{"query":"ferry","limit":3}"#, #"{"limit":3,"query":"ferry"}"#),
    (#"{"limit":null,"query":"ferry"}"#, #"{"query":"ferry"}"#),
    (#"{"query":"ferry","limit":"3","all":"true"}"#, #"{"all":true,"limit":3,"query":"ferry"}"#),
    (#" {"query":"ferry","kind":"page"} "#, #"{"kind":"page","query":"ferry"}"#),
  ])
  func rightArgumentsAreTaken(written: String, read: String) throws {
    #expect(try ScriptedTool().schema.arguments(in: written).json == read)
  }

  @Test(arguments: [
    (#"{"limit":3}"#, #""query" is missing"#),
    (#"{"query":"","limit":3}"#, #""query" must be a text that is not empty"#),
    (#"{"query":7}"#, #""query" must be a text of at most 40 characters"#),
    (#"{"query":"a","limit":21}"#, #""limit" must be a whole number from 1 to 20"#),
    (#"{"query":"a","kind":"image"}"#, #""kind" must be one of "page", "link""#),
    (#"{"query":"a","all":"perhaps"}"#, #""all" must be true or false"#),
    (#"{"query":"a","url":"b"}"#, #"there is no argument "url""#),
    (#"["a"]"#, "not a JSON object"), ("{", "not a JSON object"),
  ])
  func wrongArgumentsAreNamed(written: String, fault: String) async {
    let outcome = await ToolBox([ScriptedTool()]).call("look_up", written)
    #expect(outcome.status == .refused)
    #expect("\(outcome.result)".replacing("\\", with: "").contains(fault))
  }

  @Test func anUnknownToolIsAnsweredWithTheNamesThereAre() async {
    let outcome = await ToolBox([ScriptedTool()]).call("delete_all", "{}")
    #expect(outcome.status == .refused)
    #expect("\(outcome.result)".contains("There are: look_up"))
  }

  @Test func whatAToolThrowsIsAResult() async {
    var tool = ScriptedTool()
    tool.act = { _ in throw ToolFailure("the index is not built") }
    let outcome = await ToolBox([tool]).call("look_up", #"{"query":"a"}"#)
    #expect(outcome == ToolOutcome(.failed, "the index is not built"))
  }

  @Test func aToolThatTakesTooLongIsGivenUp() async {
    var tool = ScriptedTool()
    tool.limits.deadline = .milliseconds(20)
    tool.act = { _ in
      try await Task.sleep(for: .seconds(600))
      return ToolResult([])
    }
    #expect(await ToolBox([tool]).call("look_up", #"{"query":"a"}"#).status == .timedOut)
  }

  @Test func aCancelledRunEndsItsCalls() async {
    var tool = ScriptedTool()
    let (begun, continuation) = AsyncStream<Void>.makeStream()
    tool.limits.deadline = .seconds(600)
    tool.act = { _ in
      continuation.yield()
      try await Task.sleep(for: .seconds(600))
      return ToolResult([])
    }
    let box = ToolBox([tool])
    let status = await withTaskGroup(of: ToolOutcome.self) { group in
      group.addTask { await box.call("look_up", #"{"query":"a"}"#) }
      for await _ in begun { break }
      group.cancelAll()
      return await group.next()?.status
    }
    #expect(status == .cancelled)
  }

  @Test func noMoreCallsRunAtOnceThanAllowed() async {
    let running = Counter()
    var tool = ScriptedTool()
    tool.act = { _ in
      running.change(by: 1)
      for _ in 0..<20 { await Task.yield() }
      running.change(by: -1)
      return ToolResult([])
    }
    let box = ToolBox([tool], callsAtOnce: 3)
    let done = await withTaskGroup(of: ToolOutcome.self) { group in
      for number in 0..<24 {
        group.addTask { await box.call("look_up", #"{"query":"\#(number)"}"#) }
      }
      return await group.reduce(into: 0) { $0 += $1.status == .done ? 1 : 0 }
    }
    #expect(done == 24)
    #expect((2...3).contains(running.most))
  }

  @Test func aToolHasItsOwnNumberOfCallsAndBytes() async {
    var tool = ScriptedTool()
    tool.limits.calls = 2
    let counted = ToolBox([tool])
    var statuses: [ToolOutcome.Status] = []
    for _ in 0..<3 { statuses.append(await counted.call("look_up", #"{"query":"a"}"#).status) }
    #expect(statuses == [.done, .done, .refused])

    tool.limits = ToolLimits(bytes: 5)
    let weighed = ToolBox([tool])
    #expect(await weighed.call("look_up", #"{"query":"a"}"#).status == .done)
    #expect(await weighed.call("look_up", #"{"query":"a"}"#).status == .refused)
  }

  @Test func aLongResultIsCutBetweenCharactersAndSaysSo() async {
    var tool = ScriptedTool()
    tool.limits.resultBytes = 9
    tool.act = { _ in
      ToolResult([.foreign("äöüäöü"), .note("never seen")], addresses: ["http://a.test/"])
    }
    let result = await ToolBox([tool]).call("look_up", #"{"query":"a"}"#).result
    #expect(result.parts.first == .foreign("äöüä"))
    #expect(result.parts.count == 2)
    #expect(result.addresses == ["http://a.test/"])
  }
}

/// How many are at it, and how many were at most.
final class Counter: Sendable {
  private let state = Mutex((now: 0, most: 0))

  func change(by step: Int) {
    state.withLock { state in
      state.now += step
      state.most = max(state.most, state.now)
    }
  }

  var most: Int { state.withLock { $0.most } }
  var now: Int { state.withLock { $0.now } }
}
