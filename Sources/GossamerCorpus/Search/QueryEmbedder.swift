/// A model that vectors were made by.
public struct VectorModel: Sendable, Hashable {
  /// The provider's name.
  public var provider: String
  /// The model's name.
  public var name: String
  /// The length of its vectors.
  public var dimensions: Int

  /// A model.
  public init(provider: String, name: String, dimensions: Int) {
    self.provider = provider
    self.name = name
    self.dimensions = dimensions
  }
}

/// Turns what is looked for into a vector, by the model that made the vectors of the passages.
public struct QueryEmbedder: Sendable {
  /// The provider's name.
  public var provider: String
  /// The model's name.
  public var name: String
  /// The vector of a text, of length 1.
  public var vector: @Sendable (_ text: String) async throws -> [Float]

  /// An embedder.
  public init(
    provider: String, name: String,
    vector: @escaping @Sendable (_ text: String) async throws -> [Float]
  ) {
    self.provider = provider
    self.name = name
    self.vector = vector
  }
}
