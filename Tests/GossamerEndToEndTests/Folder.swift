import Foundation

/// A folder of a test's own, removed with it.
struct Folder: Sendable {
  let url: URL

  var path: String { url.path }

  /// The path of something in it.
  func callAsFunction(_ name: String) -> String { url.appending(path: name).path }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: url.appending(path: name))
    return self(name)
  }

  /// Whether there is something of that name.
  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self(name)) }

  /// Runs `body` with a new folder.
  static func with<Result>(_ body: (Folder) async throws -> Result) async throws -> Result {
    let folder = Folder(
      url: FileManager.default.temporaryDirectory
        .appending(path: "gossamer-test-\(UUID().uuidString)"))
    try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder.url) }
    return try await body(folder)
  }
}
