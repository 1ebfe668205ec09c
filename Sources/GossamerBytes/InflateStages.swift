/// Gzip: any number of members; what follows the last one and is no member is ignored.
///
/// Source: RFC 1952 §2.2.
final class GzipStage: DecodingStage {
  private enum Phase {
    /// Before a member: so many bytes of its two magic bytes were seen.
    case magic(seen: Int)
    case member
    /// After the last member.
    case ignoring
  }

  private static let magic: [UInt8] = [0x1F, 0x8B]
  private let stream = InflateStream(.gzip)
  private var phase = Phase.magic(seen: 0)
  private var membersDone = 0
  private var hasOutput = false

  func decode(
    _ input: UnsafeBufferPointer<UInt8>, to sink: DecodedSink
  ) throws(ContentDecodingError) {
    var rest = input
    while !rest.isEmpty {
      switch phase {
      case .ignoring: return
      case .magic(let seen):
        guard rest[0] == Self.magic[seen] else { return try refuse() }
        rest = UnsafeBufferPointer(rebasing: rest.dropFirst())
        if seen == 0 {
          phase = .magic(seen: 1)
        } else {
          try startMember(to: sink)
        }
      case .member: try inflate(&rest, to: sink)
      }
    }
  }

  func finish(to sink: DecodedSink) throws(ContentDecodingError) {
    switch phase {
    case .member: throw .truncated(.gzip)
    case .magic where membersDone == 0: throw .truncated(.gzip)
    default: break
    }
  }

  /// The next bytes are no gzip member.
  private func refuse() throws(ContentDecodingError) {
    if membersDone == 0 { throw .notCoded(.gzip) }
    phase = .ignoring
  }

  private func startMember(to sink: DecodedSink) throws(ContentDecodingError) {
    if membersDone > 0 { stream.reset() }
    hasOutput = false
    phase = .member
    try Self.magic.withUnsafeBufferPointer { (bytes) throws(ContentDecodingError) in
      var magic = bytes
      _ = try stream.inflate(&magic, to: sink)
    }
  }

  private func inflate(
    _ rest: inout UnsafeBufferPointer<UInt8>, to sink: DecodedSink
  ) throws(ContentDecodingError) {
    let step = try stream.inflate(&rest) { (piece) throws(ContentDecodingError) in
      hasOutput = true
      try sink(piece)
    }
    switch step {
    case .needsInput: break
    case .streamEnd:
      membersDone += 1
      phase = .magic(seen: 0)
    case .failed(_, let message):
      // Garbage after a member can begin with the magic bytes by chance.
      if membersDone > 0 && !hasOutput && message.contains("header") {
        phase = .ignoring
      } else {
        throw .inflating(.gzip, message)
      }
    }
  }
}

/// The HTTP coding "deflate": a zlib stream by the standard, a bare deflate stream from some servers.
///
/// Source: RFC 9110 §8.4.1.2 and the note in it.
final class DeflateStage: DecodingStage {
  private var stream: InflateStream?
  private var first: [UInt8] = []
  private var hasOutput = false
  private var isDone = false

  func decode(
    _ input: UnsafeBufferPointer<UInt8>, to sink: DecodedSink
  ) throws(ContentDecodingError) {
    guard !isDone, !input.isEmpty else { return }
    if let stream { return try inflate(stream, input, to: sink) }
    first.append(contentsOf: input)
    if first.count >= 2 { try start(to: sink) }
  }

  func finish(to sink: DecodedSink) throws(ContentDecodingError) {
    if stream == nil && !first.isEmpty { try start(to: sink) }
    if !isDone { throw .truncated(.deflate) }
  }

  /// Looks at the first bytes to tell zlib from bare deflate.
  private func start(to sink: DecodedSink) throws(ContentDecodingError) {
    let started = InflateStream(hasZlibHeader ? .zlib : .none)
    stream = started
    let bytes = first
    first = Array(bytes.prefix(32))
    try bytes.withUnsafeBufferPointer { (buffer) throws(ContentDecodingError) in
      try inflate(started, buffer, to: sink)
    }
  }

  private var hasZlibHeader: Bool {
    guard first.count >= 2 else { return false }
    let head = UInt16(first[0]) << 8 | UInt16(first[1])
    return first[0] & 0x0F == 8 && first[0] >> 4 <= 7 && head % 31 == 0
  }

  private func inflate(
    _ stream: InflateStream, _ input: UnsafeBufferPointer<UInt8>, to sink: DecodedSink
  ) throws(ContentDecodingError) {
    var rest = input
    let step = try stream.inflate(&rest) { (piece) throws(ContentDecodingError) in
      hasOutput = true
      try sink(piece)
    }
    switch step {
    case .needsInput: break
    case .streamEnd: isDone = true
    case .failed(_, let message):
      if !hasOutput && looksLikeText(first) { throw .notCoded(.deflate) }
      throw .inflating(.deflate, message)
    }
  }
}

/// Whether the first bytes of a body are rather a page or JSON than a coded stream.
func looksLikeText(_ bytes: [UInt8]) -> Bool {
  let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  let ahead = bytes.dropFirst(start).prefix(32)
  let isPrintable = ahead.allSatisfy { $0 >= 0x20 || (0x09...0x0D).contains($0) }
  let opening = ahead.first { $0 > 0x20 }
  return isPrintable && (opening == 0x3C || opening == 0x7B || opening == 0x5B)  // < { [
}
