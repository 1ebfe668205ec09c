import GossamerHTTP
import GossamerURL

/// OpenAI's bulk interface: a file of requests is uploaded, a job made of it, and two files of
/// answers and errors fetched. Source: OpenAI API reference, Files and Batch, 2026-07.
struct OpenAIBatches: BatchCodec {
  let mostRequests = 50_000
  let mostBytes = 190_000_000
  let server: ModelServer
  /// The address of chat calls; the others stand beside it.
  let origin: String
  /// "/v1/chat/completions" or "/v1/responses".
  let path: String
  let sign: @Sendable (inout HTTPFields, APIKey?) -> Void

  func submit(
    _ lines: [(id: String, body: String)], key: String
  ) async throws(ModelError) -> String {
    var file = JSONWriter()
    for line in lines {
      file.raw("{")
      file.member("custom_id", line.id)
      file.also("method", "POST")
      file.also("url", path)
      file.raw(",\"body\":\(line.body)}\n")
    }
    let border = "gossamer-" + String(UInt64.random(in: .min ... .max), radix: 36)
    let head = """
      --\(border)\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--\(border)\r\n\
      Content-Disposition: form-data; name="file"; filename="requests.jsonl"\r\n\
      Content-Type: application/jsonl\r\n\r\n
      """
    let form = Array(head.utf8) + file.bytes + Array("\r\n--\(border)--\r\n".utf8)
    let upload = try await server.json(
      "POST", try url("/v1/files"), form, type: "multipart/form-data; boundary=\(border)",
      sign: sign)
    guard let input = upload["id"]?.string else {
      throw ModelError(.wrongShape, "an uploaded file without an id", status: 200)
    }
    var order = JSONWriter()
    order.raw("{")
    order.member("input_file_id", input)
    order.also("endpoint", path)
    order.also("completion_window", "24h")
    order.raw(",\"metadata\":{")
    order.member(Self.keyName, key)
    order.raw("}}")
    let job = try await server.json("POST", try url("/v1/batches"), order.bytes, sign: sign)
    guard let id = job["id"]?.string else {
      throw ModelError(.wrongShape, "a job without an id", status: 200)
    }
    return id
  }

  private static let keyName = "gossamer"

  func find(_ job: BatchJob, besides known: Set<String>) async throws(ModelError) -> String? {
    try await firstJob { cursor throws(ModelError) in
      let page = try await server.json(
        "GET", try url("/v1/batches?limit=100" + (cursor.isEmpty ? "" : "&after=\(cursor)")), nil,
        sign: sign)
      let jobs = page["data"]?.array ?? []
      return (jobs, page["has_more"]?.bool == true ? jobs.last?["id"]?.string : nil)
    } where: { found throws(ModelError) in
      guard found["metadata"]?[Self.keyName]?.string == job.key, let id = found["id"]?.string,
        !known.contains(id)
      else { return nil }
      return id
    }
  }

  func state(of job: String) async throws(ModelError) -> BatchState {
    let answer = try await server.json("GET", try url("/v1/batches/\(job)"), nil, sign: sign)
    switch answer["status"]?.string {
    case "completed", "expired", "cancelled":
      return .ended(
        results: ["output_file_id", "error_file_id"].compactMap { answer[$0]?.string })
    case "failed":
      let reason = answer["errors"]?["data"]?.array?.first?["message"]?.string
      return .lost(reason ?? "refused")
    case nil: throw ModelError(.wrongShape, "a job without a status", status: 200)
    default: return .running
    }
  }

  func results(at place: String, _ line: (JSONValue) -> Void) async throws(ModelError) {
    try await server.lines(try url("/v1/files/\(place)/content"), sign: sign, line)
  }

  func answer(in line: JSONValue) -> (id: String, result: Result<JSONValue, ModelError>)? {
    guard let id = line["custom_id"]?.string else { return nil }
    let response = line["response"]
    let status = response?["status_code"]?.int ?? 200
    if let body = response?["body"], status == 200, line["error"] == nil {
      return (id, .success(body))
    }
    let error = ProviderFailure.error(
      status: status, fields: HTTPFields(), json: response?["body"] ?? line,
      raw: Array(line.text.utf8))
    // What expired was not billed and may be asked again.
    let isExpired = line["error"]?["code"]?.string == "batch_expired"
    return (id, .failure(isExpired ? ModelError(.server, "expired in its batch") : error))
  }

  private func url(_ path: String) throws(ModelError) -> WebURL {
    try ModelServer.place(origin + path)
  }
}
