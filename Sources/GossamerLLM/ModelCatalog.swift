public import GossamerHTTP

/// What an operator says about the model to use.
public struct ModelSettings: Sendable {
  /// A name of `ModelCatalog.all`.
  public var provider: String
  /// The model's name; some servers have only one and take any.
  public var model: String?
  /// The server's address, or nil for the provider's own.
  public var url: String?
  /// The key, or nil for servers without.
  public var key: APIKey?

  /// Settings.
  public init(
    provider: String = "extractive", model: String? = nil, url: String? = nil, key: APIKey? = nil
  ) {
    self.provider = provider
    self.model = model
    self.url = url
    self.key = key
  }
}

/// A provider of models: its name, and how a model of it is made.
public struct ModelProvider: Sendable {
  /// The name on the command line and in records.
  public let name: String
  /// Whether it calls a server.
  public let needsTransport: Bool
  private let make:
    @Sendable (ModelSettings, any HTTPTransport) throws(ModelError)
      -> any LanguageModel

  /// A provider.
  public init(
    name: String,
    make:
      @escaping @Sendable (ModelSettings, any HTTPTransport) throws(ModelError)
      -> any LanguageModel
  ) {
    self.name = name
    needsTransport = true
    self.make = make
  }

  /// A provider without models: what it does is built in.
  init(builtIn name: String) {
    self.name = name
    needsTransport = false
    make = { (_, _) throws(ModelError) in
      throw ModelError(.config, "\(name) is built in and has no model")
    }
  }

  /// A model of this provider.
  public func model(
    _ settings: ModelSettings, transport: any HTTPTransport
  ) throws(ModelError) -> any LanguageModel { try make(settings, transport) }
}

/// All providers.
public enum ModelCatalog {
  /// A line a provider.
  public static let all: [ModelProvider] = [
    ModelProvider(builtIn: "extractive"),
    ModelProvider(name: "openai", make: openAI),
  ]

  /// The provider of a name.
  ///
  /// - Throws: `config`, with the names there are.
  public static func provider(_ name: String) throws(ModelError) -> ModelProvider {
    if let provider = all.first(where: { $0.name == name }) { return provider }
    let names = all.map(\.name).joined(separator: ", ")
    throw ModelError(.config, "no provider \"\(name)\"; there are \(names)")
  }

  @Sendable private static func openAI(
    _ settings: ModelSettings, _ transport: any HTTPTransport
  ) throws(ModelError) -> any LanguageModel {
    guard settings.model != nil || settings.url != nil else {
      throw ModelError(.config, "OpenAI needs the name of a model")
    }
    guard settings.key != nil || settings.url != nil else {
      throw ModelError(.auth, "no key in GOSSAMER_LLM_KEY or OPENAI_API_KEY")
    }
    return try OpenAIModel(
      name: settings.model ?? "default", baseURL: settings.url ?? "https://api.openai.com",
      key: settings.key, transport: transport)
  }
}
