import Foundation
import Gossamer

/// What limiters know, kept beside a corpus between runs: by provider, address and model, without
/// keys. A file that cannot be read or written costs some politeness, never a run.
struct LimiterFile {
  private struct Entry: Codable {
    var at: Double
    var memory: LimiterMemory
  }

  /// Older entries say nothing any more.
  private static let lifetime: Double = 7 * 86_400
  private static let interval = Duration.seconds(10)

  private let path: String
  private let key: String
  private let limiter: RateLimiter

  init(_ path: String, of plan: ModelPlan) {
    self.path = path
    key = plan.limitsKey
    limiter = plan.gate.limiter
  }

  /// Runs a body with what was known before, and keeps what is known while it runs and after.
  func keep<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    await recall()
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        while (try? await Task.sleep(for: Self.interval)) != nil { await save() }
      }
      do {
        let result = try await body()
        group.cancelAll()
        await save()
        return result
      } catch {
        group.cancelAll()
        await save()
        throw error
      }
    }
  }

  private func recall() async {
    let now = Date().timeIntervalSince1970
    guard let entry = entries()[key], now >= entry.at, now - entry.at < Self.lifetime else {
      return
    }
    await limiter.recall(entry.memory, age: .seconds(now - entry.at))
  }

  private func save() async {
    let now = Date().timeIntervalSince1970
    var entries = entries().filter { now - $0.value.at < Self.lifetime }
    entries[key] = Entry(at: now, memory: await limiter.memory)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(entries) else { return }
    try? data.write(to: URL(filePath: path), options: .atomic)
  }

  private func entries() -> [String: Entry] {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return [:] }
    return (try? JSONDecoder().decode([String: Entry].self, from: data)) ?? [:]
  }
}
