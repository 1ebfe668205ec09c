import ArgumentParser
import Foundation
import Gossamer

/// `gossamer robots`: what a robots.txt says.
struct RobotsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "robots", abstract: "Ask robots.txt files.", subcommands: [Check.self])

  /// `gossamer robots check`.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell whether a URL may be fetched, and by which line.",
      discussion: """
        Input: JSON lines {"robots": …, "agent": …, "url": …}; "robots_base64" for bytes, "agents" \
        for several tokens. The URL may be a path only.
        """)

    @Argument(help: "A file of JSON lines (default: standard input).")
    var file: String?

    func run() throws {
      try LineWork { line in
        try Self.result(of: JSONInput.decode(Input.self, from: line))
      }.run(on: file)
    }

    private struct Input: Decodable {
      var robots: String?
      var robotsBase64: Base64Bytes?
      var agent: String?
      var agents: [String]?
      var url: String?

      enum CodingKeys: String, CodingKey {
        case robots, agent, agents, url
        case robotsBase64 = "robots_base64"
      }
    }

    private static func result(of input: Input) throws -> [UInt8] {
      guard let robots = input.robots.map({ Array($0.utf8) }) ?? input.robotsBase64?.bytes else {
        throw BadLine("no 'robots' or 'robots_base64'")
      }
      guard let agents = input.agents ?? input.agent.map({ [$0] }) else {
        throw BadLine("no 'agent' or 'agents'")
      }
      let rules = RobotsRules(parsing: robots, agents: agents)
      let verdict = rules.verdict(forTarget: target(of: input.url ?? ""))
      var line = JSONLine()
      line.add("allowed", verdict.isAllowed)
      line.add("rule", verdict.rule)
      line.add("line", verdict.line)
      line.add("crawl_delay", rules.crawlDelay.map { $0 / .seconds(1) })
      line.add(named: "sitemaps", rules.sitemaps)
      return line.finished()
    }

    /// Path and query of an absolute URL as written, or the text itself where it is only a path.
    private static func target(of url: String) -> String {
      guard !url.hasPrefix("/"), let scheme = url.range(of: "://") else { return url }
      let rest = url[scheme.upperBound...]
      guard let start = rest.firstIndex(where: { "/?#".contains($0) }) else { return "/" }
      return String(rest[start...])
    }
  }
}
