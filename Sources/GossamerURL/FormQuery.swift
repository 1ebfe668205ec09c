/// The query of a form: one whose parts are all `name=value`, or empty.
///
/// Empty parts are taken out of such queries, as every reader of forms skips them. In any other
/// (`?page/title`, `?12345`) they may be part of a path to the server.
enum FormQuery {
  private static let ampersand = UInt8(ascii: "&")
  private static let equals = UInt8(ascii: "=")

  /// Whether the part is empty, or has a name and an equals sign.
  static func isPart(_ part: UnsafeBufferPointer<UInt8>) -> Bool {
    part.first != equals && (part.isEmpty || part.contains(equals))
  }

  /// Takes out the empty parts behind `start`.
  static func dropEmptyParts(from start: Int, in writer: inout URLWriter) {
    let query = writer.written(from: start)
    guard hasEmptyPart(query) else { return }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: query.count) { copy in
      _ = copy.initialize(fromContentsOf: query)
      writer.truncate(to: start)
      var index = 0
      while index < copy.count {
        var end = index
        while end < copy.count, copy[end] != ampersand { end += 1 }
        if index < end {
          if writer.count > start { writer.append(ampersand) }
          writer.append(UnsafeBufferPointer(copy), index..<end)
        }
        index = end + 1
      }
    }
  }

  private static func hasEmptyPart(_ query: UnsafeBufferPointer<UInt8>) -> Bool {
    guard query.first != ampersand, query.last != ampersand else { return true }
    return query.indices.dropFirst().contains { index in
      query[index] == ampersand && query[index - 1] == ampersand
    }
  }
}
