/// How many URLs of a host have the same path and differ in their queries.
///
/// Bounded: of a host with ever new paths those are forgotten that have had few queries, since a path
/// without end is one that has many.
struct QueryCounts {
  /// At 24 bytes each.
  private static let mostPaths = 4_096

  private var counts: [UInt64: Int] = [:]

  /// Paths that are counted.
  var pathCount: Int { counts.count }

  /// Counts one more URL of the path.
  ///
  /// - Returns: false where the path has its share; then it is not counted.
  mutating func add(_ path: UInt64, limit: Int) -> Bool {
    let count = counts[path, default: 0]
    guard count < limit else { return false }
    if count == 0, counts.count >= Self.mostPaths { forget() }
    counts[path] = count + 1
    return true
  }

  /// Keeps the quarter of the paths that have the most queries.
  private mutating func forget() {
    let kept = counts.sorted { $0.value > $1.value }.prefix(Self.mostPaths / 4)
    counts = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
  }
}
