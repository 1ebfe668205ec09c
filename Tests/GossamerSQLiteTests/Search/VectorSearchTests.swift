import Foundation
import GossamerBytes
import GossamerCorpus
import GossamerSQLite
import Testing

@Suite("Search by meaning, and by both", .timeLimit(.minutes(5)))
struct VectorSearchTests {
  private static func vector(_ angle: Double, _ dimensions: Int = 8) -> [Float] {
    var vector = [Float](repeating: 0, count: dimensions)
    vector[0] = Float(cos(angle))
    vector[1] = Float(sin(angle))
    return vector
  }

  private static func line(
    _ page: PageRecord, _ range: Range<Int>, _ vector: [Float], model: String = "m"
  ) -> [UInt8] {
    var line = JSONLine()
    line.add("url", page.url)
    line.add("digest", page.digest)
    line.add("provider", "openai")
    line.add("model", model)
    line.add("start", range.lowerBound)
    line.add("end", range.upperBound)
    line.add("dimensions", vector.count)
    line.add("vector", Base64.text(vector))
    return line.finished()
  }

  /// Pages whose vectors lie at angles; what is typed is an angle, too.
  private static func corpus(_ angles: [(path: String, angle: Double)]) throws -> TemporaryCorpus {
    let pages = angles.map { TemporaryCorpus.page($0.path, "This is \($0.path), a lamp.") }
    let corpus = try TemporaryCorpus(pages)
    for (page, angle) in zip(pages, angles) {
      try corpus.append(
        line(page, 0..<(page.text?.utf8.count ?? 0), vector(angle.angle)),
        to: corpus.layout.embeddings)
    }
    return corpus
  }

  private static func embedder(
    _ name: String = "m", dimensions: Int = 8
  ) -> QueryEmbedder {
    QueryEmbedder(provider: "openai", name: name) { vector(Double($0) ?? 0, dimensions) }
  }

  private func find(
    _ corpus: TemporaryCorpus, _ query: CorpusQuery, _ embedder: QueryEmbedder? = embedder()
  ) async throws -> [String] {
    var index = try await corpus.index()
    index.embedder = embedder
    return try await index.search(query).map { String($0.url.dropFirst("http://a.test/".count)) }
  }

  @Test func theNearestPassagesAreFound() async throws {
    let corpus = try Self.corpus([("a", 0), ("b", 0.5), ("c", 1), ("d", 3)])
    let found = try await find(corpus, CorpusQuery("0.6", mode: .semantic, limit: 3))
    #expect(found == ["b", "c", "a"])
  }

  @Test func smallDifferencesAreToldApart() async throws {
    let corpus = try Self.corpus((0..<300).map { ("\($0)", Double($0) * 0.0004) })
    let found = try await find(corpus, CorpusQuery("0.0402", mode: .semantic, limit: 2))
    #expect(Set(found) == ["100", "101"])
    #expect(try await find(corpus, CorpusQuery("0.08", mode: .semantic, limit: 1)) == ["200"])
  }

  @Test func theBestPassageOfAPageSpeaksForIt() async throws {
    let text = String(repeating: "Words of no weight. ", count: 100) + "The end."
    let page = TemporaryCorpus.page("a", text)
    let corpus = try TemporaryCorpus([page])
    try corpus.append(
      Self.line(page, 0..<1_000, Self.vector(2)) + Self.line(page, 1_990..<2_008, Self.vector(0)),
      to: corpus.layout.embeddings)
    var index = try await corpus.index()
    index.embedder = Self.embedder()
    let hits = try await index.search(CorpusQuery("0", mode: .semantic))
    #expect(hits.count == 1)
    #expect(hits.first?.snippet.hasSuffix("The end.") == true)
    #expect((hits.first?.score ?? 0) > 0.999)
  }

  @Test func vectorsOfContentThatIsGoneAreNotFound() async throws {
    let corpus = try Self.corpus([("a", 0), ("b", 0.1)])
    #expect(try await find(corpus, CorpusQuery("0", mode: .semantic)) == ["a", "b"])
    try corpus.append([TemporaryCorpus.page("a", "Something else.")])
    #expect(try await find(corpus, CorpusQuery("0", mode: .semantic)) == ["b"])
  }

