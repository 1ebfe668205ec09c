internal import GossamerMarkup

/// A table while it is read, cell by cell.
struct MarkdownTable {
  private var rows: [[[UInt8]]] = []
  private var row: [[UInt8]] = []

  mutating func append(cell: [UInt8]) { row.append(cell.map { $0 == 0x0A ? 0x20 : $0 }) }

  mutating func endRow() {
    if row.contains(where: { !$0.isEmpty }) { rows.append(row) }
    row = []
  }

  /// The rows as Markdown; the first is the head, as Markdown knows no table without.
  var lines: [[UInt8]] {
    let rows = row.isEmpty ? rows : rows + [row]
    guard let first = rows.first else { return [] }
    let width = min(rows.map(\.count).max() ?? 0, 200)
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
  /// Whether a table is data: no table inside, two rows or more, and heads or a caption or short
  /// cells in at least two columns.
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
      case .table: return false
      case .tr: rows += 1
      case .th, .caption:
        heads += 1
        cells += 1
      case .td: cells += 1
      case .pre: return false
      default: length += document.textRange(of: node).count
      }
    }
    guard rows >= 2, cells > rows else { return false }
    return heads > 0 ? length < cells * 1_000 : length < cells * 120
  }
}
