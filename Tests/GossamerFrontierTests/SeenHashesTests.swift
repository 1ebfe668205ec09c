import Testing

@testable import GossamerFrontier

@Suite("What was seen, within a bound of memory")
struct SeenHashesTests {
  private func hashes(_ count: Int, seed: UInt64 = 1) -> [UInt64] {
    var random = SplitMix(state: seed)
    return (0..<count).map { _ in random.next() }
  }

  @Test func nothingIsForgottenBelowTheBound() {
    var seen = SeenHashes(limitInBytes: 1 << 20)
    let hashes = hashes(100_000) + [0, 1, .max]
    for hash in hashes { seen.insert(hash) }
    let missing = hashes.count { !seen.contains($0) }
    #expect(missing == 0 && seen.isComplete)
    #expect(hashes.count <= seen.capacity)
    var other = seen
    let strangers = self.hashes(100_000, seed: 2).count { other.contains($0) }
    #expect(strangers == 0)
  }

  @Test func beyondTheBoundTheOldestAreForgottenAndThatIsSaid() {
    var seen = SeenHashes(limitInBytes: 64 << 10)
    let hashes = hashes(50_000)
    var losses = 0
    for hash in hashes {
      seen.insert(hash)
      // What is asked for all the time stays, once it came back after the first loss.
      if !seen.contains(hashes[0]) {
        losses += 1
        seen.insert(hashes[0])
      }
    }
    #expect(losses <= 1)
    #expect(!seen.isComplete && seen.count <= seen.capacity)
    let recent = hashes.suffix(3_000).count { !seen.contains($0) }
    #expect(recent == 0)
    let early = hashes[1..<10_000].count { seen.contains($0) }
    #expect(early == 0)
  }

  @Test func makingRoomAtOnceChangesNothing() {
    var seen = SeenHashes(limitInBytes: 1 << 20)
    let hashes = hashes(60_000)
    for hash in hashes.prefix(1_000) { seen.insert(hash) }
    seen.reserve(1_000_000)
    for hash in hashes.dropFirst(1_000) { seen.insert(hash) }
    let missing = hashes.count { !seen.contains($0) }
    #expect(missing == 0 && seen.count == hashes.count)
  }
}
