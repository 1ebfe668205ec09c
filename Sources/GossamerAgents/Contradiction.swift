/// Two statements, each borne out by the place it cites, that cannot both be right as they stand.
///
/// Found by comparing words and figures, not by understanding: what is said in other words is not
/// seen, and two statements may speak of different things after all. So both are shown side by side,
/// and none is taken for refuted.
public struct Contradiction: Sendable, Equatable {
  /// In what they differ; raw values are their labels in results.
  public enum Kind: String, Sendable, CaseIterable {
    /// Numbers of the same thing.
    case figure
    /// Years, months or days.
    case date
    /// One denies what the other says.
    case denial
  }

  /// A side.
  public struct Side: Sendable, Equatable {
    /// What is said.
    public var text: String
    /// The page's URL as stored.
    public var url: String
    /// The digest of its body.
    public var digest: String?
    /// The words that were quoted.
    public var quote: String?
    /// Where they stand, in bytes of the page's text.
    public var range: Range<Int>
  }

  /// In what they differ.
  public var kind: Kind
  /// The two, in the order they were said.
  public var sides: [Side]

  /// The contradictions among statements, each pair once, in their order.
  static func all(among sides: [Side]) -> [Contradiction] {
    // Statements are few; pages of them would be no answer.
    let sides = Array(sides.prefix(64))
    let facts = sides.map { ClaimFacts($0.text) }
    var found: [Contradiction] = []
    for second in sides.indices {
      for first in sides[..<second].indices where sides[first].text != sides[second].text {
        let kind = facts[first].contradiction(
          to: facts[second], samePage: sides[first].url == sides[second].url)
        guard let kind else { continue }
        found.append(Contradiction(kind: kind, sides: [sides[first], sides[second]]))
      }
    }
    return found
  }
}

extension AgentAnswer {
  /// What is said with places that bear it out.
  var verifiedSides: [Contradiction.Side] {
    claims.compactMap { claim in
      let cited = citations.first { claim.citations.contains($0.number) && $0.isVerified }
      guard let cited, let url = cited.url, let range = cited.range else { return nil }
      return .init(
        text: claim.text, url: url, digest: cited.digest, quote: cited.quote, range: range)
    }
  }
}
