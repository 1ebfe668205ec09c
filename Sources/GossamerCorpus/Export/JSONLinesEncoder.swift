extension RecordFormat {
  /// Page records as they are stored, or some of their keys.
  public static let jsonLines = RecordFormat(
    name: "jsonl", fileExtension: "jsonl", takesFields: true
  ) { JSONLinesEncoder(fields: $0.fields) }
}

/// One JSON object a line. A key that a record does not have is absent.
public struct JSONLinesEncoder: RecordEncoder {
  private let fields: FieldList?

  /// An encoder of some fields, or of all there are.
  public init(fields: FieldList? = nil) { self.fields = fields }

  /// The keys of its fields.
  public var keys: Set<String>? { fields?.keys }

  /// The record's line.
  public func encode(_ record: PageRecord) -> [UInt8] {
    guard let fields else {
      return PageRecord.finish(line: record.openLine(), at: record.warc)
    }
    var line = JSONLine()
    fields.visit(record) { field, stored, place in
      if let value = stored.raw(place) { line.add(named: field.name, json: value) }
    }
    return line.finished()
  }
}
