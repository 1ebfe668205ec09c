/// What a site or page lets its content be used for, with the statements behind it.
///
/// Statements of different kinds are combined by the strictest: a no beats a yes, a yes beats
/// silence. How each kind of statement is read stands at the `merge` that takes it in; the whole
/// table is in the article "Robots and permissions".
///
/// Source: AIPREF drafts vocab and attach (`Content-Usage`); contentsignals.org and
/// draft-romm-aipref-contentsignals (`Content-Signal`); W3C TDM Reservation Protocol; documentation
/// of search engines (directives); DeviantArt (`noai`).
public struct UsagePreferences: Sendable, Equatable {
  /// Whether a use is wanted.
  public enum Answer: String, Sendable, CaseIterable {
    case yes
    case no
    case unknown

    /// The stricter of both.
    public func combined(with other: Answer) -> Answer {
      if self == .no || other == .no { return .no }
      return self == .yes || other == .yes ? .yes : .unknown
    }
  }

  /// A statement as it was found.
  public struct Statement: Sendable, Hashable {
    /// Where it stood: "robots.txt line 3", "header", "meta", "tdmrep.json rule 1".
    public var source: String
    /// What it says, as written, with its name: "Content-Signal: ai-train=no".
    public var text: String

    /// A statement.
    public init(source: String, text: String) {
      self.source = source
      self.text = text
    }
  }

  /// Building a search index, showing links and short excerpts; not summaries made by a model.
  public private(set) var search = Answer.unknown
  /// Giving the content to a model at answer time: retrieval, grounding, summaries.
  public private(set) var aiInput = Answer.unknown
  /// Training or fine-tuning a model.
  public private(set) var aiTrain = Answer.unknown
  /// The most characters of text that may be shown or given to a model at answer time; nil where
  /// nobody said a number.
  public private(set) var maxSnippet: Int?
  /// Addresses of licences and policies under which more may be allowed, as written; each once. None
  /// is bought or read by itself.
  public private(set) var licenses: [String] = []
  /// All statements that concern the page, each once.
  public private(set) var evidence: [Statement] = []

  /// No statement yet.
  public init() {}

  /// Takes in a `Content-Signal` value: "search=yes, ai-train=no".
  ///
  /// Keys `search`, `ai-input` and `ai-train`, values `yes` and `no`, in any case. Other pairs are
  /// kept as evidence only. A key that stands twice means the stricter of both.
  ///
  /// - Parameter source: where it stood, for the evidence.
  public mutating func merge(contentSignal value: String, source: String) {
    for (key, answer) in PreferencePairs(value).answers {
      switch key {
      case "search": search = search.combined(with: answer)
      case "ai-input": aiInput = aiInput.combined(with: answer)
      case "ai-train": aiTrain = aiTrain.combined(with: answer)
      default: break
      }
    }
    note("Content-Signal: \(value)", source)
  }

  /// Takes in a `Content-Usage` value: "train-ai=n, search=y".
  ///
  /// A dictionary of RFC 9651: the last of equal keys counts, parameters are passed over, values
  /// other than the tokens `y` and `n` say nothing, and a value that is no dictionary allows nothing.
  /// Beyond the drafts, an evident no in a value that breaks these rules ("Train-AI=No") is obeyed.
  public mutating func merge(contentUsage value: String, source: String) {
    let vocabulary = UsageVocabulary(value)
    search = search.combined(with: vocabulary.answer(for: \.search))
    aiInput = aiInput.combined(with: vocabulary.answer(for: \.aiInput))
    aiTrain = aiTrain.combined(with: vocabulary.answer(for: \.aiTrain))
    note("Content-Usage: \(value)", source)
  }

  /// Takes in what the page says to robots.
  ///
  /// `noindex` speaks against search, `noai` against both uses by models. `nosnippet` and
  /// `max-snippet: 0` speak against input to models, since search engines count AI answers as
  /// snippets. `noarchive` and `noimageai` say nothing about the use of text.
  public mutating func merge(_ directives: PageDirectives) {
    if directives.noindex { search = .no }
    if directives.noai { (aiInput, aiTrain) = (.no, .no) }
    if directives.nosnippet || directives.maxSnippet == 0 { aiInput = .no }
    if let limit = directives.maxSnippet { maxSnippet = min(maxSnippet ?? limit, limit) }
    for statement in directives.evidence { note(statement.text, statement.source) }
  }

  /// Takes in a reservation of the TDM Reservation Protocol.
  ///
  /// Reserved rights speak against input to models and against training, as both are mining of text;
  /// a policy shows where to ask, and nobody has asked yet. Rights that are not reserved allow both.
  /// Search is not touched. Where file, header and page differ, the caller hands over the one that
  /// counts.
  public mutating func merge(_ reservation: TDMReservation) {
    let answer = reservation.isReserved ? Answer.no : .yes
    aiInput = aiInput.combined(with: answer)
    aiTrain = aiTrain.combined(with: answer)
    if let policy = reservation.policy { add(license: policy) }
    note(reservation)
  }

  /// Keeps a reservation as evidence only, since a nearer one counts instead.
  public mutating func note(_ reservation: TDMReservation) {
    let policy = reservation.policy.map { ", tdm-policy: \($0)" } ?? ""
    note("tdm-reservation: \(reservation.isReserved ? 1 : 0)\(policy)", reservation.source)
  }

  /// Takes in the address of a licence. It says that there are terms, not which uses they allow.
  ///
  /// - Parameter text: the statement as written.
  public mutating func merge(license: String, text: String, source: String) {
    add(license: license)
    note(text, source)
  }

  /// Takes in everything another source said.
  public mutating func merge(_ other: UsagePreferences) {
    search = search.combined(with: other.search)
    aiInput = aiInput.combined(with: other.aiInput)
    aiTrain = aiTrain.combined(with: other.aiTrain)
    maxSnippet = [maxSnippet, other.maxSnippet].compactMap { $0 }.min()
    other.licenses.forEach { add(license: $0) }
    other.evidence.forEach { note($0.text, $0.source) }
  }

  private mutating func add(license: String) {
    if !license.isEmpty && !licenses.contains(license) { licenses.append(license) }
  }

  private mutating func note(_ text: String, _ source: String) {
    let statement = Statement(source: source, text: text)
    if !evidence.contains(statement) { evidence.append(statement) }
  }
}
