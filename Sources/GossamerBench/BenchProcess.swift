import Foundation

/// Another process of this program that says one line: what is measured in it is its alone.
struct BenchProcess {
  private let process = Process()
  private let output = Pipe()

  init(_ arguments: [String]) throws {
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments
    process.standardOutput = output
    try process.run()
  }

  /// Its first line, or nil if it says nothing.
  func line() -> String? {
    var line = Data()
    while let byte = try? output.fileHandleForReading.read(upToCount: 1), byte.first != 0x0A,
      !byte.isEmpty
    {
      line += byte
    }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  /// Its line once it has ended.
  func answer() -> String {
    let line = line()
    process.waitUntilExit()
    return line ?? "nothing said"
  }

  func stop() { process.terminate() }
}
