import GossamerLLM

/// What several agents did for one question, as it was written down.
public struct ResearchTranscript: Sendable {
  private let plan: ResearchPlan
  /// The runs of the agents by their places, and that of the writer.
  private var parts: [Int: Transcript] = [:]
  private var writer: Transcript?

  fileprivate init(_ plan: ResearchPlan) { self.plan = plan }

  /// Puts the same together again: every decision, check and number but the times of steps.
  public func replay() async -> Research {
    var answers: [AgentAnswer] = []
    for (place, part) in plan.parts.enumerated() {
      let answer = await parts[place]?.replay()
      answers.append(answer ?? AgentAnswer.cancelled(part.question))
    }
    return Research(plan, parts: answers, written: await writer?.replay())
  }

  /// Takes a run of the agent of that name.
  fileprivate mutating func add(_ run: Transcript, of agent: String) {
    if agent == "writer" {
      writer = run
    } else if let number = Int(agent) {
      parts[number - 1] = run
    }
  }
}

/// What a transcript tells of: runs by themselves, and those of one research.
public enum RecordedWork: Sendable {
  /// A question to one agent.
  case run(Transcript)
  /// A question to several.
  case research(ResearchTranscript)

  /// All that the lines of a log tell of, in the order it began. Lines that are no steps are passed
  /// over.
  public static func all(in log: [UInt8]) -> [RecordedWork] {
    var work: [Open] = []
    /// Where the steps of an agent go.
    var open: [String?: (work: Int, run: Int)] = [:]
    var research: Int?
    for line in log.split(separator: 0x0A) {
      guard let record = AgentRecord(line: [UInt8](line)) else { continue }
      switch record.event {
      case .planned(let plan):
        research = work.count
        work.append(Open(plan: plan))
      case .merged: research = nil
      case .started:
        // A second run of one name is no part of the research: that was broken off.
        if let place = research, work[place].runs.contains(where: { $0.agent == record.agent }) {
          research = nil
        }
        let place = research ?? work.count
        if research == nil { work.append(Open()) }
        open[record.agent] = (place, work[place].runs.count)
        work[place].runs.append((record.agent, [record]))
      default:
        guard let place = open[record.agent] else { continue }
        work[place.work].runs[place.run].records.append(record)
      }
    }
    return work.compactMap(\.closed)
  }

  private struct Open {
    var plan: ResearchPlan?
    var runs: [(agent: String?, records: [AgentRecord])] = []

    var closed: RecordedWork? {
      guard let plan else { return runs.first.map { .run(Transcript($0.records)) } }
      var research = ResearchTranscript(plan)
      for run in runs { research.add(Transcript(run.records), of: run.agent ?? "") }
      return .research(research)
    }
  }
}
