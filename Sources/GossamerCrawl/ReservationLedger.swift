import Foundation
import GossamerCorpus
public import GossamerRobots
import Synchronization

/// What origins reserve by their `tdmrep.json`.
///
/// Filled by visits to these files and, on restart, from `permissions.jsonl`; read by page carriers;
/// emptied by nobody. Origins that reserve nothing take no room.
final class ReservationLedger: Sendable {
  private let origins: Mutex<[String: TDMReservations]>

  init(_ known: [String: TDMReservations] = [:]) { origins = Mutex(known) }

  subscript(origin: String) -> TDMReservations? {
    get { origins.withLock { $0[origin] } }
    set { origins.withLock { $0[origin] = newValue?.isEmpty == true ? nil : newValue } }
  }

  /// What an earlier run was told.
  static func restore(_ layout: CorpusLayout) -> ReservationLedger {
    var known: [String: TDMReservations] = [:]
    let beginning = PermissionRecord.lineBeginning(.reservations)
    for line in CorpusLines(path: layout.permissions, beginningWith: beginning) {
      guard let record = try? JSONDecoder().decode(PermissionRecord.self, from: Data(line)),
        let text = record.text
      else { continue }
      known[record.origin] = TDMReservations(json: Array(text.utf8))
    }
    return ReservationLedger(known)
  }
}

extension TDMReservations {
  /// Reads a `tdmrep.json`: an array of rules; a single rule without the array is read, too. Rules
  /// without a location or a valid reservation are left out, and so is everything that is no JSON.
  public init(json: [UInt8]) {
    self.init()
    let decoder = JSONDecoder()
    let data = Data(json)
    let rules =
      (try? decoder.decode([Attempt].self, from: data).map(\.rule))
      ?? [try? decoder.decode(Rule.self, from: data)]
    for (index, rule) in rules.enumerated() {
      guard let rule,
        let reservation = TDMReservation(
          value: rule.reservation, policy: rule.policy, source: "tdmrep.json rule \(index + 1)")
      else { continue }
      append(location: rule.location, reservation)
    }
  }

  /// A rule, or nothing where it cannot be read.
  private struct Attempt: Decodable {
    var rule: Rule?

    init(from decoder: any Decoder) throws { rule = try? Rule(from: decoder) }
  }

  private struct Rule: Decodable {
    var location: String
    var reservation: String
    var policy: String?

    enum CodingKeys: String, CodingKey {
      case location
      case reservation = "tdm-reservation"
      case policy = "tdm-policy"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      location = try container.decode(String.self, forKey: .location)
      reservation =
        try (try? container.decode(Int.self, forKey: .reservation)).map { "\($0)" }
        ?? container.decode(String.self, forKey: .reservation)
      policy = try? container.decode(String.self, forKey: .policy)
    }
  }
}
