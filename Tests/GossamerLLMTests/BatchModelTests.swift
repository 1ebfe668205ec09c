import Foundation
import GossamerFlow
import GossamerHTTP
import GossamerURL
import Synchronization
import Testing

@testable import GossamerLLM

/// A provider's bulk interface as far as it can be scripted: takes files and jobs, runs a job for a
/// number of looks, and answers in reversed order.
private final class BulkServer: HTTPTransport {
  struct State {
    var files: [String: String] = [:]
    var jobs: [String: [(id: String, text: String)]] = [:]
    var looks: [String: Int] = [:]
    var posts = 0
  }

  let state = Mutex(State())
  let looksNeeded: Int
  /// The end of a call whose answer is left out the first time.
  let forgets: String

  init(looksNeeded: Int = 2, forgets: String = "nothing") {
    self.looksNeeded = looksNeeded
    self.forgets = forgets
  }

  var posts: Int { state.withLock { $0.posts } }
  var asked: Int { state.withLock { $0.jobs.values.reduce(0) { $0 + $1.count } } }

  func send(
    _ request: HTTPRequest, limits: HTTPTimeLimits
  ) async throws(HTTPTransportError) -> HTTPResponse {
    let body = String(decoding: request.body ?? [], as: UTF8.self)
    let answer = state.withLock { state in
      self.answer(request.method, request.url.pathname, body, &state)
    }
    return HTTPResponse(
      status: answer.status, fields: HTTPFields(), body: HTTPBody(Array(answer.text.utf8)))
  }

  private func answer(
    _ method: String, _ path: String, _ body: String, _ state: inout State
  ) -> (status: Int, text: String) {
    let parts = path.split(separator: "/").map { String($0) }
    switch (method, parts.count) {
    case ("POST", 2) where parts[1] == "files":
      state.files["file-\(state.files.count)"] = body
      return (200, #"{"id":"file-\#(state.files.count - 1)"}"#)
    case ("POST", _):
      state.posts += 1
      let id = "job-\(state.jobs.count)"
      state.jobs[id] = calls(body, state)
      return (200, #"{"id":"\#(id)","status":"validating","processing_status":"in_progress"}"#)
    case ("GET", 5),
      ("GET", 4) where parts[1] == "files":
      let job = parts[1] == "files" ? parts[2].replacing("out-", with: "") : parts[3]
      return (200, results(job, isOpenAI: parts[1] == "files", &state))
    default:
      let job = parts.last ?? ""
      guard state.jobs[job] != nil else { return (404, #"{"error":{"message":"no such job"}}"#) }
      state.looks[job, default: 0] += 1
      let isOver = state.looks[job, default: 0] > looksNeeded
      return (
        200,
        #"{"id":"\#(job)","status":"\#(isOver ? "completed" : "in_progress")","#
          + #""processing_status":"\#(isOver ? "ended" : "in_progress")","#
          + #""output_file_id":\#(isOver ? "\"out-\(job)\"" : "null"),"error_file_id":null}"#
      )
    }
  }

  private func calls(_ body: String, _ state: State) -> [(id: String, text: String)] {
    let order = JSONValue(parsing: body)
    if let requests = order?["requests"]?.array {
      return requests.map {
        ($0["custom_id"]?.string ?? "", $0["params"]?["messages"]?.array?.first?.text ?? "")
      }
    }
    let file = order?["input_file_id"]?.string ?? ""
    return (state.files[file] ?? "").split(whereSeparator: \.isNewline).compactMap { line in
      guard let json = JSONValue(parsing: String(line)) else { return nil }
      #expect(json["body"]?["stream"] == nil)
      #expect(json["url"]?.string == "/v1/chat/completions")
      return (
        json["custom_id"]?.string ?? "", json["body"]?["messages"]?.array?.first?.text ?? ""
      )
    }
  }

  private func results(_ job: String, isOpenAI: Bool, _ state: inout State) -> String {
    (state.jobs[job] ?? []).reversed().compactMap { call -> String? in
      let said = call.text.contains("number ") ? "answer" : "?"
      if job == "job-0", call.text.contains(forgets) { return nil }
      let number = call.text.split(separator: " ").last.map { $0.filter(\.isNumber) } ?? ""
      if isOpenAI {
        if call.text.contains("refused") {
          return
            #"{"custom_id":"\#(call.id)","response":{"status_code":400,"body":{"error":{"message":"no","type":"invalid_request_error"}}},"error":null}"#
        }
        return
          #"{"custom_id":"\#(call.id)","response":{"status_code":200,"body":{"choices":[{"message":{"content":"\#(said) \#(number)"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2}}},"error":null}"#
      }
      if call.text.contains("refused") {
        return
          #"{"custom_id":"\#(call.id)","result":{"type":"errored","error":{"type":"error","error":{"type":"invalid_request_error","message":"no"}}}}"#
      }
      return
        #"{"custom_id":"\#(call.id)","result":{"type":"succeeded","message":{"content":[{"type":"text","text":"\#(said) \#(number)"}],"stop_reason":"end_turn","usage":{"input_tokens":5,"output_tokens":2}}}}"#
    }.joined(separator: "\n") + "\n"
  }
}

private final class Locked<Value: Sendable>: Sendable {
  private let value: Mutex<Value>
  init(_ value: Value) { self.value = Mutex(value) }
  func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
    value.withLock { value in body(&value) }
  }
}

@Suite("Models asked in bulk", .timeLimit(.minutes(1)))
struct BatchModelTests {
  private func model(
    _ format: WireFormat, _ server: BulkServer, known: [BatchJob] = [],
    note: @escaping @Sendable (BatchJob) -> Void = { _ in }
  ) throws -> BatchModel {
    let single = try RemoteModel(
      format, name: "m", baseURL: "http://127.0.0.1:1", key: APIKey("hush"), transport: server)
    return try BatchModel(
      single, transport: server, key: APIKey("hush"), known: known, quiet: .milliseconds(50),
      interval: .milliseconds(1), digest: { "d" + String($0.hashValue.magnitude, radix: 36) },
      note: note)
  }

  private func request(_ number: Int) -> ModelRequest {
    ModelRequest(messages: [Message(.user, "Say number \(number)")])
  }

  private func ask(_ model: BatchModel, _ numbers: Range<Int>) async throws -> [String] {
    let client = ModelClient(
      model: model,
      gate: ModelGate(
        limiter: RateLimiter(limits: .unlimited), sleep: { _ in await Task.yield() }))
    return try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for number in numbers {
        group.addTask { (number, try await client.answer(request(number)).text) }
      }
      var texts: [Int: String] = [:]
      while let (number, text) = try await group.next() { texts[number] = text }
      return numbers.map { texts[$0] ?? "" }
    }
  }

  @Test(arguments: [WireFormat.chatCompletions, .messages])
  func manyCallsAreOneJobAndEachGetsItsOwnAnswer(format: WireFormat) async throws {
    let server = BulkServer()
    let texts = try await ask(try model(format, server), 0..<200)
    #expect(texts == (0..<200).map { "answer \($0)" })
    #expect(server.posts == 1)
  }

  @Test(arguments: [WireFormat.chatCompletions, .messages])
  func aRestartCollectsAndSendsOnlyWhatIsNew(format: WireFormat) async throws {
    let slow = BulkServer(looksNeeded: 5_000)
    let jobs = Locked<[BatchJob]>([])
    let first = try model(format, slow) { job in jobs.withLock { $0.append(job) } }
    let waiting = Task { try await ask(first, 0..<30) }
    while jobs.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(1)) }
    await first.leave()
    let error = await #expect(throws: ModelError.self) { try await waiting.value }
    #expect(error?.kind == .quota)
    slow.state.withLock { $0.looks["job-0"] = 5_000 }
    let second = try model(format, slow, known: jobs.withLock { $0 })
    // Later calls come after the answers are there.
    #expect(try await ask(second, 0..<10) == (0..<10).map { "answer \($0)" })
    #expect(slow.posts == 1, "nothing is sent twice")
    slow.state.withLock { $0.looks["job-1"] = 5_000 }
    #expect(try await ask(second, 10..<40).last == "answer 39")
    #expect(slow.posts == 2 && slow.asked == 40, "only what was in no job")
  }

