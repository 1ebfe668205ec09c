/// Groups of rules around the scorer. All are on; benchmarks switch them off one by one, to show
/// what each is worth.
package struct ExtractionRules: OptionSet, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// What is not shown is left out.
  package static let hidden = ExtractionRules(rawValue: 1 << 0)
  /// Lists, tables and code are kept or dropped as a whole.
  package static let rows = ExtractionRules(rawValue: 1 << 1)
  /// Tables and code between chosen blocks are chosen.
  package static let tables = ExtractionRules(rawValue: 1 << 2)
  /// Tables of contents are dropped.
  package static let contents = ExtractionRules(rawValue: 1 << 3)
  /// Of equal long blocks one is kept.
  package static let repeats = ExtractionRules(rawValue: 1 << 4)
  /// The heading that is the title is dropped.
  package static let title = ExtractionRules(rawValue: 1 << 5)
  /// Headings over nothing are dropped.
  package static let headings = ExtractionRules(rawValue: 1 << 6)
  /// The set with the best expected F1 is taken, not each block that is more likely content.
  package static let expected = ExtractionRules(rawValue: 1 << 7)

  /// What readers wrote below an article is dropped.
  package static let comments = ExtractionRules(rawValue: 1 << 8)

  package static let all = ExtractionRules(rawValue: 0x1FF)

  private static let named: [(String, ExtractionRules)] = [
    ("hidden", .hidden), ("rows", .rows), ("tables", .tables), ("contents", .contents),
    ("repeats", .repeats), ("title", .title), ("headings", .headings), ("expected", .expected),
    ("comments", .comments),
  ]

  /// All names, with commas between.
  package static var names: String { named.map(\.0).joined(separator: ", ") }

  /// The group of a name.
  package init?(name: String) {
    guard let rule = Self.named.first(where: { $0.0 == name })?.1 else { return nil }
    self = rule
  }
}
