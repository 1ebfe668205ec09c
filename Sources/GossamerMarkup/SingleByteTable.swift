internal import Glibc
internal import Synchronization

/// What the upper 128 bytes of single-byte encodings mean, made once for each encoding in use.
enum SingleByteTable {
  private static let made = Mutex<[TextEncoding: [UInt16]]>([:])

  /// 128 characters; U+FFFD where a byte means nothing.
  static func table(of encoding: TextEncoding) -> [UInt16] {
    made.withLock { tables in
      if let table = tables[encoding] { return table }
      let table = make(encoding)
      tables[encoding] = table
      return table
    }
  }

  private static func make(_ encoding: TextEncoding) -> [UInt16] {
    if encoding == .userDefined { return (0..<128).map { 0xF780 + $0 } }
    var table = [UInt16](repeating: 0xFFFD, count: 128)
    if let converter = Iconv(from: iconvName(of: encoding)) {
      for index in 0..<128 {
        if let scalar = converter.scalar(for: UInt8(128 + index)) { table[index] = scalar }
      }
    }
    for (byte, scalar) in deviations(of: encoding) { table[Int(byte) - 128] = scalar }
    // The standard lets the gaps of the Windows sets' first two rows stand for control characters.
    if encoding.rawValue.hasPrefix("windows") {
      for index in 0..<32 where table[index] == 0xFFFD { table[index] = UInt16(128 + index) }
    }
    return table
  }

  private static func iconvName(of encoding: TextEncoding) -> String {
    switch encoding {
    case .iso8859part8I: "ISO-8859-8"
    case .macintosh: "MACINTOSH"
    case .macCyrillic: "MAC-UK"
    case .windows874: "ISO-8859-11"
    case .ibm866: "CP866"
    case let windows where windows.rawValue.hasPrefix("windows-"):
      "CP" + windows.rawValue.dropFirst(8)
    default: encoding.rawValue
    }
  }

  /// Where the standard's tables differ from iconv's.
  private static func deviations(of encoding: TextEncoding) -> [(UInt8, UInt16)] {
    switch encoding {
    case .macintosh: [(0xDB, 0x20AC)]
    case .macCyrillic: [(0xFF, 0x20AC)]
    case .koi8U: [(0xAE, 0x45E), (0xBE, 0x40E)]
    case .windows1255: [(0xCA, 0x5BA)]
    case .windows874:
      [
        (0x80, 0x20AC), (0x85, 0x2026), (0x91, 0x2018), (0x92, 0x2019), (0x93, 0x201C),
        (0x94, 0x201D), (0x95, 0x2022), (0x96, 0x2013), (0x97, 0x2014),
      ]
    default: []
    }
  }
}

/// One of glibc's converters to UTF-8. Not for two tasks at a time.
struct Iconv: ~Copyable {
  private let handle: iconv_t

  /// Nil if the machine has no such converter.
  init?(from name: String) {
    guard let handle = iconv_open("UTF-8", name), handle != iconv_t(bitPattern: -1) else {
      return nil
    }
    self.handle = handle
  }

  deinit { iconv_close(handle) }

  /// How a step ended.
  enum Step {
    case finished
    case outputFull
    case invalid
    case incomplete
  }

  /// Converts from `input` to `output` as far as it goes and moves both on.
  func convert(
    _ input: inout UnsafeMutableBufferPointer<CChar>,
    to output: inout UnsafeMutableBufferPointer<CChar>
  ) -> Step {
    var (source, left) = (input.baseAddress, input.count)
    var (target, room) = (output.baseAddress, output.count)
    let result = iconv(handle, &source, &left, &target, &room)
    let code = errno
    input = UnsafeMutableBufferPointer(start: source, count: left)
    output = UnsafeMutableBufferPointer(start: target, count: room)
    guard result == Int(bitPattern: UInt.max) else { return .finished }
    switch code {
    case E2BIG: return .outputFull
    case EINVAL: return .incomplete
    default: return .invalid
    }
  }

  /// Writes what a stateful converter still holds back.
  func flush(to output: inout UnsafeMutableBufferPointer<CChar>) {
    var (target, room) = (output.baseAddress, output.count)
    _ = iconv(handle, nil, nil, &target, &room)
    output = UnsafeMutableBufferPointer(start: target, count: room)
  }

  /// Back to the initial state.
  func reset() { _ = iconv(handle, nil, nil, nil, nil) }

  /// The one character a byte stands for.
  fileprivate func scalar(for byte: UInt8) -> UInt16? {
    reset()
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 17) { buffer in
      buffer[16] = CChar(bitPattern: byte)
      var input = UnsafeMutableBufferPointer(rebasing: buffer[16...])
      let whole = UnsafeMutableBufferPointer(rebasing: buffer[..<16])
      var output = whole
      guard convert(&input, to: &output) == .finished else { return nil }
      flush(to: &output)
      let made = whole[..<(16 - output.count)].map { UInt8(bitPattern: $0) }
      let scalars = Array(String(decoding: made, as: UTF8.self).unicodeScalars)
      return scalars.count == 1 ? UInt16(exactly: scalars[0].value) : nil
    }
  }
}
