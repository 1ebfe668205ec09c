import ArgumentParser
import Foundation
import Gossamer
import Synchronization

/// `gossamer mcp`: a crawl as tools for any client of the Model Context Protocol.
struct MCPCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mcp",
    abstract:
      "Serve a crawl to a client of the Model Context Protocol, on standard input and output.",
    discussion: """
      For programs, not for people: a client starts it and speaks JSON-RPC with it, a message a line. \
      Tools search and read stored pages; resources are the pages, the manifest and the report. Nothing \
      is fetched without --allow-fetch. What is added by a crawl that is running is found at once. \
      Ends with its input.
      """)

  @Argument(help: "The output directory of a crawl.")
  var directory: String
  @Flag(
    name: .long,
    help: "Let clients fetch pages of the corpus's hosts, by the rules of the crawler, into it.")
  var allowFetch = false
  @Option(
    name: .long, help: "Who to reach about the crawler: needed for --allow-fetch off loopback.")
  var contact: String?
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    do {
      let layout = CorpusLayout(root: directory)
      var index = try SQLiteCorpusIndex(layout)
      try await index.bringUpToDate(global.console)
      index.followsFiles = true
      let server = MCPServer(
        MCPServer.Identity(name: "Gossamer", version: Version.current),
        tools: ToolBox(
          ToolBox.standard(search: index, pages: index, source: try await source(layout, index)),
          callsAtOnce: 8),
        resources: CorpusResources(layout, pages: index), seed: UUID().uuidString)
      let output = Mutex(())
      await server.serve(Self.lines()) { line in output.withLock { _ in Output.bytes(line) } }
    } catch {
      throw CommandFailure(error)
    }
  }

  private func source(
    _ layout: CorpusLayout, _ index: SQLiteCorpusIndex
  ) async throws -> (any PageSource)? {
    guard allowFetch else { return nil }
    #if Network
      return try await LivePages(layout, index, questions: [], contact: contact)
    #else
      throw CommandFailure(
        .usage, "this binary was built without the network: build it with the trait")
    #endif
  }

  /// Lines of standard input as soon as they are there, read on a thread that may wait.
  private static func lines() -> AsyncStream<[UInt8]> {
    AsyncStream { continuation in
      Thread.detachNewThread {
        var open: [UInt8] = []
        while true {
          let piece = FileHandle.standardInput.availableData
          guard !piece.isEmpty else { break }
          open.append(contentsOf: piece)
          guard piece.contains(0x0A) else { continue }
          var lines = open.split(separator: 0x0A, omittingEmptySubsequences: false)
          open = Array(lines.removeLast())
          for line in lines { continuation.yield(Array(line)) }
        }
        if !open.isEmpty { continuation.yield(open) }
        continuation.finish()
      }
    }
  }
}
