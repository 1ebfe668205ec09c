import GossamerFlow
import GossamerHTTP

/// What the fields of an answer say of a provider's limits.
///
/// OpenAI and those like it: `x-ratelimit-limit-requests`, `-remaining-tokens`, `-reset-…` (spans
/// in words; at Azure plain seconds, where -1 and 0 say nothing). Anthropic:
/// `anthropic-ratelimit-requests-limit`, `-input-tokens-remaining` … (times of day).
enum LimitFields {
  /// nil where nothing is said.
  static func notice(_ fields: HTTPFields) -> LimitNotice? {
    // Most answers of most servers have none of it.
    guard fields.lines.contains(where: { $0.name.utf8.count > 12 && isLimit($0.name) }) else {
      return nil
    }
    let notice = LimitNotice(
      requests: allowance("requests", fields),
      tokens: allowance("tokens", fields), inputTokens: allowance("input-tokens", fields),
      outputTokens: allowance("output-tokens", fields))
    return notice == LimitNotice() ? nil : notice
  }

  private static func isLimit(_ name: String) -> Bool {
    name.lowercased().contains("-ratelimit-")
  }

  private static func allowance(_ kind: String, _ fields: HTTPFields) -> LimitNotice.Allowance? {
    func value(_ aspect: String) -> String? {
      fields["x-ratelimit-\(aspect)-\(kind)"] ?? fields["anthropic-ratelimit-\(kind)-\(aspect)"]
    }
    let limit = value("limit").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    let remaining = value("remaining").flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    guard limit != nil || remaining != nil else { return nil }
    let date = fields["date"].flatMap(HTTPDate.parse)
    let reset = value("reset").flatMap { text in
      RetryHint.duration(text) ?? RetryHint.span(from: date, to: RetryHint.rfc3339(text))
    }
    return LimitNotice.Allowance(limit: limit, remaining: remaining, reset: reset)
  }
}
