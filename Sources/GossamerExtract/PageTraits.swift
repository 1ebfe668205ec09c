internal import GossamerMarkup
internal import GossamerURL

/// What is known of a page as a whole, apart from its text.
struct PageTraits {
  var title = ""
  var hasArticleData = false
  var hasProductData = false
  var hasForumData = false
  var hasListData = false
  var pathDepth = 0
  var hasDateInPath = false
  var hasForumPath = false
  var hasDocumentationPath = false
  var hasShopPath = false
  var hasListPath = false

  /// What its readers write is what the page is for.
  var isForum: Bool { hasForumData || hasForumPath }

  init() {}

  init(url: WebURL, metadata: PageMetadata) {
    let openGraphTitle = metadata.openGraph.first { $0.name == "og:title" }?.content
    title = openGraphTitle ?? metadata.title ?? ""
    let types = Set(metadata.jsonLDTypes)
    let openGraphType =
      metadata.openGraph.first { $0.name == "og:type" }?.content.lowercased() ?? ""
    hasArticleData =
      types.contains { $0.hasSuffix("Article") || $0 == "BlogPosting" || $0 == "Report" }
      || openGraphType.hasPrefix("article")
    hasProductData = types.contains("Product") || openGraphType.contains("product")
    hasForumData = types.contains("DiscussionForumPosting") || types.contains("QAPage")
    hasListData = types.contains("ItemList") || types.contains("CollectionPage")
    read(path: url.pathname)
  }

  private mutating func read(path: String) {
    let parts = path.lowercased().split(separator: "/").map(String.init)
    pathDepth = parts.count
    for (index, part) in parts.enumerated() {
      let isYear = part.count == 4 && (part.hasPrefix("20") || part.hasPrefix("19"))
      if isYear, index + 1 < parts.count, parts[index + 1].count <= 2 { hasDateInPath = true }
      let words = part.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
      // Longer ones are titles, in which any word may stand.
      guard words.count <= 2 else { continue }
      for word in words {
        switch word {
        case "forum", "forums", "thread", "threads", "topic", "viewtopic", "question", "questions",
          "showthread", "discuss", "discussion", "comments", "t", "community":
          hasForumPath = true
        case "doc", "docs", "documentation", "wiki", "reference", "api", "manual", "developer",
          "guide", "tutorial":
          hasDocumentationPath = true
        case "product", "products", "p", "dp", "item", "shop", "store": hasShopPath = true
        case "category", "categories", "collection", "collections", "tag", "tags", "c", "archive",
          "list":
          hasListPath = true
        default: break
        }
      }
    }
  }
}
