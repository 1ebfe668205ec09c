internal import Glibc

/// Writes the query of an address as a browser does on a page in a legacy encoding: characters
/// beyond ASCII as bytes of that encoding, and as `&#number;` where it has none for them.
///
/// Source: WHATWG URL, "percent-encode after encoding"; Encoding, "encode or fail".
struct QueryEncoder {
  private enum Form {
    /// Bytes from 0x80 by their character.
    case table([Unicode.Scalar: UInt8])
    /// The name of a converter of the C library.
    case converter(String)
  }

  private let encoding: TextEncoding
  private let form: Form

  /// Nil for encodings in which queries are UTF-8, and where the machine has no converter.
  init?(_ encoding: TextEncoding) {
    self.encoding = encoding
    switch encoding {
    case .utf8, .utf16LE, .utf16BE, .replacement: return nil
    case .gbk, .gb18030: form = .converter("GB18030")
    case .big5: form = .converter("BIG5-HKSCS")
    case .eucJP: form = .converter("EUC-JP-MS")
    case .shiftJIS: form = .converter("CP932")
    case .eucKR: form = .converter("CP949")
    case .iso2022JP: form = .converter("ISO-2022-JP")
    default: form = .table(Self.table(of: encoding))
    }
  }

  private static func table(of encoding: TextEncoding) -> [Unicode.Scalar: UInt8] {
    var table: [Unicode.Scalar: UInt8] = [:]
    for byte in UInt8(0x80)...0xFF {
      let utf8 = TextDecoder.decode([byte], from: encoding).utf8
      guard let scalar = String(decoding: utf8, as: UTF8.self).unicodeScalars.first,
        scalar != "\u{FFFD}"
      else { continue }
      table[scalar] = table[scalar] ?? byte
    }
    return table
  }

  /// The address with its query encoded; nil where there is nothing to encode.
  func encode(_ written: ArraySlice<UInt8>) -> [UInt8]? {
    guard let mark = written.firstIndex(where: { $0 == 0x3F || $0 == 0x23 }),
      written[mark] == 0x3F
    else { return nil }
    let end = written[mark...].firstIndex(of: 0x23) ?? written.endIndex
    guard written[mark..<end].contains(where: { $0 > 0x7F }) else { return nil }
    var result = Array(written[...mark])
    for run in runs(of: written[(mark + 1)..<end]) {
      if run.first.map({ $0 > 0x7F }) ?? false {
        append(String(decoding: run, as: UTF8.self), to: &result)
      } else {
        result += run
      }
    }
    return result + written[end...]
  }

  /// ASCII and the rest, in turns.
  private func runs(of text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var runs: [ArraySlice<UInt8>] = []
    var rest = text
    while let first = rest.first {
      let run = rest.prefix { ($0 > 0x7F) == (first > 0x7F) }
      runs.append(run)
      rest = rest.dropFirst(run.count)
    }
    return runs
  }

  private func append(_ text: String, to result: inout [UInt8]) {
    switch form {
    case .table(let table):
      for scalar in text.unicodeScalars {
        if let byte = table[scalar] {
          Self.append([byte], to: &result)
        } else {
          Self.appendReference(to: scalar, &result)
        }
      }
    case .converter(let name):
      guard let handle = iconv_open(name, "UTF-8"), handle != iconv_t(bitPattern: -1) else {
        result += text.utf8
        return
      }
      defer { iconv_close(handle) }
      for scalar in text.unicodeScalars {
        if let bytes = Self.convert(scalar, handle), isOfEncoding(bytes, scalar) {
          Self.append(bytes, to: &result)
        } else {
          Self.append(Self.convert(nil, handle) ?? [], to: &result)
          Self.appendReference(to: scalar, &result)
        }
      }
      Self.append(Self.convert(nil, handle) ?? [], to: &result)
    }
  }

  /// GBK has no sequences of four bytes; private use characters stand for none.
  private func isOfEncoding(_ bytes: [UInt8], _ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory != .privateUse && !(encoding == .gbk && bytes.count > 2)
  }

  /// The bytes of a character, or those that end a shifted state.
  private static func convert(_ scalar: Unicode.Scalar?, _ handle: iconv_t) -> [UInt8]? {
    var source = scalar.map { Array(String($0).utf8).map(CChar.init(bitPattern:)) } ?? []
    return source.withUnsafeMutableBufferPointer { source -> [UInt8]? in
      var input = scalar == nil ? nil : source.baseAddress
      var left = source.count
      return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
        var output = buffer.baseAddress
        var room = buffer.count
        guard iconv(handle, &input, &left, &output, &room) != -1, left == 0 else { return nil }
        return buffer[..<(buffer.count - room)].map(UInt8.init(bitPattern:))
      }
    }
  }

  private static func append(_ bytes: [UInt8], to result: inout [UInt8]) {
    for byte in bytes {
      // What stands for itself in a query, as trail bytes may.
      if byte > 0x20, byte < 0x7F, !"\"#<>'".utf8.contains(byte) {
        result.append(byte)
      } else {
        let digits = Array("0123456789ABCDEF".utf8)
        result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
  }

  private static func appendReference(to scalar: Unicode.Scalar, _ result: inout [UInt8]) {
    result += "%26%23\(scalar.value)%3B".utf8
  }
}
