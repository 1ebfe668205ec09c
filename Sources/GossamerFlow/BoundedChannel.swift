import DequeModule
import Synchronization

/// Why an element was not sent.
public enum ChannelError: Error, Sendable, Equatable {
  /// The sending task was cancelled; the element was not taken.
  case cancelled
  /// The channel was finished before; the element was not taken.
  case finished
}

/// A bounded queue between tasks: many senders, many receivers, first in, first out.
///
/// A sender waits while the channel is full, a receiver while it is empty; nobody polls. Elements
/// taken in are delivered exactly once, also those whose senders waited when the channel was
/// finished. Filled by `send`, emptied by `next`.
public final class BoundedChannel<Element: Sendable>: Sendable {
  private struct Sender {
    let id: UInt64
    let element: Element
    let continuation: CheckedContinuation<ChannelError?, Never>
  }

  private struct Receiver {
    let id: UInt64
    let continuation: CheckedContinuation<Result<Element?, CancellationError>, Never>
  }

  private struct State: ~Copyable {
    var buffer: Deque<Element> = []
    var load = 0
    var senders: Deque<Sender> = []
    var receivers: Deque<Receiver> = []
    var isFinished = false
    var lastID: UInt64 = 0

    mutating func newID() -> UInt64 {
      lastID += 1
      return lastID
    }
  }

  /// How much the channel holds, in the unit of `weight`.
  public let capacity: Int
  private let weight: @Sendable (Element) -> Int
  private let state = Mutex(State())

  /// A channel.
  ///
  /// - Parameters:
  ///   - capacity: at least 1.
  ///   - weight: what an element counts for, 1 each unless told otherwise (bytes, for example). One
  ///     that is heavier than the channel is taken when the channel is empty.
  public init(capacity: Int, weight: @escaping @Sendable (Element) -> Int = { _ in 1 }) {
    precondition(capacity > 0, "a channel without room never moves")
    self.capacity = capacity
    self.weight = weight
  }

  /// Puts an element in, waiting for room if need be.
  public func send(_ element: Element) async throws(ChannelError) {
    if Task.isCancelled { throw .cancelled }
    let (answer, id) = state.withLock { state in (offer(element, &state), state.newID()) }
    switch answer {
    case .now(let receiver):
      receiver?.resume(returning: .success(element))
    case .finished: throw .finished
    case .wait:
      let failure: ChannelError? = await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          enqueue(Sender(id: id, element: element, continuation: continuation))
        }
      } onCancel: {
        cancelSender(id)
      }
      if let failure { throw failure }
    }
  }

  /// The next element, waiting for one if need be; nil once finished and drained.
  ///
  /// - Throws: when the task is cancelled; no element is lost by that.
  public func next() async throws(CancellationError) -> Element? {
    if Task.isCancelled { throw CancellationError() }
    let (answer, id) = state.withLock { state in (take(&state), state.newID()) }
    switch answer {
    case .now(let element, let admitted):
      for sender in admitted { sender.continuation.resume(returning: nil) }
      return element
    case .finished: return nil
    case .wait:
      let answer = await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          enqueue(Receiver(id: id, continuation: continuation))
        }
      } onCancel: {
        cancelReceiver(id)
      }
      return try answer.get()
    }
  }

  /// Takes no more elements. Receivers get what is left, then nil.
  public func finish() {
    let idle = state.withLock { state in
      state.isFinished = true
      // Receivers only wait while nothing is left.
      let idle = state.receivers
      state.receivers = []
      return idle
    }
    for receiver in idle { receiver.continuation.resume(returning: .success(nil)) }
  }

  /// How many elements are held, those of waiting senders not counted.
  public var count: Int { state.withLock { $0.buffer.count } }

  private enum Offered {
    case now(CheckedContinuation<Result<Element?, CancellationError>, Never>?)
    case finished
    case wait
  }

  private enum Taken {
    case now(Element, admitted: [Sender])
    case finished
    case wait
  }

  private func offer(_ element: Element, _ state: inout State) -> Offered {
    if state.isFinished { return .finished }
    if let receiver = state.receivers.popFirst() { return .now(receiver.continuation) }
    guard state.senders.isEmpty, hasRoom(for: element, in: state) else { return .wait }
    state.buffer.append(element)
    state.load += weight(element)
    return .now(nil)
  }

  private func take(_ state: inout State) -> Taken {
    guard let element = state.buffer.popFirst() else {
      // An empty buffer has room for any sender, so none waits here.
      return state.isFinished ? .finished : .wait
    }
    state.load -= weight(element)
    return .now(element, admitted: refill(&state))
  }

  // The handler of a cancellation runs after the task's mark is set, so whoever is not yet in line
  // sees the mark here, under the lock, and whoever is in line is found by the handler.
  private func enqueue(_ sender: Sender) {
    let wake: (() -> Void)? = state.withLock { state in
      if Task.isCancelled { return { sender.continuation.resume(returning: .cancelled) } }
      switch offer(sender.element, &state) {
      case .now(let receiver):
        return {
          receiver?.resume(returning: .success(sender.element))
          sender.continuation.resume(returning: nil)
        }
      case .finished: return { sender.continuation.resume(returning: .finished) }
      case .wait:
        state.senders.append(sender)
        return nil
      }
    }
    wake?()
  }

  private func enqueue(_ receiver: Receiver) {
    let wake: (() -> Void)? = state.withLock { state in
      if Task.isCancelled {
        return { receiver.continuation.resume(returning: .failure(CancellationError())) }
      }
      switch take(&state) {
      case .now(let element, let admitted):
        return {
          receiver.continuation.resume(returning: .success(element))
          for sender in admitted { sender.continuation.resume(returning: nil) }
        }
      case .finished: return { receiver.continuation.resume(returning: .success(nil)) }
      case .wait:
        state.receivers.append(receiver)
        return nil
      }
    }
    wake?()
  }

  private func refill(_ state: inout State) -> [Sender] {
    var admitted: [Sender] = []
    while let sender = state.senders.first, hasRoom(for: sender.element, in: state) {
      state.senders.removeFirst()
      state.buffer.append(sender.element)
      state.load += weight(sender.element)
      admitted.append(sender)
    }
    return admitted
  }

  private func hasRoom(for element: Element, in state: borrowing State) -> Bool {
    state.buffer.isEmpty || state.load + weight(element) <= capacity
  }

  private func cancelSender(_ id: UInt64) {
    let (sender, admitted): (Sender?, [Sender]) = state.withLock { state in
      guard let index = state.senders.firstIndex(where: { $0.id == id }) else {
        return (nil, [])
      }
      let sender = state.senders.remove(at: index)
      return (sender, index == 0 ? refill(&state) : [])
    }
    sender?.continuation.resume(returning: .cancelled)
    for sender in admitted { sender.continuation.resume(returning: nil) }
  }

  private func cancelReceiver(_ id: UInt64) {
    let receiver: Receiver? = state.withLock { state in
      guard let index = state.receivers.firstIndex(where: { $0.id == id }) else { return nil }
      return state.receivers.remove(at: index)
    }
    receiver?.continuation.resume(returning: .failure(CancellationError()))
  }
}
