/// How alike the sentences of a page are, and which of them are most like the others.
///
/// Likeness is the cosine of tf-idf vectors, found through an index of terms, so that sentences
/// without a common term cost nothing. Terms of more than half of a page's sentences are left out.
struct SentenceGraph {
  private let count: Int
  private var matrix: [Float]

  init(_ sentences: [[UInt64]], statistics: CorpusStatistics?) {
    count = sentences.count
    matrix = [Float](repeating: 0, count: count * count)
    let vectors = Self.vectors(sentences, statistics: statistics)
    for postings in vectors {
      for (index, first) in postings.enumerated() {
        let row = first.sentence * count
        for second in postings[(index + 1)...] {
          let product = first.weight * second.weight
          matrix[row + second.sentence] += product
          matrix[second.sentence * count + first.sentence] += product
        }
      }
    }
  }

  func likeness(_ a: Int, _ b: Int) -> Float { a == b ? 1 : matrix[a * count + b] }

  /// The stationary distribution of a walk along likeness, by power iteration.
  func centrality() -> [Float] {
    guard count > 1 else { return [Float](repeating: 1, count: count) }
    let damping: Float = 0.85
    let rest = (1 - damping) / Float(count)
    var shares = [Float](repeating: 0, count: count)
    for row in 0..<count {
      var sum: Float = 0
      for column in 0..<count { sum += matrix[row * count + column] }
      shares[row] = sum
    }
    var rank = [Float](repeating: 1 / Float(count), count: count)
    for _ in 0..<40 {
      var next = [Float](repeating: rest, count: count)
      for row in 0..<count where shares[row] > 0 {
        let flow = damping * rank[row] / shares[row]
        for column in 0..<count { next[column] += flow * matrix[row * count + column] }
      }
      var change: Float = 0
      for index in 0..<count { change += (next[index] - rank[index]).magnitude }
      rank = next
      if change < 1e-4 { break }
    }
    return rank
  }

  private struct Posting {
    var sentence: Int
    var weight: Float
  }

  /// Postings of unit vectors, a list a term, in the order of first occurrence.
  private static func vectors(
    _ sentences: [[UInt64]], statistics: CorpusStatistics?
  ) -> [[Posting]] {
    var numbers: [UInt64: Int] = [:]
    var postings: [[Posting]] = []
    var names: [UInt64] = []
    for (sentence, terms) in sentences.enumerated() {
      for term in terms {
        if let number = numbers[term] {
          let last = postings[number].count - 1
          if postings[number][last].sentence == sentence {
            postings[number][last].weight += 1
          } else {
            postings[number].append(Posting(sentence: sentence, weight: 1))
          }
        } else {
          numbers[term] = postings.count
          names.append(term)
          postings.append([Posting(sentence: sentence, weight: 1)])
        }
      }
    }
    var squares = [Float](repeating: 0, count: sentences.count)
    let common = statistics.flatMap { $0.isUsable ? $0 : nil }
    for number in postings.indices {
      let spread = postings[number].count
      let own = Float.naturalLog(Float(sentences.count + 1) / Float(spread))
      let weight = common?.weight(of: names[number]) ?? own
      for index in postings[number].indices {
        postings[number][index].weight *= weight
        let value = postings[number][index].weight
        squares[postings[number][index].sentence] += value * value
      }
    }
    let lengths = squares.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
    let most = max(10, sentences.count / 2)
    return postings.filter { $0.count > 1 && $0.count <= most }.map { list in
      list.map { Posting(sentence: $0.sentence, weight: $0.weight * lengths[$0.sentence]) }
    }
  }
}
