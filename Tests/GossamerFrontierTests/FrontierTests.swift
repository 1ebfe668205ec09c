import GossamerFlow
import GossamerRobots
import GossamerURL
import Testing

@testable import GossamerFrontier

@Suite("The actor: waiting, waking, many tasks", .timeLimit(.minutes(5)))
struct FrontierTests {
  private func frontier(delay: Duration = .zero, perHost: Int = 1) -> Frontier {
    let policy = PolitenessPolicy.quick.with {
      $0.delay = delay
      $0.perHost = perHost
      $0.perAddress = perHost
    }
    return Frontier(
      state: FrontierState(
        policy: policy, identity: .random(), maximumInFlight: 64, seed: 1, at: ContinuousClock().now
      ))
  }

  private func carry(_ visit: Visit, _ frontier: Frontier) async {
    let outcome: VisitReport.Outcome =
      visit.kind == .resolve ? .resolved([.v4(0x7F00_0001)]) : .fetched(isPage: true)
    _ = await frontier.report(
      VisitReport(id: visit.id, outcome: outcome, startedAt: ContinuousClock().now))
  }

  @Test func theSameURLFromEightTasksIsAdmittedOnce() async {
    let frontier = frontier()
    let accepted = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var count = 0
          for number in 0..<500 {
            let offers = [Offer("http://h\(number % 7).test/\(number)")].compactMap { $0 }
            count += await frontier.offer(offers).accepted.count
          }
          return count
        }
      }
      return await group.reduce(0, +)
    }
    #expect(accepted == 500)
    #expect(await frontier.counts.known == 500)
  }

  @Test func noHostIsGivenToTwoOfManyClaimersAtOnce() async throws {
    let frontier = frontier()
    let holders = Holders()
    _ = await frontier.offer((0..<6_000).compactMap { Offer("http://h\($0 % 40).test/\($0)") })
    try await withThrowingDiscardingTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          while let visit = try await frontier.next() {
            await holders.take(visit.hostKey)
            await Task.yield()
            await holders.giveBack(visit.hostKey)
            // Every host has an address of its own: none waits for another.
            let address = IPAddress.v4(visit.hostKey.utf8.reduce(0) { $0 &* 31 &+ UInt32($1) })
            _ = await frontier.report(
              VisitReport(
                id: visit.id,
                outcome: visit.kind == .resolve ? .resolved([address]) : .fetched(isPage: true),
                startedAt: ContinuousClock().now))
          }
        }
      }
    }
    #expect(await holders.collisions == 0)
    #expect(await frontier.counts.done == 6_000)
  }

  @Test func aReportThatComesTwiceOrForNothingChangesNothing() async throws {
    let frontier = frontier()
    _ = await frontier.offer(["http://a.test/1", "http://a.test/2"].compactMap { Offer($0) })
    let look = try #require(try await frontier.next())
    await carry(look, frontier)
    let visit = try #require(try await frontier.next())
    await carry(visit, frontier)
    let counts = await frontier.counts
    let late = VisitReport(
      id: visit.id, outcome: .failed(kind: .reset, isTransient: true, harmsHost: true),
      links: [Offer("http://b.test/")].compactMap { $0 })
    #expect(await frontier.report(late).isEmpty)
    #expect(await frontier.report(VisitReport(id: 9_999, outcome: .cancelled)).isEmpty)
    #expect(await frontier.counts == counts)
  }

  @Test func waitsForTheGapAndThenDrains() async throws {
    let frontier = frontier(delay: .milliseconds(100))
    _ = await frontier.offer((0..<4).compactMap { Offer("http://a.test/\($0)") })
    let began = ContinuousClock().now
    try await withThrowingDiscardingTaskGroup { group in
      while let visit = try await frontier.next() {
        group.addTask { await carry(visit, frontier) }
      }
    }
    let span = ContinuousClock().now - began
    #expect(span >= .milliseconds(300))
    #expect(await frontier.counts.done == 4)
  }

  @Test func cancellationWakesTheOneWhoWaits() async throws {
    let frontier = frontier(delay: .seconds(1_000))
    _ = await frontier.offer((0..<2).compactMap { Offer("http://a.test/\($0)") })
    let waiter = Task {
      while let visit = try await frontier.next() { await carry(visit, frontier) }
    }
    while await frontier.counts.done < 1 { await Task.yield() }
    waiter.cancel()
    await #expect(throws: CancellationError.self) { try await waiter.value }
  }

  @Test func aReportAndAnOfferAndAStopWakeTheOneWhoWaits() async throws {
    let frontier = frontier()
    _ = await frontier.offer([Offer("http://a.test/")].compactMap { $0 })
    let first = try #require(try await frontier.next())
    let second = Task { try await frontier.next() }
    await carry(first, frontier)
    let page = try #require(try await second.value)
    let third = Task { try await frontier.next() }
    _ = await frontier.offer([Offer("http://b.test/")].compactMap { $0 })
    let other = try #require(try await third.value)
    #expect(other.hostKey == "b.test")
    let fourth = Task { try await frontier.next() }
    await frontier.stop()
    await carry(page, frontier)
    _ = await frontier.report(VisitReport(id: other.id, outcome: .cancelled))
    #expect(try await fourth.value == nil)
  }
}

/// Who holds which host.
private actor Holders {
  private var held: Set<String> = []
  private(set) var collisions = 0

  func take(_ host: String) { if !held.insert(host).inserted { collisions += 1 } }
  func giveBack(_ host: String) { held.remove(host) }
}
