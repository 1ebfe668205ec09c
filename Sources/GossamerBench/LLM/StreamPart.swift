#if Network
  import ArgumentParser
  import AsyncHTTPClient
  import Foundation
  import Gossamer
  import NIOCore
  import NIOHTTP1
  import Synchronization

  /// One process of `StreamBenchmark`: the server, or a client that says one line and ends.
  struct StreamPart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "streams-part", abstract: "A process of streams.", shouldDisplay: false)

    @Argument(help: "server, start, bare, open, call, stream or first.")
    var part: String
    @Option(help: "The server's port.")
    var port = 0
    @Option(help: "How many.")
    var count = 1

    func run() async throws {
      switch part {
      case "server":
        let server = try await StreamServer()
        print(server.port)
        fflush(nil)
        try await Task.sleep(for: .seconds(600))
      case "start":
        let (client, transport) = try client("call")
        _ = try await client.answer(Self.request)
        print("ready")
        await transport.shutdown()
      case "bare": try await bare()
      case "open": try await open()
      case "call": try await spend("a call", atOnce: 32)
      case "stream": try await spend("a stream of \(StreamServer.texts) texts", atOnce: 32)
      default: try await first()
      }
    }

    private static let request = ModelRequest(messages: [
      Message(.system, "You sum up pages."), Message(.user, String(repeating: "word ", count: 100)),
    ])

    private func client(_ kind: String) throws -> (ModelClient, AsyncHTTPTransport) {
      var settings = TransportSettings()
      settings.maximumConnectionsPerAddress = max(256, count)
      let transport = AsyncHTTPTransport(settings: settings)
      let model = try RemoteModel(
        name: "bench", baseURL: "http://127.0.0.1:\(port)/\(kind)", key: nil, transport: transport)
      let limiter = RateLimiter(limits: .unlimited)
      return (ModelClient(model: model, limiter: limiter), transport)
    }

    /// Streams held open by the client that is ours.
    private func open() async throws {
      let (client, _) = try client("hold")
      try await hold("our client") { arrived in
        for try await event in client.stream(Self.request) {
          if case .text = event { arrived() }
        }
      }
    }

    /// Streams held open by the library beneath it alone.
    private func bare() async throws {
      var configuration = HTTPClient.Configuration()
      configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(256, count)
      configuration.decompression = .disabled
      let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: configuration)
      var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/hold/v1/chat/completions")
      request.method = .POST
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(repeating: 0x20, count: 700))
      try await hold("AsyncHTTPClient alone") { [request] arrived in
        let response = try await client.execute(request, timeout: .seconds(600))
        for try await _ in response.body { arrived() }
      }
    }

    private func hold(
      _ name: String, _ stream: @escaping @Sendable (@Sendable () -> Void) async throws -> Void
    ) async throws {
      let before = Processor.status("VmRSS:")
      let tally = Tally()
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<count {
          group.addTask {
            do { try await stream { tally.arrived() } } catch { tally.failed(error) }
          }
        }
        while tally.now.arrived < count, tally.now.failure == nil {
          try? await Task.sleep(for: .milliseconds(20))
        }
        if let error = tally.now.failure { print("\(name): \(error)") }
        let now = Processor.status("VmRSS:")
        print(
          "\(name): \(tally.now.arrived) streams open, \(now / 1024) MB of memory, "
            + "\(before / 1024) MB before, \((now - before) * 1024 / count) bytes a stream, peak "
            + "\(Processor.status("VmHWM:") / 1024) MB, \(Processor.status("Threads:")) threads")
        fflush(nil)
        _exit(0)
      }
    }

    /// Processor time of calls.
    private func spend(_ name: String, atOnce: Int) async throws {
      let (client, transport) = try client(part)
      @Sendable func round(_ count: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<count {
            if number >= atOnce { try await group.next() }
            group.addTask {
              for try await _ in client.stream(Self.request) {}
            }
          }
          try await group.waitForAll()
        }
      }
      try await round(100)
      let before = Processor.time()
      try await round(count)
      let spent = (Processor.time() - before) / Double(count)
      print("\(name): \((spent * 1e5).rounded() / 100) ms CPU, kernel and all, of \(count)")
      await transport.shutdown()
    }

    /// How long the first text is on its way.
    private func first() async throws {
      let (client, transport) = try client(part)
      var delays: [Int64] = []
      for _ in 0..<min(count, 500) {
        for try await event in client.stream(Self.request) {
          if case .text(let text) = event, let sent = Int64(text) {
            delays.append(StreamServer.now() - sent)
          }
        }
      }
      delays.sort()
      func share(_ part: Double) -> Int64 {
        delays.isEmpty ? 0 : delays[Int(Double(delays.count - 1) * part)] / 1_000
      }
      print(
        "first text: \(share(0.5)) us from its writing to our reader in the middle, "
          + "\(share(0.99)) us at p99, of \(delays.count)")
      await transport.shutdown()
    }

    private final class Tally: Sendable {
      private let state = Mutex((arrived: 0, failure: (any Error)?.none))
      var now: (arrived: Int, failure: (any Error)?) { state.withLock { $0 } }
      func arrived() { state.withLock { $0.arrived += 1 } }
      func failed(_ error: any Error) { state.withLock { $0.failure = $0.failure ?? error } }
    }
  }
#endif
