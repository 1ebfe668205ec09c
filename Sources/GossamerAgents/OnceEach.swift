/// Makes a value for each key once, however many ask for it at the same time, and keeps the last
/// ones. Filled by calls; emptied by newer ones, and with its owner.
actor OnceEach<Value: Sendable> {
  private enum Entry {
    case underway([UInt64: CheckedContinuation<Void, Never>])
    case done(Result<Value, any Error>)
  }

  private let make: @Sendable (String) async throws -> Value
  private let isKept: @Sendable (Result<Value, any Error>) -> Bool
  private let most: Int
  private var entries: [String: Entry] = [:]
  /// Keys of values that are kept, oldest first.
  private var kept: [String] = []
  private var lastWaiter: UInt64 = 0

  /// - Parameters:
  ///   - most: the most values that are kept.
  ///   - isKept: whether whoever asks later gets the same.
  init(
    most: Int, isKept: @escaping @Sendable (Result<Value, any Error>) -> Bool = { _ in true },
    make: @escaping @Sendable (String) async throws -> Value
  ) {
    self.most = most
    self.isKept = isKept
    self.make = make
  }

  func value(of key: String) async throws -> Value {
    while true {
      switch entries[key] {
      case .done(let result): return try result.get()
      case .underway:
        await wait(for: key)
        try Task.checkCancellation()
      case nil:
        entries[key] = .underway([:])
        let result: Result<Value, any Error>
        do { result = .success(try await make(key)) } catch { result = .failure(error) }
        end(key, result)
        return try result.get()
      }
    }
  }

  private func end(_ key: String, _ result: Result<Value, any Error>) {
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    if case .underway(let waiting) = entries[key] { waiters = waiting }
    // What was cancelled says nothing: the next who waits makes the value.
    if Task.isCancelled || !isKept(result) {
      entries[key] = nil
    } else {
      entries[key] = .done(result)
      kept.append(key)
      if kept.count > most { entries[kept.removeFirst()] = nil }
    }
    for waiter in waiters.values { waiter.resume() }
  }

  private func wait(for key: String) async {
    lastWaiter += 1
    let id = lastWaiter
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        guard !Task.isCancelled, case .underway(var waiters) = entries[key] else {
          return continuation.resume()
        }
        waiters[id] = continuation
        entries[key] = .underway(waiters)
      }
    } onCancel: {
      Task { await self.leave(key, id) }
    }
  }

  private func leave(_ key: String, _ id: UInt64) {
    guard case .underway(var waiters) = entries[key] else { return }
    let waiter = waiters.removeValue(forKey: id)
    entries[key] = .underway(waiters)
    waiter?.resume()
  }
}
