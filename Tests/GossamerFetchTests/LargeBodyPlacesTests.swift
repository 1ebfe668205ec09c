import GossamerHTTP
import Synchronization
import Testing

@testable import GossamerFetch

@Suite("Places for large bodies", .timeLimit(.minutes(5)))
struct LargeBodyPlacesTests {
  private final class Held: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    var most: Int { counts.withLock { $0.most } }

    func add(_ change: Int) {
      counts.withLock {
        $0.now += change
        $0.most = max($0.most, $0.now)
      }
    }
  }

  @Test func aPlaceIsFreeAgainWhenItIsLetGo() async {
    let places = LargeBodyPlaces(count: 1)
    var place = await places.take()
    #expect(place != nil)
    place = nil
    place = await places.take()
    #expect(place != nil)
  }

  @Test func noMoreAreTakenThanThereAre() async {
    let places = LargeBodyPlaces(count: 2)
    let held = Held()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          let place = await places.take()
          held.add(1)
          await Task.yield()
          held.add(-1)
          withExtendedLifetime(place) {}
        }
      }
    }
    #expect(held.most == 2)
  }

  @Test func whoeverIsCancelledWaitsNoLonger() async {
    let places = LargeBodyPlaces(count: 1)
    let first = await places.take()
    let waiter = Task { await places.take() != nil }
    waiter.cancel()
    #expect(await waiter.value == false)
    withExtendedLifetime(first) {}
    let late = Task { await places.take() != nil }
    late.cancel()
    #expect(await late.value == false)
  }

  @Test func aLargeBodyKeepsItsPlaceAndASmallOneNeedsNone() async throws {
    func length(_ count: Int) async throws -> FetchedResponse {
      let text = Array("<html>".utf8) + [UInt8](repeating: 0x61, count: count)
      return try await fetch(response(200, [("Content-Type", "text/html")], HTTPBody(text))).get()
    }
    #expect(try await length(1 << 10).place == nil)
    #expect(try await length(3 << 20).place != nil)
  }
}
