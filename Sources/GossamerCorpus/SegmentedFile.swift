import Glibc

/// Bytes that a run which was cut short left behind its last commit.
public struct FileCut: Sendable, Equatable {
  /// The file's name.
  public var file: String
  /// How many bytes were cut; the whole file, if it came after the last committed one.
  public var bytes: Int

  /// A cut.
  public init(file: String, bytes: Int) {
    self.file = file
    self.bytes = bytes
  }
}

/// A family of files with numbers in their names, of which the last one grows. Records are never
/// split: a file that has reached its limit ends with a whole record and the next one begins.
public struct SegmentedFile: ~Copyable {
  /// The folder, with a slash at its end.
  public let folder: String
  /// What was cut when the family was opened, since no transaction vouches for it.
  public private(set) var cuts: [FileCut]
  private let prefix: String
  private let suffix: String
  private let limitInBytes: Int
  private var number: Int
  private var file: BufferedFile
  private let opening: @Sendable (_ name: String) -> [UInt8]

  /// Opens the last committed file, or the first one.
  ///
  /// - Parameters:
  ///   - committed: the number and length of the last file that a transaction vouches for; nil
  ///     starts anew.
  ///   - limitInBytes: a file takes no further record once it is this long.
  ///   - opening: bytes that begin every file, given its name.
  public init(
    folder: String, prefix: String, suffix: String, limitInBytes: Int,
    committed: (number: Int, length: Int)?,
    opening: @escaping @Sendable (_ name: String) -> [UInt8] = { _ in [] }
  ) throws(StoreError) {
    self.folder = folder
    self.prefix = prefix
    self.suffix = suffix
    self.limitInBytes = limitInBytes
    self.opening = opening
    number = committed?.number ?? 0
    let name = Self.name(prefix, number, suffix)
    var file = try BufferedFile(path: folder + name, committed: committed?.length ?? 0)
    let torn = file.cutBytes > 0 ? [FileCut(file: name, bytes: file.cutBytes)] : []
    if file.length == 0 { try file.append(opening(name)) }
    self.file = file
    cuts = torn + Self.removeUncommitted(folder, prefix, after: number, suffix)
  }

  /// A crash just after a rotation leaves files that no transaction vouches for; what they hold is
  /// fetched again, so they must not stay beside it.
  private static func removeUncommitted(
    _ folder: String, _ prefix: String, after number: Int, _ suffix: String
  ) -> [FileCut] {
    var cuts: [FileCut] = []
    var next = number + 1
    while true {
      let name = name(prefix, next, suffix)
      var facts = stat()
      guard stat(folder + name, &facts) == 0, unlink(folder + name) == 0 else { return cuts }
      cuts.append(FileCut(file: name, bytes: Int(facts.st_size)))
      next += 1
    }
  }

  /// The name of the file that grows.
  public var name: String { Self.name(prefix, number, suffix) }

  /// The number of the file that grows.
  public var currentNumber: Int { number }

  /// Bytes in the growing file once all that is pending is written.
  public var length: Int { file.length }

  /// Takes a whole record; it reaches the file in time, with ``synchronize()`` at once.
  ///
  /// - Returns: where it will be.
  public mutating func append(_ record: borrowing [UInt8]) throws(StoreError) -> PageRecord.Place {
    if length >= limitInBytes { try rotate() }
    let place = PageRecord.Place(file: name, offset: length, length: record.count)
    try file.append(record)
    return place
  }

  /// Writes what is pending and returns once it is on the device.
  public mutating func synchronize() throws(StoreError) {
    try file.synchronize()
  }

  private mutating func rotate() throws(StoreError) {
    try synchronize()
    number += 1
    file = try BufferedFile(path: folder + name, committed: 0)
    try file.append(opening(name))
  }

  private static func name(_ prefix: String, _ number: Int, _ suffix: String) -> String {
    let digits = String(number)
    return prefix + String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits + suffix
  }
}
