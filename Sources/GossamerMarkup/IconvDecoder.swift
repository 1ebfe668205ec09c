internal import Glibc

/// The East Asian encodings, by glibc's converters.
enum IconvDecoder {
  static func decode(
    _ page: [UInt8], from encoding: TextEncoding
  ) -> (utf8: [UInt8], replaced: Int) {
    guard let converter = Iconv(from: iconvName(of: encoding)) else {
      return page.withUnsafeBufferPointer { UTF8Repair.repair($0) }
    }
    var source = page
    var utf8: [UInt8] = []
    utf8.reserveCapacity(page.count * 3 / 2 + 64)
    var replaced = 0
    let room = 32 * 1024
    source.withUnsafeMutableBytes { raw in
      var input = raw.bindMemory(to: CChar.self)
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: room) { buffer in
        while !input.isEmpty {
          var output = buffer
          let step = converter.convert(&input, to: &output)
          let made = UnsafeMutableBufferPointer(rebasing: buffer[..<(room - output.count)])
          made.withMemoryRebound(to: UInt8.self) { utf8.append(contentsOf: $0) }
          switch step {
          case .finished, .outputFull: continue
          case .invalid, .incomplete:
            replaced += 1
            utf8 += UTF8Repair.replacement
            let skipped = step == .incomplete ? input.count : faultLength(input, encoding)
            input = UnsafeMutableBufferPointer(rebasing: input[skipped...])
          }
        }
        var output = buffer
        converter.flush(to: &output)
        let made = UnsafeMutableBufferPointer(rebasing: buffer[..<(room - output.count)])
        made.withMemoryRebound(to: UInt8.self) { utf8.append(contentsOf: $0) }
      }
    }
    return TextDecoder.withoutNULs(utf8, replaced)
  }

  /// A lead byte takes a trail byte with it unless that is ASCII, as the standard's decoders do.
  private static func faultLength(
    _ input: UnsafeMutableBufferPointer<CChar>, _ encoding: TextEncoding
  ) -> Int {
    guard encoding != .iso2022JP, input.count > 1 else { return 1 }
    let (lead, trail) = (UInt8(bitPattern: input[0]), UInt8(bitPattern: input[1]))
    return lead > 0x80 && lead < 0xFF && trail >= 0x80 ? 2 : 1
  }

  private static func iconvName(of encoding: TextEncoding) -> String {
    switch encoding {
    case .gbk, .gb18030: "GB18030"
    case .big5: "BIG5-HKSCS"
    case .eucJP: "EUC-JP-MS"
    case .shiftJIS: "CP932"
    case .eucKR: "CP949"
    default: "ISO-2022-JP-3"
    }
  }
}
