import GossamerBytes

/// The uncompressed bytes of a file, with the way back to offsets in the file.
///
/// Where a gzip member is damaged the stream ends early: `ensure` fails until `resume` lets it pass to
/// the next member, so a record never takes in bytes of another one.
struct WARCByteStream {
  private let source: WARCReader.Source
  private let windowSize = 64 * 1024

  /// Bytes of the file not yet decoded, and their place.
  private var raw: [UInt8] = []
  private var rawUsed = 0
  private var rawOffset = 0
  private var isAtEnd = false

  /// Decoded bytes not yet taken.
  private var plain: [UInt8] = []
  private var plainUsed = 0
  /// How many decoded bytes came before `plain[0]`.
  private var plainBase = 0
  /// Where members begin: position in the decoded bytes, offset in the file.
  private var members: [(position: Int, offset: Int)] = []
  private var gzip: GzipMemberReader?
  private var isInMember = false
  private var hasStarted = false
  private var isBroken = false
  private var damage: [WARCReader.Damage] = []

  init(source: @escaping WARCReader.Source) {
    self.source = source
  }

  /// The next byte; `ensure(1)` must have said yes.
  var byte: UInt8 { plain[plainUsed] }

  /// Where the next byte lies in the file; for gzip, where its member begins.
  var fileOffset: Int {
    guard gzip != nil else { return plainBase + plainUsed }
    let position = plainBase + plainUsed
    return members.last { $0.position <= position }?.offset ?? rawOffset + rawUsed
  }

  mutating func takeDamage() -> [WARCReader.Damage] {
    defer { damage = [] }
    return damage
  }

  /// Whether the next byte is the first of a gzip member; true for plain files.
  var isAtMemberStart: Bool {
    let position = plainBase + plainUsed
    return gzip == nil || members.contains { $0.position == position }
  }

  /// Goes on behind a damaged stretch. False where there is none.
  mutating func resume() -> Bool {
    defer { isBroken = false }
    return isBroken
  }

  // MARK: Taking

  func starts(with text: StaticString) -> Bool {
    let rest = plain[plainUsed...]
    return text.withUTF8Buffer { rest.starts(with: $0) }
  }

  mutating func advance(_ count: Int) {
    plainUsed += count
    if plainUsed > windowSize && plainUsed * 2 > plain.count {
      plain.removeFirst(plainUsed)
      plainBase += plainUsed
      plainUsed = 0
      let keep = members.lastIndex { $0.position <= plainBase } ?? 0
      members.removeFirst(keep)
    }
  }

  /// Whether so many bytes are ready, reading on as needed.
  mutating func ensure(_ count: Int) throws -> Bool {
    while plain.count - plainUsed < count {
      if !(try fill()) { return false }
    }
    return true
  }

  /// The next line without its line end, and its size with it; nil at the end.
  mutating func takeLine(limit: Int) throws -> (text: [UInt8], whole: Int)? {
    var searched = 0
    while true {
      let rest = plain[(plainUsed + searched)...]
      if let end = rest.firstIndex(of: 0x0A) {
        var text = plain[plainUsed..<end]
        let whole = text.count + 1
        if text.last == 0x0D { text.removeLast() }
        let line = Array(text)
        advance(whole)
        return (line, whole)
      }
      searched = plain.count - plainUsed
      let hasMore = try searched <= limit && ensure(searched + 1)
      if !hasMore {
        guard searched > 0 else { return nil }
        let line = Array(plain[plainUsed..<(plainUsed + searched)])
        advance(searched)
        return (line, searched)
      }
    }
  }

  /// Up to so many bytes; fewer only where the file or an undamaged stretch of it ends.
  mutating func take(_ count: Int) throws -> [UInt8] {
    var taken: [UInt8] = []
    while taken.count < count, try ensure(1) {
      let piece = min(count - taken.count, plain.count - plainUsed)
      taken += plain[plainUsed..<(plainUsed + piece)]
      advance(piece)
    }
    return taken
  }

