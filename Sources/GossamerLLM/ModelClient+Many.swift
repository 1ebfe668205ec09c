import GossamerFlow

extension ModelClient {
  /// Makes many calls, some at once, and hands each answer on as it comes.
  ///
  /// A call that fails costs no other: it is handed on with its error, tried as often as the gate
  /// allows. Ends early when the task is cancelled.
  ///
  /// - Parameters:
  ///   - atOnce: calls under way at the most; the gate's limits hold beside it.
  ///   - inOrder: whether answers are handed on in the order of the requests, or as they finish.
  ///   - take: is given the place of a request and its answer, one at a time.
  /// - Throws: `CancellationError`.
  public func answers(
    to requests: [ModelRequest], atOnce: Int = 64, inOrder: Bool = false,
    _ take: @escaping @Sendable (Int, Result<ModelAnswer, ModelError>) async -> Void
  ) async throws {
    let pipeline = Pipeline<Int, (place: Int, answer: Result<ModelAnswer, ModelError>)>(
      "answers", concurrency: min(max(1, atOnce), max(1, requests.count))
    ) { place in
      do throws(ModelError) { return (place, .success(try await answer(requests[place]))) } catch {
        return (place, .failure(error))
      }
    }
    let places = Places(requests.count)
    _ = try await pipeline.run(
      source: { await places.next() }, keepsOrder: inOrder, window: max(256, atOnce * 2)
    ) { await take($0.place, $0.answer) }
  }

  /// The answers to many requests in their order, each an answer or its own error.
  ///
  /// - Throws: `CancellationError`.
  public func answers(
    to requests: [ModelRequest], atOnce: Int = 64
  ) async throws -> [Result<ModelAnswer, ModelError>] {
    let taken = Answers()
    try await answers(to: requests, atOnce: atOnce, inOrder: true) { _, answer in
      await taken.add(answer)
    }
    return await taken.all
  }

  private actor Places {
    private var range: Range<Int>
    init(_ count: Int) { range = 0..<count }
    func next() -> Int? { range.popFirst() }
  }

  private actor Answers {
    private(set) var all: [Result<ModelAnswer, ModelError>] = []
    func add(_ answer: Result<ModelAnswer, ModelError>) { all.append(answer) }
  }
}
