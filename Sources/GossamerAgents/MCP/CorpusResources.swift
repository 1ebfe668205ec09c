import Foundation
public import GossamerCorpus
import GossamerLLM

/// What of a crawl can be read by address: its manifest, its report, and every page.
public struct CorpusResources: Sendable {
  private static let page = "gossamer://page/"
  private static let manifest = "gossamer://manifest"
  private static let report = "gossamer://report"

  private let layout: CorpusLayout
  private let pages: any CorpusPages

  /// The resources of a directory.
  public init(_ layout: CorpusLayout, pages: any CorpusPages) {
    self.layout = layout
    self.pages = pages
  }

  struct Content {
    var type: String
    var text: String
  }

  /// Pages are too many to be listed; there is a template for them.
  var list: [JSONValue] {
    [
      Self.entry(
        Self.manifest, "manifest", "What the crawl is: dates, settings, counts.",
        "application/json", at: layout.manifest),
      Self.entry(
        Self.report, "report", "What happened in the crawl, as a page with plots.", "text/html",
        at: layout.report),
    ].compactMap { $0 }
  }

  var templates: [JSONValue] {
    [
      .members([
        "uriTemplate": .string(Self.page + "{url}"), "name": .string("page"),
        "title": .string("A stored page"),
        "description": .string(
          "The main content of a stored page, by its URL with reserved characters percent-encoded."),
        "mimeType": .string("text/markdown"),
      ])
    ]
  }

  /// - Returns: nil where there is no such resource.
  /// - Throws: `MCPError` where a site does not want its page given to models.
  func read(_ uri: String) async throws -> Content? {
    switch uri {
    case Self.manifest: return Self.file(layout.manifest, "application/json")
    case Self.report: return Self.file(layout.report, "text/html")
    default:
      let isOwn = uri.hasPrefix(Self.page)
      guard let url = isOwn ? uri.dropFirst(Self.page.count).removingPercentEncoding : uri,
        let page = try await pages.page(at: url)
      else { return nil }
      guard let text = page.record.textForModels else {
        guard page.record.text == nil else {
          throw MCPError(.params, "the site does not allow models to read this page")
        }
        return Content(type: "text/plain", text: "")
      }
      // What may be shown in part is shown as it is counted: without marks.
      let isWhole = text == page.record.text
      guard isWhole, let markdown = page.record.markdown else {
        return Content(type: "text/plain", text: text)
      }
      return Content(type: "text/markdown", text: markdown)
    }
  }

  private static func entry(
    _ uri: String, _ name: String, _ purpose: String, _ type: String, at path: String
  ) -> JSONValue? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return .members([
      "uri": .string(uri), "name": .string(name), "description": .string(purpose),
      "mimeType": .string(type),
    ])
  }

  private static func file(_ path: String, _ type: String) -> Content? {
    FileManager.default.contents(atPath: path).map {
      Content(type: type, text: String(decoding: $0, as: UTF8.self))
    }
  }
}
