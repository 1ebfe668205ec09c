/// One message of a conversation.
public struct Message: Sendable, Equatable {
  /// Who speaks.
  public enum Role: String, Sendable {
    case system, user, assistant, tool
  }

  /// Who speaks.
  public var role: Role
  /// What is said.
  public var text: String
  /// Calls that the assistant made in this message.
  public var toolCalls: [ToolCall]
  /// The call that a message of role `tool` answers.
  public var toolCallID: String?

  /// A message.
  public init(
    _ role: Role, _ text: String, toolCalls: [ToolCall] = [], toolCallID: String? = nil
  ) {
    self.role = role
    self.text = text
    self.toolCalls = toolCalls
    self.toolCallID = toolCallID
  }
}

/// A call that a model wants made.
public struct ToolCall: Sendable, Equatable {
  /// Ties the call to its answer.
  public var id: String
  /// The tool's name as the model wrote it.
  public var name: String
  /// JSON as the model wrote it; may be invalid.
  public var arguments: String
  /// What the provider wants back unread with the call (Gemini's thought signature), or nil.
  public var signature: String?

  /// A call.
  public init(id: String, name: String, arguments: String, signature: String? = nil) {
    self.id = id
    self.name = name
    self.arguments = arguments
    self.signature = signature
  }
}

/// A tool as it is described to a model.
public struct ToolDescription: Sendable, Equatable {
  /// Letters, digits, `_` and `-`.
  public var name: String
  /// What it does, in a sentence or two.
  public var purpose: String
  /// A JSON schema of the arguments, as text.
  public var parametersSchema: String

  /// A description.
  public init(name: String, purpose: String, parametersSchema: String) {
    self.name = name
    self.purpose = purpose
    self.parametersSchema = parametersSchema
  }
}

/// Whether and which tools a model has to call.
public enum ToolChoice: Sendable, Equatable {
  /// As the model thinks.
  case auto
  /// None at all.
  case none
  /// At least one.
  case required
  /// The one of this name.
  case tool(String)
}

/// What is asked of a model. Equal requests make equal bytes on the wire.
public struct ModelRequest: Sendable, Equatable {
  /// The conversation; what stays the same over many calls first.
  public var messages: [Message]
  /// Tools the model may call.
  public var tools: [ToolDescription] = []
  /// Whether it has to. Not every server keeps to it.
  public var toolChoice = ToolChoice.auto
  /// A JSON schema (as text) that the answer has to follow.
  public var answerSchema: String?
  /// The most tokens of the answer.
  public var maxTokens: Int
  /// 0 for the most probable answer.
  public var temperature: Double
  /// A number that makes chance repeatable, where the provider can.
  public var seed: Int?

  /// A request.
  public init(
    messages: [Message], maxTokens: Int = 512, temperature: Double = 0, seed: Int? = nil
  ) {
    self.messages = messages
    self.maxTokens = maxTokens
    self.temperature = temperature
    self.seed = seed
  }

  /// What the call may cost: the prompt by estimate, and all that the answer may take.
  public var tokenEstimate: Int {
    var tokens = maxTokens
    for message in messages { tokens += 8 + TokenEstimate.tokens(in: message.text) }
    for tool in tools {
      tokens += 16 + TokenEstimate.tokens(in: tool.purpose + tool.parametersSchema)
    }
    return tokens
  }
}

/// Tokens of a text without a tokenizer: on the high side for prose, corrected by real usage when
/// a call is settled.
public enum TokenEstimate {
  /// About 4 ASCII bytes or 2.5 other bytes a token.
  public static func tokens(in text: String) -> Int {
    var ascii = 0
    var other = 0
    for byte in text.utf8 { if byte < 0x80 { ascii += 1 } else { other += 1 } }
    return (ascii + 3) / 4 + (other * 2 + 4) / 5
  }
}
