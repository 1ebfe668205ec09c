import GossamerCorpus
import GossamerLLM

extension AgentRecord {
  /// The step as a line of JSON.
  public func line() -> [UInt8] {
    var line = JSONLine()
    line.add("at", seconds)
    line.add("agent", agent)
    switch event {
    case .planned(let plan):
      line.add("event", "planned")
      line.add("question", plan.question)
      line.addObjects("parts", plan.parts) { line, part in
        line.add("question", part.question)
        line.add("task", part.task)
      }
      line.add("turns", plan.usage.turns)
      line.add("tokens_in", plan.usage.input)
      line.add("tokens_out", plan.usage.output)
      line.add("seconds", plan.usage.seconds)
    case .started(let start):
      line.add("event", "started")
      line.add("question", start.question)
      line.add("provider", start.provider)
      line.add("model", start.model)
      line.add("manner", start.manner.rawValue)
      line.add("prompt", start.prompt)
      line.add("tools", start.tools)
      line.add("purposes", start.purposes)
      line.add("task", start.task.isEmpty ? nil : start.task)
      line.add("seed", start.seed)
      line.add("calls_a_turn", start.callsATurn)
      if let given = start.given { line.addObject("given") { given.add(to: &$0) } }
    case .asked(let turn, let tokens, let last, let cuts):
      line.add("event", "asked")
      line.add("turn", turn)
      line.add("tokens", tokens)
      line.add("last", last)
      line.add("cuts", cuts > 0 ? cuts : nil)
    case .callStarted(let turn, let key, let call):
      line.add("event", "call_started")
      line.add("turn", turn)
      line.add("key", key)
      line.add("name", call.name)
      line.add("arguments", call.arguments)
    case .answered(let turn, let answer):
      line.add("event", "answered")
      line.add("turn", turn)
      answer.add(to: &line)
    case .callEnded(let turn, let key, let name, let outcome, let seconds):
      line.add("event", "call_ended")
      line.add("turn", turn)
      line.add("key", key)
      line.add("name", name)
      line.add("status", outcome.status.rawValue)
      line.add("seconds", seconds)
      outcome.result.add(to: &line)
    case .failed(let turn, let kind, let message, let status):
      line.add("event", "failed")
      line.add("turn", turn)
      line.add("kind", kind)
      line.add("message", message)
      line.add("status", status)
    case .noted(let text):
      line.add("event", "noted")
      line.add("text", text)
    case .checked(let url, let range, let quote, let claim, let found):
      line.add("event", "checked")
      line.add("url", url)
      line.add("start", range.lowerBound)
      line.add("end", range.upperBound)
      line.add("quote", quote)
      line.add("claim", claim)
      line.add("verdict", found.verdict.rawValue)
      line.add("found_start", found.range?.lowerBound)
      line.add("found_end", found.range?.upperBound)
      line.add("digest", found.digest)
    case .ended(let answer):
      line.add("event", "ended")
      line.addLine("result", answer.line())
    case .merged(let research):
      line.add("event", "merged")
      line.addLine("result", research.line())
    }
    return line.finished()
  }

  /// A step as it was written; nil for anything else. `ended` and `merged` are read without their
  /// results, which a replay makes anew; only the time of the run is kept.
  init?(line: [UInt8]) {
    guard let json = JSONValue(parsing: line), let kind = json["event"]?.string,
      let event = AgentEvent(kind, json)
    else { return nil }
    self.init(agent: json["agent"]?.string, seconds: json["at"]?.double ?? 0, event: event)
  }
}

extension AgentEvent {
  fileprivate init?(_ kind: String, _ json: JSONValue) {
    func text(_ key: String) -> String { json[key]?.string ?? "" }
    let turn = json["turn"]?.int ?? 0
    switch kind {
    case "planned": self = .planned(ResearchPlan(json))
    case "merged": self = .merged(Research(ResearchPlan(json), parts: [], written: nil))
    case "started":
      guard let manner = ToolManner(rawValue: text("manner")) else { return nil }
      self = .started(
        AgentStart(
          question: text("question"), provider: text("provider"), model: text("model"),
          manner: manner, prompt: text("prompt"),
          tools: (json["tools"]?.array ?? []).compactMap(\.string),
          purposes: (json["purposes"]?.array ?? []).compactMap(\.string), task: text("task"),
          seed: text("seed"),
          callsATurn: json["calls_a_turn"]?.int ?? 8, given: json["given"].map(ToolResult.init)))
    case "asked":
      self = .asked(
        turn: turn, tokens: json["tokens"]?.int ?? 0, last: json["last"]?.string,
        cuts: json["cuts"]?.int ?? 0)
    case "call_started":
      self = .callStarted(
        turn: turn, key: text("key"),
        call: ToolCall(id: "", name: text("name"), arguments: text("arguments")))
    case "answered": self = .answered(turn: turn, ModelAnswer(json))
    case "call_ended":
      guard let status = ToolOutcome.Status(rawValue: text("status")) else { return nil }
      self = .callEnded(
        turn: turn, key: text("key"), name: text("name"),
        outcome: ToolOutcome(status, ToolResult(json)), seconds: json["seconds"]?.double ?? 0)
    case "failed":
      self = .failed(
        turn: turn, kind: text("kind"), message: text("message"), status: json["status"]?.int)
    case "noted": self = .noted(text("text"))
    case "checked":
      guard let verdict = Citation.Verdict(rawValue: text("verdict")),
        let range = json.range("start", "end")
      else { return nil }
      self = .checked(
        url: text("url"), range: range, quote: json["quote"]?.string, claim: text("claim"),
        found: Found(
          verdict: verdict, range: json.range("found_start", "found_end"),
          digest: json["digest"]?.string))
    case "ended":
      var answer = AgentAnswer(question: "")
      answer.usage.seconds = json["result"]?["seconds"]?.double ?? 0
      self = .ended(answer)
    default: return nil
    }
  }
}

