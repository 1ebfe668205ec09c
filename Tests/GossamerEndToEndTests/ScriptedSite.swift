#if Network
  import NIOCore
  import NIOHTTP1
  import Synchronization

  /// A site on loopback that answers each path as the test says, and keeps a list of what was asked.
  final class ScriptedSite: Sendable {
    /// An answer; paths without one get 404.
    struct Answer: Sendable {
      var status = 200
      var fields: [(String, String)] = []
      var body: [UInt8]

      init(status: Int = 200, fields: [(String, String)] = [], body: [UInt8]) {
        self.status = status
        self.fields = fields
        self.body = body
      }

      init(status: Int = 200, fields: [(String, String)] = [], body: String) {
        self.init(status: status, fields: fields, body: Array(body.utf8))
      }

      static func page(_ body: String, _ fields: [(String, String)] = []) -> Answer {
        Answer(
          fields: [("Content-Type", "text/html; charset=utf-8")] + fields,
          body: "<!doctype html><html lang=en>\(body)")
      }
    }

    private let answers: [String: Answer]
    private let asked = Mutex<[String]>([])
    private let port = Mutex(0)

    private init(_ answers: [String: Answer]) { self.answers = answers }

    /// "http://127.0.0.1:1234", without a slash.
    var base: String { "http://127.0.0.1:\(port.withLock { $0 })" }

    /// The targets that were asked for, in order.
    var requests: [String] { asked.withLock { $0 } }

    /// Runs `body` while the site is up.
    static func with<Result>(
      _ answers: [String: Answer], _ body: (ScriptedSite) async throws -> Result
    ) async throws -> Result {
      let site = ScriptedSite(answers)
      return try await LoopbackServer.with(handler: { ScriptedHandler(site) }) { port in
        site.port.withLock { $0 = port }
        return try await body(site)
      }
    }

    fileprivate func answer(to target: String) -> Answer {
      asked.withLock { $0.append(target) }
      return answers[target] ?? Answer(status: 404, body: "not here\n")
    }
  }

  private final class ScriptedHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let site: ScriptedSite
    private var target = ""

    init(_ site: ScriptedSite) { self.site = site }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): target = head.uri
      case .body: break
      case .end: send(site.answer(to: target), context)
      }
    }

    private func send(_ answer: ScriptedSite.Answer, _ context: ChannelHandlerContext) {
      var headers = HTTPHeaders(answer.fields)
      headers.add(name: "Content-Length", value: String(answer.body.count))
      let head = HTTPResponseHead(
        version: .http1_1, status: .init(statusCode: answer.status), headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      let buffer = context.channel.allocator.buffer(bytes: answer.body)
      context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
#endif
