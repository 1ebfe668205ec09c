#if Network
  import Foundation
  import NIOCore
  import NIOHTTP1
  import Synchronization

  /// A site of any number of pages that link to each other, and its memory of what it was asked.
  final class ManyPages: Sendable {
    /// A request, as the site saw it.
    struct Visit: Sendable {
      var path: String
      var at: ContinuousClock.Instant
    }

    let count: Int
    private let bodySize: Int
    private let visits = Mutex<[Visit]>([])
    private let port = Mutex(0)

    /// Runs `body` while the site is up.
    ///
    /// - Parameters:
    ///   - count: how many pages there are.
    ///   - bodySize: bytes of text on each, of a kind that does not pack well.
    static func with<Result>(
      _ count: Int, bodySize: Int = 300, _ body: (ManyPages) async throws -> Result
    ) async throws -> Result {
      let site = ManyPages(count, bodySize)
      return try await LoopbackServer.with(handler: { PageHandler(site) }) { port in
        site.port.withLock { $0 = port }
        return try await body(site)
      }
    }

    private init(_ count: Int, _ bodySize: Int) {
      self.count = count
      self.bodySize = bodySize
    }

    /// The first page.
    var seed: String { "http://127.0.0.1:\(port.withLock { $0 })/p/0" }

    /// All pages by URL.
    var urls: Set<String> { Set((0..<count).map { seed.dropLast() + "\($0)" }) }

    /// What it was asked since it was last cleared, robots.txt aside.
    var pageVisits: [Visit] { visits.withLock { $0.filter { $0.path.hasPrefix("/p/") } } }

    func clear() { visits.withLock { $0 = [] } }

    fileprivate func page(_ path: String) -> String? {
      visits.withLock { $0.append(Visit(path: path, at: .now)) }
      guard path.hasPrefix("/p/"), let number = Int(path.dropFirst(3)), number < count else {
        return nil
      }
      // A tree, so that all are found, and cross links, so that most links are known.
      let links = [3 * number + 1, 3 * number + 2, 3 * number + 3, number * 7 + 1, number / 2]
      let anchors = links.filter { $0 < count }.map { "<li><a href=\"/p/\($0)\">page \($0)</a>" }
      var random = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1
      var text = ""
      while text.utf8.count < bodySize {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += String(random >> 20, radix: 36) + " "
      }
      return "<!doctype html><title>Page \(number)</title><p>This is page \(number).<p>\(text)"
        + "<ul>\(anchors.joined())</ul>"
    }
  }

  private final class PageHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let site: ManyPages
    private var path = ""

    init(_ site: ManyPages) { self.site = site }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head): path = head.uri
      case .body: break
      case .end: answer(context)
      }
    }

    private func answer(_ context: ChannelHandlerContext) {
      let page = site.page(path)
      let body = context.channel.allocator.buffer(string: page ?? "nothing here")
      let head = HTTPResponseHead(
        version: .http1_1, status: page == nil ? .notFound : .ok,
        headers: [
          "Content-Type": "text/html; charset=utf-8", "Content-Length": "\(body.readableBytes)",
        ])
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
#endif
