extension RobotsRules {
  /// The preferences robots.txt states for a target.
  ///
  /// A statement may begin with a path; then it speaks for the targets that the path matches, and
  /// the longest path that matches decides. Statements without a path are those of `/`. Equal paths
  /// are combined by the strictest. `License` lines speak for the whole site.
  ///
  /// Source: draft-ietf-aipref-attach, section on robots.txt; RSL 1.0 for `License`.
  public func usagePreferences(forTarget pathAndQuery: String) -> UsagePreferences {
    let target = RobotsPattern.normalize(target: pathAndQuery)
    var preferences = UsagePreferences()
    for name in ["content-signal", "content-usage"] {
      let statements = extensions.filter { $0.name == name }.map(RobotsUsageStatement.init)
      let fitting = statements.filter { $0.pattern.matches(target) }
      let longest = fitting.map(\.pattern.length).max()
      for statement in fitting where statement.pattern.length == longest {
        let path = statement.path.map { " for \($0)" } ?? ""
        let source = "robots.txt line \(statement.line)\(path)"
        if name == "content-signal" {
          preferences.merge(contentSignal: statement.value, source: source)
        } else {
          preferences.merge(contentUsage: statement.value, source: source)
        }
      }
    }
    for license in extensions where license.name == "license" {
      preferences.merge(
        license: license.value, text: "License: \(license.value)",
        source: "robots.txt line \(license.line)")
    }
    return preferences
  }
}

/// A preference line split into its path and what it says.
private struct RobotsUsageStatement {
  let pattern: RobotsPattern
  let path: String?
  let value: String
  let line: Int

  init(_ written: RobotsExtension) {
    line = written.line
    let hasPath = written.value.first == "/" || written.value.first == "*"
    let parts = written.value.split(maxSplits: 1, whereSeparator: \.isWhitespace)
    path = hasPath ? String(parts[0]) : nil
    pattern = RobotsPattern(Array((path ?? "/").utf8)[...])
    let rest = parts.count > 1 ? String(parts[1].drop(while: \.isWhitespace)) : ""
    value = hasPath ? rest : written.value
  }
}
