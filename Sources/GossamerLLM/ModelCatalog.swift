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
  /// What its servers speak; nil where nothing is called.
  public let format: WireFormat?
  /// Whether it has a key of the operator's at its own address.
  let needsKey: Bool

  /// Whether it calls a server.
  public var needsTransport: Bool { format != nil }

  /// A model of this provider.
  ///
  /// - Throws: `config` and `auth` for settings that cannot work.
  public func model(
    _ settings: ModelSettings, transport: any HTTPTransport
  ) throws(ModelError) -> any LanguageModel {
    let format = try check(settings)
    return try RemoteModel(
      format, name: settings.model ?? "default", baseURL: settings.url, key: settings.key,
      transport: transport)
  }

  /// An embedding model of this provider.
  ///
  /// - Throws: `config` and `auth` for settings that cannot work.
  public func embeddingModel(
    _ settings: ModelSettings, dimensions: Int? = nil, transport: any HTTPTransport
  ) throws(ModelError) -> any EmbeddingModel {
    _ = try check(settings)
    return try RemoteEmbeddingModel(
      provider: name, name: settings.model ?? "default", dimensions: dimensions,
      baseURL: settings.url, key: settings.key, transport: transport)
  }

  private func check(_ settings: ModelSettings) throws(ModelError) -> WireFormat {
    guard let format else { throw ModelError(.config, "\(name) is built in and has no model") }
    guard settings.model != nil || settings.url != nil else {
      throw ModelError(.config, "\(name) needs the name of a model")
    }
    guard settings.key != nil || settings.url != nil || !needsKey else {
      let names = APIKey.variables(of: name).joined(separator: " or ")
      throw ModelError(.auth, "no key in \(names): set it in the environment")
    }
    return format
  }
}

/// All providers.
public enum ModelCatalog {
  /// A line a provider.
  public static let all: [ModelProvider] = [
    ModelProvider(name: "extractive", format: nil, needsKey: false),
    ModelProvider(name: "openai", format: .chatCompletions, needsKey: true),
    ModelProvider(name: "openai-responses", format: .responses, needsKey: true),
    ModelProvider(name: "anthropic", format: .messages, needsKey: true),
    ModelProvider(name: "gemini", format: .gemini, needsKey: true),
    ModelProvider(name: "ollama", format: .ollama, needsKey: false),
  ]

  /// The provider of a name.
  ///
  /// - Throws: `config`, with the names there are.
  public static func provider(_ name: String) throws(ModelError) -> ModelProvider {
    if let provider = all.first(where: { $0.name == name }) { return provider }
    let names = all.map(\.name).joined(separator: ", ")
    throw ModelError(.config, "no provider \"\(name)\"; there are \(names)")
  }
}
