/// What a host says to one request target.
struct DemoAnswer: Sendable {
  var status = 200
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []
  var manner = Manner.plain

  /// How the answer is given.
  enum Manner: Sendable, Equatable {
    case plain
    /// After a pause.
    case slow
    /// The first request is refused with this status and Retry-After.
    case refusesOnce(status: Int)
  }

  static func page(_ body: [UInt8], type: String) -> DemoAnswer {
    DemoAnswer(headers: [("Content-Type", type)], body: body)
  }

  static func redirect(to location: String, status: Int) -> DemoAnswer {
    DemoAnswer(
      status: status, headers: [("Location", location), ("Content-Type", "text/plain")],
      body: Array("Moved to \(location)\n".utf8))
  }

  static func plain(_ status: Int, _ text: String) -> DemoAnswer {
    DemoAnswer(
      status: status, headers: [("Content-Type", "text/plain; charset=utf-8")],
      body: Array(text.utf8))
  }
}
