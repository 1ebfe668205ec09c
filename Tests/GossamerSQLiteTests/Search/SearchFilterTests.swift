import GossamerCorpus
import GossamerSQLite
import Testing

@Suite("Filters of a search")
struct SearchFilterTests {
  private static func page(
    _ path: String, host: String = "a.test", _ change: (inout PageRecord) -> Void = { _ in }
  ) -> PageRecord {
    var page = TemporaryCorpus.page(path, "A lamp.", host: host)
    change(&page)
    return page
  }

  private func find(
    _ pages: [PageRecord], _ change: (inout CorpusFilter) -> Void
  ) async throws -> [String] {
    var query = CorpusQuery("lamp", limit: 50)
    change(&query.filter)
    let corpus = try TemporaryCorpus(pages)
    let hits = try await corpus.index().search(query)
    withExtendedLifetime(corpus) {}
    return hits.map { String($0.url.split(separator: "/").last ?? "") }.sorted()
  }

  @Test(arguments: [
    (["b.test"], ["1", "2", "3"]), (["www.b.test"], ["2"]), (["B.TEST"], ["1", "2", "3"]),
    (["b.test:8080"], ["3"]), (["bücher.test"], ["5"]), (["a.test", "www.b.test"], ["0", "2"]),
    (["test"], ["0", "1", "2", "3", "4", "5"]), (["%"], []), (["_.test"], []), (["b.tes"], []),
    (["a' OR 1=1 --"], []),
  ])
  func hostsAndWhatIsBelowThem(hosts: [String], expected: [String]) async throws {
    let found = try await find([
      Self.page("0"), Self.page("1", host: "b.test"), Self.page("2", host: "www.b.test"),
      Self.page("3", host: "b.test:8080"), Self.page("4", host: "xb.test"),
      Self.page("5", host: "xn--bcher-kva.test"),
    ]) { $0.hosts = hosts }
    #expect(found == expected)
  }

  @Test(arguments: [
    (["en"], ["en", "en-GB"]), (["EN-gb"], ["en-GB"]), (["e"], []),
    (["de", "en-GB"], ["de", "en-GB"]),
    (["%"], []), (["e_"], []),
  ])
  func languagesAndTheirKinds(languages: [String], expected: [String]) async throws {
    let found = try await find(
      ["en", "en-GB", "de", "eng"].map { tag in Self.page(tag) { $0.language = tag } }
        + [Self.page("none")]
    ) { $0.languages = languages }
    #expect(found == expected)
  }

  @Test(
    arguments: [
      ("2026-01-01", nil, ["fetched", "new"]), (nil, "2025-12-31", ["old"]),
      ("2025", "2025", ["old"]), ("2025-05", "2025-05", ["old"]),
      ("2025-06-01", "2026-05-01", ["new"]),
      ("2026-05-01", "2026-05-01", ["new"]), ("2027", nil, []),
    ] as [(String?, String?, [String])])
  func daysFromAndUpTo(since: String?, until: String?, expected: [String]) async throws {
    let found = try await find([
      Self.page("old") { $0.published = "2025-05-31" },
      Self.page("new") { $0.published = "2026-05-01" },
      Self.page("fetched") { $0.published = "yesterday" },
      Self.page("none") { $0.fetchedAt = nil },
    ]) {
      $0.since = since
      $0.until = until
    }
    #expect(found == expected)
  }

  @Test func whatSitesDoNotWantFoundOrGivenToModelsIsLeftOut() async throws {
    let pages = [
      Self.page("free"),
      Self.page("unsearched") {
        $0.preferences = PageRecord.Preferences()
        $0.preferences?.search = "no"
      },
      Self.page("unmodelled") {
        $0.preferences = PageRecord.Preferences()
        $0.preferences?.aiInput = "no"
      },
      Self.page("short") {
        $0.preferences = PageRecord.Preferences()
        $0.preferences?.maxSnippet = 3
      },
    ]
    #expect(try await find(pages) { _ in } == ["free", "short", "unmodelled"])
    #expect(try await find(pages) { $0.forModels = true } == ["free", "short"])
    let corpus = try TemporaryCorpus(pages)
    let hits = try await corpus.index().search(CorpusQuery("lamp"))
    withExtendedLifetime(corpus) {}
    #expect(hits.first { $0.url.hasSuffix("short") }?.snippet == "A l")
  }
}
