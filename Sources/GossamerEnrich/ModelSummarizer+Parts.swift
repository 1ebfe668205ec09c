import GossamerLLM

/// Pages that are too long for one call: parts are summarized side by side, then their summaries
/// are merged, in several rounds where one does not hold them all.
///
/// Merging sees the parts' own best sentences beside their summaries, since a merge of summaries
/// alone makes mistakes of the first round larger. Source: Chang et al. 2024 (BooookScore) for
/// merging against refining; arXiv 2502.00977 for merging with the source.
extension ModelSummarizer {
  /// A stretch of the page and what was made of it.
  private struct Piece: Sendable {
    var text: String
    var parts: [Range<Int>]
    var flags: [String] = []
    /// Whether a model could do nothing with it.
    var isMissing = false
  }

  private struct Tally: Sendable {
    var tokensIn = 0
    var tokensOut = 0
    var attempts = 0

    mutating func add(_ summary: Summary) {
      tokensIn += summary.tokensIn
      tokensOut += summary.tokensOut
      attempts += summary.attempts
    }

    mutating func add(_ other: Tally) {
      tokensIn += other.tokensIn
      tokensOut += other.tokensOut
      attempts += other.attempts
    }
  }

  private typealias Outcome = Result<(pieces: [Piece], tally: Tally), ModelError>

  /// - Parameter tokens: the most of a part.
  func summarizeParts(of page: PageText, tokens: Int) async throws(ModelError) -> Summary {
    let bytes = Array(page.text.utf8)
    let ranges = PageParts.cut(
      bytes, tokens: tokens, headings: page.headings, language: page.language)
    let taken = ranges.prefix(Self.mostParts)
    var tally = Tally()
    var pieces = try await sideBySide(Array(taken.enumerated()), &tally) {
      await self.piece($0.element, number: $0.offset + 1, of: taken.count, page, bytes, tokens)
    }
    let missing = pieces.filter(\.isMissing)
    pieces.removeAll(where: \.isMissing)
    guard pieces.count >= missing.count, !pieces.isEmpty else {
      throw ModelError(.wrongShape, "no answer to \(missing.count) of \(taken.count) parts")
    }
    let covered = pieces.flatMap(\.parts)
    while pieces.count > 1 {
      pieces = try await sideBySide(groups(of: pieces, tokens: tokens), &tally) {
        await self.merged($0, page, bytes)
      }
    }
    // The last merge was held against the whole page, as every answer is against its text.
    var summary = Summary(
      text: pieces[0].text, provider: client.model.provider, model: client.model.name)
    summary.flags = pieces[0].flags
    summary.covered = covered
    if ranges.count > taken.count { summary.flags.append("page-cut") }
    if !missing.isEmpty { summary.flags.append("parts-missing \(missing.count)") }
    (summary.tokensIn, summary.tokensOut) = (tally.tokensIn, tally.tokensOut)
    summary.attempts = tally.attempts
    return summary
  }

  /// Does the work of all, at once as far as the client's limits allow, in their order.
  private func sideBySide<Work: Sendable>(
    _ works: [Work], _ tally: inout Tally, _ body: @escaping @Sendable (Work) async -> Outcome
  ) async throws(ModelError) -> [Piece] {
    let outcomes = await withTaskGroup(of: (Int, Outcome).self) { group in
      for (index, work) in works.enumerated() {
        group.addTask { (index, await body(work)) }
      }
      var outcomes = [Outcome?](repeating: nil, count: works.count)
      while let (index, outcome) = await group.next() {
        outcomes[index] = outcome
        // One that cannot be passed over ends the page: the others would be paid for in vain.
        if case .failure = outcome { group.cancelAll() }
      }
      return outcomes.compactMap { $0 }
    }
    // The cause first: those that it cancelled only say so.
    let failures = outcomes.compactMap { if case .failure(let error) = $0 { error } else { nil } }
    if let cause = failures.first(where: { $0.kind != .cancelled }) ?? failures.first {
      throw cause
    }
    var pieces: [Piece] = []
    for outcome in outcomes {
      guard case .success(let value) = outcome else { continue }
      pieces += value.pieces
      tally.add(value.tally)
    }
    return pieces
  }

  private func piece(
    _ range: Range<Int>, number: Int, of count: Int, _ page: PageText, _ bytes: [UInt8],
    _ tokens: Int
  ) async -> Outcome {
    let text = String(decoding: bytes[range], as: UTF8.self)
    var part = page
    part.text = text
    var tally = Tally()
    do throws(ModelError) {
      let summary = try await answer(.part(number, of: count), to: text, of: part)
      tally.add(summary)
      return .success(([Piece(text: summary.text, parts: [range], flags: summary.flags)], tally))
    } catch {
      switch error.kind {
      case .tooLarge where error.asksForShorterPrompt && TokenEstimate.tokens(in: text) > 128:
        let halves = PageParts.cut(
          bytes, in: range, tokens: TokenEstimate.tokens(in: text) / 2 + 1,
          headings: page.headings, language: page.language)
        guard halves.count > 1 else { return .failure(error) }
        var pieces: [Piece] = []
        for half in halves {
          switch await piece(half, number: number, of: count, page, bytes, tokens / 2) {
          case .success(let value):
            pieces += value.pieces
            tally.add(value.tally)
          case .failure(let error): return .failure(error)
          }
        }
        return .success((pieces, tally))
      case .refusal, .empty, .badJSON, .wrongShape:
        return .success(([Piece(text: "", parts: [range], isMissing: true)], tally))
      default: return .failure(error)
      }
    }
  }

  /// Pieces whose summaries and best sentences fit into one call, at least two each.
  private func groups(of pieces: [Piece], tokens: Int) -> [[Piece]] {
    var groups: [[Piece]] = []
    var cost = 0
    for piece in pieces {
      // Best sentences are about as long as the summary.
      let price = TokenEstimate.tokens(in: piece.text) * 2 + 32
      if let last = groups.last, cost + price <= tokens || last.count < 2 {
        groups[groups.count - 1].append(piece)
        cost += price
      } else {
        groups.append([piece])
        cost = price
      }
    }
    return groups
  }

  private func merged(_ pieces: [Piece], _ page: PageText, _ bytes: [UInt8]) async -> Outcome {
    guard pieces.count > 1 else { return .success((pieces, Tally())) }
    var blocks: [String] = []
    for (index, piece) in pieces.enumerated() {
      let source = piece.parts.map { String(decoding: bytes[$0], as: UTF8.self) }
      let evidence = Self.bestSentences(of: source.joined(separator: "\n"), page)
      blocks.append("Part \(index + 1): \(piece.text)\n" + evidence)
    }
    do throws(ModelError) {
      let summary = try await answer(.merge, to: blocks.joined(separator: "\n\n"), of: page)
      var tally = Tally()
      tally.add(summary)
      let parts = pieces.flatMap(\.parts)
      return .success(([Piece(text: summary.text, parts: parts, flags: summary.flags)], tally))
    } catch {
      return .failure(error)
    }
  }

  private static func bestSentences(of text: String, _ page: PageText) -> String {
    var part = page
    part.text = text
    let best = try? ExtractiveSummarizer(limits: SummaryLimits(sentences: 2, words: 60))
      .summary(of: part)
    return best.map { "- " + $0.text } ?? ""
  }
}
