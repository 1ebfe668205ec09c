#if Network
  import Foundation
  import GossamerFlow
  import GossamerHTTP
  import GossamerNetwork
  import GossamerURL
  import Testing

  /// `openssl s_server` with a certificate of its own making.
  private final class TLSServer {
    static var isAvailable: Bool { SelfSignedCertificate.tool != nil }
    static let absence: Comment = "openssl is needed to run this"

    let port: Int
    let certificate: String
    private let folder: URL
    private let process: Process

    init(name: String, extraArguments: [String] = []) async throws {
      folder = FileManager.default.temporaryDirectory
        .appending(path: "gossamer-tls-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let pair = try await SelfSignedCertificate(name: name, in: folder)
      certificate = pair.certificate
      let placeholder = try await RawServer { _, _, _ in [] }
      port = placeholder.port
      await placeholder.stop()
      process = try #require(SelfSignedCertificate.tool).process(
        ["s_server", "-accept", "127.0.0.1:\(port)", "-cert", pair.certificate, "-key", pair.key]
          + ["-www"] + extraArguments)
      try process.run()
    }

    deinit {
      process.kill()
      try? FileManager.default.removeItem(at: folder)
    }

    /// Asks until the server is up; its answer, or the kind of the failure.
    func ask(
      trusted: Bool, isAllowed: @escaping @Sendable (IPAddress) -> Bool = { _ in true }
    ) async throws -> (status: Int?, kind: Cause?) {
      var settings = TransportSettings()
      if trusted { settings.additionalTrustRootsFile = certificate }
      let transport = AsyncHTTPTransport(settings: settings, isAllowed: isAllowed)
      let url = try #require(WebURL("https://127.0.0.1:\(port)/"))
      var answer: (status: Int?, kind: Cause?)
      repeat {
        do {
          let response = try await transport.send(
            HTTPRequest(url: url, address: loopback), limits: patient)
          for try await _ in response.body {}
          answer = (response.status, nil)
        } catch {
          answer = (nil, error.kind)
          if error.kind == .refused { try await Task.sleep(for: .milliseconds(20)) }
        }
      } while answer.kind == .refused
      await transport.shutdown()
      return answer
    }
  }

  @Suite("TLS", .timeLimit(.minutes(5)))
  struct TLSTests {
    @Test(.enabled(if: TLSServer.isAvailable, TLSServer.absence))
    func aTrustedCertificateOpensTheDoor() async throws {
      let server = try await TLSServer(name: "IP:127.0.0.1")
      #expect(try await server.ask(trusted: true).status == 200)
      #expect(try await server.ask(trusted: false).kind == .tlsUntrusted)
      let blocked = try await server.ask(trusted: true) { _ in false }
      #expect(blocked.kind == .addressBlocked)
    }

    @Test(.enabled(if: TLSServer.isAvailable, TLSServer.absence))
    func aCertificateForAnotherHostIsRefused() async throws {
      let server = try await TLSServer(name: "DNS:other.example")
      #expect(try await server.ask(trusted: true).kind == .tlsHostname)
    }

    @Test(.enabled(if: TLSServer.isAvailable, TLSServer.absence))
    func anOldVersionIsRefused() async throws {
      let server = try await TLSServer(
        name: "IP:127.0.0.1", extraArguments: ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"])
      #expect(try await server.ask(trusted: true).kind == .tlsHandshake)
    }

    @Test(arguments: [
      ("HTTP/1.1 400 Bad Request\r\n\r\n", Cause.tlsHandshake, "plain HTTP"),
      ("\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}", .tlsHandshake, "noise"),
      ("", .tlsTimeout, "silence"),
    ])
    func noHandshake(greeting: String, kind: Cause, because: Comment) async throws {
      var settings = TransportSettings()
      settings.connectTimeout = greeting.isEmpty ? .seconds(2) : .seconds(20)
      try await withServer(
        greeting: greeting.isEmpty ? [] : [.send(greeting)], settings: settings,
        script: { _, _, _ in [] }
      ) { server, transport async throws in
        let url = try #require(WebURL("https://127.0.0.1:\(server.port)/"))
        do {
          _ = try await transport.send(HTTPRequest(url: url, address: loopback), limits: patient)
          Issue.record("answered")
        } catch let error as HTTPTransportError {
          // The client's two timers for a stalled handshake ring at the same moment.
          #expect(
            error.kind == kind || (kind == .tlsTimeout && error.kind == .connectTimeout),
            "\(because): \(error)")
        }
      }
    }
  }
#endif
