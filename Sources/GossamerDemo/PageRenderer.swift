/// Turns a written page into HTML with all that surrounds the text on a real site.
struct PageRenderer {
  let site: SiteScript
  /// Base URLs by host key, for links between hosts.
  let bases: [String: String]

  /// The whole page.
  func html(_ page: PageScript, charset: String) -> String {
    """
    <!doctype html>
    <html lang="\(page.values["lang"] ?? "en")">
    <head>
    \(head(page, charset: charset))
    </head>
    <body>
    <header class="site"><p class="brand"><a href="/">\(site.name.escaped)</a></p>
    <nav aria-label="Main">\(navigation())</nav></header>
    <main><article>
    <h1>\(page.title.escaped)</h1>
    \(blocks(page))
    </article>
    \(neighbors(of: page))</main>
    <footer><p>\(site.footer.escaped)</p>
    <p>Friends: \(friends())</p>
    <p>We use no cookies. The text may be quoted with a link.</p></footer>
    </body>
    </html>

    """
  }

  /// The same content without navigation, as a page to be put on paper.
  func printVersion(_ page: PageScript) -> String {
    """
    <!doctype html><html lang="en"><head><meta charset="utf-8"><title>\(page.title.escaped)</title>
    <link rel="canonical" href="\(address(page.path))"></head>
    <body><h1>\(page.title.escaped)</h1>
    \(blocks(page))
    <p>Printed from \(site.name.escaped).</p></body></html>

    """
  }

  private func address(_ path: String) -> String { (bases[site.key] ?? "") + path }

  private func head(_ page: PageScript, charset: String) -> String {
    let title = page.title.escaped
    let robots = page.flags.intersection(["noindex", "nofollow"]).sorted().joined(separator: ", ")
    let kind = page.values["type"] ?? "Article"
    var lines = [
      "<meta charset=\"\(charset)\">",
      "<title>\(page.title == site.name ? title : "\(title) · \(site.name.escaped)")</title>",
      "<meta name=\"viewport\" content=\"width=device-width\">",
      "<meta name=\"description\" content=\"\(page.description.escaped)\">",
      "<link rel=\"canonical\" href=\"\(address(page.path))\">",
      "<meta property=\"og:title\" content=\"\(title)\">",
      "<meta property=\"og:type\" content=\"article\">",
      "<meta property=\"og:site_name\" content=\"\(site.name.escaped)\">",
      "<meta property=\"og:url\" content=\"\(address(page.path))\">",
      "<link rel=\"icon\" href=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E\">",
    ]
    if !robots.isEmpty { lines.append("<meta name=\"robots\" content=\"\(robots)\">") }
    let json =
      "{\"@context\":\"https://schema.org\",\"@type\":\(quoted(kind)),\"headline\":\(quoted(page.title)),"
      + "\"author\":{\"@type\":\"Person\",\"name\":\(quoted(page.values["by"]?.spaced ?? site.editor))},"
      + "\"datePublished\":\(quoted(page.values["on"] ?? site.published))}"
    lines.append("<script type=\"application/ld+json\">\(json)</script>")
    return lines.joined(separator: "\n")
  }

