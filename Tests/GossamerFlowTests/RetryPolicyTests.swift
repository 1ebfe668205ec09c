import Testing

@testable import GossamerFlow

@Suite("Retry policy")
struct RetryPolicyTests {
  @Test(arguments: [(1, 500), (2, 1_000), (3, 2_000), (4, 4_000), (5, 8_000), (9, 8_000)])
  func waitsDoubleUpToTheCap(failures: Int, milliseconds: Int) {
    let policy = RetryPolicy(attempts: 20, jitter: 0)
    #expect(policy.delay(afterFailures: failures) == .milliseconds(milliseconds))
  }

  @Test func chanceOnlyShortensOurOwnWaits() {
    let policy = RetryPolicy(jitter: 0.25)
    #expect(policy.delay(afterFailures: 1, random: 0) == .milliseconds(500))
    #expect(policy.delay(afterFailures: 1, random: 1) == .milliseconds(375))
  }

  @Test func aWaitAskedForIsNeverShortened() {
    let policy = RetryPolicy()
    for random in [0.0, 0.5, 0.99] {
      let wait = policy.delay(afterFailures: 1, retryAfter: .seconds(30), random: random)
      #expect(wait.map { $0 >= .seconds(30) && $0 <= .seconds(31) } == true)
    }
  }

  @Test func itGivesUpAfterTheLastTryOrTooLongAWait() {
    let policy = RetryPolicy(attempts: 3)
    #expect(policy.delay(afterFailures: 3) == nil)
    #expect(policy.delay(afterFailures: 1, retryAfter: .seconds(3_600)) == nil)
    #expect(RetryPolicy.never.delay(afterFailures: 1) == nil)
  }
}

@Suite("Token bucket")
struct TokenBucketTests {
  @Test func evenSpacingRoundsUp() {
    var bucket = TokenBucket(limit: 7)
    bucket.take(1, at: 0)
    #expect(bucket.due == 8_571_428_572, "a minute divided by 7, never less")
  }

  @Test func aBurstMayRunAhead() {
    var bucket = TokenBucket(limit: 60, burst: 5)
    var taken = 0
    while bucket.due <= 0 {
      bucket.take(1, at: 0)
      taken += 1
    }
    #expect(taken == 6)
    #expect(bucket.due == 1_000_000_000)
  }

  @Test func hugeCostsDoNotOverflow() {
    var bucket = TokenBucket(limit: 1)
    bucket.take(.max, at: 0)
    bucket.take(.max, at: 0)
    #expect(bucket.due > 0)
  }
}
