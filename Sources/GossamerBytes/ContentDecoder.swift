/// Removes the content codings of one body, piece by piece, never making more than a limit.
///
/// The limit is checked while decoding, for every layer: a bomb costs one scratch buffer over the
/// limit. Bytes after the end of a coded stream are ignored, as browsers do; further gzip members
/// and zstd frames are decoded. An error is final: every later call throws it again.
///
/// Source: RFC 9110 §8.4.
public struct ContentDecoder: ~Copyable {
  /// The stages in the order in which they run: the coding applied last comes first. Objects, since
  /// an array cannot hold values that must not be copied; they are never shared.
  private let stages: [any DecodingStage]
  private let limit: Int
  private let ratio: Int?
  private var inputCount = 0
  private var counts: [Int]
  private var failure: ContentDecodingError?

  /// A decoder for one body.
  ///
  /// - Parameters:
  ///   - codings: as `ContentCoding.parse` gives them; none passes everything through.
  ///   - limit: the greatest number of bytes any layer may give.
  ///   - ratio: the greatest number of bytes that any layer may give for each byte that came in, once
  ///     it has given `ContentDecoder.freeOfRatio` bytes; nil for any.
  public init(codings: [ContentCoding], limit: Int, ratio: Int? = nil) {
    stages = codings.reversed().map { coding in
      switch coding {
      case .gzip: GzipStage()
      case .deflate: DeflateStage()
      case .brotli: BrotliStage()
      case .zstd: ZstdStage()
      }
    }
    self.limit = limit
    self.ratio = ratio
    counts = Array(repeating: 0, count: max(1, codings.count))
  }

  /// Bytes that a layer may give whatever the ratio: short pages of few words pack well.
  public static let freeOfRatio = 2 << 20

  /// How many bytes have been decoded so far.
  public var decodedCount: Int { counts[counts.count - 1] }

  /// Decodes the next piece of the body and appends what it gives to `output`.
  public mutating func decode(
    _ chunk: borrowing [UInt8], into output: inout [UInt8]
  ) throws(ContentDecodingError) {
    if let failure { throw failure }
    inputCount += chunk.count
    do {
      try chunk.withUnsafeBufferPointer { (bytes) throws(ContentDecodingError) in
        try run(0, bytes, into: &output)
      }
    } catch {
      failure = error
      throw error
    }
  }

  /// Tells the decoder that the body is over.
  ///
  /// - Throws: `truncated` when a coded stream is not; an empty coded body counts as truncated, too.
  public mutating func finish(into output: inout [UInt8]) throws(ContentDecodingError) {
    if let failure { throw failure }
    do {
      for index in stages.indices {
        try stages[index].finish { (piece) throws(ContentDecodingError) in
          try accept(piece, from: index, into: &output)
        }
      }
    } catch {
      failure = error
      throw error
    }
  }

  /// Decodes a whole body that is already here; an error comes with what was decoded before it.
  public static func decode(
    _ bytes: [UInt8], codings: [ContentCoding], limit: Int
  ) -> (bytes: [UInt8], error: ContentDecodingError?) {
    if codings.isEmpty && bytes.count <= limit { return (bytes, nil) }
    var decoder = ContentDecoder(codings: codings, limit: limit)
    var output: [UInt8] = []
    do throws(ContentDecodingError) {
      try decoder.decode(bytes, into: &output)
      try decoder.finish(into: &output)
      return (output, nil)
    } catch {
      return (output, error)
    }
  }

  private mutating func run(
    _ index: Int, _ bytes: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]
  ) throws(ContentDecodingError) {
    guard index < stages.count else {
      if stages.isEmpty { return try accept(bytes, from: 0, into: &output) }
      output.append(contentsOf: bytes)
      return
    }
    try stages[index].decode(bytes) { (piece) throws(ContentDecodingError) in
      try accept(piece, from: index, into: &output)
    }
  }

  /// Counts what a stage gave and hands it to the next one, or to the output.
  private mutating func accept(
    _ piece: UnsafeBufferPointer<UInt8>, from index: Int, into output: inout [UInt8]
  ) throws(ContentDecodingError) {
    let room = allowance - counts[index]
    let kept = UnsafeBufferPointer(rebasing: piece.prefix(room))
    counts[index] += kept.count
    if index + 1 < stages.count {
      try run(index + 1, kept, into: &output)
    } else {
      output.append(contentsOf: kept)
    }
    if piece.count > room { throw .limitExceeded(limit: limit) }
  }

  /// How many bytes a layer may have given by now.
  private var allowance: Int {
    guard let ratio else { return limit }
    let (product, overflows) = inputCount.multipliedReportingOverflow(by: ratio)
    return overflows ? limit : min(limit, max(Self.freeOfRatio, product))
  }
}

/// Where a stage puts what it has decoded.
typealias DecodedSink = (UnsafeBufferPointer<UInt8>) throws(ContentDecodingError) -> Void

/// One layer of decoding. Owns a C stream, frees it when it goes.
protocol DecodingStage: AnyObject {
  /// Decodes all of `input`.
  func decode(
    _ input: UnsafeBufferPointer<UInt8>, to sink: DecodedSink
  ) throws(ContentDecodingError)
  /// Says that no more comes.
  func finish(to sink: DecodedSink) throws(ContentDecodingError)
}

/// The buffer a stage decodes into before it hands bytes on.
let scratchSize = 64 * 1024
