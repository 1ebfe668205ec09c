import Foundation

/// Writes pieces of a model's streamed answer as each provider does.
public struct WireWriter: Sendable {
  /// The formats, by the names that the program has for them.
  public enum Format: String, Sendable, CaseIterable {
    case chatCompletions = "chat"
    case responses, messages, gemini, ollama
  }

  private let format: Format
  private var index = 0
  private var calls = 0

  /// A writer of an answer; Chat Completions for a name that is none.
  public init(_ format: String) { self.format = Format(rawValue: format) ?? .chatCompletions }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let bytes = try? encoder.encode(text)
    return String(decoding: bytes ?? Data("null".utf8), as: UTF8.self)
  }

  private func event(_ json: String, name: String? = nil) -> String {
    (name.map { "event: \($0)\n" } ?? "") + "data: \(json)\n\n"
  }

  private func chunk(_ delta: String, finish: String = "null") -> String {
    event(#"{"choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#)
  }

  /// A piece of text.
  public mutating func text(_ text: String) -> String {
    let quoted = Self.quoted(text)
    defer { index += 1 }
    switch format {
    case .chatCompletions: return chunk(#"{"content":\#(quoted)}"#)
    case .responses: return event(#"{"type":"response.output_text.delta","delta":\#(quoted)}"#)
    case .messages:
      return event(
        #"{"type":"content_block_start","index":\#(index),"content_block":{"type":"text","text":""}}"#
      )
        + event(
          #"{"type":"content_block_delta","index":\#(index),"#
            + #""delta":{"type":"text_delta","text":\#(quoted)}}"#)
        + event(#"{"type":"content_block_stop","index":\#(index)}"#)
    case .gemini:
      return event(#"{"candidates":[{"content":{"parts":[{"text":\#(quoted)}]},"index":0}]}"#)
    case .ollama:
      return #"{"message":{"role":"assistant","content":\#(quoted)},"done":false}"# + "\n"
    }
  }

  /// A call, its arguments in two fragments where the format has fragments.
  public mutating func call(_ id: String, _ name: String, _ arguments: String) -> String {
    let middle = arguments.index(arguments.startIndex, offsetBy: arguments.count / 2)
    let first = Self.quoted(String(arguments[..<middle]))
    let second = Self.quoted(String(arguments[middle...]))
    defer {
      index += 1
      calls += 1
    }
    switch format {
    case .chatCompletions:
      return chunk(
        #"{"tool_calls":[{"index":\#(calls),"id":"\#(id)","type":"function","#
          + #""function":{"name":"\#(name)","arguments":\#(first)}}]}"#)
        + chunk(#"{"tool_calls":[{"index":\#(calls),"function":{"arguments":\#(second)}}]}"#)
    case .responses:
      let item = #""item_id":"i\#(id)","output_index":\#(index)"#
      return event(
        #"{"type":"response.output_item.added","output_index":\#(index),"item":{"id":"i\#(id)","#
          + #""type":"function_call","call_id":"\#(id)","name":"\#(name)","arguments":""}}"#)
        + event(
          #"{"type":"response.function_call_arguments.delta",\#(item),"delta":\#(first)}"#)
        + event(
          #"{"type":"response.function_call_arguments.delta",\#(item),"delta":\#(second)}"#)
    case .messages:
      return event(
        #"{"type":"content_block_start","index":\#(index),"content_block":{"type":"tool_use","#
          + #""id":"\#(id)","name":"\#(name)","input":{}}}"#)
        + event(
          #"{"type":"content_block_delta","index":\#(index),"delta":{"type":"input_json_delta","#
            + #""partial_json":\#(first)}}"#)
        + event(
          #"{"type":"content_block_delta","index":\#(index),"delta":{"type":"input_json_delta","#
            + #""partial_json":\#(second)}}"#)
    case .gemini:
      return event(
        #"{"candidates":[{"content":{"parts":[{"functionCall":{"id":"\#(id)","name":"\#(name)","#
          + #""args":\#(arguments)}}]},"index":0}]}"#)
    case .ollama:
      return #"{"message":{"role":"assistant","content":"","tool_calls":[{"id":"\#(id)","#
        + #""function":{"name":"\#(name)","arguments":\#(arguments)}}]},"done":false}"# + "\n"
    }
  }

  /// The end of an answer.
  public mutating func end() -> String {
    switch format {
    case .chatCompletions:
      return chunk("{}", finish: calls > 0 ? #""tool_calls""# : #""stop""#)
        + event(#"{"choices":[],"usage":{"prompt_tokens":50,"completion_tokens":10}}"#)
        + event("[DONE]")
    case .responses:
      return event(
        #"{"type":"response.completed","response":{"status":"completed","output":[],"#
          + #""usage":{"input_tokens":50,"output_tokens":10}}}"#)
    case .messages:
      return event(
        #"{"type":"message_delta","delta":{"stop_reason":"\#(calls > 0 ? "tool_use" : "end_turn")"},"#
          + #""usage":{"input_tokens":50,"output_tokens":10}}"#)
        + event(#"{"type":"message_stop"}"#)
    case .gemini:
      return event(
        #"{"candidates":[{"finishReason":"STOP","index":0}],"#
          + #""usageMetadata":{"promptTokenCount":50,"candidatesTokenCount":10}}"#)
    case .ollama:
      return #"{"message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","#
        + #""prompt_eval_count":50,"eval_count":10}"# + "\n"
    }
  }
}
