extension PageRecord {
  /// What the site and the page said about the use of the content, as of the fetch.
  public struct Preferences: Sendable, Codable, Equatable {
    /// Whether it may be searched: "yes" or "no"; absent where nobody said anything.
    public var search: String?
    /// Whether it may be given to a model at answer time, summaries included.
    public var aiInput: String?
    /// Whether models may be trained with it.
    public var aiTrain: String?
    /// The most characters that may be shown or given to a model.
    public var maxSnippet: Int?
    /// Addresses of licences and policies, as written.
    public var licenses: [String]?
    /// The statements behind all this.
    public var evidence: [Evidence]?

    /// Nothing was said.
    public init() {}

    enum CodingKeys: String, CodingKey {
      case search
      case aiInput = "ai_input"
      case aiTrain = "ai_train"
      case maxSnippet = "max_snippet"
      case licenses, evidence
    }

    /// Adds all that is known to an object.
    package func add(to line: inout JSONLine) {
      line.add("search", search)
      line.add("ai_input", aiInput)
      line.add("ai_train", aiTrain)
      line.add("max_snippet", maxSnippet)
      line.add("licenses", licenses ?? [])
      line.addObjects("evidence", evidence ?? []) {
        $0.add("source", $1.source)
        $0.add("text", $1.text)
      }
    }
  }

  /// A statement as it was found.
  public struct Evidence: Sendable, Codable, Equatable {
    /// Where it stood: "robots.txt line 3", "header", "meta robots", "tdmrep.json rule 1".
    public var source: String
    /// What it says, as written, with its name.
    public var text: String

    /// A statement.
    public init(source: String, text: String) {
      self.source = source
      self.text = text
    }
  }

  /// The text as far as it may be given to a model: nil where there is none or the site does not want
  /// it, else no longer than it allows. Every stage that shows text to a model starts here.
  public var textForModels: String? {
    guard let text, preferences?.aiInput != "no" else { return nil }
    guard let limit = preferences?.maxSnippet else { return text }
    return String(text.prefix(limit))
  }
}
