import ArgumentParser
import Foundation
import Gossamer

/// The model that embeds what is looked for.
struct QueryVectorOptions: ParsableArguments {
  @Option(
    name: .long, help: "The provider of the vectors' model (default: the one that made them).")
  var provider: SummaryProvider?
  @Option(
    name: .long,
    help: "The model's name for queries, where a server has one of its own (default: --model).")
  var queryModel: String?
  @OptionGroup var models: ModelOptions

  /// An embedder, and what has to be ended with it.
  struct Embedding {
    var embedder: QueryEmbedder
    #if Network
      fileprivate var transport: AsyncHTTPTransport
    #endif

    func end() async {
      #if Network
        await transport.shutdown()
      #endif
    }
  }

  /// The embedder for the vectors of an index; nil where there are none, which the index says better.
  func embedding(of index: SQLiteCorpusIndex) async throws -> Embedding? {
    var resolver = try SettingsResolver(jobPath: nil)
    let made = try await index.vectorModels()
    guard let first = made.first else { return nil }
    let named = try resolver.value(models.model, "model")
    let model = made.first { $0.name == named } ?? first
    let provider =
      try resolver.value(provider, "provider") ?? SummaryProvider(rawValue: model.provider)
    var options = models
    options.model = queryModel ?? named ?? model.name
    guard let plan = try ModelPlan(provider, options, &resolver) else { return nil }
    #if Network
      let transport = AsyncHTTPTransport()
      do {
        let client = EmbeddingClient(
          model: try plan.embeddingModel(over: transport), gate: plan.gate, purpose: .query)
        let embedder = QueryEmbedder(
          provider: plan.provider.rawValue, name: named ?? model.name
        ) { text in try await client.vector(of: text) }
        return Embedding(embedder: embedder, transport: transport)
      } catch {
        await transport.shutdown()
        throw error
      }
    #else
      throw CommandFailure(
        .usage, "this binary was built without the network: build it with the trait")
    #endif
  }
}
