/// Writes Markdown line by line: quotes, list items, blank lines. Knows nothing of HTML.
struct MarkdownWriter {
  /// What lines are nested in.
  private enum Container {
    case quote(isStarted: Bool)
    /// A list item; the marker is written with its first line.
    case item(marker: [UInt8], isStarted: Bool)
    /// One of those within too many others: each line would bear the marks of all.
    case flat
  }

  private static let deepest = 32

  private(set) var output: [UInt8] = []
  private var containers: [Container] = []
  private var lists: [(isOrdered: Bool, next: Int, hasItems: Bool)] = []
  /// The last line written was in a list that is still open.
  private var isInsideWrittenList = false

  var isInItem: Bool {
    containers.contains { if case .item = $0 { true } else { false } }
  }

  mutating func beginQuote() {
    containers.append(containers.count < Self.deepest ? .quote(isStarted: false) : .flat)
  }

  mutating func endQuote() { containers.removeLast() }

  mutating func beginList(isOrdered: Bool, start: Int = 1) {
    // An item that begins with a list goes on with the item before it, as it is shown.
    if case .item(let marker, isStarted: false) = containers.last, let list = lists.last,
      list.hasItems
    {
      containers[containers.count - 1] = .item(marker: marker, isStarted: true)
    }
    lists.append((isOrdered, start, false))
  }

  mutating func endList() {
    lists.removeLast()
    if lists.isEmpty { isInsideWrittenList = false }
  }

  mutating func beginItem() {
    guard containers.count < Self.deepest else { return containers.append(.flat) }
    let list = lists.last
    let marker = list?.isOrdered == true ? Array("\(list?.next ?? 1). ".utf8) : [0x2D, 0x20]
    containers.append(.item(marker: marker, isStarted: false))
  }

  mutating func endItem() {
    guard case .item(_, let isStarted) = containers.removeLast() else { return }
    guard isStarted, !lists.isEmpty else { return }
    lists[lists.count - 1].next += 1
    lists[lists.count - 1].hasItems = true
  }

  /// Writes one block of one or more lines, with a blank line before it where Markdown needs one.
  mutating func write(_ lines: some Collection<ArraySlice<UInt8>>) {
    guard let first = lines.first else { return }
    let beginsItem = containers.contains {
      if case .item(_, isStarted: false) = $0 { true } else { false }
    }
    if !output.isEmpty {
      output.append(0x0A)
      if !(beginsItem && isInsideWrittenList) {
        appendPrefix(forBlankLine: true)
        output.append(0x0A)
      }
    }
    appendPrefix(forBlankLine: false)
    output += first
    for line in lines.dropFirst() {
      output.append(0x0A)
      appendPrefix(forBlankLine: line.isEmpty)
      output += line
    }
    isInsideWrittenList = isInItem
  }

  private mutating func appendPrefix(forBlankLine: Bool) {
    let start = output.count
    for index in containers.indices {
      switch containers[index] {
      case .quote(let isStarted):
        if forBlankLine, !isStarted { return trimBlank(from: start) }
        output += [0x3E, 0x20]
        containers[index] = .quote(isStarted: true)
      case .item(let marker, let isStarted):
        if forBlankLine, !isStarted { return trimBlank(from: start) }
        output += isStarted ? [UInt8](repeating: 0x20, count: marker.count) : marker
        containers[index] = .item(marker: marker, isStarted: true)
      case .flat: break
      }
    }
    if forBlankLine { trimBlank(from: start) }
  }

  private mutating func trimBlank(from start: Int) {
    while output.count > start, output.last == 0x20 { output.removeLast() }
  }
}
