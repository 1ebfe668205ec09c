#if Network
  import Foundation
  import Testing

  /// A library that tells processes another time than it is.
  private enum FakeClock {
    static let library: String? = {
      let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"]
      return folders.map { $0 + "/faketime/libfaketimeMT.so.1" }
        .first { FileManager.default.fileExists(atPath: $0) }
    }()
  }

  /// The wall clock may jump: paces and waits are counted on one that does not.
  @Suite(
    "A clock that jumps",
    .enabled(if: FakeClock.library != nil, "needs libfaketime"), .timeLimit(.minutes(2)))
  struct ClockTests {
    /// Forward only: the library also shifts the kernel's monotonic timers, which a step back of the
    /// real clock leaves alone, and so makes everybody sleep for an hour.
    @Test(arguments: ["+3600", "+86400"])
    func aStepMakesNoBurstAndNoStall(step: String) async throws {
      try await ManyPages.with(60) { site in
        try await Folder.with { folder in
          let clock = try folder.write("clock", "+0\n")
          // By way of `timeout`: the first program that the library is loaded into gets another
          // environment, and does not find its arguments any more.
          let run = try GossamerBinary.start(
            [
              "LD_PRELOAD=\(FakeClock.library ?? "")", "FAKETIME_TIMESTAMP_FILE=\(clock)",
              "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "timeout", "60",
              GossamerBinary.path, "crawl", site.seed, "-o", "out", "--delay", "0.05",
              "--per-ip-delay", "0", "--quiet",
            ], in: folder, program: "/usr/bin/env")
          while run.isRunning, site.pageVisits.count < 20 {
            try await Task.sleep(for: .milliseconds(5))
          }
          try folder.write("clock", step + "\n")
          let end = await run.end()
          #expect(end.code == 0, "\(end.errors)")
          let visits = site.pageVisits
          #expect(visits.count == 60, "\(end)")
          let gaps = zip(visits, visits.dropFirst()).map { $1.at - $0.at }
          // What the site sees is late by a scheduler's whim, so two may be a little closer.
          #expect(gaps.allSatisfy { $0 > .milliseconds(25) }, "a burst after the step")
          let stored = try StoredCorpus(folder).pages()
          #expect(Set(stored.map { $0.fetchedAt.prefix(13) }).count > 1, "records keep wall time")
          #expect(stored.allSatisfy { $0.fetchSeconds >= 0 && $0.queuedSeconds >= 0 })
          #expect(stored.allSatisfy { $0.fetchSeconds < 60 && $0.queuedSeconds < 60 })
        }
      }
    }
  }
#endif
