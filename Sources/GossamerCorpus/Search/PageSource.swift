/// Gets pages of the live web into a corpus.
///
/// Whoever stands behind it keeps all rules of the crawler: robots.txt, rates, scope and addresses.
public protocol PageSource: Sendable {
  /// The page of a URL as it is stored now: fetched if it was not there.
  ///
  /// - Throws: anything, with words for people; a page that a rule forbids is an error too.
  func page(at url: String) async throws -> PageRecord
}
