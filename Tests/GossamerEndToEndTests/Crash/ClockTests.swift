#if Network
  import Foundation
  import Testing

  /// A library that tells a process another time of day than it is, and leaves all that measures spans
  /// alone, as a step of the machine's clock does.
  private enum SteppedClock {
    static let compiler = ["clang", "cc", "gcc"].first {
      (try? Tools.status($0, ["--version"])) == 0
    }

    /// The difference in seconds is read from a file each time, so that it can change meanwhile.
    private static let source = """
      #define _GNU_SOURCE
      #include <fcntl.h>
      #include <stdlib.h>
      #include <sys/syscall.h>
      #include <sys/time.h>
      #include <time.h>
      #include <unistd.h>

      static long step(void) {
        char text[32] = {0};
        const char *path = getenv("CLOCK_STEP");
        int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        if (file < 0) return 0;
        ssize_t count = read(file, text, sizeof text - 1);
        close(file);
        return count > 0 ? atol(text) : 0;
      }
      int clock_gettime(clockid_t clock, struct timespec *now) {
        int result = (int)syscall(SYS_clock_gettime, clock, now);
        int isOfDay = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
        if (result == 0 && isOfDay) now->tv_sec += step();
        return result;
      }
      int gettimeofday(struct timeval *now, void *zone) {
        struct timespec time;
        if (clock_gettime(CLOCK_REALTIME, &time) != 0) return -1;
        now->tv_sec = time.tv_sec;
        now->tv_usec = time.tv_nsec / 1000;
        return 0;
      }
      time_t time(time_t *now) {
        struct timespec time;
        clock_gettime(CLOCK_REALTIME, &time);
        if (now) *now = time.tv_sec;
        return time.tv_sec;
      }
      """

    static func build(in folder: Folder) throws -> String {
      let file = try folder.write("clock.c", source)
      let library = folder("clock.so")
      let status = try Tools.status(
        compiler ?? "cc", ["-shared", "-fPIC", "-O1", "-o", library, file])
      try #require(status == 0, "the library does not compile")
      return library
    }
  }

  /// The wall clock may jump: paces and waits are counted on one that does not.
  @Suite(
    "A clock that jumps", .serialized,
    .enabled(if: SteppedClock.compiler != nil, "needs a C compiler"), .timeLimit(.minutes(3)))
  struct ClockTests {
    @Test(arguments: [3_600, -3_600, 86_400, -86_400])
    func aStepMakesNoBurstAndNoStall(seconds: Int) async throws {
      try await ManyPages.with(60) { site in
        try await Folder.with { folder in
          let library = try SteppedClock.build(in: folder)
          let clock = try folder.write("clock", "0\n")
          let run = try GossamerBinary.start(
            [
              "LD_PRELOAD=\(library)", "CLOCK_STEP=\(clock)", GossamerBinary.path, "crawl",
              site.seed, "-o", "out", "--delay", "0.05", "--per-ip-delay", "0", "--quiet",
            ], in: folder, program: "/usr/bin/env")
          while run.isRunning, site.pageVisits.count < 20 {
            try await Task.sleep(for: .milliseconds(5))
          }
          try folder.write("clock", "\(seconds)\n")
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
