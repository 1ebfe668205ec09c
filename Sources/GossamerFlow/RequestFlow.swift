import Synchronization

/// Callers that count as one where several share a limiter: flows that wait get equal shares,
/// whatever number of calls each has waiting.
public struct RequestFlow: Sendable, Hashable {
  private let id: UInt64

  private init(id: UInt64) { self.id = id }

  /// A flow of its own.
  public init() { id = lastFlow.wrappingAdd(1, ordering: .relaxed).newValue }

  /// The flow of everyone who names none.
  public static let shared = RequestFlow(id: 0)
}

private let lastFlow = Atomic<UInt64>(0)