  @Test(arguments: [WireFormat.chatCompletions, .messages])
  func whatAJobDidNotAnswerIsAskedAgainAndARefusalIsItsOwn(format: WireFormat) async throws {
    let server = BulkServer(forgets: "number 7\"")
    let model = try model(format, server)
    let refused = Task {
      try await model.answer(ModelRequest(messages: [Message(.user, "refused number 1")]))
    }
    #expect(try await ask(model, 5..<9) == (5..<9).map { "answer \($0)" })
    #expect(server.posts == 2)
    await #expect(throws: ModelError.self) { _ = try await refused.value }
  }

  @Test func aJobThatIsGoneIsMadeAnew() async throws {
    let server = BulkServer()
    let seen = Locked<[String]>([])
    let first = try model(.messages, server) { job in seen.withLock { $0 = job.requests } }
    _ = try await ask(first, 3..<4)
    let model = try model(
      .messages, server, known: [BatchJob(id: "job-long-gone", requests: seen.withLock { $0 })])
    #expect(try await ask(model, 3..<4) == ["answer 3"])
    #expect(server.posts == 2)
  }

  @Test func aCancelledCallerDoesNotWait() async throws {
    let server = BulkServer(looksNeeded: .max)
    let model = try model(.messages, server)
    let task = Task { try await ask(model, 0..<1) }
    while server.posts == 0 { try await Task.sleep(for: .milliseconds(1)) }
    task.cancel()
    await #expect(throws: (any Error).self) { _ = try await task.value }
    await model.leave()
  }

  @Test(arguments: [WireFormat.gemini, .ollama])
  func othersAreNotAskedInBulk(format: WireFormat) {
    #expect(throws: ModelError.self) { try model(format, BulkServer()) }
  }
}