  private func quoted(_ text: String) -> String {
    let safe = text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : $0 == "<" ? "\\u003c" : "\($0)" }
    return "\"" + safe.joined() + "\""
  }

  private func navigation() -> String {
    let entries =
      ["<a href=\"/\">Home</a>"]
      + site.sections.map { "<a href=\"\($0.path)\">\($0.title.escaped)</a>" }
    return "<ul>" + entries.map { "<li>\($0)</li>" }.joined() + "</ul>"
  }

  /// Some of the other hosts: a web in which each site knew all others would be no web.
  private func friends() -> String {
    let keys = bases.keys.sorted()
    let own = keys.firstIndex(of: site.key) ?? 0
    return [1, 3].map { step in
      let key = keys[(own + step) % keys.count]
      return "<a href=\"\(bases[key] ?? "")/\">\(Content.names[key]?.escaped ?? key)</a>"
    }.joined(separator: ", ")
  }

  private func neighbors(of page: PageScript) -> String {
    guard let section = page.section, page.path != section, !page.flags.contains("hidden") else {
      return ""
    }
    let shown = site.pages.filter { $0.section == section && $0.isListed }
    guard let index = shown.firstIndex(where: { $0.path == page.path }), shown.count > 1 else {
      return ""
    }
    let next = shown[(index + 1) % shown.count]
    return "<aside><p>Read next: <a href=\"\(next.path)?utm_source=next&amp;utm_medium=web\">"
      + "\(next.title.escaped)</a></p></aside>"
  }

  private func blocks(_ page: PageScript) -> String {
    var html = ""
    var open = ""
    func move(to tag: String) {
      guard open != tag else { return }
      if !open.isEmpty { html += Self.closing[open] ?? "" }
      if !tag.isEmpty { html += Self.opening[tag] ?? "" }
      open = tag
    }
    for block in page.blocks {
      let text = block.drop { "#-|$>^ ".contains($0) }
      switch block.first {
      case "#":
        move(to: "")
        html += "<h2>\(inline(text))</h2>\n"
      case "-":
        move(to: "ul")
        html += "<li>\(inline(text))</li>\n"
      case "|":
        let cell = open == "table" ? "td" : "th"
        move(to: "table")
        let cells = block.dropFirst().split(separator: "|").map {
          "<\(cell)>\(inline($0.trimmed))</\(cell)>"
        }
        html += "<tr>\(cells.joined())</tr>\n"
      case "$":
        move(to: "pre")
        html += String(block.dropFirst(2)).escaped + "\n"
      case ">":
        move(to: "")
        html += "<blockquote><p>\(inline(text))</p></blockquote>\n"
      case "^":
        move(to: "")
        html += "<p class=\"byline\">\(inline(text))</p>\n"
      default:
        move(to: "")
        html += "<p>\(inline(block))</p>\n"
      }
    }
    move(to: "")
    return html + extras(page)
  }

  private static let opening = ["ul": "<ul>\n", "table": "<table>\n", "pre": "<pre><code>"]
  private static let closing = ["ul": "</ul>\n", "table": "</table>\n", "pre": "</code></pre>\n"]

  private func extras(_ page: PageScript) -> String {
    var html = ""
    if page.flags.contains("picture") {
      html += """
        <figure><svg width="120" height="60" role="img" aria-label="\(page.title.escaped)">\
        <rect width="120" height="60" fill="#246"/><circle cx="60" cy="30" r="18" fill="#fd6"/></svg>\
        <figcaption>Drawn by the editors.</figcaption></figure>\n
        """
    }
    if page.flags.contains("hiddentext") {
      html += """
        <p style="display:none">cheap lamps best lamps buy lamps lamps lamps</p>
        <div hidden><p>This sentence is hidden from readers and is none of the page's content.</p></div>\n
        """
    }
    return html
  }

  private func inline(_ text: Substring) -> String {
    var html = ""
    var rest = text
    while let open = rest.range(of: "[["), let close = rest[open.upperBound...].range(of: "]]") {
      html += String(rest[..<open.lowerBound]).escaped
      let parts = rest[open.upperBound..<close.lowerBound].split(separator: "|", maxSplits: 1)
      let words = String(parts.last ?? "").escaped
      html += "<a href=\"\(resolve(String(parts.first ?? "/")).escaped)\">\(words)</a>"
      rest = rest[close.upperBound...]
    }
    return html + String(rest).escaped
  }

  /// `bread:/x` becomes an absolute URL on the bakery's host; all else stays.
  private func resolve(_ target: String) -> String {
    let parts = target.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, let base = bases[String(parts[0])] else { return target }
    return base + parts[1]
  }
}

extension PageScript {
  /// Whether indexes and sitemaps name the page.
  var isListed: Bool { flags.isDisjoint(with: ["hidden", "orphan", "nofollowed"]) }
}

extension Substring {
  var trimmed: Substring {
    var text = self.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }
}

extension String {
  /// Underscores as blanks: values in a page's head line hold none.
  var spaced: String { String(map { $0 == "_" ? " " : $0 }) }
}
