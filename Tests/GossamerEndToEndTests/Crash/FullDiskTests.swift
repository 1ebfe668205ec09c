#if Network
  import Foundation
  import GossamerArchive
  import Testing

  /// A crawl of many pages onto a disk that is too small, and then is not.
  @Suite(
    "A disk that fills up under a long crawl", .serialized,
    .enabled(
      if: SmallDisk.isPermitted && ProcessInfo.processInfo.environment["GOSSAMER_KILLS"] != nil,
      "a part of `make crash-test`, and needs the right to mount a file system in memory"),
    .timeLimit(.minutes(10)))
  struct FullDiskTests {
    @Test func noPageIsLostAndNoneIsStoredTwice() async throws {
      try await ManyPages.with(5_000, bodySize: 16_000) { site in
        try await Folder.with { folder in
          let disk = try SmallDisk(at: folder("disk"), kilobytes: 64 << 10)
          defer { disk.unmount() }
          let command = [
            "crawl", site.seed, "-o", "disk/out", "--delay", "0", "--per-host", "8", "--quiet",
          ]
          let full = try await GossamerBinary.run(command, in: folder, patience: .seconds(200))
          #expect(full.code == 1)
          #expect(full.errorLines.first?.contains("make room") == true, "\(full.errors)")
          let asked = site.pageVisits.count
          // Full still: the same command says the same, and harms nothing.
          let again = try await GossamerBinary.run(command, in: folder, patience: .seconds(60))
          #expect(again.code == 1, "\(again.errors)")
          try disk.grow(kilobytes: 1 << 20)
          let last = try await GossamerBinary.run(command, in: folder, patience: .seconds(300))
          #expect(last.code == 0, "\(last.errors)")
          let corpus = StoredCorpus(folder, "disk/out")
          let pages = try corpus.pages()
          #expect(repeated(pages.map(\.url)) == [])
          #expect(site.urls.symmetricDifference(pages.map(\.url)) == [])
          let responses = try corpus.archive().filter { $0.kind == "response" }
          let urls = responses.compactMap(\.targetURI).filter { $0.contains("/p/") }
          #expect(repeated(urls) == [] && Set(urls) == site.urls)
          print(
            "Full disk: filled after \(asked) requests, whole after \(site.pageVisits.count) for "
              + "\(site.count) pages")
        }
      }
    }
  }
#endif
