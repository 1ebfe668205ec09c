import CZstd

/// Zstandard frames, skippable frames included. What follows the last frame and is none is ignored.
///
/// The window is limited to 8 MiB. Source: RFC 8878 §3; RFC 9659 (window of the HTTP coding).
final class ZstdStage: DecodingStage {
  private static let windowLogLimit: Int32 = 23
  private let state = ZSTD_createDCtx()
  private let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: scratchSize)
  private var first: [UInt8] = []
  private var framesDone = 0
  private var isInFrame = false
  private var frameHasOutput = false
  private var isIgnoring = false

  init() {
    if let state { ZSTD_DCtx_setParameter(state, ZSTD_d_windowLogMax, Self.windowLogLimit) }
  }

  deinit {
    ZSTD_freeDCtx(state)
    scratch.deallocate()
  }

  func decode(
    _ bytes: UnsafeBufferPointer<UInt8>, to sink: DecodedSink
  ) throws(ContentDecodingError) {
    guard let state else { throw .outOfMemory }
    if first.count < 4 {
      first.append(contentsOf: bytes.prefix(4 - first.count))
      if !Self.isFrameStart(first) { throw .notCoded(.zstd) }
    }
    var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
    var filledScratch = false
    while !isIgnoring && (input.pos < input.size || filledScratch) {
      var output = ZSTD_outBuffer(dst: scratch.baseAddress, size: scratchSize, pos: 0)
      let result = ZSTD_decompressStream(state, &output, &input)
      if output.pos > 0 {
        frameHasOutput = true
        try sink(UnsafeBufferPointer(rebasing: scratch.prefix(output.pos)))
      }
      if ZSTD_isError(result) != 0 { return try fail(result) }
      filledScratch = output.pos == scratchSize && result != 0
      isInFrame = result != 0
      if result == 0 {
        framesDone += 1
        frameHasOutput = false
      }
    }
  }

  func finish(to sink: DecodedSink) throws(ContentDecodingError) {
    if isIgnoring { return }
    if isInFrame || framesDone == 0 { throw .truncated(.zstd) }
  }

  private func fail(_ result: Int) throws(ContentDecodingError) {
    if czstd_is_window_error(result) != 0 { throw .windowTooLarge(.zstd) }
    let reason = String(cString: ZSTD_getErrorName(result))
    if framesDone > 0 && !frameHasOutput && reason.contains("frame descriptor") {
      isIgnoring = true
      return
    }
    if reason.contains("checksum") { throw .checksumMismatch(.zstd) }
    throw .corrupt(.zstd, reason: reason)
  }

  /// Whether these bytes can begin a frame or a skippable frame.
  private static func isFrameStart(_ bytes: [UInt8]) -> Bool {
    let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
    if frame.starts(with: bytes) { return true }
    let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18]
    var masked = bytes
    if !masked.isEmpty { masked[0] &= 0xF0 }
    return skippable.starts(with: masked)
  }
}
