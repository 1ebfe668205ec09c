/// Which keys of a page record are exported, in which order, under which names.
public struct FieldList: Sendable, Equatable {
  /// A key, and the name it gets.
  public struct Field: Sendable, Equatable {
    /// The key of the page record.
    public var key: String
    /// The name in the export.
    public var name: String
  }

  /// The fields in order.
  public let fields: [Field]
  /// The keys, each once, and where among them each field has its own.
  private let distinct: [[UInt8]]
  private let places: [Int]

  /// All keys under their own names.
  public static let all = FieldList(PageRecord.keys)

  init(_ keys: [String]) { self.init(keys.map { Field(key: $0, name: $0) }) }

  private init(_ fields: [Field]) {
    let keys = Set(fields.map(\.key)).sorted()
    self.fields = fields
    distinct = keys.map { Array($0.utf8) }
    places = fields.map { field in keys.firstIndex(of: field.key) ?? 0 }
  }

  /// A list such as `url,title,text=content`: keys, and names where they are to have others.
  ///
  /// - Throws: `ExportError` where a key is none, or two fields have one name.
  public init(parsing text: String) throws(ExportError) {
    var fields: [Field] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { String($0.filter { $0 != " " }) }
      let key = words[0]
      guard PageRecord.keys.contains(key) else {
        throw ExportError(
          message: "'\(key)' is no field of a page",
          advice: "take some of \(PageRecord.keys.joined(separator: ","))")
      }
      let name = words.count > 1 ? words[1] : key
      guard !name.isEmpty, !fields.contains(where: { $0.name == name }) else {
        throw ExportError(
          message: "two fields are named '\(name)', or one has no name",
          advice: "give each a name of its own, as text=content")
      }
      fields.append(Field(key: key, name: name))
    }
    self.init(fields)
  }

  /// The keys that are looked at.
  public var keys: Set<String> { Set(fields.map(\.key)) }

  /// Gives each field's value in order, as its place in the JSON line of the record.
  func visit(_ record: PageRecord, _ body: (_ field: Field, _ line: JSONSkim, _ place: Int) -> Void)
  {
    let line = PageRecord.finish(line: record.openLine(), at: record.warc)
    line.withUnsafeBufferPointer { bytes in
      guard let skim = JSONSkim(bytes, keys: distinct) else { return }
      for (field, place) in zip(fields, places) { body(field, skim, place) }
    }
  }
}
