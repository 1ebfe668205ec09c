import Foundation
import Gossamer
import GossamerFlow
import Yams

/// Web services that agents may ask, as a YAML file declares them.
///
///     hosts: [api.openalex.org]
///     tools:
///       - name: search_openalex
///         purpose: Finds scientific works by words.
///         url: https://api.openalex.org/works?search={query}&per-page={limit}
///         keep: ["results[].title", "results[].doi"]
///         calls: 10
///         parameters:
///           query: {purpose: Words of the title.}
///           limit: {purpose: How many., type: number, min: 1, max: 10, default: 3}
enum DeclaredTools {
  /// The tools of a file.
  ///
  /// - Throws: `CommandFailure` that says what is wrong where.
  static func read(_ path: String, transport: any HTTPTransport) throws -> [any Tool] {
    let top = try compose(path)
    let hosts = try hosts(top, path)
    let source = WebJSON(transport: transport)
    do {
      return try (top["tools"]?.sequence ?? []).map { try tool($0, hosts, source) }
    } catch let failure as ToolFailure {
      throw CommandFailure(.usage, "\(failure.message) (\(path)): correct the file")
    }
  }

  /// Which addresses the hosts of a file may have: public ones, and a loopback address that is
  /// listed itself.
  static func addresses(_ path: String) throws -> AddressPolicy {
    AddressPolicy(seeds: try hosts(compose(path), path).compactMap { WebURL("http://\($0)/") })
  }

  private static func compose(_ path: String) throws -> Node {
    do {
      return try Yams.compose(yaml: SeedReader.text(of: path)) ?? [:]
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure(
        .usage, "the file of tools is no YAML (\(path)): \(Console.oneLine("\(error)"))")
    }
  }

  private static func hosts(_ top: Node, _ path: String) throws -> Set<String> {
    let hosts = Set((top["hosts"]?.sequence ?? []).compactMap(\.string))
    guard !hosts.isEmpty else {
      throw CommandFailure(
        .usage, "no hosts may be asked (\(path)): list them, as 'hosts: [api.example.org]'")
    }
    return hosts
  }

  private static func tool(
    _ node: Node, _ hosts: Set<String>, _ source: any JSONSource
  ) throws(ToolFailure) -> any Tool {
    guard let name = node["name"]?.string, let purpose = node["purpose"]?.string,
      let url = node["url"]?.string
    else { throw ToolFailure("a tool needs name, purpose and url") }
    var parameters: [ToolParameter] = []
    var defaults: [String: String] = [:]
    for (key, value) in node["parameters"]?.mapping ?? [:] {
      guard let key = key.string else { continue }
      let fallback = value["default"]?.scalar?.string
      defaults[key] = fallback
      parameters.append(
        ToolParameter(
          key, try kind(value, key), value["purpose"]?.string ?? key, isRequired: fallback == nil))
    }
    return try HTTPJSONTool(
      name: name, purpose: purpose, schema: ToolSchema(parameters), template: url,
      defaults: defaults, keep: (node["keep"]?.sequence ?? []).compactMap(\.string), hosts: hosts,
      limits: ToolLimits(deadline: .seconds(30), calls: node["calls"]?.int ?? 20), source: source)
  }

  private static func kind(
    _ node: Node, _ name: String
  ) throws(ToolFailure) -> ToolParameter.Kind {
    if let words = node["choices"]?.sequence { return .choice(words.compactMap(\.string)) }
    switch node["type"]?.string ?? "text" {
    case "text": return .text(limit: node["limit"]?.int ?? 200)
    case "flag": return .flag
    case "number":
      let least = node["min"]?.int ?? 0
      return .number(least...max(least, node["max"]?.int ?? 1_000_000))
    case let other: throw ToolFailure("'\(other)' is no type of \(name): text, number, flag")
    }
  }
}

/// JSON over the network, at most a request a second.
private struct WebJSON: JSONSource {
  let transport: any HTTPTransport
  private let rate = RateLimiter(limits: RateLimits(requestsPerMinute: 60, concurrency: 1))

  init(transport: any HTTPTransport) { self.transport = transport }

  func body(of url: String, limit: Int) async throws -> [UInt8] {
    guard let url = WebURL(url) else { throw ToolFailure("That is no address.") }
    let place = try await rate.acquire()
    let result: Result<[UInt8], any Error>
    do { result = .success(try await get(url, limit)) } catch { result = .failure(error) }
    await rate.settle(place)
    return try result.get()
  }

  private func get(_ url: WebURL, _ limit: Int) async throws -> [UInt8] {
    let fields = HTTPFields([
      ("Accept", "application/json"), ("Accept-Encoding", "identity"),
      ("User-Agent", "Gossamer/\(Version.current)"),
    ])
    let response = try await transport.send(
      HTTPRequest(method: "GET", url: url, fields: fields, body: nil), limits: HTTPTimeLimits())
    guard response.status == 200 else {
      throw ToolFailure("The service answered with status \(response.status).")
    }
    var bytes: [UInt8] = []
    for try await piece in response.body {
      bytes += piece
      guard bytes.count <= limit else {
        throw ToolFailure("The service answered with more than \(limit) bytes.")
      }
    }
    return bytes
  }
}
