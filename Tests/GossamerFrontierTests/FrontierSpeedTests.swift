import Foundation
import GossamerURL
import Testing

@testable import GossamerFrontier

/// Speeds, printed; meant for a release build. Switched on by `GOSSAMER_SPEED`.
@Suite(
  "Speed of the frontier", .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["GOSSAMER_SPEED"] != nil))
struct FrontierSpeedTests {
  private let policy = PolitenessPolicy.quick.with { $0.delay = .zero }

  private func state() -> FrontierState {
    FrontierState(
      policy: policy, identity: .random(), maximumInFlight: 256, seed: 1, at: ContinuousClock().now)
  }

  /// 25,000 pages of 40 links each over 5,000 hosts, 85 % of the links known.
  private var pages: [[Offer]] {
    let fresh = (0..<150_000).compactMap {
      Offer("http://host-\($0 % 5_000).test/section/page-\($0)")
    }
    var next = 0
    return (0..<25_000).map { page in
      (0..<40).map { link in
        guard link < 6 else { return fresh[(page &* 7_919 &+ link &* 104_729) % max(next, 1)] }
        next += 1
        return fresh[next - 1]
      }
    }
  }

  @Test func millionOffers() {
    var state = state()
    let pages = pages
    let clock = ContinuousClock()
    let span = clock.measure {
      for page in pages { _ = state.offer(page, at: clock.now) }
    }
    print(
      "offers/s, 85 % known: \(Int(1_000_000 / (span / .seconds(1)))); known \(state.counts.known)")
    #expect(state.counts.known == 150_000)
  }

  @Test func visitsAndReportsThroughTheActor() async throws {
    let frontier = Frontier(state: state())
    for page in pages.prefix(10_000) { _ = await frontier.offer(page) }
    let clock = ContinuousClock()
    let began = clock.now
    var visits = 0
    try await withThrowingDiscardingTaskGroup { group in
      while let visit = try await frontier.next() {
        visits += 1
        group.addTask {
          let address = IPAddress.v4(UInt32(truncatingIfNeeded: visit.hostKey.hashValue))
          let outcome: VisitReport.Outcome =
            visit.kind == .resolve ? .resolved([address]) : .fetched(isPage: true)
          _ = await frontier.report(
            VisitReport(id: visit.id, outcome: outcome, startedAt: clock.now))
        }
      }
    }
    let seconds = (clock.now - began) / .seconds(1)
    print("next + report pairs/s: \(Int(Double(visits) / seconds)); visits \(visits)")
    #expect(visits == 65_000)
  }

  @Test func tenThousandHostsAtOneAddress() {
    var crawl = VirtualCrawl(policy: policy.with { $0.perAddressDelay = .milliseconds(1) })
    for host in 0..<10_000 { crawl.addresses["h\(host).test"] = .v4(1) }
    crawl.offer((0..<10_000).map { "http://h\($0).test/" })
    let span = ContinuousClock().measure { crawl.play() }
    print("10,000 hosts at one address: \(span) for \(crawl.requests.count) requests")
    #expect(crawl.requests.count == 10_000)
  }
}
