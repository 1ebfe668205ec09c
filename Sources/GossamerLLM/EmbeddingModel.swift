public import GossamerFlow

/// What a text is embedded for; some models tell them apart.
public enum EmbeddingPurpose: Sendable {
  /// To be found.
  case document
  /// To find.
  case query
}

/// The vectors of one call, one a text, in the order of the texts.
public struct EmbeddingAnswer: Sendable, Equatable {
  /// Of length 1 each, so that their product is the cosine.
  public var vectors: [[Float]]
  /// Tokens that were used, where the provider says so.
  public var tokens: Int?
  /// What the provider said of its limits, or nil.
  public var limits: LimitNotice?
}

/// A model that turns texts into vectors. One call is one attempt; see `EmbeddingClient`.
public protocol EmbeddingModel: Sendable {
  /// The provider's name as in `ModelCatalog`.
  var provider: String { get }
  /// The model's name as the provider knows it.
  var name: String { get }
  /// How much one call takes.
  var mostInCall: (texts: Int, tokens: Int) { get }
  /// The vectors of texts that are not empty.
  ///
  /// - Throws: `ModelError`; `wrong_shape` when vectors are missing, not finite, or of unequal
  ///   length.
  func embed(
    _ texts: [String], for purpose: EmbeddingPurpose
  ) async throws(ModelError) -> EmbeddingAnswer
}

/// An embedding model behind its gate, with single texts gathered into calls.
///
/// A call is sent when it holds enough texts or tokens, or when its first text has waited long
/// enough. Where one text makes a call fail, only that text fails.
public struct EmbeddingClient: Sendable {
  /// The model.
  public let model: any EmbeddingModel
  private let batcher: Batcher<String, [Float]>

  /// A client.
  ///
  /// - Parameters:
  ///   - limits: of one call; what the model takes is the most.
  ///   - purpose: of all its texts.
  public init(
    model: any EmbeddingModel, gate: ModelGate, purpose: EmbeddingPurpose,
    limits: BatchLimits = BatchLimits(count: 32, weight: 16_384, adapts: true)
  ) {
    self.model = model
    var limits = limits
    limits.count = min(limits.count, model.mostInCall.texts)
    limits.weight = min(limits.weight, model.mostInCall.tokens)
    batcher = Batcher(
      limits: limits, weigh: { TokenEstimate.tokens(in: $0) }, mayBeOneItem: Self.mayBeOneText,
      isTooLarge: { ($0 as? ModelError)?.kind == .tooLarge }
    ) { texts in
      // Equal texts are sent once.
      var places: [String: Int] = [:]
      var unique: [String] = []
      for text in texts where places[text] == nil {
        places[text] = unique.count
        unique.append(text)
      }
      let vectors = try await Self.vectors(of: unique, model, gate, purpose)
      return texts.map { vectors[places[$0] ?? 0] }
    }
  }

  /// The vector of a text.
  ///
  /// - Throws: the model's error for this text; `empty` for a text without characters.
  public func vector(of text: String) async throws(ModelError) -> [Float] {
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw ModelError(.empty, "a text without words has no vector")
    }
    do { return try await batcher.submit(text) } catch let error as ModelError {
      throw error
    } catch is CancellationError {
      throw ModelError(.cancelled, "cancelled before its batch was sent")
    } catch {
      throw ModelError(.wrongShape, "\(error)")
    }
  }

  /// How texts were gathered into calls.
  public var figures: BatcherFigures { get async { await batcher.figures } }

  /// Sends what is open and waits for all answers; takes nothing more.
  public func drain() async { await batcher.drain() }

  private static func vectors(
    of texts: [String], _ model: any EmbeddingModel, _ gate: ModelGate, _ purpose: EmbeddingPurpose
  ) async throws(ModelError) -> [[Float]] {
    let tokens = texts.reduce(0) { $0 + TokenEstimate.tokens(in: $1) }
    return try await gate.call(input: tokens, output: 0) { () async throws(ModelError) in
      let answer = try await model.embed(texts, for: purpose)
      return ModelGate.Receipt(
        answer: answer.vectors, usage: answer.tokens.map { ModelUsage(input: $0, output: 0) },
        notice: answer.limits)
    }.answer
  }

  /// Whether halving a call can help: not where the key, the server or the settings are at fault.
  private static func mayBeOneText(_ error: any Error) -> Bool {
    guard let error = error as? ModelError else { return false }
    switch error.kind {
    case .tooLarge, .refusal, .wrongShape, .badJSON, .empty: return true
    // Servers also say 400 of one text among many.
    case .config: return error.status == 400 || error.status == 422
    default: return false
    }
  }
}
