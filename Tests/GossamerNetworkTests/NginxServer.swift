#if Network
  import Foundation
  import GossamerFlow
  import GossamerHTTP
  import GossamerNetwork
  import GossamerURL
  import Testing

  /// nginx over TLS in a folder of its own, with HTTP/2 or without.
  ///
  /// `/page.html` is a page of 37 KB, the same under `/gzip/` is compressed on the way, `/slow/…` is
  /// answered by whoever listens at `upstream`, `/old` is a redirect.
  final class NginxServer: Sendable {
    static let absence: Comment = "nginx and openssl are needed to run this"
    static var isAvailable: Bool { tool != nil && SelfSignedCertificate.tool != nil }
    private static let tool = CommandLineTool("nginx")

    /// One line of the access log.
    struct Visit: Equatable {
      let connection: String
      let version: String
      let status: String
      let target: String
    }

    let port: Int
    let certificate: String
    /// What `/page.html` holds.
    let page: [UInt8]
    private let folder: URL
    private let process: Process

    private var log: URL { folder.appending(path: "access.log") }

    init(
      offersHTTP2: Bool = true, requestsPerConnection: Int = 10_000, upstream: Int = 9
    ) async throws {
      folder = FileManager.default.temporaryDirectory
        .appending(path: "gossamer-nginx-\(UUID().uuidString)")
      let root = folder.appending(path: "root")
      try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
      let pair = try await SelfSignedCertificate(name: "IP:127.0.0.1", in: folder)
      certificate = pair.certificate
      page = Self.makePage(count: 37_000)
      try Data(page).write(to: root.appending(path: "page.html"))
      port = try await Self.freePort()
      let configuration = folder.appending(path: "nginx.conf")
      try Self.configuration(
        """
        listen 127.0.0.1:\(port) ssl \(offersHTTP2 ? "http2" : "");
        ssl_certificate \(pair.certificate);
        ssl_certificate_key \(pair.key);
        keepalive_requests \(requestsPerConnection);
        root root;
        location /gzip/ { alias root/; gzip on; gzip_min_length 1; }
        location /slow/ { proxy_pass http://127.0.0.1:\(upstream); proxy_buffering off; }
        location /old { return 301 /page.html; }
        """
      ).write(to: configuration, atomically: true, encoding: .utf8)
      let tool = try #require(Self.tool)
      process = tool.process([
        "-p", folder.path, "-c", configuration.path, "-e", folder.appending(path: "error.log").path,
      ])
      try process.run()
      try await waitUntilUp()
    }

    deinit {
      process.kill()
      try? FileManager.default.removeItem(at: folder)
    }

    /// What was asked for so far, but for the first look whether the server is up.
    var visits: [Visit] {
      let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
      return text.split(separator: "\n").compactMap { line in
        let parts = line.split(separator: " ").map(String.init)
        guard parts.count == 4 else { return nil }
        return Visit(connection: parts[0], version: parts[1], status: parts[2], target: parts[3])
      }
    }

    /// How many connections served requests.
    var connectionCount: Int { Set(visits.map(\.connection)).count }

    /// Waits until so many requests are over; the test's time limit bounds it.
    func wait(forVisits count: Int) async throws {
      while visits.count < count { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// Runs with a transport that trusts this server, and shuts it down.
    func withTransport(
      _ settings: TransportSettings = TransportSettings(),
      isAllowed: @escaping @Sendable (IPAddress) -> Bool = { _ in true },
      body: (AsyncHTTPTransport) async throws -> Void
    ) async throws {
      var settings = settings
      settings.additionalTrustRootsFile = certificate
      let transport = AsyncHTTPTransport(settings: settings, isAllowed: isAllowed)
      do {
        try await body(transport)
      } catch {
        await transport.shutdown()
        throw error
      }
      await transport.shutdown()
    }

    func url(_ path: String) throws -> WebURL {
      try #require(WebURL("https://127.0.0.1:\(port)\(path)"))
    }

    private static func makePage(count: Int) -> [UInt8] {
      var text = "<!DOCTYPE html><title>A page</title>"
      var number = 0
      while text.utf8.count < count {
        text += "<p>Paragraph \(number) of \(number &* 7919 % 1000)."
        number += 1
      }
      return Array(text.utf8.prefix(count))
    }

    private static func freePort() async throws -> Int {
      let placeholder = try await RawServer { _, _, _ in [] }
      await placeholder.stop()
      return placeholder.port
    }

    private static func configuration(_ server: String) -> String {
      let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map { "\($0)_temp_path \($0);" }.joined(separator: "\n")
      return """
        daemon off;
        master_process off;
        pid nginx.pid;
        events { worker_connections 512; }
        http {
        \(temporary)
        types { text/html html; }
        proxy_buffer_size 256k;
        proxy_buffers 8 256k;
        proxy_busy_buffers_size 512k;
        log_format visits '$connection $server_protocol $status $request_uri';
        access_log access.log visits;
        server {
        \(server)
        }
        }
        """
    }

    private func waitUntilUp() async throws {
      let probe = AsyncHTTPTransport()
      var kind = Cause.refused
      while kind == .refused, process.isRunning {
        try await Task.sleep(for: .milliseconds(20))
        do {
          _ = try await probe.send(HTTPRequest(url: url("/"), address: loopback), limits: quick)
        } catch let error as HTTPTransportError {
          // It is up when its certificate is there to be mistrusted.
          kind = error.kind
        }
      }
      await probe.shutdown()
      try #require(kind == .tlsUntrusted, "nginx did not start")
    }
  }
#endif
