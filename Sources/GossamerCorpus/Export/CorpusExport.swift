import Foundation

/// Writes a stored corpus in other formats: reads it once, whatever the number of formats, one record at a
/// time.
///
/// Several formats, files of a limited size, and formats with a file a page make a folder: numbered files,
/// pages below `markdown/`, and `export.json`, which tells what was asked for and what came of it. Else it is
/// one file. Either stands under its name only once it is whole.
public struct CorpusExport {
  /// Where it goes.
  public enum Target {
    /// A file or folder; `replaces` an earlier export.
    case path(String, replaces: Bool = false)
    /// Whoever takes the bytes of one format, in order.
    case stream((_ bytes: [UInt8]) throws -> Void)
  }

  /// What came of it.
  public struct Counts: Sendable, Equatable {
    /// Records of the corpus.
    public var read = 0
    /// Records that were selected.
    public var selected = 0
    /// Pages in each format; fewer than selected where some have no text.
    public var written: [String: Int] = [:]
    /// Records that were left out.
    public var refused: [PageSelection.Refusal: Int] = [:]
    /// Lines that were no page records.
    public var badLines = 0
    /// Bytes of page records that were read.
    public var bytesRead = 0
  }

  /// The formats, each once.
  public let formats: [RecordFormat]
  /// What the encoders are told.
  public var encoding = RecordEncoding()
  /// Which pages.
  public var selection = PageSelection()
  /// Whether files are gzipped. Formats that always are do not ask.
  public var compresses = false
  /// A file takes no further record once it has so many bytes; nil for one file.
  public var limitInBytes: Int?

  /// An export in one format or several.
  public init(_ formats: [RecordFormat]) { self.formats = formats }

  /// Whether it makes a folder and not one file.
  public var makesFolder: Bool {
    formats.count > 1 || limitInBytes != nil || formats.contains { $0.layout == .pages }
  }

  /// Exports a corpus.
  ///
  /// - Parameters:
  ///   - progress: called after every record; what it throws ends the export and leaves nothing behind.
  /// - Throws: `ExportError` for what is not possible, `StoreError` of files, and what encoders throw.
  public func run(
    _ layout: CorpusLayout, to target: Target, progress: (Counts) throws -> Void = { _ in }
  ) throws -> Counts {
    try check(target)
    var reader = try CorpusReader(layout, keys: keys)
    switch target {
    case .stream(let write):
      let encoder = formats[0].encoder(encoding)
      let sink = ByteStream(encoder: encoder, packer: packer(formats[0]), write: write)
      return try copy(&reader, [(formats[0], encoder, sink)], progress)
    case .path(let path, let replaces):
      let folder = try ExportFolder(target: path, isFolder: makesFolder, replaces: replaces)
      do {
        let outputs = try formats.map { try output($0, in: folder.path, finally: path) }
        let counts = try copy(&reader, outputs, progress)
        if makesFolder {
          try writeManifest(counts, layout, in: folder.path)
          try folder.commit(file: nil)
        } else {
          try folder.commit(file: (outputs[0].sink as? PartFiles)?.name)
        }
        return counts
      } catch {
        folder.discard()
        throw error
      }
    }
  }

  private typealias Output = (
    format: RecordFormat, encoder: any RecordEncoder, sink: any RecordSink
  )

  private func check(_ target: Target) throws(ExportError) {
    guard let first = formats.first else {
      throw ExportError(message: "no format was named", advice: "name one with --to")
    }
    if case .stream = target, makesFolder {
      throw ExportError(
        message: "this export is several files", advice: "name a folder for them with --output")
    }
    guard Set(formats.map(\.name)).count == formats.count else {
      throw ExportError(message: "a format was named twice", advice: "name each once")
    }
    guard encoding.fields == nil || formats.contains(where: \.takesFields) else {
      throw ExportError(
        message: "\(first.name) has fields of its own", advice: "leave --fields out")
    }
  }

  /// What has to be decoded; nil for everything.
  private var keys: Set<String>? {
    var keys = selection.keys
    for format in formats {
      guard let own = format.encoder(encoding).keys else { return nil }
      keys.formUnion(own)
    }
    return keys
  }

  private func packer(_ format: RecordFormat) -> Packer {
    let packsEachRecord = format.layout == .members
    return Packer(compresses: compresses || packsEachRecord, packsEachRecord: packsEachRecord)
  }

  private func output(
    _ format: RecordFormat, in folder: String, finally target: String
  ) throws -> Output {
    let encoder = format.encoder(encoding)
    guard format.layout != .pages else {
      let root = "\(folder)/\(format.name)"
      let sink = try PageFiles(root: root, fileExtension: format.fileExtension)
      return (format, encoder, sink)
    }
    let sink = try PartFiles(
      folder: folder + "/", format: format, encoder: encoder, packer: packer(format),
      limitInBytes: limitInBytes ?? .max,
      fileName: makesFolder ? nil : target.split(separator: "/").last.map(String.init))
    return (format, encoder, sink)
  }

  private func copy(
    _ reader: inout CorpusReader, _ outputs: [Output], _ progress: (Counts) throws -> Void
  ) throws -> Counts {
    var outputs = outputs
    var selection = selection
    selection.filter.hosts = selection.filter.hosts.map(CorpusFilter.hostKey)
    var counts = Counts()
    var seen: Set<[UInt8]> = []
    while let record = reader.next() {
      counts.read += 1
      counts.bytesRead = reader.bytesRead
      if let refusal = selection.refusal(of: record, seen: &seen) {
        counts.refused[refusal, default: 0] += 1
      } else {
        counts.selected += 1
        let record = selection.permitted(record)
        for index in outputs.indices {
          let bytes = try outputs[index].encoder.encode(record)
          guard !bytes.isEmpty else { continue }
          try outputs[index].sink.take(bytes, of: record)
          counts.written[outputs[index].format.name, default: 0] += 1
        }
      }
      try progress(counts)
    }
    for output in outputs { try output.sink.finish() }
    counts.badLines = reader.badLines
    return counts
  }

  private func writeManifest(_ counts: Counts, _ layout: CorpusLayout, in folder: String) throws {
    var line = JSONLine()
    line.add("source", layout.root)
    line.add("exported_at", Timestamp.rfc3339(Timestamp.now()))
    line.add("software", encoding.software)
    line.add("formats", formats.map(\.name))
    line.addObject("selection") {
      $0.add("hosts", selection.filter.hosts)
      $0.add("languages", selection.filter.languages)
      $0.add("since", selection.filter.since)
      $0.add("until", selection.filter.until)
      $0.add("min_words", selection.leastWords > 0 ? selection.leastWords : nil)
      $0.add("for", selection.use?.rawValue)
      $0.add("unique", selection.leavesOutRepeated ? true : nil)
    }
    line.addObject("fields") { object in
      for field in encoding.fields?.fields ?? [] { object.add(named: field.name, field.key) }
    }
    line.addObject("counts") { object in
      object.add("read", counts.read)
      object.add("selected", counts.selected)
      for refusal in PageSelection.Refusal.allCases {
        object.add(named: refusal.rawValue, counts.refused[refusal] ?? 0)
      }
      object.add("bad_lines", counts.badLines)
    }
    line.addObject("pages") { object in
      for format in formats {
        object.add(named: format.name, counts.written[format.name] ?? 0)
      }
    }
    var file = try AppendFile(
      path: "\(folder)/\(ExportFolder.manifestName)", committed: 0)
    try file.append(line.finished())
    try file.synchronize()
  }
}
