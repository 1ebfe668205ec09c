/// What a site or page lets its content be used for, with the statements behind it.
///
/// Statements are combined by the strictest: a no beats a yes, a yes beats silence.
///
/// Source: contentsignals.org and draft-romm-aipref-contentsignals (`Content-Signal`); AIPREF
/// drafts attach and vocab (`Content-Usage`); DeviantArt (`noai`).
public struct UsagePreferences: Sendable, Equatable {
  /// Whether a use is wanted.
  public enum Answer: String, Sendable, CaseIterable {
    case yes
    case no
    case unknown

    /// The stricter of both.
    func combined(with other: Answer) -> Answer {
      if self == .no || other == .no { return .no }
      return self == .yes || other == .yes ? .yes : .unknown
    }
  }

  /// Building a search index, showing links and short excerpts; not summaries made by a model.
  public private(set) var search = Answer.unknown
  /// Giving the content to a model at answer time: retrieval, grounding, summaries.
  public private(set) var aiInput = Answer.unknown
  /// Training or fine-tuning a model.
  public private(set) var aiTrain = Answer.unknown
  /// The statements that had an effect: where they stood, and their text.
  public private(set) var evidence: [String] = []

  /// No statement yet.
  public init() {}

  /// Takes in a `Content-Signal` value: "search=yes, ai-train=no".
  ///
  /// - Parameter source: where it stood, for the evidence: "robots.txt line 3".
  public mutating func merge(contentSignal value: String, source: String) {
    merge(pairs: value, statement: "\(source): Content-Signal: \(value)")
  }

  /// Takes in a `Content-Usage` value: "train-ai=n, search=y".
  public mutating func merge(contentUsage value: String, source: String) {
    merge(pairs: value, statement: "\(source): Content-Usage: \(value)")
  }

  /// Takes in what the page says with `noai`.
  public mutating func merge(_ directives: PageDirectives, source: String) {
    guard directives.noai else { return }
    aiInput = .no
    aiTrain = .no
    evidence.append("\(source): noai")
  }

  /// Takes in everything another source said.
  public mutating func merge(_ other: UsagePreferences) {
    search = search.combined(with: other.search)
    aiInput = aiInput.combined(with: other.aiInput)
    aiTrain = aiTrain.combined(with: other.aiTrain)
    evidence += other.evidence.filter { !evidence.contains($0) }
  }

  private mutating func merge(pairs: String, statement: String) {
    var hasEffect = false
    for pair in pairs.split(whereSeparator: { $0 == "," || $0 == ";" }) {
      let sides = pair.split(separator: "=", maxSplits: 1).map {
        String($0.filter { !$0.isWhitespace }).lowercased()
      }
      guard sides.count == 2, let answer = Self.answers[sides[1]] else { continue }
      guard let use = Self.uses[sides[0]] else { continue }
      self[keyPath: use] = self[keyPath: use].combined(with: answer)
      hasEffect = true
    }
    if hasEffect { evidence.append(statement) }
  }

  private static let answers: [String: Answer] = [
    "yes": .yes, "y": .yes, "?1": .yes, "no": .no, "n": .no, "?0": .no,
  ]

  // Key paths into our own plain values; the compiler cannot see that they are safe to share.
  private nonisolated(unsafe) static let uses: [String: WritableKeyPath<UsagePreferences, Answer>] =
    [
      "search": \.search, "ai-input": \.aiInput, "ai-use": \.aiInput, "ai-train": \.aiTrain,
      "train-ai": \.aiTrain, "train-genai": \.aiTrain, "genai": \.aiTrain, "tdm": \.aiTrain,
    ]
}

extension RobotsRules {
  /// The preferences robots.txt states for a target.
  ///
  /// A statement may begin with a path; then it speaks for the targets that the path matches, and
  /// the longest path that matches decides. Statements without a path are those of `/`.
  public func usagePreferences(forTarget pathAndQuery: String) -> UsagePreferences {
    let target = RobotsPattern.normalize(target: pathAndQuery)
    var preferences = UsagePreferences()
    for name in ["content-signal", "content-usage"] {
      let statements = extensions.filter { $0.name == name }.map(RobotsUsageStatement.init)
      let fitting = statements.filter { $0.pattern.matches(target) }
      let longest = fitting.map(\.pattern.length).max()
      for statement in fitting where statement.pattern.length == longest {
        let source = "robots.txt line \(statement.line)"
        if name == "content-signal" {
          preferences.merge(contentSignal: statement.value, source: source)
        } else {
          preferences.merge(contentUsage: statement.value, source: source)
        }
      }
    }
    return preferences
  }
}

/// A preference line split into its path and what it says.
private struct RobotsUsageStatement {
  let pattern: RobotsPattern
  let value: String
  let line: Int

  init(_ written: RobotsExtension) {
    line = written.line
    let hasPath = written.value.first == "/" || written.value.first == "*"
    let parts = written.value.split(maxSplits: 1, whereSeparator: \.isWhitespace)
    let path = hasPath ? String(parts[0]) : "/"
    pattern = RobotsPattern(Array(path.utf8)[...])
    value = hasPath ? parts.count > 1 ? String(parts[1]) : "" : written.value
  }
}
