import GossamerLLM
import GossamerURL

/// Where tools get JSON from the web. The door is filled by whoever owns the network, and keeps the
/// rules of addresses.
public protocol JSONSource: Sendable {
  /// The body of the answer to a GET.
  ///
  /// - Parameter limit: the most bytes.
  /// - Throws: anything, with words for people; also for answers that are no success and redirects.
  func body(of url: String, limit: Int) async throws -> [UInt8]
}

/// A tool that is declared, not written: asks a web service by an address made from a template, and
/// gives the parts of its JSON that are wanted.
///
/// The host is fixed in the template and allow-listed; arguments only fill in parts of path and query.
public struct HTTPJSONTool: Tool {
  /// The tool's name.
  public let name: String
  /// For the model.
  public let purpose: String
  /// What it takes.
  public let schema: ToolSchema
  /// How long, how much and how often.
  public let limits: ToolLimits
  private let template: String
  private let defaults: [String: String]
  private let keep: [String]
  private let hosts: Set<String>
  private let source: any JSONSource

  /// A tool.
  ///
  /// - Parameters:
  ///   - template: an https or http URL in which `{name}` stands for an argument.
  ///   - defaults: what stands in for arguments that are left out.
  ///   - keep: paths such as `results[].title` of what is given to the model; none for everything.
  ///   - hosts: hosts that may be asked.
  /// - Throws: `ToolFailure` for a template that leaves the list, or names what is no parameter.
  public init(
    name: String, purpose: String, schema: ToolSchema, template: String,
    defaults: [String: String] = [:], keep: [String] = [], hosts: Set<String>,
    limits: ToolLimits = ToolLimits(), source: any JSONSource
  ) throws(ToolFailure) {
    self.name = name
    self.purpose = purpose
    self.schema = schema
    self.limits = limits
    self.template = template
    self.defaults = defaults
    self.keep = keep
    self.hosts = hosts
    self.source = source
    guard Self.isName(name) else {
      throw ToolFailure("the name of a tool is made of letters, digits and _: \(name)")
    }
    for parameter in Self.placeholders(in: template) {
      let declared = schema.parameters.first { $0.name == parameter }
      guard let declared, declared.isRequired || defaults[parameter] != nil else {
        throw ToolFailure("{\(parameter)} in the url of \(name) needs a parameter, or a default")
      }
    }
    let sample = Dictionary(schema.parameters.map { ($0.name, "x") }) { first, _ in first }
    _ = try address(sample)
  }

  /// Asks.
  public func call(_ arguments: ToolArguments) async throws -> ToolResult {
    var values = defaults
    for parameter in schema.parameters {
      if let text = arguments.text(parameter.name) { values[parameter.name] = text }
      if let number = arguments.number(parameter.name) { values[parameter.name] = String(number) }
      if let flag = arguments.flag(parameter.name) { values[parameter.name] = String(flag) }
    }
    let body = try await source.body(of: try address(values), limit: 2 << 20)
    guard let json = JSONValue(parsing: body) else {
      throw ToolFailure("The service answered with something that is no JSON.")
    }
    let kept = keep.isEmpty ? json : Self.pick(json, keep.map(Self.steps)) ?? .null
    return ToolResult([.foreign(kept.text)])
  }

  /// The address of a call; its host is the template's, whatever the values are.
  private func address(_ values: [String: String]) throws(ToolFailure) -> String {
    var filled = template
    for name in Self.placeholders(in: template) {
      filled = filled.replacing("{\(name)}", with: Self.encoded(values[name] ?? ""))
    }
    guard let url = WebURL(filled), url.scheme == "https" || url.scheme == "http",
      url.username.isEmpty, url.password.isEmpty
    else { throw ToolFailure("the url of \(name) is no address") }
    guard hosts.contains(url.hostname) else {
      throw ToolFailure("\(url.hostname) is not among the hosts that \(name) may ask")
    }
    return url.href
  }

  private static func isName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || $0 == 0x5F
      }
  }

  private static func placeholders(in template: String) -> [String] {
    template.split(separator: "{").dropFirst().compactMap { part in
      part.firstIndex(of: "}").map { String(part[..<$0]) }
    }
  }

  /// Everything but unreserved characters as %XX. Source: RFC 3986 §2.3.
  private static func encoded(_ value: String) -> String {
    value.utf8.map { byte -> String in
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || "-_~".utf8.contains(byte)
      guard !isPlain else { return String(UnicodeScalar(byte)) }
      return (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }

  private static func steps(_ path: String) -> ArraySlice<Substring> {
    path.split(separator: ".")[...]
  }

  /// Of a value, what the paths lead to; nil for nothing.
  private static func pick(_ value: JSONValue, _ paths: [ArraySlice<Substring>]) -> JSONValue? {
    if paths.contains(where: \.isEmpty) { return value }
    if case .array(let values) = value {
      let picked = values.compactMap { pick($0, paths) }
      return picked.isEmpty ? nil : .array(picked)
    }
    guard let members = value.members else { return nil }
    let picked = members.compactMap { member -> JSONValue.Member? in
      let inside = paths.filter { path in
        path.first.map { $0 == member.key || $0 == member.key + "[]" } == true
      }
      guard !inside.isEmpty, let value = pick(member.value, inside.map { $0.dropFirst() }) else {
        return nil
      }
      return .init(key: member.key, value: value)
    }
    return picked.isEmpty ? nil : .object(picked)
  }
}
