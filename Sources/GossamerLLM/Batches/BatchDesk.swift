import GossamerFlow

/// Gathers calls into jobs, asks after the jobs, and hands out what they bring.
///
/// Filled by `answer`, emptied by the results of jobs and by `leave`. What a job brought and nobody
/// asked for yet is kept until somebody does: after a restart calls come later than their answers.
actor BatchDesk {
  private typealias Answer = Result<JSONValue, ModelError>

  private struct Call {
    var body: [UInt8]
    var waiters: [CheckedContinuation<Answer, Never>]
  }

  private let codec: any BatchCodec
  private let quiet: Duration
  private let interval: Duration
  private let digest: @Sendable ([UInt8]) -> String
  private let note: @Sendable (BatchJob) throws -> Void
  /// Calls that are in no job yet, in their order.
  private var open: [String] = []
  private var openBytes = 0
  private var calls: [String: Call] = [:]
  private var jobs: [String: BatchJob] = [:]
  /// The job that holds a call.
  private var places: [String: String] = [:]
  private var brought: [String: Answer] = [:]
  private var watched = Set<String>()
  private var timer: Task<Void, Never>?
  private var hasLeft = false

  init(
    _ codec: any BatchCodec, known: [BatchJob], quiet: Duration, interval: Duration,
    digest: @escaping @Sendable ([UInt8]) -> String,
    note: @escaping @Sendable (BatchJob) throws -> Void
  ) {
    self.codec = codec
    self.quiet = quiet
    self.interval = interval
    self.digest = digest
    self.note = note
    for job in known {
      jobs[job.id] = job
      for id in job.requests { places[id] = job.id }
    }
  }

  /// The answer to a call, from whichever job holds it.
  func answer(to body: [UInt8]) async throws(ModelError) -> JSONValue {
    let id = digest(body)
    if hasLeft { throw Self.left }
    if let answer = brought.removeValue(forKey: id) { return try answer.get() }
    // A cancelled caller does not wait for a day; its call stays in the job.
    let answer = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled {
          return continuation.resume(
            returning: Answer.failure(ModelError(.cancelled, "cancelled while a batch ran")))
        }
        join(id, body, continuation)
      }
    } onCancel: {
      Task { await self.cancel(id) }
    }
    return try answer.get()
  }

  /// Lets everyone go who waits.
  func leave() {
    hasLeft = true
    timer?.cancel()
    for id in calls.keys { finish(id, .failure(Self.left)) }
    open = []
  }

  private static let left = ModelError(
    .quota, "left while batches run at the provider; they are collected by another run")

  private func join(_ id: String, _ body: [UInt8], _ waiter: CheckedContinuation<Answer, Never>) {
    if calls[id] != nil {
      calls[id]?.waiters.append(waiter)
      return
    }
    calls[id] = Call(body: body, waiters: [waiter])
    if let job = places[id] { watch(job) } else { queue(id) }
  }

  private func cancel(_ id: String) {
    finish(id, .failure(ModelError(.cancelled, "cancelled while a batch ran")))
  }

  private func finish(_ id: String, _ answer: Answer) {
    guard let call = calls.removeValue(forKey: id) else { return }
    for waiter in call.waiters { waiter.resume(returning: answer) }
  }

  // MARK: Sending

  private func queue(_ id: String) {
    let size = (calls[id]?.body.count ?? 0) + 200
    if openBytes + size > codec.mostBytes { send() }
    open.append(id)
    openBytes += size
    if open.count >= codec.mostRequests { return send() }
    timer?.cancel()
    timer = Task { [weak self, quiet] in
      guard (try? await Task.sleep(for: quiet)) != nil else { return }
      await self?.send()
    }
  }

  private func send() {
    timer?.cancel()
    let ids = open.filter { calls[$0] != nil }
    open = []
    openBytes = 0
    guard !ids.isEmpty, !hasLeft else { return }
    Task { await submit(ids) }
  }

  private func submit(_ ids: [String]) async {
    let lines = ids.compactMap { id in
      calls[id].map { (id: id, body: String(decoding: $0.body, as: UTF8.self)) }
    }
    do throws(ModelError) {
      let job = BatchJob(id: try await codec.submit(lines), requests: lines.map(\.id))
      jobs[job.id] = job
      for id in job.requests { places[id] = job.id }
      do { try note(job) } catch {
        throw ModelError(.config, "the job \(job.id) cannot be noted down: \(error)")
      }
      watch(job.id)
    } catch {
      // Nobody knows whether a job that timed out exists: only what was refused is sent again.
      var error = error
      if error.kind == .timeout || error.kind == .cutStream { error.isTransient = false }
      for line in lines { finish(line.id, .failure(error)) }
    }
  }

  // MARK: Collecting

  private func watch(_ job: String) {
    guard watched.insert(job).inserted else { return }
    Task { await collect(job) }
  }

  private func collect(_ job: String) async {
    var wait = interval
    var failures = 0
    while !hasLeft {
      do throws(ModelError) {
        switch try await codec.state(of: job) {
        case .running: break
        case .lost(let reason):
          return release(job, ModelError(.config, "the batch \(job) failed: \(reason)"))
        case .ended(let places):
          for place in places { try await take(from: place) }
          // What a job did not answer may be asked again.
          return release(job, ModelError(.server, "not answered in its batch"))
        }
        failures = 0
      } catch {
        failures += 1
        let isGone = error.status == 404
        guard error.isTransient, failures < 8, !isGone else {
          return release(job, isGone ? ModelError(.server, "its batch is gone") : error)
        }
      }
      guard (try? await Task.sleep(for: wait)) != nil else { return }
      wait = min(wait * 1.5, interval * 8)
    }
  }

  private func take(from place: String) async throws(ModelError) {
    var answers: [(id: String, result: Answer)] = []
    try await codec.results(at: place) { line in
      if let answer = codec.answer(in: line) { answers.append(answer) }
    }
    for (id, result) in answers {
      places[id] = nil
      if calls[id] != nil {
        finish(id, result)
      } else if case .success = result {
        brought[id] = result
      }
    }
  }

  /// Ends a job: who still waits for it gets an error, and a further try begins anew.
  private func release(_ job: String, _ error: ModelError) {
    for id in jobs.removeValue(forKey: job)?.requests ?? [] where places[id] == job {
      places[id] = nil
      finish(id, .failure(error))
    }
  }
}
