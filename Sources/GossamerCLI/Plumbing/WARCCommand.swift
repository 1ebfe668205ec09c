import ArgumentParser
import Gossamer

/// `gossamer warc`: what is in an archive file.
struct WARCCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "warc", abstract: "List, read and check WARC files, gzipped or plain.",
    subcommands: [List.self, Cat.self, Check.self])

  /// `gossamer warc ls`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "ls", abstract: "List the records, one JSON line each.")

    @Argument(help: "A WARC or ARC file (default: standard input).")
    var file: String?

    func run() throws {
      let input = try InputFile(file)
      var reader = WARCReader { _, count in try input.read(count) }
      let writer = ResultWriter()
      while let entry = try reader.next() {
        writer.append(Self.line(of: entry))
      }
      try writer.flush()
      guard let damage = reader.damages.first else { return }
      throw CommandFailure(
        .partly,
        "damaged at \(reader.damageCount) places, the first: \(damage) (\(input.name)): "
          + "see 'gossamer warc check'")
    }

    private static func line(of entry: WARCEntry) -> [UInt8] {
      let message = entry.message
      var line = JSONLine()
      line.add("offset", entry.offset)
      line.add("length", entry.length)
      line.add("type", entry.kind)
      line.add("uri", entry.targetURI)
      line.add("date", entry["WARC-Date"])
      line.add("status", message?.status)
      line.add("content_type", entry["Content-Type"])
      line.add("http_content_type", message?["Content-Type"])
      line.add("digest", entry["WARC-Payload-Digest"] ?? entry["WARC-Block-Digest"])
      line.add("id", entry.id)
      line.add("problem", entry.problem)
      return line.finished()
    }
  }

  /// `gossamer warc cat`.
  struct Cat: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "cat", abstract: "Print the payload of one record, without transfer coding.")

    @Argument(help: "A WARC or ARC file (default: standard input).")
    var file: String?

    @Option(name: .long, help: "Where the record begins, as 'ls' tells.")
    var offset: Int

    func validate() throws {
      guard offset >= 0 else { throw ValidationError("'\(offset)' is no offset: give 0 or more") }
    }

    func run() throws {
      guard let entry = try entryThere() ?? entryOnTheWay() else {
        throw CommandFailure(
          .usage, "no record at offset \(offset) (\(name)): take one from 'gossamer warc ls'")
      }
      let message = entry.message
      Output.bytes(message?.dechunkedBody ?? message?.body ?? entry.block)
      if let problem = entry.problem {
        throw CommandFailure(.partly, "\(problem) (\(name)): the record is damaged")
      }
    }

    private var name: String { file ?? "standard input" }

    /// The record, read from its offset on.
    private func entryThere() throws -> WARCEntry? {
      let input = try InputFile(file)
      try input.skip(offset)
      var reader = WARCReader(blockLimit: Check.blockLimit) { _, count in try input.read(count) }
      return try reader.next().flatMap { $0.offset == 0 ? $0 : nil }
    }

    /// The record, read from the start of the file on: in an ARC file only its head tells what the
    /// lines after it are.
    private func entryOnTheWay() throws -> WARCEntry? {
      guard let file, file != "-" else { return nil }
      let input = try InputFile(file)
      var reader = WARCReader(blockLimit: Check.blockLimit) { _, count in try input.read(count) }
      while let entry = try reader.next(), entry.offset <= offset {
        if entry.offset == offset { return entry }
      }
      return nil
    }
  }

  /// `gossamer warc check`.
  struct Check: ParsableCommand {
    /// A block has to be whole for its digest.
    static let blockLimit = 2 << 30

    static let configuration = CommandConfiguration(
      abstract: "Find damage and digests that do not fit; exit code 1 if there is any.")

    @Argument(help: "A WARC or ARC file (default: standard input).")
    var file: String?

    func run() throws {
      let input = try InputFile(file)
      var reader = WARCReader(blockLimit: Self.blockLimit) { _, count in try input.read(count) }
      let writer = ResultWriter()
      var (records, mismatches, told) = (0, 0, 0)
      while let entry = try reader.next() {
        records += 1
        tell(reader.damages[told...], writer)
        told = reader.damages.count
        let digests = [("block", entry.blockDigestFits), ("payload", entry.payloadDigestFits)]
        for (name, fits) in digests where fits == false {
          mismatches += 1
          var line = JSONLine()
          line.add("offset", entry.offset)
          line.add("uri", entry.targetURI)
          line.add("problem", "\(name) digest does not fit")
          writer.append(line.finished())
        }
      }
      tell(reader.damages[told...], writer)
      try writer.flush()
      guard reader.damageCount + mismatches > 0 else { return }
      throw CommandFailure(
        .partly,
        "\(records) records: \(reader.damageCount) damages, \(mismatches) digests do not fit "
          + "(\(input.name)): see the lines above")
    }

    private func tell(_ damages: ArraySlice<WARCReader.Damage>, _ writer: ResultWriter) {
      for damage in damages {
        var line = JSONLine()
        line.add("offset", damage.offset)
        line.add("problem", damage.reason)
        writer.append(line.finished())
      }
    }
  }
}
