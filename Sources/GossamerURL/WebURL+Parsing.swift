enum URLParser {
  static func parse(_ input: UnsafeBufferPointer<UInt8>, base: WebURL?) -> WebURL? { nil }
}
