/// What of a sentence can be compared without understanding it: what it is about, its figures with
/// what they count, and whether it denies.
///
/// Figures are read in any language, number words and months in English only.
struct ClaimFacts: Sendable, Equatable {
  /// What a figure measures; figures of different measures are never compared.
  enum Measure: Hashable, Sendable {
    case year, month, day, clock, percent
    case money(String)
    /// The beginning of the word for what is counted.
    case count(String)
  }

  /// How exact a figure claims to be.
  enum Precision: Sendable, Equatable {
    case exact
    /// "About": a tenth more or less is the same.
    case about
    /// "More than", "up to": a bound, which says nothing of the value.
    case bound
  }

  struct Figure: Sendable, Equatable {
    var measure: Measure
    var value: Double
    var precision = Precision.exact
  }

  /// Terms without figures, what they count, and words that deny.
  private(set) var subject: Set<String> = []
  private(set) var figures: [Figure] = []
  private(set) var isDenied = false

  init(_ sentence: String) {
    let tokens = ClaimTokens.tokens(in: sentence)
    var words: [String] = []
    var index = 0
    while index < tokens.count {
      if let (figure, used) = Self.figure(tokens, at: index) {
        figures.append(figure)
        index += used
        continue
      }
      let word = tokens[index].word
      if ClaimTokens.denials.contains(word) || word.hasSuffix("n't") {
        isDenied.toggle()
      } else if !ClaimTokens.hedges.contains(word) {
        words.append(word)
      }
      index += 1
    }
    subject = Set(ContentTerms.terms(in: words.joined(separator: " ")))
  }

  // MARK: Figures

  /// The figure that begins at a token, and how many tokens it takes.
  private static func figure(
    _ tokens: [ClaimTokens.Token], at index: Int
  ) -> (Figure, used: Int)? {
    if let month = ClaimTokens.month(tokens[index].word), isMonth(tokens, at: index) {
      return (Figure(measure: .month, value: month), 1)
    }
    guard let (value, used) = ClaimTokens.number(tokens, at: index) else { return nil }
    let token = tokens[index]
    let next = index + used < tokens.count ? tokens[index + used] : nil
    let precision = precision(before: index, in: tokens)
    func result(_ measure: Measure, _ more: Int = 0) -> (Figure, Int) {
      (Figure(measure: measure, value: value, precision: precision), used + more)
    }
    if token.isClock { return result(.clock) }
    if let sign = token.sign { return result(sign == "%" ? .percent : .money(sign)) }
    if ["percent", "prozent"].contains(next?.word) { return result(.percent, 1) }
    let before = index > 0 ? tokens[index - 1].word : ""
    if isDay(tokens, index, used) { return result(.day) }
    let isWhole = value == value.rounded() && token.isDigits
    let mayBeYear = isWhole && (1_000...2_100).contains(value) && !token.isGrouped
    if mayBeYear, ClaimTokens.month(before) != nil || ClaimTokens.yearWords.contains(before) {
      return result(.year)
    }
    if ["once", "twice", "thrice"].contains(token.word) { return result(.count("time")) }
    if let unit = token.unit { return result(.count(ClaimTokens.unit(unit))) }
    if let next, next.isWord, !ClaimTokens.isPassing(next.word) {
      return result(.count(ClaimTokens.unit(next.word)), 1)
    }
    return mayBeYear ? result(.year) : nil
  }

  /// "May" and "march" are months beside a number.
  private static func isMonth(_ tokens: [ClaimTokens.Token], at index: Int) -> Bool {
    guard ["may", "march"].contains(tokens[index].word) else { return true }
    let around = [index - 2, index - 1, index + 1].filter { tokens.indices.contains($0) }
    return around.contains { ClaimTokens.number(tokens, at: $0) != nil }
      || (index > 0 && ClaimTokens.yearWords.contains(tokens[index - 1].word))
  }

  /// "1 December", "the first of December", "December 1".
  private static func isDay(_ tokens: [ClaimTokens.Token], _ index: Int, _ used: Int) -> Bool {
    let after = tokens[(index + used)...].prefix(2).map(\.word)
    let isBefore =
      after.first.flatMap(ClaimTokens.month) != nil
      || (after.first == "of" && after.count == 2 && ClaimTokens.month(after[1]) != nil)
    let isBehind = index > 0 && ClaimTokens.month(tokens[index - 1].word) != nil
    let value = ClaimTokens.number(tokens, at: index)?.value ?? 0
    return (isBefore || isBehind) && (1...31).contains(value)
  }

  private static func precision(
    before index: Int, in tokens: [ClaimTokens.Token]
  ) -> Precision {
    let before = tokens[max(0, index - 2)..<index].map(\.word)
    if let last = before.last, ClaimTokens.approximations.contains(last) { return .about }
    if before.last.map(ClaimTokens.bounds.contains) == true { return .bound }
    let pairs = ["more than", "less than", "fewer than", "at least", "at most", "up to"]
    return pairs.contains(before.joined(separator: " ")) ? .bound : .exact
  }
}

extension ClaimFacts {
  /// How two sentences contradict each other; nil where they do not, or nobody can tell.
  ///
  /// - Parameter samePage: sentences of one page: figures that both stand there are of two things.
  func contradiction(to other: ClaimFacts, samePage: Bool) -> Contradiction.Kind? {
    let shared = Double(subject.intersection(other.subject).count)
    let smaller = Double(min(subject.count, other.subject.count))
    let union = Double(subject.union(other.subject).count)
    guard shared >= 1, smaller >= 1 else { return nil }
    let measures = Set(figures.map(\.measure)).intersection(other.figures.map(\.measure))
    let differing = measures.filter { differs(from: other, in: $0) }
    if isDenied != other.isDenied {
      // Who says "not twice" does not contradict who says "three times".
      return shared >= 2 && shared / union >= 0.6 && differing.isEmpty ? .denial : nil
    }
    guard !samePage, shared / smaller >= 0.6, shared / union >= 0.4, shared >= 2 || union <= 2
    else { return nil }
    let dates: Set<Measure> = [.year, .month, .day]
    if !differing.isDisjoint(with: dates) { return .date }
    return differing.isEmpty ? nil : .figure
  }

  /// Whether no figure of a measure is the same in both.
  private func differs(from other: ClaimFacts, in measure: Measure) -> Bool {
    let own = figures.filter { $0.measure == measure }
    let others = other.figures.filter { $0.measure == measure }
    guard !(own + others).contains(where: { $0.precision == .bound }) else { return false }
    return !own.contains { figure in
      others.contains { other in
        let isRough = figure.precision == .about || other.precision == .about
        let room = isRough ? max(abs(figure.value), abs(other.value)) / 10 : 1e-9
        return abs(figure.value - other.value) <= room
      }
    }
  }
}