  @Test func filtersHoldForMeaningToo() async throws {
    let corpus = try Self.corpus([("a", 0), ("b", 0.1)])
    var other = TemporaryCorpus.page("c", "A lamp.", host: "b.test")
    other.language = "de"
    try corpus.append([other])
    try corpus.append(Self.line(other, 0..<7, Self.vector(2)), to: corpus.layout.embeddings)
    var query = CorpusQuery("0", mode: .semantic)
    query.filter.languages = ["de"]
    var index = try await corpus.index()
    index.embedder = Self.embedder()
    #expect(try await index.search(query).map(\.url) == ["http://b.test/c"])
  }

  @Test func bothListsDecideTogether() async throws {
    let pages = [
      TemporaryCorpus.page("words", "0 and 0 again", title: "0"),
      TemporaryCorpus.page("both", "0 among other words that make it long"),
      TemporaryCorpus.page("meaning", "none of them"),
    ]
    let corpus = try TemporaryCorpus(pages)
    for (page, angle) in zip(pages, [2.0, 0.1, 0]) {
      try corpus.append(Self.line(page, 0..<5, Self.vector(angle)), to: corpus.layout.embeddings)
    }
    #expect(try await find(corpus, CorpusQuery("0")) == ["words", "both"])
    #expect(
      try await find(corpus, CorpusQuery("0", mode: .semantic)) == ["meaning", "both", "words"])
    #expect(try await find(corpus, CorpusQuery("0", mode: .hybrid)).first == "words")
    #expect(try await find(corpus, CorpusQuery("0", mode: .hybrid)).count == 3)
  }

  @Test(
    arguments: [
      (nil, "search.model"), (embedder("other"), "search.other_model"),
      (embedder(dimensions: 4), "search.other_model"),
    ] as [(QueryEmbedder?, String)])
  func theModelOfTheVectorsIsNeeded(embedder: QueryEmbedder?, kind: String) async throws {
    let corpus = try Self.corpus([("a", 0)])
    let error = await #expect(throws: CorpusSearchError.self) {
      _ = try await find(corpus, CorpusQuery("0", mode: .hybrid), embedder)
    }
    #expect(error?.kind == kind)
    #expect(error?.description.contains("\n") == false)
  }

  @Test func withoutVectorsMeaningCannotBeSearched() async throws {
    let corpus = try TemporaryCorpus([TemporaryCorpus.page("a", "lamp")])
    let error = await #expect(throws: CorpusSearchError.self) {
      _ = try await find(corpus, CorpusQuery("0", mode: .semantic))
    }
    #expect(error?.kind == "search.no_vectors")
  }

  @Test func linesWithoutAVectorArePassedOver() async throws {
    let corpus = try Self.corpus([("a", 0)])
    let bad = [
      "{}", "nonsense", #"{"digest":"d","model":"m","start":0,"end":1,"vector":"!"}"#,
      #"{"digest":"d","model":"m","start":5,"end":1,"vector":"AACAPw=="}"#,
      #"{"digest":"d","model":"m","start":0,"end":1,"vector":"AADAfw=="}"#,
    ]
    for line in bad { try corpus.append(Array((line + "\n").utf8), to: corpus.layout.embeddings) }
    let index = try SQLiteCorpusIndex(corpus.layout)
    let report = try await index.update()
    #expect(report.vectors == 1)
    #expect(report.badLines == bad.count)
    #expect(
      try await index.vectorModels()
        == [VectorModel(provider: "openai", name: "m", dimensions: 8)])
  }

  @Test func aNewFileOfVectorsReplacesTheOldOnes() async throws {
    let corpus = try Self.corpus([("a", 0), ("b", 1)])
    #expect(try await find(corpus, CorpusQuery("0", mode: .semantic)) == ["a", "b"])
    try FileManager.default.removeItem(atPath: corpus.layout.embeddings)
    let page = TemporaryCorpus.page("b", "This is b, a lamp.")
    try corpus.append(Self.line(page, 0..<5, Self.vector(1)), to: corpus.layout.embeddings)
    #expect(try await find(corpus, CorpusQuery("0", mode: .semantic)) == ["b"])
  }
}
