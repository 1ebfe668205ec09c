import ArgumentParser
import Foundation
import Gossamer

/// `gossamer ask`: answers from a corpus by agents that search and read.
struct AskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask",
    abstract: "Answer questions from a crawl, with citations that are checked.",
    discussion: """
      A model searches the stored pages and reads them with tools, until it answers. Each citation is \
      looked up in the stored text before it is printed; what the text does not bear out is marked \
      with a question mark. Without a model, sentences of the pages that fit best are given. Pages whose site says no to AI input are never shown to a model.

      Every step goes to transcripts.jsonl in DIR. With --questions, answers go to answers.jsonl and \
      to standard output, a line of JSON each as it is there; run again, only what is missing is asked.
      """)

  @Argument(help: "The output directory of a crawl.")
  var directory: String
  @Argument(help: "Questions, each as one argument.")
  var questions: [String] = []
  @OptionGroup var team: TeamOptions
  @OptionGroup var reach: ReachOptions
  @OptionGroup var models: ModelOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    if let replay = team.replay { return try await Self.replay(replay, asJSON: team.json) }
    let plan = try AskPlan(directory, questions, team, reach, models)
    try await AskRun(plan: plan, console: global.console).run()
  }

  /// Answers again from a transcript, without model, tools and corpus.
  private static func replay(_ path: String, asJSON: Bool) async throws {
    guard let log = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.usage, "cannot read the transcript (\(path)): check the path")
    }
    let work = RecordedWork.all(in: [UInt8](log))
    guard !work.isEmpty else {
      throw CommandFailure(.usage, "no run in the transcript (\(path)): name transcripts.jsonl")
    }
    for work in work {
      switch work {
      case .run(let transcript):
        guard let answer = await transcript.replay() else { continue }
        show(AnswerText.text(answer, withQuestion: true), answer.line(), asJSON)
      case .research(let transcript):
        let research = await transcript.replay()
        show(AnswerText.text(research, withQuestion: true), research.line(), asJSON)
      }
    }
  }

  private static func show(_ text: String, _ line: [UInt8], _ asJSON: Bool) {
    if asJSON { Output.bytes(line) } else { Output.line(text) }
  }
}

/// Options of how questions are worked on.
struct TeamOptions: ParsableArguments {
  @Option(name: .long, help: "Agents at once (default: 1).")
  var agents: Int?
  @Option(name: .long, help: "A file of questions, one a line, or -.")
  var questions: String?
  @Flag(name: .long, help: "Split the question, let agents work on the parts, and merge.")
  var deep = false
  @Flag(name: .long, help: "Answers as JSON Lines.")
  var json = false
  @Flag(name: .shortAndLong, help: "Show every step.")
  var verbose = false
  @Option(name: .long, help: "The file of answers of --questions (default: DIR/answers.jsonl).")
  var answers: String?
  @Option(name: .long, help: "The file of steps (default: DIR/transcripts.jsonl).")
  var transcript: String?
  @Option(name: .long, help: "Answer again from this transcript, without a model.")
  var replay: String?
  @Option(
    name: .long,
    help: "Make the marks around pages from this text, which no page may know, not at random.")
  var seed: String?
  @Option(
    name: .long, help: "native, or json for models that know no tool calls (default: native).")
  var toolCalls: ToolManner?
  @Option(name: .long, help: "The most calls of the model for one question (default: 12).")
  var maxTurns: Int?
  @Option(name: .long, help: "The most tokens for one question (default: 200000).")
  var maxTokens: Int?
  @Option(name: .long, help: "The most time for one question (default: 10m).")
  var maxTime: DurationValue?
  @Option(name: .long, help: "Tokens that a prompt may have (default: 24000).")
  var context: Int?
}

/// Options of what agents may reach beyond the corpus.
struct ReachOptions: ParsableArguments {
  @Option(
    name: .long,
    help:
      """
      extractive (no model, the default), openai, openai-responses, anthropic, gemini, ollama \
      (default: openai where --llm-url is given).
      """
  )
  var provider: SummaryProvider?
  @Flag(
    name: .long,
    help: """
      Let agents fetch pages by the rules of the crawler and add them to the corpus: hosts of the \
      corpus and of addresses in the questions.
      """)
  var allowFetch = false
  @Option(
    name: .long, help: "Who to reach about the crawler: needed for --allow-fetch off loopback.")
  var contact: String?
  @Option(name: .long, help: "YAML file of web services that agents may ask.")
  var tools: String?
}
