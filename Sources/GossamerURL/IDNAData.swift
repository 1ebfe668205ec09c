/// The Unicode data of domain names, unpacked from `IDNATable` when the first name that is not
/// ASCII is met.
struct IDNAData: Sendable {
  static let shared = IDNAData()

  enum Status {
    case valid
    case mapped(ArraySlice<UInt32>)
    case disallowed
  }

  let marks: CodePointRanges
  let combiningClasses: CodePointRanges
  let joiningTypes: CodePointRanges
  let bidiClasses: CodePointRanges
  let decompositions: [UInt32: [UInt32]]
  /// The composite of a pair, the first in the high half of the key.
  let compositions: [UInt64: UInt32]

  private let starts: [UInt32]
  private let rules: [Rule]
  private let replacements: [UInt32]

  private enum Rule {
    case valid, disallowed
    case mapped(Range<Int>)
    case shifted(target: UInt32)
  }

  private init() {
    marks = CodePointRanges(IDNATable.marks)
    combiningClasses = CodePointRanges(IDNATable.combiningClasses)
    joiningTypes = CodePointRanges(IDNATable.joiningTypes)
    bidiClasses = CodePointRanges(IDNATable.bidiClasses)

    var starts: [UInt32] = []
    var rules: [Rule] = []
    var replacements: [UInt32] = []
    TableReader.read(IDNATable.mapping) { start, letter, values in
      starts.append(start)
      switch letter {
      case UInt8(ascii: "v"): rules.append(.valid)
      case UInt8(ascii: "x"): rules.append(.disallowed)
      case UInt8(ascii: "o"): rules.append(.shifted(target: values.first ?? start))
      default:
        rules.append(.mapped(replacements.count..<(replacements.count + values.count)))
        replacements.append(contentsOf: values)
      }
    }
    self.starts = starts
    self.rules = rules
    self.replacements = replacements

    var decompositions: [UInt32: [UInt32]] = [:]
    var compositions: [UInt64: UInt32] = [:]
    TableReader.read(IDNATable.decompositions) { code, letter, values in
      decompositions[code] = values
      if letter == UInt8(ascii: "c"), values.count == 2 {
        compositions[UInt64(values[0]) << 32 | UInt64(values[1])] = code
      }
    }
    self.decompositions = decompositions
    self.compositions = compositions
  }

  func status(of scalar: UInt32) -> Status {
    guard let index = starts.lastIndex(notAbove: scalar) else { return .disallowed }
    switch rules[index] {
    case .valid: return .valid
    case .disallowed: return .disallowed
    case .mapped(let range): return .mapped(replacements[range])
    case .shifted(let target): return .mapped([target + (scalar - starts[index])])
    }
  }
}

/// Ranges of code points, each with a value.
struct CodePointRanges: Sendable {
  private let starts: [UInt32]
  private let ends: [UInt32]
  private let values: [UInt32]

  init(_ table: StaticString) {
    var starts: [UInt32] = []
    var ends: [UInt32] = []
    var values: [UInt32] = []
    TableReader.read(table) { start, _, fields in
      guard fields.count == 2 else { return }
      starts.append(start)
      ends.append(start + fields[0])
      values.append(fields[1])
    }
    self.starts = starts
    self.ends = ends
    self.values = values
  }

  subscript(scalar: UInt32) -> UInt32? {
    guard let index = starts.lastIndex(notAbove: scalar), scalar < ends[index] else { return nil }
    return values[index]
  }

  func contains(_ scalar: UInt32) -> Bool { self[scalar] != nil }
}

extension [UInt32] {
  /// The last of the sorted elements that is not above `value`.
  fileprivate func lastIndex(notAbove value: UInt32) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }
}

/// Reads the records of `IDNATable`.
private enum TableReader {
  static func read(
    _ table: StaticString, _ body: (_ code: UInt32, _ letter: UInt8, _ values: [UInt32]) -> Void
  ) {
    let bytes = UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount)
    var code: UInt32 = 0
    for record in bytes.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }) {
      guard let letter = record.firstIndex(where: { $0 >= UInt8(ascii: "a") }) else { continue }
      code += hexadecimal(record[..<letter])
      let values = record[(letter + 1)...].split(separator: UInt8(ascii: ",")).map(hexadecimal)
      body(code, record[letter], values)
    }
  }

  private static func hexadecimal(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt32 {
    digits.reduce(0) { $0 << 4 | UInt32($1.hexDigit ?? 0) }
  }
}
