import GossamerCorpus
import Testing

@Suite("Queries as they are typed")
struct SearchQueryTests {
  /// A query with all its brackets; `~` marks a beginning.
  private func text(_ query: SearchQuery?) -> String {
    switch query {
    case nil: ""
    case .phrase(let phrase)?:
      phrase.terms.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "_")
        + (phrase.isBeginning ? "~" : "")
    case .all(let parts)?: "(" + parts.map { text($0) }.joined(separator: " & ") + ")"
    case .any(let parts)?: "(" + parts.map { text($0) }.joined(separator: " | ") + ")"
    case .not(let part)?: "!" + text(part)
    }
  }

  @Test(arguments: [
    ("lighthouse", "lighthouse"), ("Light House", "(light & house)"),
    ("\"light house\"", "light_house"), ("light*", "light~"), ("\"light hou\"*", "light_hou~"),
    ("“light house”", "light_house"), ("a AND b", "(a & b)"), ("a and b", "(a & and & b)"),
    ("a OR b", "(a | b)"), ("a b OR c", "((a & b) | c)"), ("a (b OR c)", "(a & (b | c))"),
    ("a -b", "(a & !b)"), ("a NOT b", "(a & !b)"), ("a NOT (b OR c)", "(a & !(b | c))"),
    ("a (-b c)", "(a & !b & c)"), ("e-mail", "e_mail"), ("don't", "don_t"),
    ("C++", "c"), ("3.14", "3_14"), ("title:x", "title_x"), ("a^2", "a_2"),
    ("NEAR(a b)", "(near & a & b)"),
    ("{a b} : c", "(a & b & c)"),
  ])
  func operatorsAreUnderstood(typed: String, expected: String) {
    #expect(text(SearchQuery(typed)) == expected)
  }

  @Test(arguments: [
    ("東京", "東京"), ("東", "東~"), ("東京都", "東京_京都"), ("東京*", "東京~"), ("東京 大学", "(東京 & 大学)"),
    ("東京tower", "東京_京_tower"), ("tower東", "tower_東~"), ("서울", "서울"),
  ])
  func runsWithoutBlanksAreLookedForAsPairs(typed: String, expected: String) {
    #expect(text(SearchQuery(typed)) == expected)
  }

  @Test(arguments: [
    ("\"light", "light"), ("light\"", "light"), ("((light", "light"), ("light))", "light"),
    (")(", ""), ("OR", ""), ("a OR", "a"), ("OR a", "a"), ("AND AND a", "a"), ("NOT", ""),
    ("a NOT", "a"), ("NOT OR a", "a"), ("a OR -b", "a"), ("--a", "a"), ("- a", "a"), ("*", ""),
    ("\"\"", ""), ("\"*\"*", ""), ("()", ""), ("-a", ""), ("-a -b", ""),
    ("NOT NOT a b", "(!a & b)"),
    ("a OR OR b", "(a | b)"), ("", ""), ("''", ""), (";--", ""), ("%_", ""),
  ])
  func anyTextIsAQuery(typed: String, expected: String) {
    #expect(text(SearchQuery(typed)) == expected)
  }

  @Test(arguments: [
    ("a b", "(a | b)"), ("a b -c", "((a | b) & !c)"), ("a", ""), ("a OR b", ""), ("a -b", ""),
    ("a \"b c\" (d OR e)", "(a | b_c | (d | e))"),
  ])
  func anyOfTheWordsAnswersALooserQuery(typed: String, expected: String) {
    #expect(text(SearchQuery(typed)?.loosened) == expected)
  }

  @Test func queriesOfAnyLengthAndDepthEnd() {
    #expect(SearchQuery(String(repeating: "(", count: 100_000) + "a") == nil)
    #expect(SearchQuery(String(repeating: "(a ", count: 10_000)) != nil)
    let many = SearchQuery(String(repeating: "word ", count: 100_000))
    #expect(many?.wanted.count == SearchQuery.mostTerms)
    #expect(
      SearchQuery("\"" + String(repeating: "word ", count: 100_000))?.wanted[0].terms.count == 64)
  }

  @Test func whatIsNotWantedIsNotShown() {
    let wanted = SearchQuery("a -b \"c d\" (e OR f*)")?.wanted ?? []
    #expect(wanted.map { text(.phrase($0)) } == ["a", "c_d", "e", "f~"])
  }
}
