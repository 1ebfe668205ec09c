#if Network
  import Foundation
  import GossamerArchive
  import GossamerDemo
  import Testing

  /// A full disk ends a crawl with one line; with room made, the same command goes on.
  @Suite(
    "A full disk", .serialized, .timeLimit(.minutes(5)),
    .enabled(
      if: SmallDisk.isPermitted, "needs the right to mount a file system in memory; run as root"))
  struct DiskFullTests {
    @Test(arguments: [768, 1200])
    func theSameCommandGoesOnOnceThereIsRoom(kilobytes: Int) async throws {
      try await DemoSite.with("127.0.25", tolerance: .seconds(10)) { site in
        try await Folder.with { folder in
          let disk = try SmallDisk(at: folder("disk"), kilobytes: kilobytes)
          defer { disk.unmount() }
          let command =
            ["crawl"] + site.seeds + ["-o", "disk/out", "--delay", "0.02", "--summarize"] + briskly
          let full = try await GossamerBinary.run(command, in: folder)
          #expect(full.code == 1)
          #expect(full.errors.split(separator: "\n").count == 1, "\(full.errors)")
          #expect(full.errorLines.first?.contains("make room") == true, "\(full.errors)")
          try disk.grow(kilobytes: 64 << 10)
          let last = try await GossamerBinary.run(command, in: folder)
          #expect(last.code == 0, "\(last.errors)")
          let corpus = StoredCorpus(folder, "disk/out")
          let pages = try corpus.pages()
          #expect(repeated(pages.map(\.url)) == [])
          site.expectComplete(pages.map(\.url))
          for page in pages {
            let place = try #require(page.warc)
            #expect(try corpus.record(place)?.targetURI == page.url)
          }
          let responses = try corpus.archive().filter { $0.kind == "response" }
          let urls = responses.compactMap(\.targetURI).filter { !$0.hasSuffix("/robots.txt") }
          #expect(repeated(urls) == [])
        }
      }
    }

    /// Pages wait for a place in front of the model when the disk fills up behind it.
    @Test func aFullDiskBehindASlowModelEndsTheCrawlToo() async throws {
      try await DemoSite.with("127.0.25", tolerance: .seconds(10)) { site in
        try await ModelServer.with(.answers("Slow and sure.", after: .milliseconds(30))) { server in
          try await Folder.with { folder in
            let disk = try SmallDisk(at: folder("disk"), kilobytes: 600)
            defer { disk.unmount() }
            let command =
              ["crawl"] + site.seeds + ["-o", "disk/out", "--delay", "0"] + briskly + [
                "--summarize", "openai", "--llm-url", server.url, "--model", "tester",
                "--llm-concurrency", "1",
              ]
            let full = try await GossamerBinary.run(command, in: folder, patience: .seconds(20))
            #expect(full.code == 1)
            #expect(full.errors.split(separator: "\n").count == 1, "\(full.errors)")
            #expect(full.errorLines.first?.contains("make room") == true, "\(full.errors)")
            try disk.grow(kilobytes: 64 << 10)
            let last = try await GossamerBinary.run(command, in: folder, patience: .seconds(30))
            #expect(last.code == 0, "\(last.errors)")
            let pages = try StoredCorpus(folder, "disk/out").pages()
            site.expectComplete(pages.map(\.url))
            #expect(pages.allSatisfy { $0.summary?.text == "Slow and sure." })
          }
        }
      }
    }
  }

  /// A file system in memory with little room.
  struct SmallDisk {
    private let path: String

    /// Whether this process may mount.
    static let isPermitted: Bool = {
      let path = FileManager.default.temporaryDirectory
        .appending(path: "gossamer-mount-\(UUID().uuidString)").path
      guard let disk = try? SmallDisk(at: path, kilobytes: 64) else { return false }
      disk.unmount()
      return (try? FileManager.default.removeItem(atPath: path)) != nil
    }()

    init(at path: String, kilobytes: Int) throws {
      self.path = path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      do {
        try Self.mount(["-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path])
      } catch {
        try? FileManager.default.removeItem(atPath: path)
        throw error
      }
    }

    func grow(kilobytes: Int) throws {
      try Self.mount(["-o", "remount,size=\(kilobytes)k", path])
    }

    func unmount() { _ = try? Tools.status("umount", [path]) }

    private static func mount(_ arguments: [String]) throws {
      guard try Tools.status("mount", arguments) == 0 else {
        throw CocoaError(.fileWriteNoPermission)
      }
    }
  }
#endif
