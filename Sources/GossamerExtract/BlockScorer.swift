/// Judges blocks by their features. The seam where one classifier takes the place of another.
protocol BlockScorer: Sendable {
  /// For each row the log odds that the block is main content.
  func logits(of features: BlockFeatures) -> [Float]
}
