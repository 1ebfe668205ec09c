import GossamerHTTP
import GossamerURL

/// Google's bulk interface: requests stand in the call that makes a job, answers in the job or in
/// a file of it. Source: Gemini API reference, Batch API, 2026-06.
struct GeminiBatches: BatchCodec {
  let mostRequests = 20_000
  /// A call with requests in it may have 20 MB.
  let mostBytes = 19_000_000
  let server: ModelServer
  let origin: String
  /// "models/M".
  let model: String
  let sign: @Sendable (inout HTTPFields, APIKey?) -> Void

  func submit(
    _ lines: [(id: String, body: String)], key: String
  ) async throws(ModelError) -> String {
    var order = JSONWriter()
    order.raw("{\"batch\":{")
    order.member("displayName", key)
    order.raw(",\"inputConfig\":{\"requests\":{\"requests\":")
    order.list(lines) { line, json in
      json.raw("{\"request\":\(line.body),\"metadata\":{")
      json.member("key", line.id)
      json.raw("}}")
    }
    order.raw("}}}}")
    let job = try await server.json(
      "POST", try url("/v1beta/\(model):batchGenerateContent"), order.bytes, sign: sign)
    return try Self.name(of: job)
  }

  func find(_ job: BatchJob, besides known: Set<String>) async throws(ModelError) -> String? {
    try await firstJob { cursor throws(ModelError) in
      let page = try await server.json(
        "GET",
        try url("/v1beta/batches?pageSize=100" + (cursor.isEmpty ? "" : "&pageToken=\(cursor)")),
        nil, sign: sign)
      return (page["operations"]?.array ?? [], page["nextPageToken"]?.string)
    } where: { found throws(ModelError) in
      let name = found["metadata"]?["displayName"]?.string
      guard name == job.key, let id = try? Self.name(of: found), !known.contains(id) else {
        return nil
      }
      return id
    }
  }

  func state(of job: String) async throws(ModelError) -> BatchState {
    let answer = try await server.json(
      "GET", try url("/v1beta/\(job)"), nil, limit: Self.resultLimit, sign: sign)
    guard let state = answer["metadata"]?["state"]?.string else {
      throw ModelError(.wrongShape, "a job without a state", status: 200)
    }
    // BATCH_STATE_… or JOB_STATE_…, by where one looks.
    switch state.split(separator: "_").dropFirst(2).joined(separator: "_") {
    case "SUCCEEDED", "PARTIALLY_SUCCEEDED", "EXPIRED", "CANCELLED":
      let file = (answer["response"] ?? answer["metadata"]?["output"])?["responsesFile"]?.string
      return .ended(results: [file ?? job])
    case "FAILED":
      return .lost(answer["error"]?["message"]?.string ?? "refused")
    default: return .running
    }
  }

  func results(at place: String, _ line: (JSONValue) -> Void) async throws(ModelError) {
    if place.hasPrefix("files/") {
      let file = try url("/download/v1beta/\(try Self.checked(place)):download?alt=media")
      return try await server.lines(file, sign: sign, line)
    }
    let job = try await server.json(
      "GET", try url("/v1beta/\(place)"), nil, limit: Self.resultLimit, sign: sign)
    let held = (job["response"] ?? job["metadata"]?["output"])?["inlinedResponses"]
    for item in (held?["inlinedResponses"] ?? held)?.array ?? [] { line(item) }
  }

  func answer(in line: JSONValue) -> (id: String, result: Result<JSONValue, ModelError>)? {
    guard let id = (line["metadata"]?["key"] ?? line["key"])?.string else { return nil }
    if let response = line["response"], response.isObject { return (id, .success(response)) }
    guard let error = line["error"] else { return nil }
    // A status of gRPC, by number: what could not be done today may be asked again.
    let code = error["code"]?.int ?? 0
    let mayPass = [1, 4, 8, 10, 13, 14].contains(code)
    return (
      id,
      .failure(
        ModelError(
          mayPass ? .server : .config, error["message"]?.string ?? "refused in its batch",
          status: mayPass ? nil : 400))
    )
  }

  /// The answers to 19 MB of questions stand in one body.
  private static let resultLimit = 128 << 20

  private static func name(of job: JSONValue) throws(ModelError) -> String {
    guard let name = job["name"]?.string else {
      throw ModelError(.wrongShape, "a job without a name", status: 200)
    }
    return try checked(name)
  }

  /// A name that stands in an address: it must not lead elsewhere.
  private static func checked(_ name: String) throws(ModelError) -> String {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain =
      parts.count == 2
      && parts.allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { $0 == 0x2D || $0 == 0x5F || isLetterOrDigit($0) }
      }
    guard isPlain else { throw ModelError(.wrongShape, "a name that is none", status: 200) }
    return name
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private func url(_ path: String) throws(ModelError) -> WebURL {
    try ModelServer.place(origin + path)
  }
}
