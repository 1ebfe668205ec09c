/// A site as it is written down in `Content/`.
struct SiteScript: Sendable {
  var key: String
  var name: String
  var editor: String
  var published: String
  var footer: String
  /// Sections in the order of the navigation: folder path, title, and a sentence.
  var sections: [(path: String, title: String, lead: String)]
  var pages: [PageScript]
  /// Lines of robots.txt after `User-agent: *`.
  var rules: [String] = []
  /// What the host does beside pages: redirects, refusals.
  var redirects: [(path: String, to: String, status: Int)] = []

  /// The paths of the rules of a kind.
  func paths(of kind: String) -> [String] {
    rules.filter { $0.hasPrefix(kind) }.map { String($0.dropFirst(kind.count)) }
  }

  /// All pages: those written, and an index for each section.
  func completed() -> SiteScript {
    var copy = self
    copy.pages += sections.filter { section in !pages.contains { $0.path == section.path } }
      .map(index(of:))
    return copy
  }

  private func index(of section: (path: String, title: String, lead: String)) -> PageScript {
    let entries = pages.filter { $0.section == section.path && $0.isListed }
      .map { "- [[\($0.path)|\($0.title)]] — \($0.description)" }
    return PageScript(path: section.path, title: section.title, blocks: [section.lead] + entries)
  }
}

/// The sites of the demo web.
enum Content {
  /// In the order of their addresses.
  static func sites() -> [SiteScript] {
    [lighthouses(), bakery(), river(), stars(), repair(), seeds(), archive()]
      .map { $0.completed() }
  }

  /// Site names by key.
  static let names = [
    "light": "Keepers' Museum of Lights", "bread": "The Slow Oven", "river": "Arrel River Watch",
    "stars": "Hilltop Sky Club", "repair": "Repair Café Wiki", "seeds": "Seed Library of Odderby",
    "archive": "Odderby Town Archive",
  ]
}