extension JSONValue {
  fileprivate func range(_ start: String, _ end: String) -> Range<Int>? {
    guard let start = self[start]?.int, let end = self[end]?.int, start <= end else { return nil }
    return start..<end
  }
}

extension ResearchPlan {
  fileprivate init(_ json: JSONValue) {
    self.init(
      question: json["question"]?.string ?? "",
      parts: (json["parts"]?.array ?? []).map { part in
        .init(part["question"]?.string ?? "", task: part["task"]?.string ?? "")
      })
    usage.turns = json["turns"]?.int ?? 0
    usage.input = json["tokens_in"]?.int ?? 0
    usage.output = json["tokens_out"]?.int ?? 0
    usage.seconds = json["seconds"]?.double ?? 0
  }
}

extension ToolResult {
  fileprivate func add(to line: inout JSONLine) {
    line.addObjects("parts", parts) { line, part in
      switch part {
      case .note(let text): line.add("note", text)
      case .foreign(let text): line.add("foreign", text)
      case .passage(let passage): passage.add(to: &line)
      }
    }
    line.add("addresses", addresses)
  }

  fileprivate init(_ json: JSONValue) {
    self.init(
      (json["parts"]?.array ?? []).compactMap { part in
        if let text = part["note"]?.string { return .note(text) }
        if let text = part["foreign"]?.string { return .foreign(text) }
        guard let url = part["url"]?.string, let range = part.range("start", "end") else {
          return nil
        }
        return .passage(
          PagePassage(
            url: url, digest: part["digest"]?.string, title: part["title"]?.string,
            number: part["passage"]?.int ?? 0, range: range, text: part["text"]?.string ?? ""))
      }, addresses: (json["addresses"]?.array ?? []).compactMap(\.string))
  }
}

extension PagePassage {
  /// Adds all that is known to an object.
  func add(to line: inout JSONLine) {
    line.add("url", url)
    line.add("digest", digest)
    line.add("title", title)
    line.add("passage", number)
    line.add("start", range.lowerBound)
    line.add("end", range.upperBound)
    line.add("text", text)
  }
}

extension ModelAnswer {
  fileprivate func add(to line: inout JSONLine) {
    line.add("text", text)
    line.addObjects("calls", toolCalls) { line, call in
      line.add("id", call.id)
      line.add("name", call.name)
      line.add("arguments", call.arguments)
      line.add("signature", call.signature)
    }
    line.add("tokens_in", usage?.input)
    line.add("tokens_out", usage?.output)
    line.add("finish", finish?.label)
  }

  fileprivate init(_ json: JSONValue) {
    self.init()
    text = json["text"]?.string ?? ""
    toolCalls = (json["calls"]?.array ?? []).map { call in
      ToolCall(
        id: call["id"]?.string ?? "", name: call["name"]?.string ?? "",
        arguments: call["arguments"]?.string ?? "", signature: call["signature"]?.string)
    }
    if let input = json["tokens_in"]?.int {
      usage = ModelUsage(input: input, output: json["tokens_out"]?.int ?? 0)
    }
    finish = FinishReason(label: json["finish"]?.string ?? "done")
  }
}

extension FinishReason {
  fileprivate var label: String {
    switch self {
    case .done: "done"
    case .length: "length"
    case .toolCalls: "tool_calls"
    case .filtered: "filtered"
    case .other(let text): text
    }
  }

  fileprivate init(label: String) {
    switch label {
    case "done": self = .done
    case "length": self = .length
    case "tool_calls": self = .toolCalls
    case "filtered": self = .filtered
    default: self = .other(label)
    }
  }
}
