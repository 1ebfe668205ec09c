import Foundation
import GossamerFrontier
import GossamerSQLite
import Testing

/// Speeds, printed; meant for a release build. Switched on by `GOSSAMER_SPEED`.
@Suite(
  "Speed of the store", .enabled(if: ProcessInfo.processInfo.environment["GOSSAMER_SPEED"] != nil))
struct SQLiteSpeedTests {
  @Test func commitsOfAThousand() async throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "gossamer-\(UUID().uuidString).db").path
    let clock = ContinuousClock()
    let store = try SQLiteFrontierStore(path: path)
    _ = try await store.open(settings: [:], memory: FrontierMemory(), at: clock.now)
    var hash: UInt64 = 1
    let span = try await clock.measure {
      for round in 0..<300 {
        var commit = FrontierCommit()
        for number in 0..<1_000 {
          hash = hash &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let host = "host-\((round &* 37 &+ number / 20) % 2_000).test"
          commit.accepted.append(
            FrontierEntry(
              hostKey: host, hash: hash, url: "http://\(host)/section/page-\(hash)", purpose: .page,
              depth: 3, referrer: "http://\(host)/section/", seed: "http://\(host)/",
              redirects: [], failedTries: 0, queuedAt: clock.now))
        }
        commit.finished = commit.accepted.prefix(100).map { FinishedURL(entry: $0, state: .done) }
        _ = try await store.commit(commit)
      }
    }
    try await store.close()
    let again = try SQLiteFrontierStore(path: path)
    let opening = try await clock.measure {
      _ = try await again.open(settings: [:], memory: FrontierMemory(), at: clock.now)
    }
    try await again.close()
    print("new rows/s: \(Int(300_000 / (span / .seconds(1)))); reopening 300,000: \(opening)")
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: path + ending)
    }
  }
}
