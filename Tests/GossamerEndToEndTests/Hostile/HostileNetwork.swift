#if Network
  import Foundation
  import GossamerTestKit

  /// The server with the hostile cases, and a network with nothing but loopback to run it in.
  ///
  /// Some cases point at private and invented addresses, so server and crawler live together in a
  /// namespace without any other network.
  enum HostileNetwork {
    /// The server: in `$GOSSAMER_HOSTILE`, or in `shared/hostile` beside a parent of the package.
    static let server: URL? = {
      let named = ProcessInfo.processInfo.environment["GOSSAMER_HOSTILE"].map { URL(filePath: $0) }
      let folder = named ?? ConformanceData.findUpwards("shared/hostile")
      let file = folder?.appending(path: "server.py")
      return file.flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil }
    }()

    /// Whether this machine lets us make a namespace, and has all that is used in it.
    static let isPermitted: Bool = {
      let probe = "ip link set lo up && mount --bind /dev/null /etc/resolv.conf && python3 -c ''"
      return (try? Tools.status("unshare", ["-rnm", "sh", "-c", probe])) == 0
    }()

    static var isAvailable: Bool { server != nil && isPermitted }

    static let absence =
      "needs the server with hostile cases ($GOSSAMER_HOSTILE), unshare and Python"

    /// One run of the program inside.
    struct Run: Encodable {
      /// The name of its output directory and other files.
      var name: String
      /// A regular expression: the identifiers of cases that are its seeds.
      var cases: String
      /// Another one for the seeds, where these are not the cases.
      var seeds: String?
      /// Whether it runs beside the others.
      var isBeside = false
      /// Options beside seeds and output directory; `{model}` is the address of the first case's model.
      var options: [String]
      /// Seconds after which it counts as hung.
      var patience = 600
    }

    /// How a run ended.
    struct End: Decodable {
      /// The exit code, or minus the number of the signal.
      var code: Int32
      /// The most memory that was resident, in bytes.
      var peak: Int
      /// Seconds.
      var cpu: Double
      var seconds: Double

      static func read(_ folder: Folder, _ name: String) throws -> End {
        try JSONDecoder().decode(
          End.self, from: Data(contentsOf: URL(filePath: folder(name + ".end"))))
      }
    }

    /// Starts the server, runs the program against it, run by run, and stops it.
    ///
    /// - Returns: what the driver said if it failed.
    static func play(_ runs: [Run], in folder: Folder) async throws -> String? {
      guard let server else { throw CocoaError(.fileNoSuchFile) }
      let plan = try JSONEncoder().encode(runs)
      try folder.write("runs.json", String(decoding: plan, as: UTF8.self))
      let driver = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "play.py")
      let process = try GossamerBinary.start(
        ["-rnm", "python3", driver.path, server.path, GossamerBinary.path, "runs.json"],
        in: folder, program: "/usr/bin/unshare")
      let end = await process.end()
      return end.code == 0 ? nil : "exit code \(end.code): \(end.errors)"
    }
  }
#endif
