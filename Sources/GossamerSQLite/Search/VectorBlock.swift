/// Vectors in a row, of one model: what a search looks at without reading anything else.
///
/// A component is one byte: of a vector's own scale, 1/127 of its largest component. That is four times
/// less to read than the exact floats, which stay in the file of vectors; the best of a search are
/// compared by those.
struct VectorBlock {
  /// How many are in a full block.
  static let capacity = 2_048
  /// The most components of a vector.
  static let mostDimensions = 8_192

  var digests: [Int32] = []
  var starts: [Int32] = []
  var ends: [Int32] = []
  /// Where their lines are in the file of vectors.
  var lines: [Int64] = []
  var lengths: [Int32] = []
  var scales: [Float] = []
  var components: [Int8] = []

  var count: Int { digests.count }

  mutating func append(
    _ vector: [Float], digest: Int64, range: Range<Int>, line: Int, length: Int
  ) {
    digests.append(Int32(truncatingIfNeeded: digest))
    starts.append(Int32(truncatingIfNeeded: range.lowerBound))
    ends.append(Int32(truncatingIfNeeded: range.upperBound))
    lines.append(Int64(line))
    lengths.append(Int32(truncatingIfNeeded: length))
    let largest = vector.reduce(0) { max($0, $1.magnitude) }
    let scale = largest > 0 ? largest / 127 : 1
    scales.append(scale)
    components.append(contentsOf: vector.lazy.map { Int8(($0 / scale).rounded()) })
  }

  static func bytes<Number: BitwiseCopyable>(_ numbers: [Number]) -> [UInt8] {
    numbers.withUnsafeBytes { Array($0) }
  }
}

/// A query's vector, made ready to be compared with many.
struct QueryVector {
  let exact: [Float]
  /// Components as whole numbers of `scale`. The sum of 8,192 products with a byte stays below 2^31.
  private let components: [Int16]
  private let scale: Float

  init(_ vector: [Float]) {
    exact = vector
    let largest = vector.reduce(0) { max($0, $1.magnitude) }
    let scale = largest > 0 ? largest / 2_047 : 1
    self.scale = scale
    components = vector.map { Int16(($0 / scale).rounded()) }
  }

  /// Hands on the product with each of some vectors in a row.
  @inline(__always)
  func products(
    with vectors: UnsafeBufferPointer<Int8>, scales: UnsafeBufferPointer<Float>,
    where isWanted: (Int) -> Bool, _ body: (_ index: Int, _ product: Float) -> Void
  ) {
    let width = components.count
    components.withUnsafeBufferPointer { query in
      guard let query = query.baseAddress, let base = vectors.baseAddress,
        vectors.count >= scales.count * width
      else { return }
      for index in 0..<scales.count where isWanted(index) {
        let product = Self.product(base + index * width, query, width)
        body(index, Float(product) * scales[index] * scale)
      }
    }
  }

  /// Written so that the compiler makes it a loop over many components at a time.
  @inline(__always)
  private static func product(
    _ vector: UnsafePointer<Int8>, _ query: UnsafePointer<Int16>, _ width: Int
  ) -> Int32 {
    var sum: Int32 = 0
    for index in 0..<width {
      sum &+= Int32(Int16(vector[index])) &* Int32(query[index])
    }
    return sum
  }

  /// The product with an exact vector, which for vectors of length 1 is the cosine.
  func product(with vector: [Float]) -> Float {
    zip(exact, vector).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
