import CZlib

/// A zlib inflate state with its own scratch buffer.
final class InflateStream {
  /// What zlib expects around the deflate data; the raw values are its window bits.
  enum Wrapper: Int32 {
    case gzip = 31
    case zlib = 15
    case none = -15
  }

  /// How a step ended.
  enum Step {
    case needsInput
    case streamEnd
    case failed(code: Int32, message: String)
  }

  private let stream: UnsafeMutablePointer<z_stream>
  private let scratch: UnsafeMutableBufferPointer<UInt8>
  private let isReady: Bool

  init(_ wrapper: Wrapper) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    scratch = .allocate(capacity: scratchSize)
    isReady = czlib_inflate_init(stream, wrapper.rawValue) == Z_OK
  }

  deinit {
    if isReady { inflateEnd(stream) }
    stream.deallocate()
    scratch.deallocate()
  }

  /// Makes ready for another stream.
  func reset() { if isReady { inflateReset(stream) } }

  /// Inflates until the input is used up or the stream ends. Gives back the unread input.
  func inflate(
    _ input: inout UnsafeBufferPointer<UInt8>, to sink: DecodedSink
  ) throws(ContentDecodingError) -> Step {
    guard isReady else { throw .outOfMemory }
    while true {
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = UInt32(clamping: input.count)
      let offered = Int(stream.pointee.avail_in)
      stream.pointee.next_out = scratch.baseAddress
      stream.pointee.avail_out = UInt32(scratchSize)
      let code = CZlib.inflate(stream, Z_NO_FLUSH)
      let used = offered - Int(stream.pointee.avail_in)
      let made = scratchSize - Int(stream.pointee.avail_out)
      input = UnsafeBufferPointer(rebasing: input.dropFirst(used))
      if made > 0 { try sink(UnsafeBufferPointer(rebasing: scratch.prefix(made))) }
      switch code {
      case Z_STREAM_END: return .streamEnd
      case Z_OK, Z_BUF_ERROR:
        if made == scratchSize { continue }  // more output may be waiting
        if input.isEmpty || (used == 0 && made == 0) { return .needsInput }
      default:
        return .failed(code: code, message: message(code))
      }
    }
  }

  private func message(_ code: Int32) -> String {
    if let text = stream.pointee.msg { return String(cString: text) }
    return code == Z_NEED_DICT ? "needs a dictionary" : "zlib error \(code)"
  }
}

extension ContentDecodingError {
  /// The error for what zlib says.
  static func inflating(_ coding: ContentCoding, _ message: String) -> ContentDecodingError {
    message == "incorrect data check" || message == "incorrect length check"
      ? .checksumMismatch(coding) : .corrupt(coding, reason: message)
  }
}
