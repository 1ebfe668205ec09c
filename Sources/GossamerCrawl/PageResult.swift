public import GossamerCorpus
import GossamerFrontier

/// The whole outcome of a visit as one value: what is to be written, and what becomes durable with
/// it.
public struct PageResult: Sendable {
  /// A page to be stored.
  public struct Page: Sendable {
    /// The record; its archive place is added by the recorder.
    public var record: PageRecord
    /// SHA-256 of the decoded body.
    public var digest: [UInt8]
    /// Summaries of this very text that an earlier run made and that no page counts for yet.
    public var paid: [PageRecord.Summary] = []
  }

  /// The page, if there is one to be stored.
  public var page: Page?
  /// Archive records of the exchange; the response comes first.
  var archive: [ArchivedRecord] = []
  /// Why URLs were not fetched or not kept.
  var skipped: [SkipRecord] = []
  /// Files of sites that say what may be done there.
  var permissions: [PermissionRecord] = []
  /// What the frontier changed.
  var receipt = ReportReceipt()
}

/// A step between extraction and storage that may add to a page. It may wait, for a model for
/// instance: pages then queue up in front of it, and fetching slows down.
public protocol PageStage: Sendable {
  /// Adds to the page. A failure belongs on the record; it never ends the page.
  func process(_ page: inout PageResult.Page) async
}
