import GossamerFlow
import Synchronization
import Testing

@testable import GossamerLLM

@Suite("Many answers at once", .timeLimit(.minutes(5)))
struct ManyAnswersTests {
  /// Answers with the request's own text, once so many were asked at once; "bad" is refused.
  private final class Crowd: LanguageModel {
    let provider = "crowd"
    let name = "m"
    private let needed: Int
    private let state = Mutex((asked: 0, waiting: [CheckedContinuation<Void, Never>]()))

    init(needed: Int) { self.needed = needed }

    func stream(_ request: ModelRequest) -> ModelStream {
      ModelStream { [self] in
        var events: [ModelEvent] = [.text(request.messages[0].text), .finished(.done)]
        return ModelStream.AsyncIterator { () async throws(ModelError) in
          if events.count == 2 { await self.gather() }
          if request.messages[0].text == "bad" { throw ModelError(.config, "no", status: 400) }
          return events.isEmpty ? nil : events.removeFirst()
        }
      }
    }

    private func gather() async {
      await withCheckedContinuation { continuation in
        let released = state.withLock { state in
          state.asked += 1
          state.waiting.append(continuation)
          guard state.asked >= needed else { return [CheckedContinuation<Void, Never>]() }
          defer { state.waiting = [] }
          return state.waiting
        }
        for waiter in released { waiter.resume() }
      }
    }
  }

  private func requests(_ texts: [String]) -> [ModelRequest] {
    texts.map { ModelRequest(messages: [Message(.user, $0)]) }
  }

  private func client(_ model: some LanguageModel) -> ModelClient {
    ModelClient(model: model, limiter: RateLimiter(limits: .unlimited), retries: .never)
  }

  /// None is answered before all are asked: so all take as long as the slowest.
  @Test func allAreUnderWayTogetherAndComeInOrder() async throws {
    let texts = (0..<300).map { "number \($0)" }
    let answers = try await client(Crowd(needed: 300)).answers(to: requests(texts), atOnce: 300)
    #expect(try answers.map { try $0.get().text } == texts)
  }

  @Test func oneThatFailsLosesNoOther() async throws {
    let texts = ["a", "bad", "c", "d"]
    let answers = try await client(Crowd(needed: 1)).answers(to: requests(texts), atOnce: 2)
    #expect(answers.map { (try? $0.get())?.text } == ["a", nil, "c", "d"])
  }

  /// The first is slow: in their order nothing comes before it, else everything.
  @Test func answersComeInTheirOrderHoweverTheyFinish() async throws {
    let seen = Seen()
    let model = LateFirst(seen: seen) { await $0.quick == 2 }
    try await client(model).answers(
      to: requests(["slow", "quick", "quick"]), atOnce: 3, inOrder: true
    ) { place, _ in await seen.take(place) }
    #expect(await seen.places == [0, 1, 2])
  }

  @Test func answersComeAsTheyFinish() async throws {
    let seen = Seen()
    // Ends only once both others were handed on.
    let model = LateFirst(seen: seen) { await $0.places.count == 2 }
    try await client(model).answers(
      to: requests(["slow", "quick", "quick"]), atOnce: 3
    ) { place, _ in await seen.take(place) }
    #expect(await seen.places.last == 0)
  }

  private actor Seen {
    var places: [Int] = []
    var quick = 0
    func take(_ place: Int) { places.append(place) }
    func answered() { quick += 1 }
  }

  /// Answers "slow" only once it may.
  private struct LateFirst: LanguageModel {
    let provider = "late"
    let name = "m"
    let seen: Seen
    let mayEnd: @Sendable (Seen) async -> Bool

    func stream(_ request: ModelRequest) -> ModelStream {
      ModelStream {
        var events: [ModelEvent] = [.text("x"), .finished(.done)]
        return ModelStream.AsyncIterator { () async throws(ModelError) in
          if request.messages[0].text == "slow" {
            while await !mayEnd(seen) { await Task.yield() }
          } else if events.count == 1 {
            await seen.answered()
          }
          return events.isEmpty ? nil : events.removeFirst()
        }
      }
    }
  }
}
