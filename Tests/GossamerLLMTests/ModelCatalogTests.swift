import Testing

@testable import GossamerLLM

@Suite("Model catalog")
struct ModelCatalogTests {
  @Test func itNamesItsProviders() {
    #expect(
      ModelCatalog.all.map(\.name) == [
        "extractive", "openai", "openai-responses", "anthropic", "gemini", "ollama",
      ])
  }

  @Test func anUnknownProviderIsAnErrorWithTheNames() {
    let error = #expect(throws: ModelError.self) { try ModelCatalog.provider("x") }
    #expect(error?.kind == .config)
    #expect(error?.message.contains("extractive, openai") == true)
  }

  @Test(arguments: [
    ("openai", "OPENAI_API_KEY"), ("openai-responses", "OPENAI_API_KEY"),
    ("anthropic", "ANTHROPIC_API_KEY"), ("gemini", "GEMINI_API_KEY"),
  ])
  func withoutKeyOrServerItSaysWhereTheKeyIsLookedFor(name: String, variable: String) throws {
    let provider = try ModelCatalog.provider(name)
    let error = #expect(throws: ModelError.self) {
      try provider.model(
        ModelSettings(provider: name, model: "m"), transport: ScriptedTransport([]))
    }
    #expect(error?.kind == .auth)
    #expect(APIKey(environment: [variable: "k"], provider: name)?.value == "k")
    #expect(error?.message.contains(variable) == true)
  }
}
