import GossamerFlow
import GossamerLLM
import Synchronization

@testable import GossamerEnrich

/// A model that says what it is told to, and keeps what it was asked.
final class ScriptedModel: LanguageModel {
  let provider = "scripted"
  let name = "m"
  /// The longest prompt it takes, in bytes.
  let context: Int
  private let finish: FinishReason
  private let answer: @Sendable (ModelRequest) -> String
  private let asked = Mutex<[ModelRequest]>([])

  init(
    finish: FinishReason = .done, context: Int = .max,
    answer: @escaping @Sendable (ModelRequest) -> String
  ) {
    self.finish = finish
    self.context = context
    self.answer = answer
  }

  convenience init(_ text: String, finish: FinishReason = .done, context: Int = .max) {
    self.init(finish: finish, context: context) { _ in text }
  }

  var requests: [ModelRequest] { asked.withLock { $0 } }
  /// The messages that hold page text.
  var prompts: [String] { requests.map { $0.messages[1].text } }
  /// Behind a gate without limits that never tries again.
  var client: ModelClient {
    ModelClient(model: self, limiter: RateLimiter(limits: .unlimited), retries: .never)
  }

  func stream(_ request: ModelRequest) -> ModelStream {
    asked.withLock { $0.append(request) }
    let fits = request.messages.reduce(0) { $0 + $1.text.utf8.count } <= context
    let events: [ModelEvent] = [
      .text(answer(request)), .usage(ModelUsage(input: 90, output: 10)), .finished(finish),
    ]
    return ModelStream {
      var rest = events[...]
      return ModelStream.AsyncIterator { () async throws(ModelError) in
        guard fits else { throw ModelError(.tooLarge, "context", status: 400) }
        return rest.popFirst()
      }
    }
  }
}
