public import GossamerCorpus
public import GossamerLLM

/// The text of one page as summarizers take it.
public struct PageText: Sendable, Equatable {
  /// The page's address, for records only; never sent to a model.
  public var url: String
  /// The host whose repeated sentences do not count.
  public var host: String
  /// The title, or "".
  public var title: String
  /// The main text: paragraphs, headings and items on lines of their own.
  public var text: String
  /// The headings in the text.
  public var headings: [String]
  /// The language as a BCP 47 tag, or nil.
  public var language: String?
  /// Whether the page is a news article, where the first sentences carry more.
  public var isNews: Bool

  /// A page's text.
  public init(
    url: String, host: String = "", title: String = "", text: String, headings: [String] = [],
    language: String? = nil, isNews: Bool = false
  ) {
    self.url = url
    self.host = host
    self.title = title
    self.text = text
    self.headings = headings
    self.language = language
    self.isNews = isNews
  }
}

/// A summary of one page.
public struct Summary: Sendable, Equatable {
  /// The summary as plain text.
  public var text: String
  /// Who made it, as in `ModelCatalog`.
  public var provider: String
  /// The model, or nil for none.
  public var model: String?
  /// Where its sentences stand in the page's text, in UTF-8 bytes; empty if they are not taken
  /// from there.
  public var sentences: [Range<Int>] = []
  /// What in the page supports each sentence of a model's summary, as found here.
  public var citations: [SupportedSentence] = []
  /// The stretches of the page's text that it was made of, in UTF-8 bytes, where a page was read in
  /// parts; empty if it was read as a whole.
  public var covered: [Range<Int>] = []
  /// What a reader should know: "page-cut", "parts-missing 2", "answer-cut", "shortened", "new-url",
  /// "new-number 75", "moved-number 20", "other-language de", "repetitive", "unsupported 1",
  /// "injection-suspect".
  public var flags: [String] = []
  /// Tokens of the prompt, 0 without a model.
  public var tokensIn = 0
  /// Tokens of the answer, 0 without a model.
  public var tokensOut = 0
  /// Calls that were made.
  public var attempts = 0
}

/// A sentence of a summary, and the sentences of the page that support it.
public struct SupportedSentence: Sendable, Equatable {
  /// UTF-8 bytes of the summary's text.
  public var sentence: Range<Int>
  /// UTF-8 bytes of the page's text, in order; empty where nothing was found.
  public var sources: [Range<Int>]

  /// A sentence with its support.
  public init(sentence: Range<Int>, sources: [Range<Int>]) {
    self.sentence = sentence
    self.sources = sources
  }
}

/// How much a summary may say.
public struct SummaryLimits: Sendable, Equatable {
  /// The most sentences.
  public var sentences: Int
  /// The most words; the first sentence is taken whatever its length. Of scripts without spaces
  /// two characters count as one word.
  public var words: Int

  /// Limits; the defaults make a short paragraph.
  public init(sentences: Int = 3, words: Int = 100) {
    self.sentences = max(1, sentences)
    self.words = max(1, words)
  }

  /// "3s-100w", for keys.
  var label: String { "\(sentences)s-\(words)w" }
}

/// Makes the summary of a page. Fails with a typed error that the caller records; the page itself
/// is never touched.
public protocol Summarizer: Sendable {
  /// Provider, model, version and settings of the method: with a page's digest, the key of its summary.
  var identity: String { get }
  /// The summary of a page.
  ///
  /// - Throws: `ModelError`; `empty` when the page has nothing to summarize.
  func summarize(_ page: PageText) async throws(ModelError) -> Summary
}

extension PageRecord.Summary {
  /// A summary as it is stored.
  ///
  /// - Parameter method: the identity of its summarizer.
  public init(_ summary: Summary, method: String) {
    self.init(
      text: summary.text, provider: summary.provider, model: summary.model, method: method,
      flags: summary.flags.isEmpty ? nil : summary.flags)
    sentences = summary.sentences
    citations = summary.citations.map { .init(sentence: $0.sentence, sources: $0.sources) }
    covered = summary.covered
    (tokensIn, tokensOut) = (summary.tokensIn, summary.tokensOut)
  }
}
