internal import GossamerMarkup

/// A table while it is read, cell by cell.
///
/// Markdown knows no spans: a cell that spans others has its text in the first place, and empty
/// cells stand in the rest, so that columns stay in line.
struct MarkdownTable {
  private var rows: [[[UInt8]]] = []
  private var row: [[UInt8]] = []
  /// For each column, how many rows to come a cell above still covers.
  private var covered: [Int] = []
  private static let widest = 200

  /// Appends a cell to the row.
  mutating func append(cell: [UInt8], columns: Int, rows: Int) {
    skipCovered()
    let columns = max(1, min(columns, Self.widest - row.count))
    for column in row.count..<row.count + columns {
      while covered.count <= column { covered.append(0) }
      covered[column] = max(0, min(rows - 1, 1_000))
    }
    row.append(cell.map { $0 == 0x0A ? 0x20 : $0 })
    row.append(contentsOf: repeatElement([], count: columns - 1))
  }

  mutating func endRow() {
    skipCovered()
    if row.contains(where: { !$0.isEmpty }) { rows.append(row) }
    row = []
  }

  private mutating func skipCovered() {
    while row.count < covered.count, covered[row.count] > 0 {
      covered[row.count] -= 1
      row.append([])
    }
  }

  /// The rows as Markdown; the first is the head, as Markdown knows no table without.
  var lines: [[UInt8]] {
    let rows = row.isEmpty ? rows : rows + [row]
    guard let first = rows.first else { return [] }
    let width = min(rows.map(\.count).max() ?? 0, Self.widest)
    var lines = [line(first, width)]
    lines.append([0x7C] + Array(String(repeating: " --- |", count: width).utf8))
    return lines + rows.dropFirst().map { line($0, width) }
  }

  private func line(_ cells: [[UInt8]], _ width: Int) -> [UInt8] {
    var line: [UInt8] = [0x7C]
    for column in 0..<width {
      line.append(0x20)
      if column < cells.count { line += cells[column] }
      line += [0x20, 0x7C]
    }
    return line
  }
}

/// Tells tables of data from tables that only lay a page out.
enum TableJudge {
  /// Whether a table is data: no table or code inside, two rows or more, and heads or a caption or
  /// short cells in at least two columns.
  static func isData(_ table: Int, _ document: HTMLDocument) -> Bool {
    if let role = document.attribute(table, "role"), role == "presentation" || role == "none" {
      return false
    }
    var rows = 0
    var cells = 0
    var heads = 0
    var length = 0
    for node in document.descendants(of: table) {
      switch document.tag(of: node) {
      case .table, .pre: return false
      case .tr: rows += 1
      case .th, .caption:
        heads += 1
        cells += 1
      case .td: cells += 1
      default: length += document.textRange(of: node).count
      }
    }
    guard rows >= 2, cells > rows else { return false }
    return heads > 0 ? length < cells * 1_000 : length < cells * 120
  }
}
