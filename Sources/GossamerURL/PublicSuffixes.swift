/// The public suffix list: where names of others begin. Its private part (`github.io`) counts too.
///
/// The list is one text of sorted rules, searched in place; nothing is unpacked. A rule is written
/// backwards with commas (`uk,co`), as a comma sorts before every byte of a label, so that all rules
/// below a name stand together, the exceptions (`ck,!www`) and wildcards (`ck,*`) first.
///
/// Source: https://publicsuffix.org/list/, "Algorithm".
public enum PublicSuffixes {
  /// The registered domain of a host: its public suffix and one label. Nil for a host that is a
  /// public suffix, or has an empty label other than that of a trailing dot.
  ///
  /// - Parameter host: in ASCII and lower case, as in a `WebURL`; not an address.
  public static func registeredDomain(of host: String) -> String? {
    var host = host
    return host.withUTF8 { registeredDomain(of: $0) }
  }

  static func registeredDomain(of host: UnsafeBufferPointer<UInt8>) -> String? {
    let dot = UInt8(ascii: ".")
    let end = host.last == dot ? host.count - 1 : host.count
    guard end > 0, end <= 253, host.first != dot, let bytes = host.baseAddress else { return nil }
    let labels = suffixLabelCount(UnsafeBufferPointer(start: bytes, count: end))
    var wanted = labels + 1
    var index = end
    while index > 0 {
      let labelEnd = index
      while index > 0, host[index - 1] != dot { index -= 1 }
      if index == labelEnd { return nil }
      wanted -= 1
      if wanted == 0 {
        return String(decoding: host[index..<end], as: UTF8.self)
      }
      index = max(0, index - 1)
    }
    return nil
  }

  /// How many labels the longest matching rule takes; 1 if there is none, by the rule `*`.
  private static func suffixLabelCount(_ host: UnsafeBufferPointer<UInt8>) -> Int {
    let table = RuleTable()
    var rules = 0..<table.text.count
    var depth = 0
    var matched = 0
    var found = 1
    var end = host.count
    while end > 0 {
      var start = end
      while start > 0, host[start - 1] != UInt8(ascii: ".") { start -= 1 }
      let label = UnsafeBufferPointer(rebasing: host[start..<end])
      if matched > 0 {
        switch table.special(in: rules, at: depth, for: label) {
        case .exception: return matched
        case .wildcard: found = matched + 1
        case nil: break
        }
      }
      rules = table.narrow(rules, at: depth, to: label)
      if rules.isEmpty { break }
      matched += 1
      depth += label.count
      if table.endsRule(rules.lowerBound + depth) {
        found = matched
        rules = min(rules.lowerBound + depth + 1, rules.upperBound)..<rules.upperBound
      }
      depth += 1
      end = start - 1
    }
    return found
  }
}

/// The text of rules. Ranges are of whole rules, each with the blank or line break behind it.
private struct RuleTable {
  let text = UnsafeBufferPointer(
    start: PublicSuffixTable.rules.utf8Start, count: PublicSuffixTable.rules.utf8CodeUnitCount)

  enum Special { case exception, wildcard }

  /// Whether a rule ends before `index`.
  func endsRule(_ index: Int) -> Bool { index >= text.count || text[index] <= 0x20 }

  /// The exception for a label or the wildcard, which lead the rules below a name.
  func special(
    in rules: Range<Int>, at depth: Int, for label: UnsafeBufferPointer<UInt8>
  ) -> Special? {
    var rule = rules.lowerBound
    while rule < rules.upperBound {
      let start = rule + depth
      if text[start] == UInt8(ascii: "*") { return .wildcard }
      guard text[start] == UInt8(ascii: "!") else { return nil }
      if order(start + 1, label) == 0 { return .exception }
      rule = end(of: rule)
    }
    return nil
  }

  /// Those of the rules whose label at `depth` is `label`.
  func narrow(
    _ rules: Range<Int>, at depth: Int, to label: UnsafeBufferPointer<UInt8>
  ) -> Range<Int> {
    let lower = partition(rules) { order($0 + depth, label) >= 0 }
    let upper = partition(lower..<rules.upperBound) { order($0 + depth, label) > 0 }
    return lower..<upper
  }

  /// The first rule for which the predicate, false and then true, is true.
  private func partition(_ rules: Range<Int>, _ isBehind: (Int) -> Bool) -> Int {
    var low = rules.lowerBound
    var high = rules.upperBound
    while low < high {
      var middle = (low + high) / 2
      while middle > low, text[middle - 1] > 0x20 { middle -= 1 }
      if isBehind(middle) { high = middle } else { low = end(of: middle) }
    }
    return low
  }

  /// Behind the blank or line break that ends the rule.
  private func end(of rule: Int) -> Int {
    var index = rule
    while index < text.count, text[index] > 0x20 { index += 1 }
    return min(index + 1, text.count)
  }

  /// Compares the label of a rule that begins at `start` with `label`.
  private func order(_ start: Int, _ label: UnsafeBufferPointer<UInt8>) -> Int {
    for index in 0..<label.count {
      let position = start + index
      if position >= text.count
        || text[position] <= UInt8(ascii: ",") && text[position] != 0x2A
          && text[position] != 0x21
      {
        return -1
      }
      if text[position] != label[index] { return text[position] < label[index] ? -1 : 1 }
    }
    return endsRule(start + label.count) || text[start + label.count] == UInt8(ascii: ",") ? 0 : 1
  }
}
