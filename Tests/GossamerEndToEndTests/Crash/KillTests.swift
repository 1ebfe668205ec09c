#if Network
  import Foundation
  import Glibc
  import GossamerArchive
  import Testing

  /// The promise in numbers: killed at any moment, a crawl loses no page, stores none twice, and asks
  /// again only for what was under way or not yet made durable.
  ///
  /// `make crash-test` kills 200 times, and 50 times while a run starts (`GOSSAMER_KILLS=200`); the
  /// suite alone does with a few.
  @Suite("Crashes by number", .serialized)
  struct KillTests {
    private static let kills =
      ProcessInfo.processInfo.environment["GOSSAMER_KILLS"].flatMap(Int.init) ?? 8
    private static let isLong = kills > 50
    private static let pages = isLong ? 5_000 : 400
    private static let atOnce = 4
    private static let delay = 0.01
    /// Seconds that a result may wait to be made durable: 200 ms, and the flush itself.
    private static let groupSeconds = 1.0

    private func command(_ site: ManyPages, _ folder: String) -> [String] {
      [
        "crawl", site.seed, "-o", folder, "--delay", "\(Self.delay)", "--per-ip-delay",
        "\(Self.delay)", "--per-host", "\(Self.atOnce)", "--quiet",
      ]
    }

    @Test(.timeLimit(isLong ? .minutes(40) : .minutes(3)))
    func whatIsStoredSurvivesEveryKill() async throws {
      try await ManyPages.with(Self.pages) { site in
        var tally = Tally()
        var round = 0
        while tally.isWanting {
          round += 1
          try await Folder.with { folder in
            try await crawl(site, folder, &tally)
          }
        }
        print(
          "Crashes: \(tally.kills) kills and \(tally.earlyKills) while starting, over \(round) "
            + "crawls of \(Self.pages) pages: 0 lost, 0 twice, \(tally.refetched) fetched again "
            + "(at most \(tally.mostRefetched) after one kill)")
      }
    }

    private struct Tally {
      var kills = 0
      var earlyKills = 0
      var refetched = 0
      var mostRefetched = 0

      /// One early kill for four others.
      var isWanting: Bool { kills < KillTests.kills || earlyKills < KillTests.kills / 4 }
    }

    /// One crawl, killed until it is complete or the kills are used up.
    private func crawl(_ site: ManyPages, _ folder: Folder, _ tally: inout Tally) async throws {
      site.clear()
      let corpus = StoredCorpus(folder)
      var known: Set<String> = []
      while true {
        let isLast = !tally.isWanting
        let seen = site.pageVisits.count
        let run = try GossamerBinary.start(command(site, "out"), in: folder)
        if !isLast { try await kill(run, site, seen, &tally) }
        let end = await run.end()
        check(site.pageVisits, from: seen, known: &known, &tally)
        guard end.code == -SIGKILL else {
          #expect(end.code == 0, "\(end.errors)")
          break
        }
        try checkArchive(folder)
      }
      let stored = try corpus.pages()
      #expect(repeated(stored.map(\.url)) == [])
      #expect(site.urls.symmetricDifference(stored.map(\.url)).sorted() == [])
      let responses = try corpus.archive().filter { $0.kind == "response" }.compactMap(\.targetURI)
      #expect(repeated(responses.filter { $0.contains("/p/") }) == [])
      #expect(Set(responses).isSuperset(of: site.urls))
      for page in stored {
        let place = try #require(page.warc)
        #expect(try corpus.record(place)?.targetURI == page.url)
      }
    }

    /// Kills the run: each fifth time while it starts or recovers, else a while after it has asked
    /// for its first page.
    private func kill(
      _ run: RunningBinary, _ site: ManyPages, _ seen: Int, _ tally: inout Tally
    ) async throws {
      if tally.kills >= Self.kills || Int.random(in: 0..<5) == 0 {
        try await Task.sleep(for: .seconds(Double.random(in: 0...0.15)))
        tally.earlyKills += 1
      } else {
        while run.isRunning, site.pageVisits.count == seen {
          try await Task.sleep(for: .milliseconds(2))
        }
        try await Task.sleep(for: .seconds(Double.random(in: 0...1.5)))
        tally.kills += 1
      }
      run.send(SIGKILL)
    }

    /// Counts what this run asked for that an earlier one had asked for.
    private func check(
      _ visits: [ManyPages.Visit], from seen: Int, known: inout Set<String>, _ tally: inout Tally
    ) {
      let paths = visits.dropFirst(seen).map(\.path)
      let again = paths.filter { known.contains($0) }.count
      known.formUnion(paths)
      tally.refetched += again
      tally.mostRefetched = max(tally.mostRefetched, again)
      let bound = Self.atOnce + Int(Self.groupSeconds / Self.delay)
      #expect(again <= bound, "\(again) fetched again after one kill")
    }

    /// What is in the archive right after a kill is readable by others, but for a torn end.
    private func checkArchive(_ folder: Folder) throws {
      guard Self.hasIndependentReader, folder.has("out/warc") else { return }
      let status = try Tools.status("python3", ["-c", Self.reader, folder("out/warc")])
      #expect(status == 0, "warcio cannot read the archive")
    }

    private static let hasIndependentReader = isLong && Tools.has(python: "warcio")

    /// Reads all records of all files; fails where one before the last of a file cannot be read.
    private static let reader = """
      import glob, sys
      from warcio.archiveiterator import ArchiveIterator
      for name in sorted(glob.glob(sys.argv[1] + "/*.warc.gz")):
          with open(name, "rb") as file:
              size = len(file.read())
              file.seek(0)
              records = ArchiveIterator(file)
              while True:
                  try:
                      record = next(records)
                      record.content_stream().read()
                  except StopIteration:
                      break
                  except Exception as error:
                      if file.tell() < size: sys.exit(f"{name} at {file.tell()} of {size}: {error}")
                      break
      """
  }
#endif
