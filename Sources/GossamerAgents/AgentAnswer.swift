/// What a run ended with. There is one for every run, also where the model failed: then with what
/// was found so far.
public struct AgentAnswer: Sendable, Equatable {
  /// Why a run ended; raw values are their labels in results.
  public enum Ending: String, Sendable, CaseIterable {
    /// The model gave its answer.
    case answered
    /// A limit was reached, and the model answered with what was there.
    case limited
    /// The model went in circles, and was made to answer.
    case looped
    /// The model could not be reached or declined; nothing is said of the question by that.
    case failed
    /// The run was cancelled.
    case cancelled
  }

  /// What is said where the pages do not tell.
  static let notFound = "The pages that were read do not tell."

  /// What was asked.
  public var question: String
  /// The answer with its citations as numbers in brackets; `[2?]` is one that was not verified.
  public var text = ""
  /// The citations in the order of their numbers.
  public var citations: [Citation] = []
  /// The sentences, each with the numbers of its citations.
  public var claims: [Claim] = []
  /// What is said in it, or was found beside it, that cannot all be right as it stands.
  public var contradictions: [Contradiction] = []
  /// What is doubtful: "unverified", "no-source", "new-address", "prompt-leaked", "mark-leaked",
  /// "answer-cut", "no-answer", "contradictions"; "not-found" where the model says that the pages do not tell.
  public var flags: [String] = []
  /// Why it ended.
  public var ending = Ending.answered
  /// The limit that was reached, or the kind and words of the failure.
  public var reason: String?
  /// What it took.
  public var usage = AgentUsage()
  /// What the model was shown, each passage once.
  public var passages: [PagePassage] = []

  /// What is said, and what it rests on.
  public struct Claim: Sendable, Equatable {
    /// The words, without references.
    public var text: String
    /// Numbers of citations.
    public var citations: [Int]
  }

  init(question: String) { self.question = question }

  /// Whether all that the answer says is borne out by stored text.
  public var isVerified: Bool {
    !text.isEmpty && !citations.isEmpty && citations.allSatisfy(\.isVerified)
      && !flags.contains("no-source")
  }
}
