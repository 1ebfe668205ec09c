#if Network
  import Dispatch
  import Glibc

  /// The least client: one request a connection, nothing decoded. Blocks threads of its own only, so
  /// that two requests are under way at once however busy the others are.
  enum PlainClient {
    struct Answer {
      var status = 0
      var headers: [String: String] = [:]
      var body: [UInt8] = []
      var text: String { String(decoding: body, as: UTF8.self) }
    }

    struct Refused: Error {}

    @concurrent static func get(_ url: String) async throws -> Answer {
      let parts = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
      let rest = parts[2]
      let authority = String(rest.prefix { $0 != "/" })
      let target = String(rest.dropFirst(authority.count))
      let pair = authority.split(separator: ":")
      let raw = try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "plain client").async {
          continuation.resume(
            with: Result {
              try exchange(
                host: String(pair[0]), port: UInt16(pair[1]) ?? 0,
                request:
                  "GET \(target) HTTP/1.1\r\nHost: \(authority)\r\nConnection: close\r\n\r\n")
            })
        }
      }
      return parse(raw)
    }

    private static func exchange(host: String, port: UInt16, request: String) throws -> [UInt8] {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(descriptor) }
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      inet_pton(AF_INET, host, &address.sin_addr)
      let connected = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard connected == 0 else { throw Refused() }
      let bytes = Array(request.utf8)
      guard write(descriptor, bytes, bytes.count) == bytes.count else { throw Refused() }
      var answer: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = read(descriptor, &chunk, chunk.count)
        guard count > 0 else { return answer }
        answer += chunk[..<count]
      }
    }

    private static func parse(_ raw: [UInt8]) -> Answer {
      guard let gap = raw.firstRange(of: Array("\r\n\r\n".utf8)) else { return Answer() }
      let lines = String(decoding: raw[..<gap.lowerBound], as: UTF8.self).split(separator: "\r\n")
      var answer = Answer()
      answer.status = Int(lines[0].split(separator: " ")[1]) ?? 0
      for line in lines.dropFirst() {
        let pair = line.split(separator: ": ", maxSplits: 1).map(String.init)
        answer.headers[pair[0].lowercased()] = pair.count > 1 ? pair[1] : ""
      }
      answer.body = Array(raw[gap.upperBound...])
      return answer
    }
  }
#endif
