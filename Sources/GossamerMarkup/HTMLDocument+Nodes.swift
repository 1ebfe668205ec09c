extension HTMLDocument {
  /// How many nodes there are.
  @inlinable public var count: Int { records.count }

  /// Element or text.
  @inlinable public func kind(of node: Int) -> Kind { records[node].kind }

  /// Whether the node is a text.
  @inlinable public func isText(_ node: Int) -> Bool { records[node].kind == .text }

  /// Whether the node is an element.
  @inlinable public func isElement(_ node: Int) -> Bool { records[node].kind == .element }

  /// The tag of an element; `unknown` for texts and for names `HTMLTag` does not list.
  @inlinable public func tag(of node: Int) -> HTMLTag { records[node].tag }

  /// The element a node is in, nil for roots.
  @inlinable public func parent(of node: Int) -> Int? {
    let parent = records[node].parent
    return parent < 0 ? nil : Int(parent)
  }

  /// How many elements a node is in: 0 for roots.
  @inlinable public func depth(of node: Int) -> Int { Int(records[node].depth) }

  /// The index after the node's last descendant: where the walk goes on that skips it.
  @inlinable public func subtreeEnd(of node: Int) -> Int { Int(records[node].subtreeEnd) }

  /// The node and all its descendants.
  @inlinable public func subtree(of node: Int) -> Range<Int> {
    node..<Int(records[node].subtreeEnd)
  }

  /// All descendants of a node, in document order.
  @inlinable public func descendants(of node: Int) -> Range<Int> {
    (node + 1)..<Int(records[node].subtreeEnd)
  }

  /// A node's first child.
  @inlinable public func firstChild(of node: Int) -> Int? {
    node + 1 < Int(records[node].subtreeEnd) ? node + 1 : nil
  }

  /// The next node with the same parent.
  @inlinable public func nextSibling(of node: Int) -> Int? {
    let next = Int(records[node].subtreeEnd)
    let parent = records[node].parent
    let end = parent < 0 ? records.count : Int(records[Int(parent)].subtreeEnd)
    return next < end ? next : nil
  }

  /// The name of an element, also of an unknown one; empty for texts.
  public func name(of node: Int) -> String {
    guard isElement(node), tag(of: node) == .unknown else { return tag(of: node).name }
    let name = attributeRecords[Int(records[node].start) - 1]
    return String(decoding: bytes[Int(name.start)..<Int(name.end)], as: UTF8.self)
  }

  /// Where the bytes of a text are; empty for elements.
  @inlinable public func textRange(of node: Int) -> Range<Int> {
    let record = records[node]
    guard record.kind == .text else { return 0..<0 }
    return Int(record.start)..<Int(record.start) + Int(record.count)
  }

  /// One text as a string; empty for elements.
  @inlinable public func text(of node: Int) -> String { string(textRange(of: node)) }

  /// Some of `bytes` as a string, repaired if need be.
  @inlinable public func string(_ range: Range<Int>) -> String {
    bytes.withUnsafeBufferPointer {
      String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self)
    }
  }
}

extension HTMLDocument {
  /// The children of a node, in order, found by jumping over their descendants.
  public struct Children: Sequence, IteratorProtocol, Sendable {
    @usableFromInline let records: [Record]
    @usableFromInline var upcoming: Int
    @usableFromInline let end: Int

    @inlinable init(records: [Record], upcoming: Int, end: Int) {
      self.records = records
      self.upcoming = upcoming
      self.end = end
    }

    /// The next child.
    @inlinable public mutating func next() -> Int? {
      guard upcoming < end else { return nil }
      defer { upcoming = Int(records[upcoming].subtreeEnd) }
      return upcoming
    }
  }

  /// The children of a node.
  @inlinable public func children(of node: Int) -> Children {
    Children(records: records, upcoming: node + 1, end: Int(records[node].subtreeEnd))
  }

  /// The nodes without a parent. One, the `html` element, unless the page is empty.
  @inlinable public var roots: Children {
    Children(records: records, upcoming: 0, end: records.count)
  }

  /// The ancestors of a node, from its parent up to the root.
  public struct Ancestors: Sequence, IteratorProtocol, Sendable {
    @usableFromInline let records: [Record]
    @usableFromInline var upcoming: Int32

    @inlinable init(records: [Record], upcoming: Int32) {
      self.records = records
      self.upcoming = upcoming
    }

    /// The next ancestor, one step nearer to the root.
    @inlinable public mutating func next() -> Int? {
      guard upcoming >= 0 else { return nil }
      defer { upcoming = records[Int(upcoming)].parent }
      return Int(upcoming)
    }
  }

  /// The ancestors of a node, from its parent up to the root.
  @inlinable public func ancestors(of node: Int) -> Ancestors {
    Ancestors(records: records, upcoming: records[node].parent)
  }

  /// All elements with one of these tags, in document order.
  @inlinable public func elements(
    _ tags: HTMLTag..., in range: Range<Int>? = nil
  ) -> [Int] {
    (range ?? 0..<records.count).filter {
      records[$0].kind == .element && tags.contains(records[$0].tag)
    }
  }

  /// The first element with a tag, in a subtree or the whole page.
  @inlinable public func firstElement(_ tag: HTMLTag, in range: Range<Int>? = nil) -> Int? {
    (range ?? 0..<records.count).first {
      records[$0].tag == tag && records[$0].kind == .element
    }
  }

  /// The nearest ancestor with a tag.
  @inlinable public func ancestor(of node: Int, _ tag: HTMLTag) -> Int? {
    var node = records[node].parent
    while node >= 0 {
      if records[Int(node)].tag == tag { return Int(node) }
      node = records[Int(node)].parent
    }
    return nil
  }
}
