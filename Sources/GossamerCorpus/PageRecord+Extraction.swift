extension PageRecord {
  /// An image of the main content.
  public struct Image: Sendable, Codable, Equatable {
    /// Where it is, absolute.
    public var url: String
    /// The text that stands for it.
    public var description: String?
    /// The caption of its figure.
    public var caption: String?

    /// An image.
    public init(url: String, description: String?, caption: String?) {
      self.url = url
      self.description = description
      self.caption = caption
    }
  }

  /// How the main content was found: for judging it.
  public struct Extraction: Sendable, Codable, Equatable {
    /// What chose the text: scorer, lenient, everything, hidden, description or nothing.
    public var source: String
    /// Blocks of text the page has.
    public var blocks: Int
    /// Blocks that were taken.
    public var chosen: Int
    /// Expected share of words chosen rightly, 0 to 1.
    public var confidence: Double
    /// Bytes of text that is not shown and was left out.
    public var hidden: Int?
    /// Characters without width that were left out.
    public var invisible: Int?
    /// Blocks that were left out because the site repeats them.
    public var repeated: Int?

    /// The evidence of one page.
    public init(source: String, blocks: Int, chosen: Int, confidence: Double) {
      self.source = source
      self.blocks = blocks
      self.chosen = chosen
      self.confidence = confidence
    }

    func add(to line: inout JSONLine) {
      line.add("source", source)
      line.add("blocks", blocks)
      line.add("chosen", chosen)
      line.add("confidence", confidence)
      line.add("hidden", hidden)
      line.add("invisible", invisible)
      line.add("repeated", repeated)
    }
  }
}
