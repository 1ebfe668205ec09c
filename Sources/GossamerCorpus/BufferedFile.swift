/// A growing file with a buffer of whole records in front of it.
public struct BufferedFile: ~Copyable {
  private var file: AppendFile
  private var pending: [UInt8] = []
  private static let writeSize = 1 << 20

  /// Opens or makes the file and cuts everything beyond `committed`.
  public init(path: String, committed: Int?) throws(StoreError) {
    file = try AppendFile(path: path, committed: committed)
  }

  /// Bytes in the file once all that is pending is written.
  public var length: Int { file.length + pending.count }

  /// Bytes beyond the committed end that were cut when it was opened.
  public var cutBytes: Int { file.cutBytes }

  /// Takes a record; it reaches the file with the next ``write()`` or when enough is pending.
  public mutating func append(_ record: borrowing [UInt8]) throws(StoreError) {
    record.withUnsafeBufferPointer { pending.append(contentsOf: $0) }
    if pending.count >= Self.writeSize { try write() }
  }

  /// Hands what is pending to the kernel.
  public mutating func write() throws(StoreError) {
    guard !pending.isEmpty else { return }
    try file.append(pending)
    pending.removeAll(keepingCapacity: true)
  }

  /// Writes what is pending and returns once it is on the device.
  public mutating func synchronize() throws(StoreError) {
    try write()
    try file.synchronize()
  }
}
