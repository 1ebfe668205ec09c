public import Foundation

/// The world's conformance suites as data, where the machine has them.
public enum ConformanceData {
  /// What a test prints when it skips because the suites are not there.
  public static let absence =
    "conformance data not found: set GOSSAMER_CONFORMANCE to its folder to run this"

  /// The folder of the suites: `$GOSSAMER_CONFORMANCE`, or `shared/conformance` beside a parent of
  /// the package; nil where there is none.
  public static let directory: URL? = {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["GOSSAMER_CONFORMANCE"] { return existing(URL(filePath: named)) }
    return findUpwards("shared/conformance")
  }()

  /// Whether the suites are there.
  public static var isPresent: Bool { directory != nil }

  /// The bytes of a file of the suites.
  public static func bytes(_ path: String) throws -> Data {
    guard let directory else { throw CocoaError(.fileNoSuchFile) }
    return try Data(contentsOf: directory.appending(path: path))
  }

  /// A file of the suites decoded from JSON.
  public static func json<Value: Decodable>(
    _ path: String, as type: Value.Type = Value.self
  ) throws -> Value {
    try JSONDecoder().decode(type, from: bytes(path))
  }

  /// A folder of that name in a parent of this file's package, or nil.
  public static func findUpwards(_ name: String) -> URL? {
    var folder = URL(filePath: #filePath).deletingLastPathComponent()
    while folder.path != "/" {
      if let found = existing(folder.appending(path: name)) { return found }
      folder.deleteLastPathComponent()
    }
    return nil
  }

  private static func existing(_ url: URL) -> URL? {
    FileManager.default.fileExists(atPath: url.path) ? url : nil
  }
}
