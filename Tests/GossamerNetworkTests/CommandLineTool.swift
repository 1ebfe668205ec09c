#if Network
  import Foundation
  import Glibc

  /// A program of the machine that a test needs a server or a certificate from.
  struct CommandLineTool {
    let path: String

    /// Looks in the usual folders; nil where the program is not installed.
    init?(_ name: String) {
      let folders = [
        "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt/homebrew/bin",
      ]
      let paths = folders.map { "\($0)/\(name)" }
      guard let path = paths.first(where: FileManager.default.isExecutableFile) else { return nil }
      self.path = path
    }

    /// The program, not started yet, silent and without input.
    func process(_ arguments: [String]) -> Process {
      let process = Process()
      process.executableURL = URL(filePath: path)
      process.arguments = arguments
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      return process
    }

    /// Runs the program to its end, without blocking a thread meanwhile.
    func run(_ arguments: [String]) async throws {
      let process = process(arguments)
      try process.run()
      while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
      guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }
  }

  extension Process {
    /// Ends the program at once. Not by SIGTERM: children inherit the signal mask of the thread they
    /// were started on, which may block it.
    func kill() {
      Glibc.kill(processIdentifier, SIGKILL)
    }
  }

  /// A key and a certificate signed by itself, in files of a folder.
  struct SelfSignedCertificate {
    static let tool = CommandLineTool("openssl")

    let certificate: String
    let key: String

    /// - Parameter name: as in "DNS:example.org" or "IP:127.0.0.1".
    init(name: String, in folder: URL) async throws {
      certificate = folder.appending(path: "cert.pem").path
      key = folder.appending(path: "key.pem").path
      try await Self.tool?.run([
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=\(name)", "-addext",
        "subjectAltName=\(name)",
      ])
    }
  }
#endif
