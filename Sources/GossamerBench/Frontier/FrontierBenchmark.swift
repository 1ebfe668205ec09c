import ArgumentParser
import Foundation
import Gossamer

/// `gossamer-bench frontier`: the frontier and its store as they grow.
///
/// Pages of 40 links, 34 of them known, are offered in groups of 256; each group is made durable
/// before the next. Making the links is not counted; offering, writing and confirming them is.
/// Beside it, one reader asks for counters as `gossamer status` does. At each size the store is
/// closed and a new process goes on with it, up to its first request (no delay, no robots.txt).
struct FrontierBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frontier",
    abstract: "Links offered in a CPU second, memory, disk and restart, against size.")

  @Option(help: "Known URLs in the end.")
  var urls = 1_000_000
  @Option(help: "Hosts they are spread over; 0: one for every thousand.")
  var hosts = 0
  @Option(help: "Memory for the frontier and its caches, in MiB.")
  var memory = 512
  @Option(help: "The folder to work in; its crawl.db is replaced.")
  var directory = FileManager.default.temporaryDirectory.appending(path: "gossamer-frontier").path
  @Option(help: "Write one line of JSON a size to this file.")
  var json: String?
  @Option(help: "Draw speed and memory against size into this SVG file.")
  var svg: String?
  @Flag(help: .hidden)
  var resume = false

  func run() async throws {
    let bytes = FrontierMemory(bytes: memory << 20)
    let database = directory + "/crawl.db"
    if resume { return try await FrontierResume(path: database, memory: bytes).run() }
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: database + ending)
    }
    var growth = try await FrontierGrowth(
      path: database, memory: bytes,
      web: SyntheticLinks(hostCount: max(1, hosts == 0 ? urls / 1_000 : hosts)))
    var samples: [FrontierSample] = []
    print(FrontierSample.heading)
    fflush(nil)
    for size in Self.sizes(upTo: urls) {
      var sample = try await growth.grow(to: size)
      try await growth.close()
      sample.diskBytes = try Self.size(of: database)
      (sample.restart, sample.restartMemory) = try restart()
      samples.append(sample)
      print(sample.row)
      fflush(nil)
      if size < urls { try await growth.reopen() }
    }
    if let json { try Data(samples.map(\.json).joined().utf8).write(to: URL(filePath: json)) }
    if let svg { try Data(FrontierPlot(samples: samples).svg.utf8).write(to: URL(filePath: svg)) }
  }

  /// Three or so for every power of ten.
  private static func sizes(upTo end: Int) -> [Int] {
    var sizes: [Int] = []
    var size = 100_000
    while size < end {
      sizes += [size, size / 10 * 33].filter { $0 < end }
      size *= 10
    }
    return sizes + [end]
  }

  private static func size(of path: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
  }

  /// From the start of a new process to its first request.
  private func restart() throws -> (seconds: Double, memory: Int) {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [
      "frontier", "--resume", "--directory", directory, "--memory", "\(memory)",
    ]
    let output = Pipe()
    process.standardOutput = output
    let start = ContinuousClock.now
    try process.run()
    // The child writes its line at the moment of its first request.
    let line = output.fileHandleForReading.availableData
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    process.waitUntilExit()
    return (seconds, Int(String(decoding: line, as: UTF8.self).filter(\.isNumber)) ?? 0)
  }
}
