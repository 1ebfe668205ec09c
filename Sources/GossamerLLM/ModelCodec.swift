import GossamerHTTP

/// What differs between providers: where a call goes, what stands in it, what an answer means.
///
/// Sends nothing and keeps nothing; the state of one answer is in its decoder. Facts of each format
/// stand with its codec.
protocol ModelCodec: Sendable {
  /// The address of the provider itself.
  var home: String { get }
  /// How the messages of a stream are parted.
  var framing: MessageFraming { get }
  /// The path of a call, from `/v1…` on.
  func path(model: String) -> String
  /// The query of a call, with its `?`, or "".
  var query: String { get }
  /// Puts the key where the format wants it, and what else the format wants in every head.
  func sign(_ fields: inout HTTPFields, with key: APIKey?)
  /// The call as JSON.
  ///
  /// - Parameter isHome: whether it goes to the provider itself and not to a compatible server.
  func body(_ request: ModelRequest, model: String, isHome: Bool) -> [UInt8]
  /// A decoder for the answer.
  func decoder(for request: ModelRequest) -> any AnswerDecoder
}

extension ModelCodec {
  var query: String { "" }
}

/// How messages are parted in a stream.
enum MessageFraming: Sendable {
  /// Server-sent events.
  case events
  /// A JSON text a line.
  case lines
}

/// Turns the messages of one answer into events. Reads over what it does not know and requires as
/// little as it can.
protocol AnswerDecoder {
  /// Whether the end marker was seen: what follows is not read.
  var isOver: Bool { get }
  /// Whether a stream that closes here is a whole answer.
  var mayClose: Bool { get }
  /// The events of one message of a stream.
  mutating func read(_ message: JSONValue) throws(ModelError) -> [ModelEvent]
  /// The events of an answer that came whole, without its end.
  mutating func read(whole answer: JSONValue) throws(ModelError) -> [ModelEvent]
  /// Takes a `[DONE]`, which is no JSON.
  mutating func readDoneMark()
  /// The last events.
  func end() throws(ModelError) -> [ModelEvent]
}

extension AnswerDecoder {
  var mayClose: Bool { isOver }
  mutating func readDoneMark() {}
}

/// The part of an answer that every decoder gathers on the way.
struct AnswerTally {
  var usage: ModelUsage?
  var finish: FinishReason?
  /// Tool calls so far.
  var calls = 0

  /// The events of one whole tool call.
  mutating func call(
    id: String?, name: String?, arguments: String, signature: String? = nil
  ) -> [ModelEvent] {
    let position = calls
    calls += 1
    let id = id.flatMap { $0.isEmpty ? nil : $0 } ?? ToolCall.ownID(position)
    let call = ModelEvent.toolCall(
      position: position, id: id, name: name, arguments: arguments)
    guard let signature else { return [call] }
    return [call, .callSignature(position: position, signature)]
  }

  /// The last events. An end without a reason is one.
  var end: [ModelEvent] {
    let usage: [ModelEvent] = usage.map { [.usage($0)] } ?? []
    return usage + [.finished(finish ?? (calls > 0 ? .toolCalls : .done))]
  }
}

extension ToolCall {
  /// An id for a call that the provider gave none.
  static func ownID(_ position: Int) -> String { ownIDStart + String(position) }
  /// Whether the id is one that we gave.
  var hasOwnID: Bool { id.hasPrefix(Self.ownIDStart) }
  private static let ownIDStart = "local_call_"
}

extension [Message] {
  /// What the system says, in all.
  var systemText: String {
    filter { $0.role == .system }.map(\.text).filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// The conversation in turns: neighbours of one side together, answers of tools on the user's.
  var turns: [(isAssistant: Bool, messages: [Message])] {
    var turns: [(isAssistant: Bool, messages: [Message])] = []
    for message in self where message.role != .system {
      let isAssistant = message.role == .assistant
      if turns.last?.isAssistant == isAssistant {
        turns[turns.count - 1].messages.append(message)
      } else {
        turns.append((isAssistant, [message]))
      }
    }
    return turns
  }

  /// The name of the tool whose call has an id.
  func toolName(of id: String?) -> String {
    for message in self.reversed() {
      if let call = message.toolCalls.first(where: { $0.id == id }) { return call.name }
    }
    return ""
  }
}
