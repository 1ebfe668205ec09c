/// Turns page records into the bytes of one format. Owns no file: see ``RecordWriter``.
///
/// What pages say is passed on and never understood: whatever a text holds, it stays inside its field,
/// line, cell or record.
public protocol RecordEncoder: Sendable {
  /// The keys of a page record it looks at; nil for all. Others may be absent from the records it gets.
  var keys: Set<String>? { get }

  /// The bytes that begin a file; none by default.
  ///
  /// - Parameter fileName: the name the file will have; nil where nobody gives it one.
  func opening(fileName: String?) -> [UInt8]

  /// The bytes of one record; none where it has nothing that the format could hold.
  mutating func encode(_ record: PageRecord) throws -> [UInt8]
}

extension RecordEncoder {
  /// Nothing begins a file.
  public func opening(fileName: String?) -> [UInt8] { [] }
}

/// What encoders are told.
public struct RecordEncoding: Sendable {
  /// Which keys, under which names; nil leaves it to the format.
  public var fields: FieldList?
  /// Marks cells that a spreadsheet would take for a formula. See ``CSVEncoder``.
  public var hasSafeCells = false
  /// Who makes the files: "Gossamer/0.1".
  public var software: String

  /// All that formats do unless they are told otherwise.
  public init(software: String = "Gossamer") { self.software = software }
}

/// A format that a corpus can be exported to: its name, its files, its encoder.
public struct RecordFormat: Sendable {
  /// What its files are.
  public enum Layout: Sendable {
    /// Records one after the other.
    case records
    /// Records one after the other, each a gzip member of its own.
    case members
    /// A file a page.
    case pages
  }

  /// The name on the command line.
  public let name: String
  /// The ending of its files, without a dot in front.
  public let fileExtension: String
  /// What its files are.
  public let layout: Layout
  /// Whether the keys can be chosen.
  public let takesFields: Bool
  /// Makes its encoder.
  public let encoder: @Sendable (RecordEncoding) -> any RecordEncoder

  /// A format.
  public init(
    name: String, fileExtension: String, layout: Layout = .records, takesFields: Bool = false,
    encoder: @escaping @Sendable (RecordEncoding) -> any RecordEncoder
  ) {
    self.name = name
    self.fileExtension = fileExtension
    self.layout = layout
    self.takesFields = takesFields
    self.encoder = encoder
  }

  /// Every format there is.
  public static let all: [RecordFormat] = [.jsonLines, .csv, .plainText, .markdown, .wet]

  /// The format of a name.
  public static func named(_ name: String) -> RecordFormat? { all.first { $0.name == name } }
}
