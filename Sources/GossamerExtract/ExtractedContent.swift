/// How much of a page is wanted.
public enum ExtractionMode: String, Sendable, Hashable, CaseIterable {
  /// The main content, without navigation, teasers, comments on articles and the like.
  case main
  /// All that is shown.
  case all
  /// Nothing: neither text nor Markdown is made.
  case none
}

/// Which error is worse: losing content, or keeping what is none.
public enum ExtractionPreference: String, Sendable, Hashable, CaseIterable {
  /// Neither.
  case balanced
  /// Rather lose some than keep what is none.
  case precision
  /// Rather keep too much than lose some.
  case recall
}

/// A heading of the content.
public struct Heading: Sendable, Hashable {
  /// 1 to 6.
  public let level: Int
  /// In one line.
  public let text: String

  /// A heading.
  public init(level: Int, text: String) {
    self.level = level
    self.text = text
  }
}

/// An image of the content.
public struct ContentImage: Sendable, Hashable {
  /// Where it is, absolute.
  public let url: String
  /// The text that stands for it; may be empty.
  public let description: String
  /// The caption of the figure it is in.
  public let caption: String?
}

/// How a page's content was found: for judging a result, not for readers.
public struct ExtractionEvidence: Sendable, Hashable {
  /// What chose the text.
  public enum Source: String, Sendable, Hashable {
    /// The scorer, as it should be.
    case scorer
    /// The scorer left almost nothing, so all that it did not reject outright.
    case lenient
    /// All of the shown text.
    case everything
    /// Almost nothing is shown, so hidden text and what is meant for readers without scripts were
    /// taken as well.
    case hidden
    /// The page holds no text, so what it says of itself.
    case description
    /// The page has no text, or none was wanted.
    case nothing
  }

  /// What chose the text.
  public let source: Source
  /// Blocks of text the page has.
  public let blockCount: Int
  /// Blocks that were taken.
  public let chosenBlockCount: Int
  /// Characters of text the page has.
  public let pageLength: Int
  /// Expected share of words chosen rightly, 0 to 1, as the scorer estimates.
  public let confidence: Double
  /// Bytes of text that the page has but does not show: by attributes (`hidden`, `aria-hidden`) or
  /// styles (`display`, `visibility`, no size, far outside). Left out of the content
  /// unless `source` is `hidden`.
  public var hiddenLength = 0
  /// Characters without width that were left out of the content: zero-width spaces, runs of
  /// joiners, tag characters, soft hyphens.
  public var invisibleCount = 0
  /// Blocks that were left out because the site repeats them, see ``SiteMemory``.
  public var repeatedCount = 0
}

/// The content of a page.
public struct ExtractedContent: Sendable {
  /// One line a block: a paragraph, a heading, a list item. Code keeps its lines.
  public let text: String
  /// The same content as CommonMark with tables; links and images absolute.
  public let markdown: String
  /// Headings of the content in order, the page's title left out.
  public let headings: [Heading]
  /// Images of the content in order, at most 200, icons left out.
  public var images: [ContentImage] = []
  /// What readers wrote below an article, a comment or part of one a line; empty on forums, where
  /// posts are the content.
  public var comments: String = ""
  /// Words of `text`; in scripts without spaces an estimate.
  public let wordCount: Int
  /// What the page says, unless its text clearly is in another; a tag such as `en-GB`. Nil if
  /// unknown.
  public let language: String?
  /// Which way the text runs.
  public var direction = TextDirection.leftToRight
  /// About how many tokens `text` has for a language model: 4 ASCII bytes or 2.5 others each.
  public var tokenEstimate: Int {
    let ascii = text.utf8.count { $0 < 0x80 }
    return (ascii + 3) / 4 + ((text.utf8.count - ascii) * 2 + 4) / 5
  }
  /// How the content was found.
  public let evidence: ExtractionEvidence
}
