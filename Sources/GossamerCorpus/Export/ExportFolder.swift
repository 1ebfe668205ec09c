import Foundation
import GossamerFlow

/// Where an export grows until it is whole: a folder beside its final place, which is put there in one
/// step. Nobody ever sees a part of an export under its name.
struct ExportFolder {
  /// The folder that grows.
  let path: String
  private let target: String
  private let isFolder: Bool
  private let replaces: Bool

  /// The file by which a folder is known to be an export.
  static let manifestName = "export.json"

  /// Makes the folder.
  ///
  /// - Parameters:
  ///   - target: the final place.
  ///   - isFolder: whether a folder or one file will be there.
  ///   - replaces: whether an earlier export there may go.
  /// - Throws: `ExportError` where something stands in the way.
  init(target: String, isFolder: Bool, replaces: Bool) throws {
    var target = target
    while target.count > 1, target.hasSuffix("/") {
      // A slash at its end names a folder, whatever the user was told.
      guard isFolder else { throw Self.inTheWay(target, "is the name of a folder", of: "a file") }
      target.removeLast()
    }
    self.target = target
    self.isFolder = isFolder
    self.replaces = replaces
    path = "\(target).partial-\(getpid())"
    try checkTarget()
    try Self.make(path)
  }

  private func checkTarget() throws {
    var facts = stat()
    guard stat(target, &facts) == 0 else { return }
    guard replaces else {
      throw ExportError(
        message: "\(target) is there already", advice: "choose another --output, or give --force")
    }
    let hasFolder = facts.st_mode & S_IFMT == S_IFDIR
    guard isFolder else {
      if hasFolder { throw Self.inTheWay(target, "is a folder", of: "a file") }
      return
    }
    guard hasFolder else { throw Self.inTheWay(target, "is a file", of: "a folder") }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: target)) ?? [""]
    guard names.isEmpty || names.contains(Self.manifestName) else {
      throw ExportError(
        message: "\(target) holds something else than an export",
        advice: "choose another --output; nothing was removed")
    }
  }

  private static func inTheWay(_ target: String, _ what: String, of wanted: String) -> ExportError {
    ExportError(
      message: "\(target) \(what) and this export is \(wanted)", advice: "choose another --output")
  }

  /// Puts the export to its place.
  ///
  /// - Parameter file: the name of the one file, where it is one.
  func commit(file: String?) throws {
    try checkTarget()
    let old = "\(path)-old"
    if isFolder, rename(target, old) != 0, errno != ENOENT {
      throw StoreError(operation: "replace", path: target, code: errno)
    }
    guard rename(file.map { "\(path)/\($0)" } ?? path, target) == 0 else {
      let code = errno
      if isFolder { _ = rename(old, target) }
      throw StoreError(operation: "put in place", path: target, code: code)
    }
    for rest in [path, old] { try? FileManager.default.removeItem(atPath: rest) }
  }

  /// Removes what there is of the export.
  func discard() { try? FileManager.default.removeItem(atPath: path) }

  /// Makes a folder and those above it.
  static func make(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw StoreError(
        kind: .storeIO, message: "cannot make \(path): \(error.localizedDescription)",
        advice: "choose a place you may write to with --output")
    }
  }
}
