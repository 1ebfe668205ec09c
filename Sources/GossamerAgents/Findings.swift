import GossamerLLM

/// What several agents found, by the places they cite: only what stored text bears out. How many said
/// so is counted, and what contradicts each other stands side by side; no model has a say in it.
public struct Findings: Sendable, Equatable {
  /// A place that was cited.
  public struct Place: Sendable, Equatable {
    /// The passage it is in.
    public var passage: PagePassage
    /// What was said of it, each once.
    public var claims: [Claim]
    /// The agents that cite it, by their numbers from 0.
    public var agents: Set<Int>
  }

  /// What was said of a place.
  public struct Claim: Sendable, Equatable {
    /// The words of who said it first.
    public var text: String
    /// The place, and what the check found.
    public var citation: Citation
    /// The agents that say so, by their numbers from 0.
    public var agents: Set<Int>
  }

  /// The places; what more agents cite comes first.
  public private(set) var places: [Place] = []
  /// Claims that cannot all be right as they stand.
  public private(set) var contradictions: [Contradiction] = []

  /// Whether nothing was found.
  public var isEmpty: Bool { places.isEmpty }

  init(_ answers: [AgentAnswer]) {
    for (agent, answer) in answers.enumerated() {
      for claim in answer.claims {
        for number in claim.citations {
          guard let citation = answer.citations.first(where: { $0.number == number }),
            citation.isVerified, let url = citation.url, let range = citation.range
          else { continue }
          let shown = answer.passages.first { passage in
            passage.url == url && passage.range.lowerBound <= range.lowerBound
              && range.upperBound <= passage.range.upperBound
          }
          let passage =
            shown
            ?? PagePassage(
              url: url, digest: citation.digest, title: citation.title, number: 0, range: range,
              text: citation.quote ?? claim.text)
          add(Claim(text: claim.text, citation: citation, agents: [agent]), passage)
        }
      }
    }
    // What more agents found comes first; of equals, what was found first.
    let order = places.indices.sorted {
      (places[$0].agents.count, -$0) > (places[$1].agents.count, -$1)
    }
    places = order.map { places[$0] }
    contradictions = Contradiction.all(among: places.flatMap(\.sides))
  }

  private mutating func add(_ claim: Claim, _ passage: PagePassage) {
    let index = places.firstIndex {
      $0.passage.url == passage.url && $0.passage.range == passage.range
    }
    guard let index else {
      return places.append(Place(passage: passage, claims: [claim], agents: claim.agents))
    }
    places[index].agents.formUnion(claim.agents)
    let facts = ClaimFacts(claim.text)
    let same = places[index].claims.firstIndex { known in
      known.text == claim.text || (!facts.subject.isEmpty && ClaimFacts(known.text) == facts)
    }
    if let same {
      places[index].claims[same].agents.formUnion(claim.agents)
    } else {
      places[index].claims.append(claim)
    }
  }

  /// The findings as something a writer is shown: of each place the words that were quoted, and what was
  /// said of it.
  var material: ToolResult {
    var parts: [ToolResult.Part] = [.note("Findings of the researchers:")]
    for place in places.prefix(24) {
      parts.append(.passage(place.quoted))
      let said = place.claims.prefix(3).map { claim in
        "Said of it" + (claim.agents.count > 1 ? " by \(claim.agents.count)" : "") + ": "
          + claim.text
      }
      parts.append(.foreign(said.joined(separator: "\n")))
    }
    for contradiction in contradictions.prefix(8) {
      parts.append(.note("These two contradict each other; tell both:"))
      parts.append(.foreign(contradiction.sides.map { "- " + $0.text }.joined(separator: "\n")))
    }
    return ToolResult(parts).limited(to: 24_000)
  }

  /// The findings themselves as an answer, side by side.
  func answer(_ question: String, like failed: AgentAnswer) -> AgentAnswer {
    var answer = failed
    answer.flags = failed.flags.filter { $0 != "no-answer" } + ["not-worded"]
    answer.citations = []
    answer.claims = []
    answer.text = ""
    for claim in places.flatMap(\.claims) { answer.add(claim) }
    return answer
  }
}

extension Findings.Place {
  /// The passage cut to the words that were quoted; whole where some agent quoted none.
  fileprivate var quoted: PagePassage {
    var quotes: [String] = []
    for claim in claims {
      guard let quote = claim.citation.quote else { return passage }
      if !quotes.contains(quote) { quotes.append(quote) }
    }
    var passage = passage
    passage.text = quotes.joined(separator: "\n")
    return passage
  }

  fileprivate var sides: [Contradiction.Side] {
    claims.compactMap { claim in
      guard let range = claim.citation.range else { return nil }
      return .init(
        text: claim.text, url: passage.url, digest: claim.citation.digest,
        quote: claim.citation.quote, range: range)
    }
  }
}
