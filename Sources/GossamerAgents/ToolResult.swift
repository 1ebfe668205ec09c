/// What a tool found. Says of each part whose words they are, so that whoever shows it to a model
/// can keep what strangers wrote apart.
public struct ToolResult: Sendable, Equatable {
  /// A stretch of a result.
  public enum Part: Sendable, Equatable {
    /// Our own words.
    case note(String)
    /// Text of a stored page, which can be cited.
    case passage(PagePassage)
    /// Text of strangers that has no place in the corpus.
    case foreign(String)
  }

  /// The parts in order.
  public var parts: [Part]
  /// Addresses that the result names: from now on they may be arguments.
  public var addresses: [String]

  /// A result.
  public init(_ parts: [Part], addresses: [String] = []) {
    self.parts = parts
    self.addresses = addresses
  }

  /// Bytes of all parts.
  public var bytes: Int {
    parts.reduce(0) { sum, part in
      switch part {
      case .note(let text), .foreign(let text): sum + text.utf8.count
      case .passage(let passage): sum + passage.text.utf8.count + passage.url.utf8.count
      }
    }
  }

  /// No more than so many bytes; says so where something is left out.
  func limited(to limit: Int) -> ToolResult {
    guard bytes > limit else { return self }
    var kept: [Part] = []
    var left = limit
    for part in parts where left > 0 {
      switch part {
      case .note(let text): kept.append(.note(text.prefix(bytes: &left)))
      case .foreign(let text): kept.append(.foreign(text.prefix(bytes: &left)))
      case .passage(var passage):
        left -= passage.url.utf8.count
        guard left > 0 else { continue }
        passage.text = passage.text.prefix(bytes: &left)
        kept.append(.passage(passage))
      }
    }
    kept.append(.note("The result is cut here: \(bytes) bytes in all, \(limit) allowed."))
    return ToolResult(kept, addresses: addresses)
  }
}

/// Text of a stored page, and where it stands.
public struct PagePassage: Sendable, Equatable {
  /// The page's URL as stored.
  public var url: String
  /// The digest of the page's body.
  public var digest: String?
  /// The page's title.
  public var title: String?
  /// Its number among the page's passages, from 0.
  public var number: Int
  /// Where the passage is in the page's text, in bytes of UTF-8.
  public var range: Range<Int>
  /// Its words, or those that matter here.
  public var text: String

  /// A passage.
  public init(
    url: String, digest: String?, title: String?, number: Int, range: Range<Int>, text: String
  ) {
    self.url = url
    self.digest = digest
    self.title = title
    self.number = number
    self.range = range
    self.text = text
  }
}

/// How a call of a tool ended.
public struct ToolOutcome: Sendable, Equatable {
  /// The ways; raw values are their labels in logs.
  public enum Status: String, Sendable, CaseIterable {
    /// The tool gave a result.
    case done
    /// The tool threw.
    case failed
    /// The tool did not end in time.
    case timedOut = "timed_out"
    /// The call was not made: unknown tool, wrong arguments, or a limit.
    case refused
    /// The run was cancelled.
    case cancelled
  }

  /// How it ended.
  public var status: Status
  /// What was found, or a note of why nothing was.
  public var result: ToolResult

  /// An outcome.
  public init(_ status: Status, _ result: ToolResult) {
    self.status = status
    self.result = result
  }

  /// A call without result, with the reason in our own words.
  public init(_ status: Status, _ message: String) {
    self.init(status, ToolResult([.note(message)]))
  }
}

extension String {
  /// The longest start of whole characters that fits; takes its bytes off what is left.
  func prefix(bytes left: inout Int) -> String {
    guard utf8.count > left else {
      left -= utf8.count
      return self
    }
    var end = utf8.index(startIndex, offsetBy: max(0, left))
    while end.samePosition(in: self) == nil, end > startIndex { end = utf8.index(before: end) }
    left = 0
    return String(self[..<end])
  }
}
