/// A set of ASCII bytes in two words, bit n for byte n. Bytes from 0x80 up are in every set, as the
/// standard's percent-encode sets have it.
///
/// Source: https://url.spec.whatwg.org/#percent-encoded-bytes
struct PercentSet {
  let low: UInt64
  let high: UInt64

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    if byte >= 0x80 { return true }
    return (byte < 64 ? low : high) &>> UInt64(byte) & 1 != 0
  }
}

extension PercentSet {
  /// C0 controls and DEL.
  static var control: PercentSet {
    PercentSet(low: 0x0000_0000_FFFF_FFFF, high: 0x8000_0000_0000_0000)
  }

  /// Controls, space, `"<>` and the grave accent.
  static var fragment: PercentSet {
    PercentSet(low: 0x5000_0005_FFFF_FFFF, high: 0x8000_0001_0000_0000)
  }

  /// Controls, space and `"#<>`.
  static var query: PercentSet {
    PercentSet(low: 0x5000_000D_FFFF_FFFF, high: 0x8000_0000_0000_0000)
  }

  /// The query set and the apostrophe.
  static var specialQuery: PercentSet {
    PercentSet(low: 0x5000_008D_FFFF_FFFF, high: 0x8000_0000_0000_0000)
  }

  /// The query set, `?^{}` and the grave accent.
  static var path: PercentSet {
    PercentSet(low: 0xD000_000D_FFFF_FFFF, high: 0xA800_0001_4000_0000)
  }

  /// The path set and `/:;=@[\]|`.
  static var userinfo: PercentSet {
    PercentSet(low: 0xFC00_800D_FFFF_FFFF, high: 0xB800_0001_7800_0001)
  }

  /// The forbidden host code points.
  static var forbiddenHost: PercentSet {
    PercentSet(low: 0xD400_8009_0000_2601, high: 0x1000_0000_7800_0001)
  }

  /// The forbidden domain code points.
  static var forbiddenDomain: PercentSet {
    PercentSet(low: 0xD400_8029_FFFF_FFFF, high: 0x9000_0000_7800_0001)
  }

  /// What ends the quick walk over a path: the path set and `#.%\`.
  static var pathStop: PercentSet {
    PercentSet(low: 0xD000_402D_FFFF_FFFF, high: 0xA800_0001_5000_0000)
  }
}
