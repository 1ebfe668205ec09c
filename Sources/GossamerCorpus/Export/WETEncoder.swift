import Foundation
import GossamerArchive

extension RecordFormat {
  /// Plain text in WARC files, as Common Crawl has it.
  public static let wet = RecordFormat(name: "wet", fileExtension: "warc.wet", layout: .members) {
    WETEncoder(software: $0.software)
  }
}

/// One WARC `conversion` record a page, with its text; its URL and date are those of the capture.
///
/// A file begins with a `warcinfo` record. Pages without text have no record. Without a date of the fetch,
/// the record's is the time of the export. Source: WARC/1.1 §6.7 (conversion); Common Crawl's WET files.
public struct WETEncoder: RecordEncoder {
  private let software: String
  private let date: Double
  private let encoder = WARCRecordEncoder()

  /// An encoder of a program, whose files are dated now.
  public init(software: String, date: Double = Timestamp.now()) {
    self.software = software
    self.date = date
  }

  /// Where, when, and the text.
  public var keys: Set<String>? { ["url", "fetched_at", "text"] }

  /// The record that tells who made the file.
  public func opening(fileName: String?) -> [UInt8] {
    encoder.encodePlain(
      .warcinfo(
        fileName: fileName,
        fields: [
          ("software", software), ("format", "WARC File Format 1.1"),
          ("description", "Plain text of pages, as conversion records"),
        ], date: date))
  }

  /// The page's record.
  public func encode(_ record: PageRecord) -> [UInt8] {
    guard let text = record.text, text.utf8.contains(where: { $0 > 0x20 }) else { return [] }
    let captured = record.fetchedAt.flatMap(Self.seconds) ?? date
    return encoder.encodePlain(
      .conversion(
        uri: record.url, date: captured, contentType: "text/plain", payload: Array(text.utf8)))
  }

  /// Seconds since 1970 of an RFC 3339 time, with or without a fraction.
  private static func seconds(_ text: String) -> Double? {
    let styles = [true, false].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
    return styles.lazy.compactMap { try? Date(text, strategy: $0) }.first?.timeIntervalSince1970
  }
}
