public import GossamerFlow

/// One thing that arrives while a model answers.
public enum ModelEvent: Sendable, Equatable {
  /// More text of the answer.
  case text(String)
  /// More text of a refusal.
  case refusal(String)
  /// More of a tool call: the position says which; id and name come with its first piece.
  case toolCall(position: Int, id: String?, name: String?, arguments: String)
  /// What the provider wants back unread with the tool call of this position.
  case callSignature(position: Int, String)
  /// What the provider says of its limits; comes before the answer.
  case limits(LimitNotice)
  /// What the call used.
  case usage(ModelUsage)
  /// The call broke off and is made again: what came so far does not count. Only behind a gate.
  case restarted
  /// The end; nothing follows.
  case finished(FinishReason)
}

/// Tokens that a call used, as the provider counted them.
public struct ModelUsage: Sendable, Equatable {
  /// Tokens of the prompt.
  public var input: Int
  /// Tokens of the answer, hidden reasoning included.
  public var output: Int
  /// Those of the prompt that came from the provider's cache.
  public var cached: Int

  /// Usage.
  public init(input: Int, output: Int, cached: Int = 0) {
    self.input = input
    self.output = output
    self.cached = cached
  }

  /// Both together.
  public var total: Int { input + output }
}

/// Why an answer ended.
public enum FinishReason: Sendable, Equatable {
  /// The model was done.
  case done
  /// The limit of tokens was reached in the middle.
  case length
  /// The model waits for answers of its tool calls.
  case toolCalls
  /// The provider's filter stopped it.
  case filtered
  /// Something newer than this list.
  case other(String)
}

/// A whole answer.
public struct ModelAnswer: Sendable, Equatable {
  /// The text, as sent.
  public var text = ""
  /// The text of a refusal, or "".
  public var refusal = ""
  /// The tool calls in order.
  public var toolCalls: [ToolCall] = []
  /// What was used, where the provider said so.
  public var usage: ModelUsage?
  /// Why it ended; nil while it has not.
  public var finish: FinishReason?
  /// What the provider said of its limits, or nil.
  public var limits: LimitNotice?
  /// Calls that were made in all.
  public var attempts = 1

  /// Nothing yet.
  public init() {}

  /// Adds what came next.
  public mutating func add(_ event: ModelEvent) {
    switch event {
    case .text(let piece): text += piece
    case .refusal(let piece): refusal += piece
    case .usage(let usage): self.usage = usage
    case .finished(let reason): finish = reason
    case .limits(let notice): limits = notice
    case .restarted:
      (text, refusal, toolCalls) = ("", "", [])
      (usage, finish) = (nil, nil)
      attempts += 1
    case .callSignature(let position, let signature):
      if toolCalls.indices.contains(position) { toolCalls[position].signature = signature }
    case .toolCall(let position, let id, let name, let arguments):
      while toolCalls.count <= position {
        toolCalls.append(ToolCall(id: "", name: "", arguments: ""))
      }
      if let id { toolCalls[position].id = id }
      if let name { toolCalls[position].name = name }
      toolCalls[position].arguments += arguments
    }
  }
}
