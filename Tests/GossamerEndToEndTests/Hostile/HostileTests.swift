#if Network
  import Foundation
  import Testing

  /// Every case of the hostile catalogue against the program itself.
  ///
  /// The whole catalogue is run by `make hostile-test` (`GOSSAMER_HOSTILE_CASES=all`); a part that
  /// takes seconds always.
  @Suite(
    "Hostile web", .serialized,
    .enabled(if: HostileNetwork.isAvailable, Comment(rawValue: HostileNetwork.absence)))
  struct HostileTests {
    private static let isWhole =
      ProcessInfo.processInfo.environment["GOSSAMER_HOSTILE_CASES"] == "all"

    /// Small gaps, one further try, and time-outs of seconds, since all cases share one address.
    private static let briskOptions = [
      "--retries", "1", "--retry-delay", "1", "--delay", "0.1", "--per-ip-delay", "0", "--timeout",
      "25", "--connect-timeout", "5", "--contact", "tester@example.org", "--ca-file", "ca.pem",
    ]
    private static let manyAtOnce = ["--per-host", "16", "--concurrency", "128"]

    /// A crawl of one page for each model that fails in its own way.
    private static let models = (0...18).map { number in
      let id = "L-" + (number < 10 ? "0" : "") + String(number)
      return HostileNetwork.Run(
        name: id, cases: id, seeds: "E-01", isBeside: true,
        options: briskOptions
          + [
            "--summarize", "openai", "--model", "tester", "--llm-url", "{model}", "--llm-rpm",
            "600",
          ],
        patience: 590)
    }

    private static var runs: [HostileNetwork.Run] {
      guard isWhole else {
        return [
          .init(
            name: "main", cases: HostileCase.quick, options: briskOptions + manyAtOnce,
            patience: 240)
        ]
      }
      return [
        .init(
          name: "main", cases: "(?!L-|P-11|P-12|B-23).*", options: briskOptions + manyAtOnce),
        .init(
          name: "apart", cases: "P-11|P-12|B-23", options: briskOptions + ["--robots-refresh", "1"]),
      ] + models
    }

    @Test(.timeLimit(isWhole ? .minutes(20) : .minutes(5)))
    func eachCaseEndsAsTheCatalogueSays() async throws {
      try await Folder.with { folder in
        if let failure = try await HostileNetwork.play(Self.runs, in: folder) {
          Issue.record("\(failure)")
          return
        }
        try checkProcesses(folder)
        let verdict = try HostileVerdict.read(folder)
        for failure in verdict.failed { Issue.record("server: \(failure.id): \(failure.why)") }
        try checkCases(folder)
      }
    }

    private func checkProcesses(_ folder: Folder) throws {
      for run in Self.runs where !run.isBeside {
        let end = try HostileNetwork.End.read(folder, run.name)
        // 1: seeds without a page, as wanted.
        #expect(end.code == 0 || end.code == 1, "\(run.name): code \(end.code)")
        #expect(end.peak < 512 << 20, "\(run.name): \(end.peak >> 20) MiB")
        print(
          "\(run.name): \(Int(end.seconds)) s, CPU \(Int(end.cpu)) s, peak \(end.peak >> 20) MiB")
      }
    }

    private func checkCases(_ folder: Folder) throws {
      let judge = try HostileJudge(
        Self.runs.filter { !$0.isBeside }.map { StoredCorpus(folder, $0.name) },
        log: HostileLog.read(folder))
      let patterns = try Self.runs.map { try Regex($0.cases) }
      var passed = 0
      var allowed = 0
      var total = 0
      for hostile in try HostileCase.read(folder)
      where patterns.contains(where: { hostile.id.wholeMatch(of: $0) != nil }) {
        total += 1
        let isOfModel = hostile.expect == "llm"
        let finding =
          isOfModel
          ? try HostileJudge.finding(ofModel: StoredCorpus(folder, hostile.id))
          : judge.finding(hostile)
        let isExpected = judge.isExpected(finding, of: hostile)
        let argued = isExpected ? nil : HostileCase.argued[hostile.id]
        if isExpected { passed += 1 }
        let isAllowed = HostileCase.allowed.contains(hostile.id) && !isExpected
        if isAllowed { allowed += 1 }
        let mark =
          isExpected ? "ok" : isAllowed ? "allowed" : argued == nil ? "DIFFERS" : "argued"
        print(
          "\(mark)\t\(hostile.id)\t\(hostile.expect) \(hostile.kind)\t\(finding)\t\(hostile.note)")
        if !isExpected, !isAllowed, argued == nil {
          Issue.record("\(hostile.id): wanted \(hostile.expect) \(hostile.kind), got \(finding)")
        }
      }
      print("Hostile web: \(passed)/\(total), \(allowed) more as their notes allow")
    }
  }
#endif
