#if Network
  import ArgumentParser
  import Foundation
  import Gossamer

  /// `gossamer-bench streams`: what the real client takes to talk to a model server. Server and
  /// clients are processes of their own, so that each pays for itself alone.
  struct StreamBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "streams", abstract: "Processor time, memory and delay of calls of a model.")

    @Option(help: "Streams that are open at once.")
    var streams = 1_000
    @Option(help: "Calls, and streams of 64 texts, whose processor time is taken.")
    var calls = 2_000

    func run() async throws {
      let server = try Self.child("server")
      defer { server.process.terminate() }
      guard let line = Self.line(server.output), let port = Int(line) else {
        throw ValidationError("the server did not start")
      }
      let begun = StreamServer.now()
      let start = try Self.child("start", ["--port", "\(port)"])
      _ = Self.line(start.output)
      let milliseconds = Double(StreamServer.now() - begun) / 1e6
      print("start of a process with a client: \(Int(milliseconds.rounded())) ms")
      for part in ["bare", "open"] {
        let child = try Self.child(part, ["--port", "\(port)", "--count", "\(streams)"])
        print(Self.line(child.output) ?? "\(part): nothing said")
        child.process.waitUntilExit()
      }
      for part in ["call", "stream", "first"] {
        let child = try Self.child(part, ["--port", "\(port)", "--count", "\(calls)"])
        print(Self.line(child.output) ?? "\(part): nothing said")
        child.process.waitUntilExit()
      }
    }

    private static func child(
      _ part: String, _ arguments: [String] = []
    ) throws -> (process: Process, output: FileHandle) {
      let process = Process()
      process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      process.arguments = ["streams-part", part] + arguments
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      return (process, pipe.fileHandleForReading)
    }

    private static func line(_ file: FileHandle) -> String? {
      var line = Data()
      while let byte = try? file.read(upToCount: 1), byte.first != 0x0A { line += byte }
      return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }
  }
#endif
