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
    /// Our own names for jobs, where the provider takes them.
    var keys: [String: String] = [:]
    var posts = 0
    /// Jobs that are taken next and whose acceptance does not come back.
    var lostAnswers = 0
    /// Jobs that do not arrive next.
    var lostCalls = 0
    var lists = 0
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
    let path = request.url.pathname
    let isJob = request.method == "POST" && !path.hasSuffix("files")
    let answer = state.withLock { state -> (status: Int, text: String)? in
      if isJob, state.lostCalls > 0 {
        state.lostCalls -= 1
        return nil
      }
      let answer = self.answer(request.method, path, body, &state)
      guard isJob, state.lostAnswers > 0 else { return answer }
      state.lostAnswers -= 1
      return nil
    }
    guard let answer else { throw HTTPTransportError(.readTimeout, detail: "the server is silent") }
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
      let order = JSONValue(parsing: body)
      state.keys[id] =
        (order?["metadata"]?["gossamer"] ?? order?["batch"]?["displayName"])?.string
      if parts[0] == "v1beta" {
        #expect(path == "/v1beta/models/m:batchGenerateContent")
        return (200, #"{"name":"batches/\#(id)","metadata":{"state":"BATCH_STATE_PENDING"}}"#)
      }
      return (200, #"{"id":"\#(id)","status":"validating","processing_status":"in_progress"}"#)
    case ("GET", _) where parts.last == "batches": return (200, list(parts[0], &state))
    case ("GET", 3) where parts[0] == "v1beta":
      let job = parts[2]
      guard state.jobs[job] != nil else { return (404, #"{"error":{"message":"no such job"}}"#) }
      state.looks[job, default: 0] += 1
      guard state.looks[job, default: 0] > looksNeeded else {
        return (200, #"{"name":"batches/\#(job)","metadata":{"state":"BATCH_STATE_RUNNING"}}"#)
      }
      return (
        200,
        #"{"done":true,"metadata":{"state":"BATCH_STATE_SUCCEEDED"},"response":{"inlinedResponses":{"inlinedResponses":["#
          + geminiResults(job, state).joined(separator: ",") + "]}}}"
      )
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

  /// All jobs, the newest first.
  private func list(_ version: String, _ state: inout State) -> String {
    state.lists += 1
    let jobs = state.jobs.keys.sorted(by: >).map { id -> String in
      let key = state.keys[id] ?? ""
      if version == "v1beta" {
        return #"{"name":"batches/\#(id)","metadata":{"displayName":"\#(key)"}}"#
      }
      let isOver = state.looks[id, default: 0] > looksNeeded
      return #"{"id":"\#(id)","metadata":{"gossamer":"\#(key)"},"processing_status":""#
        + (isOver ? "ended" : "in_progress")
        + #"","request_counts":{"processing":\#(state.jobs[id]?.count ?? 0),"succeeded":0}}"#
    }.joined(separator: ",")
    return #"{"\#(version == "v1beta" ? "operations" : "data")":[\#(jobs)]}"#
  }

  private func geminiResults(_ job: String, _ state: State) -> [String] {
    (state.jobs[job] ?? []).reversed().compactMap { call -> String? in
      if job == "job-0", call.text.contains(forgets) { return nil }
      let start = #"{"metadata":{"key":"\#(call.id)"},"#
      if call.text.contains("refused") { return start + #""error":{"code":3,"message":"no"}}"# }
      let number = call.text.split(separator: " ").last.map { $0.filter(\.isNumber) } ?? ""
      return start
        + #""response":{"candidates":[{"content":{"parts":[{"text":"answer \#(number)"}]},"#
        + #""finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2}}}"#
    }
  }

  private func calls(_ body: String, _ state: State) -> [(id: String, text: String)] {
    let order = JSONValue(parsing: body)
    if let requests = order?["batch"]?["inputConfig"]?["requests"]?["requests"]?.array {
      return requests.map {
        (
          $0["metadata"]?["key"]?.string ?? "",
          $0["request"]?["contents"]?.array?.first?["parts"]?.text ?? ""
        )
      }
    }
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

@Suite("Models asked in bulk", .timeLimit(.minutes(5)))
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

  @Test(arguments: [WireFormat.chatCompletions, .messages, .gemini])
  func manyCallsAreOneJobAndEachGetsItsOwnAnswer(format: WireFormat) async throws {
    let server = BulkServer()
    let texts = try await ask(try model(format, server), 0..<200)
    #expect(texts == (0..<200).map { "answer \($0)" })
    #expect(server.posts == 1)
  }

  @Test(arguments: [WireFormat.chatCompletions, .messages, .gemini])
  func aRestartCollectsAndSendsOnlyWhatIsNew(format: WireFormat) async throws {
    let slow = BulkServer(looksNeeded: 5_000)
    let jobs = Locked<[BatchJob]>([])
    let first = try model(format, slow) { job in jobs.withLock { $0.append(job) } }
    let waiting = Task { try await ask(first, 0..<30) }
    while jobs.withLock({ $0.last?.id == nil }) { try await Task.sleep(for: .milliseconds(1)) }
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

  @Test(arguments: [WireFormat.chatCompletions, .messages, .gemini])
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

  @Test func ollamaIsNotAskedInBulk() {
    #expect(throws: ModelError.self) { try model(.ollama, BulkServer()) }
  }

  @Test(arguments: [WireFormat.chatCompletions, .messages, .gemini])
  func aJobWhoseAcceptanceWasLostIsFoundAndNotSentAgain(format: WireFormat) async throws {
    let server = BulkServer()
    server.state.withLock { $0.lostAnswers = 1 }
    #expect(try await ask(try model(format, server), 0..<20) == (0..<20).map { "answer \($0)" })
    #expect(server.posts == 1, "nothing is paid for twice")
  }

  @Test(arguments: [WireFormat.chatCompletions, .messages, .gemini])
  func aJobThatDidNotArriveIsLookedForAndSentAgain(format: WireFormat) async throws {
    let server = BulkServer()
    server.state.withLock { $0.lostCalls = 1 }
    #expect(try await ask(try model(format, server), 0..<5).last == "answer 4")
    #expect(server.posts == 1)
    #expect(server.state.withLock { $0.lists } >= 3)
  }

  @Test(arguments: [WireFormat.chatCompletions, .messages, .gemini])
  func aRunThatWasKilledWhileItSentFindsItsJob(format: WireFormat) async throws {
    let server = BulkServer()
    let jobs = Locked<[BatchJob]>([])
    let first = try model(format, server) { job in jobs.withLock { $0.append(job) } }
    #expect(try await ask(first, 0..<8).count == 8)
    // All that a run leaves behind that dies between sending and the answer.
    let sent = jobs.withLock { Array($0.prefix(1)) }
    #expect(sent.first?.id == nil && sent.first?.requests.count == 8)
    let second = try model(format, server, known: sent)
    #expect(try await ask(second, 0..<8) == (0..<8).map { "answer \($0)" })
    #expect(server.posts == 1, "nothing is paid for twice")
  }

  @Test func aJobOfAnotherProgramIsNotTakenForOurs() async throws {
    let server = BulkServer()
    server.state.withLock { state in
      state.jobs["job-8"] = [("theirs", "[Say number 77]")]
      state.lostAnswers = 1
    }
    #expect(try await ask(try model(.messages, server), 3..<4) == ["answer 3"])
    #expect(server.posts == 1)
  }

  @Test func aServerThatNeverConfirmsIsNotSentToForEver() async throws {
    let server = BulkServer()
    server.state.withLock { $0.lostCalls = .max }
    let error = await #expect(throws: ModelError.self) {
      _ = try await ask(try model(.messages, server), 0..<1)
    }
    #expect(error?.isTransient == false)
    #expect(server.posts == 0)
  }
}
