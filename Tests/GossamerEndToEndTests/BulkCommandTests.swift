#if Network
  import Foundation
  import Synchronization
  import Testing

  /// `summarize --llm-batch` against a server that plays OpenAI's bulk interface.
  @Suite("Summaries in bulk", .serialized, .timeLimit(.minutes(5)))
  struct BulkCommandTests {
    /// What the server was given, and whether its job is over.
    private final class Bulk: Sendable {
      private let state = Mutex((file: "", jobs: 0, isOver: false, keys: Set<String>()))

      var jobs: Int { state.withLock { $0.jobs } }
      func end() { state.withLock { $0.isOver = true } }

      func play(_ method: String, _ path: String, _ body: String) -> (status: Int, text: String) {
        state.withLock { state in
          switch (method, path) {
          case ("POST", "/v1/files"):
            state.file = body
            return (200, #"{"id":"file-1"}"#)
          case ("POST", "/v1/batches"):
            state.jobs += 1
            return (200, #"{"id":"batch_1","status":"validating"}"#)
          case ("GET", "/v1/batches/batch_1"):
            let status = state.isOver ? "completed" : "in_progress"
            return (200, #"{"id":"batch_1","status":"\#(status)","output_file_id":"out-1"}"#)
          case ("GET", "/v1/files/out-1/content"): return (200, Self.results(state.file))
          default: return (404, #"{"error":{"message":"not here"}}"#)
          }
        }
      }

      private static func results(_ file: String) -> String {
        file.split(whereSeparator: \.isNewline).reversed().compactMap { line -> String? in
          guard let start = line.range(of: #""custom_id":""#)?.upperBound else { return nil }
          let id = line[start...].prefix { $0 != "\"" }
          return #"{"custom_id":"\#(id)","response":{"status_code":200,"body":"#
            + #"{"choices":[{"message":{"content":"People mend many things."},"#
            + #""finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":5}}},"error":null}"#
        }.joined(separator: "\n")
      }
    }

    private let environment = [
      "GOSSAMER_LLM_KEY": "hush-hush", "GOSSAMER_LLM_BATCH_INTERVAL": "0.05",
    ]

    @Test func aRunThatLeavesIsCollectedByTheNext() async throws {
      let bulk = Bulk()
      try await ModelServer.with(.plays { bulk.play($0, $1, $2) }) { server in
        try await Folder.with { folder in
          try FileManager.default.createDirectory(
            atPath: folder("out/pages"), withIntermediateDirectories: true)
          let lines = (0..<40).map {
            #"{"url":"http://a.test/\#($0)","digest":"sha256:\#($0)","text":"Page \#($0) is about mending."}"#
          }
          try folder.write("out/pages/part-00000.jsonl", lines.joined(separator: "\n") + "\n")
          let command = [
            "summarize", "out", "--llm-url", server.url, "--model", "tester", "--llm-batch",
          ]
          let first = try GossamerBinary.start(command, in: folder, environment: environment)
          while first.isRunning, bulk.jobs == 0 { try await Task.sleep(for: .milliseconds(20)) }
          try await Task.sleep(for: .milliseconds(200))
          first.send(SIGINT)
          let left = await first.end()
          #expect(left.code == 130, "\(left.errors)")
          bulk.end()
          let second = try await GossamerBinary.run(command, in: folder, environment: environment)
          #expect(second.code == 0, "\(second.errors)")
          #expect(second.errors.contains("40 summarized"), "\(second.errors)")
          #expect(bulk.jobs == 1, "nothing is paid for twice")
          for name in ["out/batches.jsonl", "out/summaries.jsonl"] {
            let text = try String(contentsOfFile: folder(name), encoding: .utf8)
            #expect(!text.contains("hush-hush"))
          }
        }
      }
    }

    @Test func streamsNeedAPlaceForTheirJobs() async throws {
      try await Folder.with { folder in
        let answer = try await GossamerBinary.run(
          ["summarize", "-", "--llm-url", "http://127.0.0.1:1", "--llm-batch"], in: folder,
          input: "")
        #expect(answer.code == 2)
        #expect(answer.errors.contains("--output"))
      }
    }
  }
#endif
