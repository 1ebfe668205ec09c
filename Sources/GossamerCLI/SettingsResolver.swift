import ArgumentParser
import Foundation
import Yams

/// Where each setting comes from: an option wins over `GOSSAMER_…` in the environment, that over
/// the job file, that over the built-in value.
struct SettingsResolver {
  /// A setting, its value as text, and where it came from.
  struct Entry {
    var name: String
    var value: String
    var origin: String
  }

  /// What was asked for so far, in order.
  private(set) var entries: [Entry] = []
  private let environment: [String: String]
  private let job: [String: [String]]
  private let jobPath: String?
  private var asked: Set<String> = ["seeds"]

  /// - Throws: `CommandFailure` for a job file that cannot be read.
  init(jobPath: String?, environment: [String: String] = ProcessInfo.processInfo.environment) throws
  {
    self.environment = environment
    self.jobPath = jobPath
    job = try jobPath.map(Self.read) ?? [:]
  }

  /// The seeds that the job file names.
  var seeds: [String] { job["seeds"] ?? [] }

  /// A setting with a built-in value.
  mutating func value<Value: ExpressibleByArgument>(
    _ option: Value?, _ name: String, default fallback: Value
  ) throws -> Value {
    try value(option, name) ?? note(fallback, name, "default")
  }

  /// A setting that may be absent.
  mutating func value<Value: ExpressibleByArgument>(_ option: Value?, _ name: String) throws
    -> Value?
  {
    asked.insert(name)
    if let option { return note(option, name, "option") }
    let variable = Self.variable(name)
    // Bound first: as an argument the value would become an optional, and be noted as one.
    if let text = environment[variable] {
      let value: Value = try Self.parse(text, name, variable)
      return note(value, name, variable)
    }
    if let text = job[name]?.last, let jobPath {
      let value: Value = try Self.parse(text, name, jobPath)
      return note(value, name, jobPath)
    }
    return nil
  }

  /// A setting that can stand several times.
  mutating func values(_ options: [String], _ name: String) -> [String] {
    asked.insert(name)
    let variable = Self.variable(name)
    let (values, origin) =
      if !options.isEmpty {
        (options, "option")
      } else if let text = environment[variable] {
        ([text], variable)
      } else {
        (job[name] ?? [], jobPath ?? "default")
      }
    if !values.isEmpty { _ = note(values.joined(separator: " "), name, origin) }
    return values
  }

  /// A switch: present as an option, or `true` elsewhere.
  mutating func flag(_ isSet: Bool, _ name: String) throws -> Bool {
    try value(isSet ? true : nil, name, default: false)
  }

  /// - Throws: `CommandFailure` when the job file holds a key that nobody asked for.
  func refuseUnknownKeys() throws {
    guard let stray = job.keys.filter({ !asked.contains($0) }).min(), let jobPath else { return }
    throw CommandFailure(
      .usage, "unknown setting '\(stray)' (\(jobPath)): see 'gossamer crawl --help' for the names")
  }

  private mutating func note<Value>(_ value: Value, _ name: String, _ origin: String) -> Value {
    entries.append(Entry(name: name, value: "\(value)", origin: origin))
    return value
  }

  private static func variable(_ name: String) -> String {
    "GOSSAMER_" + name.uppercased().replacing("-", with: "_")
  }

  private static func parse<Value: ExpressibleByArgument>(
    _ text: String, _ name: String, _ origin: String
  ) throws -> Value {
    guard let value = Value(argument: text) else {
      throw CommandFailure(
        .usage, "'\(text)' is no value for '\(name)' (\(origin)): see 'gossamer crawl --help'")
    }
    return value
  }

  private static func read(_ path: String) throws -> [String: [String]] {
    let text: String
    do {
      text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    } catch {
      throw CommandFailure(.usage, "cannot read the job file (\(path)): check the path")
    }
    do {
      guard let top = try Yams.compose(yaml: text) else { return [:] }
      guard let mapping = top.mapping else {
        throw CommandFailure(
          .usage, "the job file holds no settings (\(path)): write lines such as 'delay: 1.0'")
      }
      var job: [String: [String]] = [:]
      for (key, value) in mapping {
        guard let name = key.scalar?.string else { continue }
        job[name] =
          value.sequence.map { $0.compactMap(\.scalar?.string) }
          ?? value.scalar.map { [$0.string] } ?? []
      }
      return job
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure(
        .usage, "the job file is no YAML (\(path)): \(Console.oneLine("\(error)"))")
    }
  }
}
