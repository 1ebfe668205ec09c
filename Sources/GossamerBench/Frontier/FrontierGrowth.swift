import Foundation
import Gossamer

/// A frontier that grows, and how much that costs.
struct FrontierGrowth {
  private let path: String
  private let memory: FrontierMemory
  private var web: SyntheticLinks
  private var store: SQLiteFrontierStore
  private var frontier: Frontier

  init(path: String, memory: FrontierMemory, web: SyntheticLinks) async throws {
    self.path = path
    self.memory = memory
    self.web = web
    (store, frontier) = try await Self.open(path, memory)
  }

  static func open(
    _ path: String, _ memory: FrontierMemory
  ) async throws -> (SQLiteFrontierStore, Frontier) {
    let store = try SQLiteFrontierStore(path: path)
    let restored = try await store.open(settings: [:], memory: memory, at: .now)
    var policy = PolitenessPolicy()
    policy.delay = .zero
    policy.perAddressDelay = .zero
    policy.obeysRobots = false
    var traps = TrapLimits()
    traps.urlsPerHost = .max
    var state = FrontierState(
      policy: policy, traps: traps, memory: memory, identity: restored.identity,
      maximumInFlight: 64, seed: 1, at: .now)
    state.restore(restored, at: .now)
    return (store, Frontier(state: state))
  }

  /// Offers links until so many URLs are known.
  mutating func grow(to size: Int) async throws -> FrontierSample {
    var sample = FrontierSample(urls: size)
    while web.count < size {
      var pages: [[Offer]] = []
      while pages.count < 256, web.count < size { pages.append(web.page()) }
      let cpu = ProcessFigures.cpuSeconds()
      let start = ContinuousClock.now
      var commit = FrontierCommit()
      for page in pages {
        commit.add(await frontier.offer(page))
        sample.offers += page.count
      }
      let receipt = try await store.commit(commit)
      await frontier.confirm(commit, receipt)
      sample.seconds += (ContinuousClock.now - start) / .seconds(1)
      sample.cpuSeconds += ProcessFigures.cpuSeconds() - cpu
    }
    let start = ContinuousClock.now
    let counts = try SQLiteFrontierReader(path: path).counts()
    sample.countsSeconds = (ContinuousClock.now - start) / .seconds(1)
    sample.urls = counts.known
    sample.memory = ProcessFigures.residentBytes()
    return sample
  }

  func close() async throws { try await store.close() }

  mutating func reopen() async throws {
    (store, frontier) = try await Self.open(path, memory)
  }
}

/// A new process that goes on with a crawl up to its first request.
struct FrontierResume {
  let path: String
  let memory: FrontierMemory

  func run() async throws {
    let (store, frontier) = try await FrontierGrowth.open(path, memory)
    let supplier = Task {
      while let requests = try? await frontier.nextRequests(limit: 64) {
        _ = await frontier.take(try await store.supply(requests, at: .now))
      }
    }
    while let visit = try await frontier.next(), visit.kind == .resolve {
      _ = await frontier.report(VisitReport(id: visit.id, outcome: .resolved([.v4(1)])))
    }
    print(ProcessFigures.residentBytes())
    fflush(nil)
    supplier.cancel()
    try await store.close()
  }
}
