import Foundation

/// Programs of the machine that a test may use.
enum Tools {
  /// Whether Python can import a module.
  static func has(python module: String) -> Bool {
    (try? status("python3", ["-c", "import \(module)"])) == 0
  }

  /// Runs a program found on the path and returns its exit code.
  static func status(_ program: String, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
