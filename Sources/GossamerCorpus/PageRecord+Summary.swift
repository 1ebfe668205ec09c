extension PageRecord {
  /// A summary and who made it.
  public struct Summary: Sendable, Codable, Equatable {
    /// The summary.
    public var text: String
    /// The provider's name.
    public var provider: String
    /// The model's name; absent where no model is involved.
    public var model: String?
    /// Provider, model, prompt and settings: with a digest, the key that says it was made.
    public var method: String?
    /// Doubts about the summary.
    public var flags: [String]?
    /// Where its sentences stand in the text, in bytes; only in the file of summaries.
    public var sentences: [Range<Int>] = []
    /// What in the text supports each sentence, in bytes; only in the file of summaries.
    public var citations: [Citation] = []
    /// The stretches of the text that it is made of, in bytes, where that is not all of it; only in
    /// the file of summaries.
    public var covered: [Range<Int>] = []
    /// Whether the file of summaries has it already.
    public var isStored = false
    /// Tokens of prompts; only in the file of summaries.
    public var tokensIn = 0
    /// Tokens of answers; only in the file of summaries.
    public var tokensOut = 0

    enum CodingKeys: String, CodingKey { case text, provider, model, method, flags }

    /// A summary.
    public init(
      text: String, provider: String, model: String?, method: String? = nil, flags: [String]?
    ) {
      self.text = text
      self.provider = provider
      self.model = model
      self.method = method
      self.flags = flags
    }

    /// A sentence of a summary, and the stretches of the text that support it, none if none do.
    public struct Citation: Sendable, Equatable {
      /// Bytes of the summary.
      public var sentence: Range<Int>
      /// Bytes of the text.
      public var sources: [Range<Int>]

      /// A citation.
      public init(sentence: Range<Int>, sources: [Range<Int>]) {
        self.sentence = sentence
        self.sources = sources
      }
    }

    /// A line of the file of summaries: what it is a summary of, and with which method, so that it
    /// is not made again.
    ///
    /// - Parameter level: "site" or "corpus"; nil for a page.
    public func line(url: String, digest: String?, level: String? = nil) -> [UInt8] {
      var line = JSONLine()
      line.add("url", url)
      line.add("level", level)
      line.add("digest", digest)
      line.add("provider", provider)
      line.add("model", model)
      line.add("method", method)
      line.add("summary", text)
      line.add("flags", flags ?? [])
      Self.add("sentences", sentences, to: &line)
      line.addObjects("citations", citations) { citation, line in
        citation.add("start", line.sentence.lowerBound)
        citation.add("end", line.sentence.upperBound)
        Self.add("sources", line.sources, to: &citation)
      }
      Self.add("covered", covered, to: &line)
      if tokensIn + tokensOut > 0 {
        line.add("tokens_in", tokensIn)
        line.add("tokens_out", tokensOut)
      }
      return line.finished()
    }

    private static func add(
      _ key: StaticString, _ ranges: [Range<Int>], to line: inout JSONLine
    ) {
      guard !ranges.isEmpty else { return }
      line.addObjects(key, ranges) { place, range in
        place.add("start", range.lowerBound)
        place.add("end", range.upperBound)
      }
    }
  }
}
