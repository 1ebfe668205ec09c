import ArgumentParser
import Foundation
import Gossamer

/// Options of every command that summarizes.
struct SummaryOptions: ParsableArguments {
  @Option(name: .long, help: "The most sentences of a summary (default: 3).")
  var sentences: Int?
  @Option(name: .long, help: "The most words of a summary (default: 100).")
  var words: Int?
  @Option(
    name: .long,
    help: """
      A file with instructions in place of the built-in ones; {sentences}, {words} and {language} \
      stand for what is set.
      """)
  var prompt: String?
  @Option(
    name: .long, help: "The language of summaries, as de (default: that of each page).")
  var summaryLanguage: String?
  @Option(
    name: .long,
    help: "The most tokens of a page in one call; longer pages are read in parts (default: 3000).")
  var pageTokens: Int?
}

/// What summaries are to be like.
struct SummaryPlan {
  var prompt: SummaryPrompt
  var pageTokens: Int

  /// - Throws: `CommandFailure` for values that cannot be, and files that cannot be read.
  init(_ options: SummaryOptions, _ resolver: inout SettingsResolver) throws {
    let sentences = try resolver.value(options.sentences, "sentences") ?? 3
    let words = try resolver.value(options.words, "words") ?? 100
    let limits = SummaryLimits(
      sentences: try CrawlPlan.atLeastOne(sentences, "sentences"),
      words: try CrawlPlan.atLeastOne(words, "words"))
    let language = try resolver.value(options.summaryLanguage, "summary-language")
    if let language,
      language.isEmpty
        || !language.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    {
      throw CommandFailure(
        .usage, "'\(language)' is no language (--summary-language): give a tag, as de or pt-BR")
    }
    let file = try resolver.value(options.prompt, "prompt")
    prompt = SummaryPrompt(
      template: try file.map(Self.text(of:)), limits: limits, language: language)
    pageTokens = try CrawlPlan.atLeastOne(
      try resolver.value(options.pageTokens, "page-tokens") ?? 3_000, "page-tokens")
  }

  /// A summarizer that calls a model of the plan's.
  func summarizer(_ model: any LanguageModel, _ plan: ModelPlan) -> ModelSummarizer {
    ModelSummarizer(
      client: ModelClient(model: model, gate: plan.gate), prompt: prompt, pageTokens: pageTokens,
      languageOf: { LanguageDetector.guess($0) }, secret: plan.batches?.secret)
  }

  /// A summarizer without a model.
  func extractive(_ statistics: CorpusStatistics? = nil) -> ExtractiveSummarizer {
    ExtractiveSummarizer(limits: prompt.limits, statistics: statistics)
  }

  /// The text of a file that a user wrote.
  static func text(of path: String) throws -> String {
    guard let text = try? String(contentsOf: URL(filePath: path), encoding: .utf8),
      text.contains(where: \.isLetter)
    else { throw CommandFailure(.usage, "no text in \(path): name a text file") }
    return text
  }
}
