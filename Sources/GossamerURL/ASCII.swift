extension UInt8 {
  @inline(__always) var decimalDigit: UInt8? {
    let digit = self &- 0x30
    return digit < 10 ? digit : nil
  }

  @inline(__always) var hexDigit: UInt8? {
    let digit = self &- 0x30
    if digit < 10 { return digit }
    let letter = (self | 0x20) &- 0x61
    return letter < 6 ? letter + 10 : nil
  }

  @inline(__always) var isASCIIAlpha: Bool { (self | 0x20) &- 0x61 < 26 }

  @inline(__always) var asciiLowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}
