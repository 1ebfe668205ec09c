/// Counters of a frontier.
public struct FrontierCounts: Sendable, Equatable {
  /// URLs ever accepted.
  public var known = 0
  /// URLs that wait for a visit.
  public var pending = 0
  /// Visits under way.
  public var inFlight = 0
  /// Page visits under way.
  public var pagesInFlight = 0
  /// Pages stored, earlier runs included.
  public var pages = 0
  /// URLs that were fetched to the end.
  public var done = 0
  /// URLs given up after failures.
  public var failed = 0
  /// URLs that a rule forbids.
  public var blocked = 0
  /// URLs left out for another reason.
  public var skipped = 0
  /// Politeness groups.
  public var hosts = 0
  /// Groups given up.
  public var hostsStopped = 0
  /// Body bytes received in this run.
  public var bytes = 0

  /// URLs refused when they were offered, each counted once as far as remembered; not in `known`.
  public var refused = 0

  /// Counters at zero.
  public init() {}
}
