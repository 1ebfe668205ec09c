/// Punycode, without the `xn--`. Source: RFC 3492 §6, the names are its own.
enum Punycode {
  /// Longer labels are refused: the time is quadratic, and DNS allows 63 bytes.
  static let longestLabel = 2048

  static func encode(_ scalars: [UInt32]) -> [UInt8]? {
    guard scalars.count <= longestLabel else { return nil }
    var output = scalars.filter { $0 < initialN }.map { UInt8(truncatingIfNeeded: $0) }
    let basicCount = UInt64(output.count)
    var handled = basicCount
    if handled > 0 { output.append(UInt8(ascii: "-")) }
    var n = UInt64(initialN)
    var delta: UInt64 = 0
    var bias = initialBias
    while handled < scalars.count {
      guard let next = scalars.lazy.map(UInt64.init).filter({ $0 >= n }).min() else { return nil }
      delta += (next - n) * (handled + 1)
      n = next
      for scalar in scalars {
        if scalar < n { delta += 1 }
        guard scalar == n else { continue }
        var q = delta
        var k = base
        while true {
          let t = threshold(k, bias)
          if q < t { break }
          output.append(digit(t + (q - t) % (base - t)))
          q = (q - t) / (base - t)
          k += base
        }
        output.append(digit(q))
        bias = adapt(delta, handled + 1, isFirst: handled == basicCount)
        delta = 0
        handled += 1
      }
      delta += 1
      n += 1
    }
    return output
  }

  /// - Parameter label: ASCII.
  static func decode(_ label: ArraySlice<UInt32>) -> [UInt32]? {
    guard label.count <= longestLabel else { return nil }
    let delimiter = label.lastIndex(of: 0x2D)
    var output = delimiter.map { Array(label[..<$0]) } ?? []
    var input = delimiter.map { label[($0 + 1)...] } ?? label
    var n = UInt64(initialN)
    var i: UInt64 = 0
    var bias = initialBias
    while !input.isEmpty {
      let old = i
      var weight: UInt64 = 1
      var k = base
      while true {
        guard let next = input.popFirst(), let digit = value(next) else { return nil }
        i += digit * weight
        guard i <= UInt64(UInt32.max) else { return nil }
        let t = threshold(k, bias)
        if digit < t { break }
        weight *= base - t
        guard weight <= UInt64(UInt32.max) else { return nil }
        k += base
      }
      let length = UInt64(output.count) + 1
      bias = adapt(i - old, length, isFirst: old == 0)
      n += i / length
      i %= length
      guard n <= 0x10FFFF, !(0xD800...0xDFFF).contains(n) else { return nil }
      output.insert(UInt32(n), at: Int(i))
      i += 1
    }
    return output
  }

  private static let base: UInt64 = 36
  private static let tmin: UInt64 = 1
  private static let tmax: UInt64 = 26
  private static let skew: UInt64 = 38
  private static let damp: UInt64 = 700
  private static let initialBias: UInt64 = 72
  private static let initialN: UInt32 = 128

  private static func threshold(_ k: UInt64, _ bias: UInt64) -> UInt64 {
    k <= bias + tmin ? tmin : min(k - bias, tmax)
  }

  private static func adapt(_ delta: UInt64, _ points: UInt64, isFirst: Bool) -> UInt64 {
    var delta = isFirst ? delta / damp : delta / 2
    delta += delta / points
    var k: UInt64 = 0
    while delta > (base - tmin) * tmax / 2 {
      delta /= base - tmin
      k += base
    }
    return k + (base - tmin + 1) * delta / (delta + skew)
  }

  private static func digit(_ value: UInt64) -> UInt8 {
    UInt8(truncatingIfNeeded: value < 26 ? value + 0x61 : value - 26 + 0x30)
  }

  private static func value(_ scalar: UInt32) -> UInt64? {
    switch scalar {
    case 0x30...0x39: UInt64(scalar) - 0x30 + 26
    case 0x41...0x5A: UInt64(scalar) - 0x41
    case 0x61...0x7A: UInt64(scalar) - 0x61
    default: nil
    }
  }
}
