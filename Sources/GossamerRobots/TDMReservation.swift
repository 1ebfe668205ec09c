/// Whether the rights to mine text and data are reserved, by the word of one place.
///
/// Source: W3C TDM Reservation Protocol, community group report of 2024-05-10.
public struct TDMReservation: Sendable, Equatable {
  /// Whether they are. The law it stands for: directive (EU) 2019/790, article 4.
  public var isReserved: Bool
  /// Where terms and contact are, as written.
  public var policy: String?
  /// Where it stood: "header", "meta", "tdmrep.json rule 1".
  public var source: String

  /// Reads the value of `tdm-reservation`; nil where it is neither 1 nor 0 and so says nothing.
  public init?(value: String, policy: String?, source: String) {
    switch value.filter({ !$0.isWhitespace && $0 != "\"" }) {
    case "1": isReserved = true
    case "0": isReserved = false
    default: return nil
    }
    self.policy = policy.flatMap { $0.isEmpty ? nil : $0 }
    self.source = source
  }

  /// The stricter of values that stand in one place; nil where none says anything.
  public init?(values: [String], policies: [String], source: String) {
    let found = values.compactMap {
      TDMReservation(value: $0, policy: policies.first, source: source)
    }
    guard let strictest = found.first(where: \.isReserved) ?? found.first else { return nil }
    self = strictest
  }
}

/// What the `tdmrep.json` of an origin reserves, path by path.
///
/// The first rule whose location matches counts. Locations match as robots.txt patterns do.
/// Reading JSON is the caller's.
///
/// Source: W3C TDM Reservation Protocol, "TDM File on the Origin Server".
public struct TDMReservations: Sendable {
  /// Where the file is, on every origin.
  public static let path = "/.well-known/tdmrep.json"

  private struct Rule {
    var pattern: RobotsPattern
    var reservation: TDMReservation
  }

  private var rules: [Rule] = []

  /// Nothing is said.
  public init() {}

  /// Whether nothing is said.
  public var isEmpty: Bool { rules.isEmpty }

  /// Adds a rule behind those that are there. Its `source` names it.
  ///
  /// - Parameter location: a path, perhaps with `*` and a `$` at the end.
  public mutating func append(location: String, _ reservation: TDMReservation) {
    let path = location.hasPrefix("/") || location.hasPrefix("*") ? location : "/" + location
    rules.append(
      Rule(pattern: RobotsPattern(Array(path.utf8)[...]), reservation: reservation))
  }

  /// What is said of a target; nil where nothing is.
  ///
  /// - Parameter pathAndQuery: as for `RobotsRules.verdict(forTarget:)`.
  public func reservation(forTarget pathAndQuery: String) -> TDMReservation? {
    guard !rules.isEmpty else { return nil }
    let target = RobotsPattern.normalize(target: pathAndQuery)
    return rules.first { $0.pattern.matches(target) }?.reservation
  }
}
