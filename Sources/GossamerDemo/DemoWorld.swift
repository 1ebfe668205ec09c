import GossamerBytes

/// All hosts with their answers, and what a good crawl finds in them.
struct DemoWorld: Sendable {
  static let hostCount = 7

  private(set) var hosts: [DemoHost] = []
  private(set) var expected: [String] = []
  private(set) var duplicateGroups: [[String]] = []
  private(set) var sitemapOnly: [String] = []
  private(set) var unwanted: [String] = []

  static func address(of index: Int, _ configuration: DemoConfiguration) -> String {
    "\(configuration.addressPrefix).\(index + 1)"
  }

  init(configuration: DemoConfiguration, port: Int) {
    let sites = Content.sites()
    precondition(sites.count == Self.hostCount, "an address for each site")
    var bases: [String: String] = [:]
    for (index, site) in sites.enumerated() {
      bases[site.key] =
        "http://\(Self.address(of: index, configuration))" + (port == 80 ? "" : ":\(port)")
    }
    for site in sites { add(site, bases: bases, configuration: configuration) }
  }

  private mutating func add(
    _ site: SiteScript, bases: [String: String], configuration: DemoConfiguration
  ) {
    var host = DemoHost(key: site.key, name: site.name, base: bases[site.key] ?? "")
    let renderer = PageRenderer(site: site, bases: bases)
    for page in site.pages { add(page, to: &host, renderer) }
    for redirect in site.redirects {
      host.answers[redirect.path] = .redirect(
        to: resolve(redirect.to, bases), status: redirect.status)
    }
    host.disallowed = site.paths(of: "Disallow: ")
    host.allowed = site.paths(of: "Allow: ")
    if site.key == "river" { host.crawlDelay = configuration.crawlDelay }
    host.hasCalendar = site.key == "stars"
    addRobots(site, to: &host)
    addSitemap(site, to: &host)
    hosts.append(host)
  }

  private func resolve(_ target: String, _ bases: [String: String]) -> String {
    let parts = target.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, let base = bases[String(parts[0])] else { return target }
    return base + parts[1]
  }

  private mutating func add(_ page: PageScript, to host: inout DemoHost, _ renderer: PageRenderer) {
    let charset = page.values["charset"] ?? "utf-8"
    var answer = DemoAnswer.page(
      encoded(renderer.html(page, charset: charset), charset), type: contentType(page, charset))
    if page.flags.contains("slow") { answer.manner = .slow }
    if let status = page.values["once"].flatMap(Int.init) {
      answer.manner = .refusesOnce(status: status)
    }
    if page.flags.contains("gzip") {
      answer.body = GzipEncoder(level: 6).member(of: [answer.body])
      answer.headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
    }
    answer.headers.append(("Last-Modified", "Sun, 01 Nov 2026 08:00:00 GMT"))
    host.answers[page.path] = answer
    if page.flags.contains("print") {
      host.answers[page.path + "?print=1"] = .page(
        Array(renderer.printVersion(page).utf8), type: "text/html; charset=utf-8")
    }
    let twin = page.values["twin"]
    if let twin { host.answers[twin] = answer }
    expect(page, twin: twin, in: &host)
  }

  /// Enters the page into the lists that a crawl is held against.
  private mutating func expect(_ page: PageScript, twin: String?, in host: inout DemoHost) {
    let url = host.base + page.path
    if page.flags.contains("nofollowed") { host.nofollowed.insert(page.path) }
    if page.path.hasPrefix("/private/") || !page.flags.isDisjoint(with: ["noindex", "nofollowed"])
      || page.flags.contains("forbidden")
    {
      unwanted.append(url)
    } else if let twin {
      duplicateGroups.append([url, host.base + twin])
    } else {
      expected.append(url)
      if page.flags.contains("orphan") { sitemapOnly.append(url) }
    }
  }

  /// UTF-16 and the header: some servers name the encoding, some leave it to the page.
  private func contentType(_ page: PageScript, _ charset: String) -> String {
    page.flags.contains("nocharset") ? "text/html" : "text/html; charset=\(charset)"
  }

  private func encoded(_ html: String, _ charset: String) -> [UInt8] {
    guard charset != "utf-8" else { return Array(html.utf8) }
    let bytes = LegacyCharset.encode(
      html: html, as: charset == "utf-16le" ? "UTF-16LE" : charset)
    precondition(bytes != nil, "the C library knows the encoding \(charset)")
    return (charset == "utf-16le" ? [0xFF, 0xFE] : []) + (bytes ?? [])
  }

  private func addRobots(_ site: SiteScript, to host: inout DemoHost) {
    var lines = ["# \(site.name)", "User-agent: *", "Disallow: /private/"] + site.rules
    if let delay = host.crawlDelay {
      lines.append("Crawl-delay: \(Double(delay.milliseconds) / 1000)")
    }
    host.disallowed.append("/private/")
    lines += ["", "User-agent: greedybot", "Disallow: /", "", "Sitemap: \(host.base)/sitemap.xml"]
    host.answers["/robots.txt"] = .plain(200, lines.joined(separator: "\n") + "\n")
  }

  private func addSitemap(_ site: SiteScript, to host: inout DemoHost) {
    let listed = site.pages.filter { page in
      page.flags.isDisjoint(with: ["hidden", "noindex", "nofollowed", "forbidden"])
        && !page.path.hasPrefix("/private/")
    }
    let entries = listed.map { page in
      "<url><loc>\(host.base)\(page.path.escaped)</loc>"
        + "<lastmod>\(page.values["on"] ?? site.published)</lastmod></url>"
    }
    let xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
      + entries.joined(separator: "\n") + "\n</urlset>\n"
    host.answers["/sitemap.xml"] = .page(Array(xml.utf8), type: "application/xml")
  }
}
