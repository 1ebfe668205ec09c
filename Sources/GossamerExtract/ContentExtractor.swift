internal import Glibc
public import GossamerMarkup
public import GossamerURL

/// Finds the main content of a page and writes it as text and as Markdown.
///
/// Cuts the page into blocks of text, describes each by numbers, lets a scorer judge them and
/// takes the set with the best expected F1. Hidden text is left out. Takes linear time, and never
/// recurses. A page whose judging leaves almost nothing gives its best useful text instead.
public struct ContentExtractor: Sendable {
  /// How much of a page is wanted.
  public let mode: ExtractionMode
  /// Which error is worse.
  public let preference: ExtractionPreference

  private let scorer: any BlockScorer
  private let rules: ExtractionRules

  /// An extractor.
  public init(mode: ExtractionMode = .main, preference: ExtractionPreference = .balanced) {
    self.init(mode: mode, preference: preference, scorer: NetworkBlockScorer.standard)
  }

  /// An extractor of the main content with some rules switched off.
  package init(rules: ExtractionRules) {
    self.init(
      mode: .main, preference: .balanced, scorer: NetworkBlockScorer.standard, rules: rules)
  }

  /// An extractor of the main content with another network, for judging pages by one that has not
  /// seen them.
  ///
  /// - Parameter weights: as `train_block_scorer.py` writes them; nil if they do not fit.
  package init?(rules: ExtractionRules, weights: [Float]) {
    let (hidden, rest) = (weights.count - 1).quotientAndRemainder(
      dividingBy: BlockFeatures.names.count + 2)
    guard rest == 0, hidden > 0, hidden.isMultiple(of: 8) else { return nil }
    self.init(
      mode: .main, preference: .balanced,
      scorer: NetworkBlockScorer(hidden: hidden, weights: weights), rules: rules)
  }

  init(
    mode: ExtractionMode, preference: ExtractionPreference, scorer: any BlockScorer,
    rules: ExtractionRules = .all
  ) {
    self.mode = mode
    self.preference = preference
    self.scorer = scorer
    self.rules = rules
  }

  /// Extracts the content of a page.
  ///
  /// - Parameters:
  ///   - document: the page.
  ///   - url: where it was fetched from; part of what is judged.
  ///   - metadata: what the page says about itself. Its `base` resolves links.
  ///   - memory: what the site's other pages had, to leave out what it repeats; learns this page.
  public func extract(
    from document: HTMLDocument, url: WebURL, metadata: PageMetadata, memory: SiteMemory? = nil
  ) -> ExtractedContent {
    guard mode != .none, document.count > 0 else { return .empty(language: metadata.language) }
    let page = PageTraits(url: url, metadata: metadata)
    var (outline, choice, source) = choose(from: document, page: page)
    var repeatedCount = 0
    if mode == .main, let memory {
      repeatedCount = choice.dropRepeated(of: memory, host: url.hostname, in: outline)
    }
    guard choice.isChosen.contains(true) else { return .described(by: metadata) }
    let text = ContentText(outline: outline, selection: choice, document: document)
    var renderer = MarkdownRenderer(
      document: document, outline: outline, selection: choice, base: metadata.base)
    let markdown = renderer.render()
    var content = ExtractedContent(
      text: String(decoding: text.bytes, as: UTF8.self), markdown: markdown,
      headings: text.headings, wordCount: text.wordCount,
      language: text.bytes.withUnsafeBufferPointer {
        ContentLanguage.of($0, claimed: metadata.language)
      },
      evidence: ExtractionEvidence(
        source: source, blockCount: outline.blocks.count,
        chosenBlockCount: choice.isChosen.count { $0 },
        pageLength: outline.blocks.reduce(0) { $0 + Int($1.length) },
        confidence: choice.confidence, hiddenLength: outline.hiddenLength,
        invisibleCount: outline.invisibleCount, repeatedCount: repeatedCount))
    content.images = renderer.images
    content.direction = text.bytes.withUnsafeBufferPointer { TextDirection(of: $0) }
    if mode == .main { content.comments = outline.comments(besides: choice) }
    return content
  }

  private func choose(
    from document: HTMLDocument, page: PageTraits
  ) -> (PageOutline, BlockSelection, ExtractionEvidence.Source) {
    var outline = PageOutline(
      of: document, title: page.title, includesHidden: !rules.contains(.hidden))
    var length = outline.blocks.reduce(0) { $0 + Int($1.length) }
    var source = ExtractionEvidence.Source.scorer
    if length < Self.littleText {
      let whole = PageOutline(of: document, title: page.title, includesHidden: true)
      let wholeLength = whole.blocks.reduce(0) { $0 + Int($1.length) }
      if wholeLength > 5 * length {
        outline = whole
        length = wholeLength
        source = .hidden
      }
    }
    var everything = BlockSelection(all: outline.blocks.count)
    if mode == .all {
      everything.confidence = 1
      return (outline, everything, source == .hidden ? .hidden : .everything)
    }
    guard !outline.blocks.isEmpty else { return (outline, everything, .nothing) }
    let sums = SubtreeSums(of: outline)
    var logits: [Float] = []
    logits.reserveCapacity(outline.blocks.count)
    BlockFeatures.forEachSlice(of: outline, sums: sums, page: page) {
      logits += scorer.logits(of: $0)
    }
    for (shift, kind) in [(shift, source), (shift + 3, .lenient)] {
      var selection = BlockSelection(
        outline: outline, logits: logits, shift: shift, isExpected: rules.contains(.expected))
      selection.repair(in: outline, of: page, by: rules)
      let chosen = selection.length(in: outline)
      if chosen >= Self.littleText || chosen * 5 >= length { return (outline, selection, kind) }
    }
    return (outline, everything, .everything)
  }

  /// Characters below which a result is doubted.
  private static let littleText = 200

  private var shift: Float {
    switch preference {
    case .balanced: 0
    case .precision: -1.2
    case .recall: 1.2
    }
  }
}

extension ContentExtractor {
  /// A page's blocks and their features, for training a scorer.
  package static func trainingRows(
    of document: HTMLDocument, url: WebURL, metadata: PageMetadata
  ) -> (columns: [String], texts: [String], values: [Float]) {
    let page = PageTraits(url: url, metadata: metadata)
    let outline = PageOutline(of: document, title: page.title)
    let features = BlockFeatures(of: outline, sums: SubtreeSums(of: outline), page: page)
    return (BlockFeatures.names, outline.blocks.map(outline.string), features.values)
  }
}

extension ExtractedContent {
  /// What a page without any text says of itself.
  static func described(by metadata: PageMetadata) -> ExtractedContent {
    guard let description = metadata.description else { return .empty(language: metadata.language) }
    let words = description.split(whereSeparator: \.isWhitespace).count
    return ExtractedContent(
      text: description, markdown: description, headings: [],
      wordCount: words, language: metadata.language,
      evidence: ExtractionEvidence(
        source: .description, blockCount: 0, chosenBlockCount: 0, pageLength: 0, confidence: 0))
  }

  static func empty(language: String?) -> ExtractedContent {
    ExtractedContent(
      text: "", markdown: "", headings: [], wordCount: 0, language: language,
      evidence: ExtractionEvidence(
        source: .nothing, blockCount: 0, chosenBlockCount: 0, pageLength: 0, confidence: 0))
  }
}
