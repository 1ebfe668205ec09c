import Synchronization

/// Which pages agents that work on one question have read, so that they divide the ground.
final class SharedGround: Sendable {
  private let readers = Mutex<[String: Set<Int>]>([:])

  func note(_ url: String, readBy agent: Int) {
    readers.withLock { _ = $0[url, default: []].insert(agent) }
  }

  /// Whether others have read a page that an agent has not.
  func isTaken(_ url: String, for agent: Int) -> Bool {
    readers.withLock { readers in
      readers[url].map { !$0.contains(agent) } ?? false
    }
  }
}

/// A tool that takes the others of a team into account.
protocol GroundSharing: Tool {
  /// The same tool in the hand of one of them.
  func sharing(_ ground: SharedGround, as agent: Int) -> any Tool
}
