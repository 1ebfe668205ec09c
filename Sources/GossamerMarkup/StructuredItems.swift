internal import GossamerURL

/// A thing that a page describes in its elements: an item of microdata, a resource of RDFa.
public struct StructuredItem: Sendable, Hashable {
  /// How it is written.
  public enum Syntax: String, Sendable, Hashable {
    case microdata, rdfa
  }

  /// How it is written.
  public let syntax: Syntax
  /// Its types as written: `https://schema.org/Product`, `Product`; may be empty.
  public let type: String
  /// Names and values in document order. Those of items inside it have a path: `offers.price`.
  public internal(set) var properties: [NamedContent] = []
}

/// Collects microdata and RDFa in one walk, if the page has any.
///
/// Sources: HTML Standard, "Microdata"; RDFa Lite 1.1. Neither `itemref` nor RDFa's `prefix` and
/// `about` are followed. At most 100 items, 100 properties each, 1,000 bytes a value.
enum StructuredItems {
  static let itemLimit = 100
  private static let propertyLimit = 100
  private static let valueLimit = 1_000

  static func collect(_ document: HTMLDocument, base: WebURL) -> [StructuredItem] {
    var items: [StructuredItem] = []
    if document.mentions("itemscope") {
      items += collect(document, base, .microdata, scope: "itemtype", property: "itemprop")
    }
    if document.mentions("typeof") {
      items += collect(document, base, .rdfa, scope: "typeof", property: "property")
    }
    return items
  }

  /// An element that items and properties below belong to.
  private struct Scope {
    let item: Int
    /// What stands before the names of its properties.
    let path: String
    let end: Int
  }

  private static func collect(
    _ document: HTMLDocument, _ base: WebURL, _ syntax: StructuredItem.Syntax,
    scope typeName: StaticString, property: StaticString
  ) -> [StructuredItem] {
    var items: [StructuredItem] = []
    var scopes: [Scope] = []
    var node = 0
    while node < document.count, items.count <= itemLimit {
      defer { node += 1 }
      while let last = scopes.last, last.end <= node { scopes.removeLast() }
      guard document.attributeCount(of: node) > 0 else { continue }
      let opens =
        syntax == .microdata
        ? document.hasAttribute(node, "itemscope") : document.hasAttribute(node, typeName)
      let name = document.attribute(node, property).map { String($0.prefix(100)) }
      guard opens || (name != nil && !scopes.isEmpty) else { continue }
      if opens {
        let type = String((document.attribute(node, typeName) ?? "").prefix(200))
        if let name, let outer = scopes.last, scopes.count < 8 {
          // An item that is a property of another.
          let path = outer.path + name + "."
          append(NamedContent(name: path + "@type", content: type), to: &items[outer.item])
          scopes.append(Scope(item: outer.item, path: path, end: document.subtreeEnd(of: node)))
        } else if items.count < itemLimit {
          items.append(StructuredItem(syntax: syntax, type: type))
          scopes.append(
            Scope(item: items.count - 1, path: "", end: document.subtreeEnd(of: node)))
        }
      } else if let name, let scope = scopes.last {
        let value = value(of: node, document, base)
        if !value.isEmpty {
          append(NamedContent(name: scope.path + name, content: value), to: &items[scope.item])
        }
      }
    }
    return items.filter { !$0.properties.isEmpty }
  }

  private static func append(_ property: NamedContent, to item: inout StructuredItem) {
    guard item.properties.count < propertyLimit, !property.content.isEmpty else { return }
    item.properties.append(property)
  }

  /// A property's value: what its attributes say, an address resolved, or its text.
  private static func value(of node: Int, _ document: HTMLDocument, _ base: WebURL) -> String {
    if let content = document.attribute(node, "content") { return cut(content) }
    for name: StaticString in ["href", "src", "data"] {
      guard let reference = document.attribute(node, name) else { continue }
      return cut(WebURL(reference, base: base)?.href ?? reference)
    }
    if let time = document.attribute(node, "datetime") { return cut(time) }
    return document.text(under: node, limit: valueLimit)
  }

  private static func cut(_ text: String) -> String { text.cut(at: valueLimit) }
}

extension HTMLDocument {
  /// Whether any element has an attribute of this name.
  fileprivate func mentions(_ name: StaticString) -> Bool {
    attributeRecords.contains {
      Int($0.valueStart) - Int($0.start) == name.utf8CodeUnitCount
        && matches(name, at: Int($0.start))
    }
  }
}
