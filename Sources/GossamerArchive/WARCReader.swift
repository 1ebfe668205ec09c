import GossamerBytes

/// Reads the records of a WARC file, plain or gzipped, one by one; of old ARC files, too.
///
/// Goes on after damage: a broken gzip member, a wrong length, bytes that belong to no record. What
/// was wrong stands in `damages`. Memory is bounded by one block and one window.
public struct WARCReader {
  /// Gives bytes of the file from an offset on: at most `count`, and none only at the end.
  public typealias Source = (_ offset: Int, _ count: Int) throws -> [UInt8]

  /// Something that should not be in the file.
  public struct Damage: Sendable, Equatable, CustomStringConvertible {
    /// Where it was noticed: an offset in the file.
    public let offset: Int
    /// What it is.
    public let reason: String

    /// "1234: gzip member is damaged".
    public var description: String { "\(offset): \(reason)" }
  }

  /// How much of a block is kept; the rest is passed over and noted.
  public let blockLimit: Int
  /// What was wrong so far. A list of at most 1,000; `damageCount` counts on.
  public private(set) var damages: [Damage] = []
  /// How much was wrong so far.
  public private(set) var damageCount = 0

  private var stream: WARCByteStream
  private var isARC = false

  private static let headLimit = 1 << 20

  /// A reader over a file that is already in memory.
  public init(bytes: [UInt8], blockLimit: Int = 64 << 20) {
    self.init(blockLimit: blockLimit) { offset, count in
      Array(bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)])
    }
  }

  /// A reader over a file that is read piece by piece.
  public init(blockLimit: Int = 64 << 20, reading source: @escaping Source) {
    self.blockLimit = blockLimit
    stream = WARCByteStream(source: source)
  }

  /// The next record, or nil at the end of the file.
  ///
  /// - Throws: only what the source throws.
  public mutating func next() throws -> WARCEntry? {
    while try skipToRecord() {
      let start = stream.fileOffset
      if !stream.isAtMemberStart { note(start, "a gzip member holds several records") }
      if let head = try takeHead() {
        let entry = try takeBlock(of: head, from: start)
        collectStreamDamage()
        return entry
      }
    }
    collectStreamDamage()
    return nil
  }

  // MARK: Finding the next record

  /// Passes over blank lines, and over anything else with a note. False at the end.
  private mutating func skipToRecord() throws -> Bool {
    var skipped: (offset: Int, count: Int)?
    while try stream.ensure(1) || stream.resume() {
      guard try stream.ensure(1) else { continue }
      if stream.byte == 0x0A || stream.byte == 0x0D {
        stream.advance(1)
        continue
      }
      if try isRecordStart() {
        if let skipped { note(skipped.offset, "\(skipped.count) bytes belong to no record") }
        return true
      }
      let before = skipped ?? (stream.fileOffset, 0)
      skipped = (before.offset, before.count + (try skipLine()))
    }
    if let skipped { note(skipped.offset, "\(skipped.count) bytes belong to no record") }
    return false
  }

  private mutating func isRecordStart() throws -> Bool {
    _ = try stream.ensure(11)
    if stream.starts(with: "WARC/0.") || stream.starts(with: "WARC/1.") { return true }
    return isARC || stream.starts(with: "filedesc://")
  }

  /// Passes over lines up to an empty one, which stays. Tells how many bytes.
  private mutating func skipParagraph() throws -> Int {
    var count = 0
    while try stream.ensure(1), stream.byte != 0x0A, stream.byte != 0x0D { count += try skipLine() }
    return count
  }

  private mutating func skipLine() throws -> Int {
    var count = 0
    while try stream.ensure(1) {
      let byte = stream.byte
      stream.advance(1)
      count += 1
      if byte == 0x0A { break }
    }
    return count
  }

  // MARK: Head

  private mutating func takeHead() throws -> WARCHead? {
    let isWARC = stream.starts(with: "WARC/")
    var lines: [[UInt8]] = []
    var size = 0
    let start = stream.fileOffset
    while let line = try stream.takeLine(limit: Self.headLimit) {
      size += line.whole
      if line.text.isEmpty || size > Self.headLimit { break }
      lines.append(line.text)
      if !isWARC { break }
    }
    guard size <= Self.headLimit else {
      note(start, "head is larger than \(Self.headLimit) bytes")
      return nil
    }
    let head = isWARC ? WARCHead(lines: lines, size: size) : WARCHead(arcLine: lines.first ?? [])
    guard var head else {
      note(start, "head cannot be read")
      return nil
    }
    head.size = size
    isARC = isARC || !isWARC
    return head
  }

  // MARK: Block

  private mutating func takeBlock(of head: WARCHead, from start: Int) throws -> WARCEntry {
    let sizes = head.contentLengths
    var problem: String?
    if sizes.count != 1 || sizes[0] == nil { problem = "no usable length" }
    let wanted = (sizes.first ?? nil) ?? 0
    var head = head
    if head.isOpenARCHeader { head.size += try skipParagraph() }
    let kept = try stream.take(min(wanted, blockLimit))
    let passedOver = try stream.skip(
      wanted - kept.count, after: kept.count == min(wanted, blockLimit))
    if kept.count + passedOver < wanted {
      problem = "block ends after \(kept.count + passedOver) of \(wanted) bytes"
    } else if passedOver > 0 {
      problem = "block is cut after \(kept.count) of \(wanted) bytes"
    }
    if let problem { note(start, problem) }
    let length = try stream.recordLength(
      from: start, plainLength: head.size + kept.count + passedOver)
    return WARCEntry(
      offset: start, length: length, version: head.version, fields: head.fields, block: kept,
      problem: problem)
  }

  private mutating func note(_ offset: Int, _ reason: String) {
    damageCount += 1
    if damages.count < 1000 { damages.append(Damage(offset: offset, reason: reason)) }
  }

  private mutating func collectStreamDamage() {
    for damage in stream.takeDamage() { note(damage.offset, damage.reason) }
  }
}
