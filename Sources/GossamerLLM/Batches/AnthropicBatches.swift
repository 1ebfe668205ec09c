import GossamerHTTP
import GossamerURL

/// Anthropic's bulk interface: requests go in one call, answers come as lines in any order.
/// Source: Anthropic API reference, Message Batches, 2026-07.
struct AnthropicBatches: BatchCodec {
  let mostRequests = 100_000
  let mostBytes = 250_000_000
  let server: ModelServer
  let origin: String
  let sign: @Sendable (inout HTTPFields, APIKey?) -> Void

  func submit(
    _ lines: [(id: String, body: String)], key: String
  ) async throws(ModelError) -> String {
    var order = JSONWriter()
    order.raw("{\"requests\":")
    order.list(lines) { line, json in
      json.raw("{")
      json.member("custom_id", line.id)
      json.raw(",\"params\":\(line.body)}")
    }
    order.raw("}")
    let job = try await server.json(
      "POST", try url("/v1/messages/batches"), order.bytes, sign: sign)
    guard let id = job["id"]?.string else {
      throw ModelError(.wrongShape, "a job without an id", status: 200)
    }
    return id
  }

  /// Jobs have no name of ours here. One of as many requests that nobody knows is taken for it: its
  /// results tell, at once where it is over, else when they come.
  func find(_ job: BatchJob, besides known: Set<String>) async throws(ModelError) -> String? {
    let ids = Set(job.requests)
    return try await firstJob { cursor throws(ModelError) in
      let page = try await server.json(
        "GET",
        try url("/v1/messages/batches?limit=100" + (cursor.isEmpty ? "" : "&after_id=\(cursor)")),
        nil, sign: sign)
      let next = page["has_more"]?.bool == true ? page["last_id"]?.string : nil
      return (page["data"]?.array ?? [], next)
    } where: { found throws(ModelError) in
      let counts = found["request_counts"]?.members ?? []
      guard let id = found["id"]?.string, !known.contains(id),
        counts.reduce(0, { $0 + ($1.value.int ?? 0) }) == ids.count
      else { return nil }
      guard found["processing_status"]?.string == "ended" else { return id }
      var isOurs = false
      try await results(at: id) { line in
        isOurs = isOurs || (line["custom_id"]?.string).map(ids.contains) == true
      }
      return isOurs ? id : nil
    }
  }

  func state(of job: String) async throws(ModelError) -> BatchState {
    let answer = try await server.json(
      "GET", try url("/v1/messages/batches/\(job)"), nil, sign: sign)
    switch answer["processing_status"]?.string {
    // The place of results is built here: an address in an answer is not where a key is sent.
    case "ended": return .ended(results: [job])
    case nil: throw ModelError(.wrongShape, "a job without a status", status: 200)
    default: return .running
    }
  }

  func results(at place: String, _ line: (JSONValue) -> Void) async throws(ModelError) {
    try await server.lines(try url("/v1/messages/batches/\(place)/results"), sign: sign, line)
  }

  func answer(in line: JSONValue) -> (id: String, result: Result<JSONValue, ModelError>)? {
    guard let id = line["custom_id"]?.string, let result = line["result"] else { return nil }
    switch result["type"]?.string {
    case "succeeded":
      return result["message"].map { (id, .success($0)) }
    case "errored":
      let error = result["error"]
      return (
        id,
        .failure(
          ProviderFailure.error(
            status: 200, fields: HTTPFields(), json: error?["error"] == nil ? result : error,
            raw: Array(result.text.utf8)))
      )
    default: return (id, .failure(ModelError(.server, "not answered in its batch")))
    }
  }

  private func url(_ path: String) throws(ModelError) -> WebURL {
    try ModelServer.place(origin + path)
  }
}