  /// Passes over up to so many bytes; none where the bytes before were not all there.
  mutating func skip(_ count: Int, after isWhole: Bool) throws -> Int {
    guard isWhole else { return 0 }
    var skipped = 0
    while skipped < count, try ensure(1) {
      let piece = min(count - skipped, plain.count - plainUsed)
      advance(piece)
      skipped += piece
    }
    return skipped
  }

  /// How long a record is in the file that began at `start` and ends here: for gzip up to the end
  /// of its member.
  mutating func recordLength(from start: Int, plainLength: Int) throws -> Int {
    guard gzip != nil else { return plainLength }
    // Take in the line ends that close the record, so that its member ends.
    while try ensure(1), members.last?.offset == start, byte == 0x0D || byte == 0x0A {
      advance(1)
    }
    if let next = members.first(where: { $0.offset > start }) { return next.offset - start }
    return (isInMember ? rawOffset + rawUsed : memberEnd) - start
  }

  private var memberEnd = 0

  // MARK: Filling

  /// Decodes some more. False at the end of the file.
  private mutating func fill() throws -> Bool {
    guard !isBroken else { return false }
    let before = plain.count
    while plain.count == before {
      if rawUsed == raw.count, !(try load()) {
        if isInMember {
          damage.append(.init(offset: members.last?.offset ?? 0, reason: "gzip member is cut off"))
          isInMember = false
          memberEnd = rawOffset + rawUsed
        }
        return false
      }
      if !hasStarted {
        hasStarted = true
        if raw.starts(with: [0x1F, 0x8B]) { gzip = GzipMemberReader() }
      }
      guard let gzip else {
        plain += raw[rawUsed...]
        rawUsed = raw.count
        continue
      }
      if !isInMember, !(try startMember(gzip)) { continue }
      inflate(gzip)
      if isBroken { return plain.count > before }
    }
    return true
  }

  private mutating func inflate(_ gzip: GzipMemberReader) {
    // Small steps keep a member that blows up from filling the memory at once.
    let step = raw[rawUsed..<min(raw.count, rawUsed + 8 * 1024)]
    let (taken, outcome) = gzip.inflate(step, into: &plain)
    rawUsed += taken
    switch outcome {
    case .needsInput: break
    case .memberEnd:
      isInMember = false
      memberEnd = rawOffset + rawUsed
    case .failed(let message):
      let offset = members.last?.offset ?? 0
      damage.append(.init(offset: offset, reason: "gzip member is damaged: \(message)"))
      isInMember = false
      memberEnd = rawOffset + rawUsed
      isBroken = true
    }
  }

  /// Finds the next member and enters it. False when more must be loaded.
  private mutating func startMember(_ gzip: GzipMemberReader) throws -> Bool {
    while raw.count - rawUsed < 4 {
      if !(try load()) {
        rawUsed = raw.count
        return false
      }
    }
    let start = raw[rawUsed...].indices.first { isMemberStart($0) }
    guard let start else {
      noteGap(to: raw.count - 3)
      rawUsed = raw.count - 3
      return false
    }
    noteGap(to: start)
    rawUsed = start
    gzip.reset()
    isInMember = true
    members.append((plainBase + plain.count, rawOffset + start))
    return true
  }

  private func isMemberStart(_ index: Int) -> Bool {
    index + 3 < raw.count && raw[index] == 0x1F && raw[index + 1] == 0x8B && raw[index + 2] == 8
      && raw[index + 3] & 0xE0 == 0
  }

  private mutating func noteGap(to index: Int) {
    guard index > rawUsed else { return }
    damage.append(.init(offset: rawOffset + rawUsed, reason: "bytes between gzip members"))
  }

  /// Reads another window, keeping what is left of the last. False at the end of the file.
  private mutating func load() throws -> Bool {
    guard !isAtEnd else { return false }
    let piece = try source(rawOffset + raw.count, windowSize)
    isAtEnd = piece.isEmpty
    rawOffset += rawUsed
    raw.removeFirst(rawUsed)
    rawUsed = 0
    raw += piece
    return !piece.isEmpty
  }
}
