#if Network
  import ArgumentParser

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
      let server = try BenchProcess(["streams-part", "server"])
      defer { server.stop() }
      guard let port = server.line(), Int(port) != nil else {
        throw ValidationError("the server did not start")
      }
      let begun = ContinuousClock.now
      let start = try BenchProcess(["streams-part", "start", "--port", port])
      _ = start.line()
      let milliseconds = (ContinuousClock.now - begun) / .milliseconds(1)
      print("from nothing to the first answer: \(Int(milliseconds.rounded())) ms")
      for part in ["bare", "open", "call", "stream", "first"] {
        let count = ["bare", "open"].contains(part) ? streams : calls
        print(
          try BenchProcess(["streams-part", part, "--port", port, "--count", "\(count)"]).answer())
      }
    }
  }
#endif
