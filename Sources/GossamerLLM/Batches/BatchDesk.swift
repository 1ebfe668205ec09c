import GossamerFlow
import GossamerHTTP

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
  /// Jobs that were sent, and nobody knows whether they were taken; by our own names for them.
  private var doubtful: [String: BatchJob] = [:]
  /// The doubtful job that may hold a call.
  private var doubts: [String: String] = [:]
  /// Names of all jobs that are accounted for.
  private var seen = Set<String>()
  /// Jobs that were taken for ours by a sign that may deceive.
  private var adopted = Set<String>()
  /// Sends in a row that nobody confirmed.
  private var unconfirmed = 0
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
      if let name = job.id {
        jobs[name] = job
        seen.insert(name)
        for id in job.requests { places[id] = name }
      } else {
        doubtful[job.key] = job
        for id in job.requests { doubts[id] = job.key }
      }
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
    if let job = places[id] {
      watch(job)
    } else if let key = doubts[id] {
      resolve(key)
    } else {
      queue(id)
    }
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
    let key = "gossamer-" + String(UInt64.random(in: .min ... .max), radix: 36)
    let job = BatchJob(id: nil, key: key, requests: lines.map(\.id))
    do throws(ModelError) {
      // Noted before it is sent: a run that is killed meanwhile leaves a trace of it.
      try noteDown(job)
      confirm(job, as: try await codec.submit(lines, key: key))
    } catch {
      guard error.leavesInDoubt, unconfirmed < 3 else {
        var error = error
        // Nobody knows whether the job exists: not sent again by itself.
        if error.leavesInDoubt { error.isTransient = false } else { noteAbsence(of: job) }
        for line in lines { finish(line.id, .failure(error)) }
        return
      }
      unconfirmed += 1
      doubt(job)
    }
  }

  private func noteDown(_ job: BatchJob) throws(ModelError) {
    do { try note(job) } catch {
      throw ModelError(.config, "the job \(job.id ?? job.key) cannot be noted down: \(error)")
    }
  }

  /// The provider did not take a job: the next run need not look for it. If that cannot be noted, it
  /// looks.
  private func noteAbsence(of job: BatchJob) {
    try? note(BatchJob(id: nil, key: job.key, requests: []))
  }

  /// The job has a name: from now on it is looked after.
  private func confirm(_ job: BatchJob, as name: String) {
    var job = job
    job.id = name
    jobs[name] = job
    seen.insert(name)
    doubtful[job.key] = nil
    for id in job.requests {
      doubts[id] = nil
      places[id] = name
    }
    unconfirmed = 0
    do throws(ModelError) { try noteDown(job) } catch {
      for id in job.requests { finish(id, .failure(error)) }
    }
    watch(name)
  }

  // MARK: Doubts

  private func doubt(_ job: BatchJob) {
    doubtful[job.key] = job
    for id in job.requests { doubts[id] = job.key }
    resolve(job.key)
  }

  private func resolve(_ key: String) {
    guard watched.insert(key).inserted else { return }
    Task { await lookUp(key) }
  }

  /// Finds out whether the provider has a job; sends its calls again only where it has not.
  private func lookUp(_ key: String) async {
    guard let job = doubtful[key] else { return }
    defer { watched.remove(key) }
    var wait = interval
    // A job may take a moment until it is listed.
    for look in 1...3 {
      guard !hasLeft, (try? await Task.sleep(for: wait)) != nil else { return }
      wait *= 2
      do throws(ModelError) {
        if let name = try await codec.find(job, besides: seen) {
          adopted.insert(name)
          return confirm(job, as: name)
        }
      } catch {
        guard look == 3 || !error.isTransient else { continue }
        let failure = ModelError(
          .server,
          "nobody knows whether the provider took a batch (\(error.description)): "
            + "run the same command again to look for it", isTransient: false)
        for id in job.requests { finish(id, .failure(failure)) }
        return
      }
    }
    doubtful[key] = nil
    noteAbsence(of: job)
    for id in job.requests {
      doubts[id] = nil
      if calls[id] != nil { queue(id) }
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
          var mine = 0
          for place in places { mine += try await take(from: place, of: job) }
          if mine == 0, adopted.remove(job) != nil { return disown(job) }
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

  /// - Returns: how many answers were to calls of the job.
  private func take(from place: String, of job: String) async throws(ModelError) -> Int {
    var answers: [(id: String, result: Answer)] = []
    try await codec.results(at: place) { line in
      if let answer = codec.answer(in: line) { answers.append(answer) }
    }
    var mine = 0
    for (id, result) in answers where places[id] == job {
      mine += 1
      places[id] = nil
      if calls[id] != nil {
        finish(id, result)
      } else if case .success = result {
        brought[id] = result
      }
    }
    return mine
  }

  /// A job that was taken for ours is another's: ours is looked for again.
  private func disown(_ name: String) {
    guard var job = jobs.removeValue(forKey: name) else { return }
    job.id = nil
    for id in job.requests { places[id] = nil }
    doubt(job)
  }

  /// Ends a job: who still waits for it gets an error, and a further try begins anew.
  private func release(_ job: String, _ error: ModelError) {
    for id in jobs.removeValue(forKey: job)?.requests ?? [] where places[id] == job {
      places[id] = nil
      finish(id, .failure(error))
    }
  }
}

extension ModelError {
  /// Whether a call may have been taken although it failed: it may have reached the server.
  fileprivate var leavesInDoubt: Bool {
    switch underlying?.kind {
    case .reset, .closed, .readTimeout, .deadline, .truncatedHead, .framing, .lengthMismatch,
      .tlsTruncated:
      true
    case nil:
      (status ?? 0) >= 500 || status == 200 && (kind == .badJSON || kind == .wrongShape)
    default: false
    }
  }
}
