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

    private static var runs: [HostileNetwork.Run] {
      guard isWhole else {
        return [
          .init(
            name: "main", cases: HostileCase.quick, options: briskOptions + manyAtOnce,
            patience: 100)
        ]
      }
      return [
        .init(
          name: "main", cases: "(?!L-|P-11|P-12|B-23).*", options: briskOptions + manyAtOnce),
        .init(
          name: "apart", cases: "P-11|P-12|B-23", options: briskOptions + ["--robots-refresh", "1"]),
      ]
    }

    @Test(.timeLimit(isWhole ? .minutes(20) : .minutes(2)))
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
      for run in Self.runs {
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
        Self.runs.map { StoredCorpus(folder, $0.name) }, log: HostileLog.read(folder))
      let patterns = try Self.runs.map { try Regex($0.cases) }
      var passed = 0
      var total = 0
      for hostile in try HostileCase.read(folder)
      where patterns.contains(where: { hostile.id.wholeMatch(of: $0) != nil }) {
        total += 1
        let finding = judge.finding(hostile)
        let isExpected = judge.isExpected(finding, of: hostile)
        let argued = isExpected ? nil : HostileCase.argued[hostile.id]
        if isExpected { passed += 1 }
        let mark = isExpected ? "ok" : argued == nil ? "DIFFERS" : "argued"
        print(
          "\(mark)\t\(hostile.id)\t\(hostile.expect) \(hostile.kind)\t\(finding)\t\(hostile.note)")
        if !isExpected, argued == nil {
          Issue.record("\(hostile.id): wanted \(hostile.expect) \(hostile.kind), got \(finding)")
        }
      }
      print("Hostile web: \(passed)/\(total)")
    }
  }
#endif
