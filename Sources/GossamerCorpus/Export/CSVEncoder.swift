extension RecordFormat {
  /// A table with a head.
  public static let csv = RecordFormat(name: "csv", fileExtension: "csv", takesFields: true) {
    CSVEncoder(fields: $0.fields ?? CSVEncoder.standardFields, hasSafeCells: $0.hasSafeCells)
  }
}

/// One row a record, cells in quotes where they need them, rows ended by CR LF, names in the first row.
///
/// Lists and objects are JSON inside their cell; a key that a record does not have is an empty cell.
/// Control characters other than tab, CR and LF have no place in the format and become U+FFFD.
///
/// A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, tab or CR for a formula, and a page can
/// have any title. With safe cells, such texts get an apostrophe in front. They then differ from what is
/// stored, so programs do without. Source: RFC 4180; OWASP, "CSV Injection".
public struct CSVEncoder: RecordEncoder {
  /// What fits a table: no lists.
  public static let standardFields = FieldList([
    "url", "host", "title", "description", "author", "published", "modified", "language",
    "fetched_at", "status", "content_type", "word_count", "digest", "text",
  ])

  private let fields: FieldList
  private let hasSafeCells: Bool

  /// An encoder of some fields.
  public init(fields: FieldList = standardFields, hasSafeCells: Bool = false) {
    self.fields = fields
    self.hasSafeCells = hasSafeCells
  }

  /// The keys of its fields.
  public var keys: Set<String>? { fields.keys }

  /// The row of names.
  public func opening(fileName: String?) -> [UInt8] {
    row(fields.fields.map { Array($0.name.utf8) })
  }

  /// The record's row.
  public func encode(_ record: PageRecord) -> [UInt8] {
    var cells: [[UInt8]] = []
    fields.visit(record) { _, line, place in
      cells.append(line.text(place) ?? line.raw(place).map(Array.init) ?? [])
    }
    return row(cells)
  }

  private func row(_ cells: [[UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(cells.reduce(64) { $0 + $1.count })
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(cell, to: &bytes)
    }
    // A row of one empty cell would be an empty line, which readers pass over.
    if cells.count == 1, bytes.isEmpty { bytes += [Self.quote, Self.quote] }
    return bytes + [0x0D, 0x0A]
  }

  private func append(_ cell: [UInt8], to bytes: inout [UInt8]) {
    let isFormula = hasSafeCells && cell.first.map(Self.formulaMarks.contains) == true
    guard isFormula || cell.contains(where: Self.needsQuotes) else {
      bytes.append(contentsOf: cell)
      return
    }
    bytes.append(Self.quote)
    if isFormula { bytes.append(UInt8(ascii: "'")) }
    for byte in cell {
      switch byte {
      case Self.quote: bytes += [Self.quote, Self.quote]
      case 0x09, 0x0A, 0x0D: bytes.append(byte)
      case 0..<0x20, 0x7F: bytes += [0xEF, 0xBF, 0xBD]
      default: bytes.append(byte)
      }
    }
    bytes.append(Self.quote)
  }

  private static func needsQuotes(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == quote || byte == UInt8(ascii: ",") || byte == 0x7F
  }

  private static let quote = UInt8(ascii: "\"")
  private static let formulaMarks = Array("=+-@\t\r".utf8)
}
