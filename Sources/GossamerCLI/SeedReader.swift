import Foundation
import Gossamer

/// Reads what the user named as seeds: URLs, files, or standard input.
enum SeedReader {
  /// - Throws: `CommandFailure` naming the file and line at fault.
  static func read(_ arguments: [String]) throws -> SeedList {
    guard !arguments.isEmpty else {
      throw CommandFailure(.usage, "no seeds: give a seed file, a URL, or - for standard input")
    }
    var seeds = SeedList()
    for argument in arguments {
      do {
        if argument.contains("://") {
          try seeds.add(url: argument)
        } else {
          try seeds.add(contentsOf: bytes(of: argument), file: argument == "-" ? "stdin" : argument)
        }
      } catch let error as SeedError {
        throw CommandFailure(.usage, error.description)
      }
    }
    guard !seeds.seeds.isEmpty else {
      throw CommandFailure(
        .usage, "no seed in \(arguments.joined(separator: ", ")): write one URL a line")
    }
    return seeds
  }

  /// A whole file as text.
  static func text(of path: String) throws -> String {
    String(decoding: try bytes(of: path), as: UTF8.self)
  }

  private static func bytes(of path: String) throws -> Data {
    if path == "-" { return FileHandle.standardInput.readDataToEndOfFile() }
    do {
      return try Data(contentsOf: URL(filePath: path))
    } catch {
      let reason =
        FileManager.default.fileExists(atPath: path)
        ? "the file cannot be read" : "there is no such file"
      throw CommandFailure(
        .usage,
        "\(reason) (\(path)): check the path; a URL begins with https://")
    }
  }
}
