import ArgumentParser
import Foundation
import Gossamer

/// `gossamer status`: the state of a crawl, running or not.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Print the state of a crawl, running or not.")

  @Argument(help: "The output directory of a crawl.")
  var directory: String

  func run() async throws {
    let layout = CorpusLayout(root: directory)
    do {
      let counts = try SQLiteFrontierReader(path: layout.database).counts()
      let manifest = try CorpusManifest.read(layout)
      var line = JSONLine()
      line.add("directory", directory)
      line.add("state", try state(layout, manifest))
      line.add("started_at", manifest?.crawl.startedAt)
      line.add("finished_at", manifest?.crawl.finishedAt)
      line.add("runs", manifest?.crawl.runs)
      line.add("pages", counts.pages)
      line.add("known", counts.known)
      line.add("pending", counts.pending)
      line.add("done", counts.done)
      line.add("failed", counts.failed)
      line.add("blocked", counts.blocked)
      line.add("skipped", counts.skipped)
      line.add("hosts", counts.hosts)
      Output.bytes(line.finished())
    } catch {
      throw CommandFailure(error)
    }
  }

  /// A run that was killed leaves "running" in the manifest; only the lock knows better.
  private func state(_ layout: CorpusLayout, _ manifest: CorpusManifest?) throws -> String {
    if DirectoryLock.isHeld(layout) { return "running" }
    let state = manifest?.crawl.state ?? "stopped"
    return state == "running" ? "stopped" : state
  }
}

/// `gossamer report`: one self-contained page about a crawl.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write report.html: what happened, with plots.")

  @Argument(help: "The output directory of a crawl.")
  var directory: String

  func run() async throws {
    let layout = CorpusLayout(root: directory)
    guard FileManager.default.fileExists(atPath: layout.manifest) else {
      throw CommandFailure(
        .usage, "there is no crawl (\(directory)): name the output directory of a crawl")
    }
    do {
      let report = try CrawlReport.read(directory: URL(filePath: directory))
      try report.write(to: URL(filePath: layout.report))
      Output.line(layout.report)
    } catch {
      throw CommandFailure(.partly, "cannot write the report (\(layout.report)): \(error)")
    }
  }
}
