import CBrotli

/// Brotli. Bytes after the end of the stream are ignored; the "large window" extension is off, so a
/// stream uses 16 MiB at most.
///
/// Source: RFC 7932.
final class BrotliStage: DecodingStage {
  private let state = BrotliDecoderCreateInstance(nil, nil, nil)
  private let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: scratchSize)
  private var first: [UInt8] = []
  private var hasOutput = false
  private var isDone = false

  deinit {
    if let state { BrotliDecoderDestroyInstance(state) }
    scratch.deallocate()
  }

  func decode(
    _ input: UnsafeBufferPointer<UInt8>, to sink: DecodedSink
  ) throws(ContentDecodingError) {
    guard let state else { throw .outOfMemory }
    if first.count < 32 { first.append(contentsOf: input.prefix(32 - first.count)) }
    var next = input.baseAddress
    var left = input.count
    while !isDone {
      var target = scratch.baseAddress
      var room = scratchSize
      let result = BrotliDecoderDecompressStream(state, &left, &next, &room, &target, nil)
      let made = scratchSize - room
      if made > 0 {
        hasOutput = true
        try sink(UnsafeBufferPointer(rebasing: scratch.prefix(made)))
      }
      switch result {
      case BROTLI_DECODER_RESULT_SUCCESS: isDone = true
      case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: continue
      case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT: return
      default: throw failure(state)
      }
    }
  }

  func finish(to sink: DecodedSink) throws(ContentDecodingError) {
    if isDone { return }
    throw !hasOutput && looksLikeText(first) ? .notCoded(.brotli) : .truncated(.brotli)
  }

  private func failure(_ state: OpaquePointer) -> ContentDecodingError {
    if !hasOutput && looksLikeText(first) { return .notCoded(.brotli) }
    let reason = BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state))
    return .corrupt(.brotli, reason: reason.map { String(cString: $0) } ?? "unknown")
  }
}
