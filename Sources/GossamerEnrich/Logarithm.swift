extension Float {
  /// The natural logarithm of a positive finite number to about 1e-6, without the C library, so
  /// that it is the same everywhere.
  static func naturalLog(_ x: Float) -> Float {
    guard x > 0, x.isFinite else { return 0 }
    let exponent = Float(Int(x.exponent))
    // ln of a significand from 1 up to 2 by the series of artanh.
    let z = (x.significand - 1) / (x.significand + 1)
    let z2 = z * z
    let series = 1 + z2 * (1 / 3 + z2 * (1 / 5 + z2 * (1 / 7 + z2 * (1 / 9 + z2 / 11))))
    return exponent * 0.693_147_18 + 2 * z * series
  }
}
