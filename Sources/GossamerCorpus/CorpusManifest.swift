import Foundation
import GossamerFlow

/// What a corpus is: who made it, when, with which settings, and how much is in it.
public struct CorpusManifest: Sendable, Codable, Equatable {
  /// The crawl's identity and dates.
  public var crawl: Identity
  /// The program that made it.
  public var software: Software
  /// Effective settings by name; never credentials.
  public var settings: [String: String]
  /// Counts by name.
  public var counts: [String: Int]
  /// Names of the files that belong to it.
  public var files: [String]

  /// A manifest of all its parts.
  public init(
    crawl: Identity, software: Software, settings: [String: String], counts: [String: Int],
    files: [String]
  ) {
    self.crawl = crawl
    self.software = software
    self.settings = settings
    self.counts = counts
    self.files = files
  }

  /// A crawl's identity.
  public struct Identity: Sendable, Codable, Equatable {
    /// Random, made once.
    public var id: String
    /// When the first run began, RFC 3339.
    public var startedAt: String
    /// When the last run ended, RFC 3339.
    public var finishedAt: String?
    /// "running", "stopped" (can go on) or "finished".
    public var state: String
    /// How often the crawl was started.
    public var runs: Int

    /// An identity.
    public init(id: String, startedAt: String, finishedAt: String?, state: String, runs: Int) {
      self.id = id
      self.startedAt = startedAt
      self.finishedAt = finishedAt
      self.state = state
      self.runs = runs
    }

    enum CodingKeys: String, CodingKey {
      case id
      case startedAt = "started_at"
      case finishedAt = "finished_at"
      case state, runs
    }
  }

  /// A program and its version.
  public struct Software: Sendable, Codable, Equatable {
    /// Its name.
    public var name: String
    /// Its version.
    public var version: String

    /// A program.
    public init(name: String, version: String) {
      self.name = name
      self.version = version
    }
  }

  /// Reads a manifest; nil where there is none.
  ///
  /// - Throws: `StoreError` when it is there but cannot be read.
  public static func read(_ layout: CorpusLayout) throws(StoreError) -> CorpusManifest? {
    guard let data = FileManager.default.contents(atPath: layout.manifest) else { return nil }
    do {
      return try JSONDecoder().decode(CorpusManifest.self, from: data)
    } catch {
      throw StoreError(
        kind: .storeCorrupt, message: "\(layout.manifest) is no manifest",
        advice: "restore it from a backup, or crawl into another directory")
    }
  }

  /// Replaces the manifest in one step, so that a reader sees the old one or the new one.
  public func write(_ layout: CorpusLayout) throws(StoreError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      var data = try encoder.encode(self)
      data.append(0x0A)
      try data.write(to: URL(filePath: layout.manifest), options: .atomic)
    } catch {
      throw StoreError(
        kind: .storeIO, message: "cannot write \(layout.manifest): \(error.localizedDescription)",
        advice: "make room, or choose a directory you may write to with --output")
    }
  }
}
