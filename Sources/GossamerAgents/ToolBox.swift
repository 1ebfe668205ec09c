public import GossamerLLM
public import GossamerCorpus
import GossamerFlow
import Synchronization

/// The tools of one run: finds them by name, checks arguments, and keeps the limits of each call, of
/// each tool and of all at once. Copies share the counts.
///
/// Every call is answered, also one that is refused, fails or is cancelled; nothing is thrown.
public struct ToolBox: Sendable {
  /// The tools in the order they are offered.
  public let tools: [any Tool]
  private let places: RateLimiter
  private let ledger = ToolLedger()

  /// A box.
  ///
  /// - Parameter callsAtOnce: the most calls that run at the same time; more wait in order.
  public init(_ tools: [any Tool], callsAtOnce: Int = 4) {
    precondition(
      Set(tools.map(\.name)).count == tools.count, "tools of one box have names of their own")
    self.tools = tools
    places = RateLimiter(limits: RateLimits(concurrency: callsAtOnce))
  }

  /// The tools as they are described to a model.
  public var descriptions: [ToolDescription] {
    tools.map { tool in
      ToolDescription(
        name: tool.name, purpose: tool.purpose, parametersSchema: tool.schema.json)
    }
  }

  /// The tool of a name.
  public func tool(named name: String) -> (any Tool)? { tools.first { $0.name == name } }

  /// The tool and the arguments of a call as a model wrote it.
  ///
  /// - Throws: `ToolFailure` that tells the model what to write instead.
  public func read(
    _ name: String, _ arguments: String
  ) throws(ToolFailure) -> (tool: any Tool, arguments: ToolArguments) {
    guard let tool = tool(named: name) else {
      let names = tools.map(\.name).joined(separator: ", ")
      throw ToolFailure("There is no tool \"\(name.prefix(60))\". There are: \(names).")
    }
    return (tool, try tool.schema.arguments(in: arguments))
  }

  /// Makes a call as a model wrote it.
  public func call(_ name: String, _ arguments: String) async -> ToolOutcome {
    do throws(ToolFailure) {
      let call = try read(name, arguments)
      return await self.call(call.tool, call.arguments)
    } catch {
      return ToolOutcome(.refused, error.message)
    }
  }

  /// Makes a call whose arguments were read.
  ///
  /// - Parameter within: time that is left for it, where that is less than the tool's own.
  public func call(
    _ tool: any Tool, _ arguments: ToolArguments, within time: Duration? = nil
  ) async -> ToolOutcome {
    if let refusal = ledger.begin(tool) { return ToolOutcome(.refused, refusal) }
    let place: Reservation
    do { place = try await places.acquire() } catch {
      return ToolOutcome(.cancelled, "The call was cancelled.")
    }
    let deadline = min(tool.limits.deadline, time ?? tool.limits.deadline)
    var outcome = await Self.run(tool, arguments, deadline)
    await places.settle(place)
    outcome.result = outcome.result.limited(to: tool.limits.resultBytes)
    ledger.end(tool, bytes: outcome.result.bytes)
    return outcome
  }

  /// How often a tool was called.
  public func calls(of name: String) -> Int { ledger.calls(of: name) }

  private static func run(
    _ tool: any Tool, _ arguments: ToolArguments, _ deadline: Duration
  ) async -> ToolOutcome {
    do {
      let result = try await TimeLimit.run(deadline) { try await tool.call(arguments) }
      guard let result else {
        return ToolOutcome(
          .timedOut, "\(tool.name) did not end within \(deadline): try something else.")
      }
      return ToolOutcome(.done, result)
    } catch let failure as ToolFailure {
      return ToolOutcome(.failed, failure.message)
    } catch {
      if Task.isCancelled || error is CancellationError {
        return ToolOutcome(.cancelled, "The call was cancelled.")
      }
      // What failed may quote a page or a server.
      return ToolOutcome(
        .failed,
        ToolResult([.note("\(tool.name) failed:"), .foreign(String("\(error)".prefix(300)))]))
    }
  }
}

/// How often each tool was called and what it brought, in one run.
private final class ToolLedger: Sendable {
  private struct Count {
    var calls = 0
    var bytes = 0
  }

  private let counts = Mutex<[String: Count]>([:])

  /// Counts a call, or says why it may not be made.
  func begin(_ tool: any Tool) -> String? {
    counts.withLock { counts in
      let count = counts[tool.name, default: Count()]
      if let limit = tool.limits.calls, count.calls >= limit {
        return "\(tool.name) was called \(limit) times, which is all it may be: use what is there."
      }
      if let limit = tool.limits.bytes, count.bytes >= limit {
        return "\(tool.name) has given all it may (\(limit) bytes): use what is there."
      }
      counts[tool.name, default: Count()].calls += 1
      return nil
    }
  }

  func end(_ tool: any Tool, bytes: Int) {
    counts.withLock { $0[tool.name, default: Count()].bytes += bytes }
  }

  func calls(of name: String) -> Int { counts.withLock { $0[name]?.calls ?? 0 } }
}

/// A limit of time for something that ends when it is cancelled.
enum TimeLimit {
  /// What the operation gives, or nil if it did not end in time.
  static func run<Success: Sendable>(
    _ time: Duration, _ operation: @escaping @Sendable () async throws -> Success
  ) async throws -> Success? {
    try await withThrowingTaskGroup(of: Success?.self) { group in
      group.addTask { try await operation() }
      group.addTask {
        try await Task.sleep(for: time)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }
}

extension ToolBox {
  /// The tools over a corpus.
  ///
  /// - Parameter source: where pages of the live web come from; nil leaves `crawl` out.
  public static func standard(
    search: any CorpusSearch, pages: any CorpusPages, source: (any PageSource)? = nil
  ) -> [any Tool] {
    var tools: [any Tool] = [
      SearchCorpusTool(search, pages: pages), ReadPageTool(pages), PageLinksTool(pages),
      ListHostsTool(pages),
    ]
    if let source { tools.append(CrawlTool(source)) }
    return tools
  }
}
