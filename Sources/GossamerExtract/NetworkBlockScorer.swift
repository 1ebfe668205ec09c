internal import Glibc

/// A small neural network: one hidden layer between a block's features and its log odds.
///
/// Weights are those of `BlockWeights`, made offline by `Training/train_block_scorer.py`.
struct NetworkBlockScorer: BlockScorer {
  /// The network that ships.
  static let standard = NetworkBlockScorer(
    hidden: BlockWeights.hidden, weights: BlockWeights.weights)

  /// Units of the hidden layer; a multiple of 8.
  private let hidden: Int
  /// A row of `hidden` weights for each feature.
  private let input: [Float]
  private let bias: [Float]
  private let output: [Float]
  private let outputBias: Float

  /// - Parameter weights: rows of the input layer, biases, output weights, bias of the output.
  init(hidden: Int, weights: [Float]) {
    let inputCount = BlockFeatures.names.count * hidden
    precondition(weights.count == inputCount + 2 * hidden + 1, "weights fit the features")
    self.hidden = hidden
    input = Array(weights[..<inputCount])
    bias = Array(weights[inputCount..<inputCount + hidden])
    output = Array(weights[inputCount + hidden..<inputCount + 2 * hidden])
    outputBias = weights[inputCount + 2 * hidden]
  }

  func logits(of features: BlockFeatures) -> [Float] {
    var logits: [Float] = []
    logits.reserveCapacity(features.rowCount)
    features.values.withUnsafeBufferPointer { values in
      input.withUnsafeBufferPointer { weights in
        for row in 0..<features.rowCount {
          logits.append(logit(values, row * features.columnCount, features.columnCount, weights))
        }
      }
    }
    return logits
  }

  private func logit(
    _ values: UnsafeBufferPointer<Float>, _ start: Int, _ columns: Int,
    _ weights: UnsafeBufferPointer<Float>
  ) -> Float {
    var sum = outputBias
    for first in stride(from: 0, to: hidden, by: 8) {
      var units = SIMD8<Float>(bias[first..<first + 8])
      for column in 0..<columns {
        let value = values[start + column]
        // Half of the features are 0 on most blocks.
        guard value != 0 else { continue }
        let row = UnsafeRawPointer(weights.baseAddress.unsafelyUnwrapped + column * hidden + first)
        units += value * row.loadUnaligned(as: SIMD8<Float>.self)
      }
      units.replace(with: 0, where: units .< 0)
      sum += (units * SIMD8<Float>(output[first..<first + 8])).sum()
    }
    return sum
  }
}
