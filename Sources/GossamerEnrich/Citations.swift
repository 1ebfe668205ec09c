/// Where a summary's sentences come from: found and checked here, whatever a model says of it.
///
/// A sentence is given the one to three sentences of the page that together hold most of what it
/// says, words weighed by how rare they are in the page. It has none where they hold too little, or
/// lack a number of it: then nothing in the page was found to support it. Compares words, by their
/// beginnings, not meanings; a summary in another language has none.
enum Citations {
  /// Letters of a word that are compared: without a stemmer, and much like one.
  private static let stem = 6
  /// The part of a sentence's weight that its sources must hold.
  private static let support: Float = 0.4
  /// The part that a further source must add.
  private static let gain: Float = 0.15
  private static let mostSources = 3

  static func found(in summary: String, text: String, language: String?) -> [SupportedSentence] {
    let said = UTF8Cursor(bytes: Array(summary.utf8))
    let source = UTF8Cursor(bytes: Array(text.utf8))
    let claims = SentenceSegmenter.sentences(in: said.bytes, language: language).map { sentence in
      (range: sentence.range, terms: terms(said, sentence.range))
    }
    let wanted = claims.reduce(into: Set<UInt64>()) { $0.formUnion($1.terms) }
    let sentences = SentenceSegmenter.sentences(in: source.bytes, language: language)
    var counts: [UInt64: Int] = [:]
    let held = sentences.map { sentence in
      let terms = terms(source, sentence.range).intersection(wanted)
      for term in terms { counts[term, default: 0] += 1 }
      return (range: sentence.range, terms: terms)
    }
    let weights = wanted.reduce(into: [UInt64: Float]()) { weights, term in
      weights[term] = Float.naturalLog(
        1 + Float(sentences.count) / Float(counts[term] ?? 1))
    }
    func weight(_ terms: Set<UInt64>) -> Float {
      terms.reduce(0) { $0 + (weights[$1] ?? 0) }
    }
    return claims.filter { !$0.terms.isEmpty }.map { claim in
      let total = weight(claim.terms)
      var open = claim.terms
      var chosen: [Range<Int>] = []
      while chosen.count < mostSources {
        var best = (gain: Float(0), index: -1)
        for (index, sentence) in held.enumerated() where !sentence.terms.isEmpty {
          let gain = weight(sentence.terms.intersection(open))
          if gain > best.gain { best = (gain, index) }
        }
        guard best.index >= 0, best.gain >= gain * total else { break }
        chosen.append(held[best.index].range)
        open.subtract(held[best.index].terms)
      }
      let holds = total - weight(open) >= support * total
      let isGrounded = holds && hasItsNumbers(claim.range, of: said, in: chosen, of: source)
      return SupportedSentence(
        sentence: claim.range,
        sources: isGrounded ? chosen.sorted { $0.lowerBound < $1.lowerBound } : [])
    }
  }

  private static func terms(_ text: UTF8Cursor, _ range: Range<Int>) -> Set<UInt64> {
    Set(Terms.counted(text, in: range, stem: stem).terms)
  }

  private static func hasItsNumbers(
    _ claim: Range<Int>, of said: UTF8Cursor, in sources: [Range<Int>], of source: UTF8Cursor
  ) -> Bool {
    func string(_ text: UTF8Cursor, _ range: Range<Int>) -> String {
      String(decoding: text.bytes[range], as: UTF8.self)
    }
    let evidence = sources.map { string(source, $0) }.joined(separator: "\n")
    return !AnswerCheck.numbers(in: string(said, claim), source: evidence).contains {
      $0.hasPrefix("new-number")
    }
  }
}
