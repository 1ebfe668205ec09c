/// Something a model may have done for it: a name, a schema of arguments, and a call.
///
/// A conformer does one thing and gives back what it found; limits of time, size and number are kept
/// by `ToolBox`, what its arguments may be by the schema. A call must end soon after its task is
/// cancelled: that is how a time limit ends it.
public protocol Tool: Sendable {
  /// Letters, digits and `_`; what the model calls it by.
  var name: String { get }
  /// What it does and when to use it, in a sentence or two, for the model.
  var purpose: String { get }
  /// What it takes.
  var schema: ToolSchema { get }
  /// How long, how much and how often.
  var limits: ToolLimits { get }
  /// Does it.
  ///
  /// - Parameter arguments: checked against the schema.
  /// - Throws: anything; `ToolFailure` where the model can do better with what it says.
  func call(_ arguments: ToolArguments) async throws -> ToolResult
}

extension Tool {
  /// 20 s and 6,000 bytes a call, any number of calls.
  public var limits: ToolLimits { ToolLimits() }
}

/// What the calls of one tool may take.
public struct ToolLimits: Sendable, Equatable {
  /// The time of one call.
  public var deadline: Duration
  /// The most bytes of one result.
  public var resultBytes: Int
  /// The most calls of one run, or nil for any number.
  public var calls: Int?
  /// The most bytes of all results of one run, or nil for any number.
  public var bytes: Int?

  /// Limits.
  public init(
    deadline: Duration = .seconds(20), resultBytes: Int = 6_000, calls: Int? = nil,
    bytes: Int? = nil
  ) {
    self.deadline = deadline
    self.resultBytes = resultBytes
    self.calls = calls
    self.bytes = bytes
  }
}

/// Why a tool could not do what it was asked, said so that a model can act on it.
public struct ToolFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// One sentence.
  public var message: String

  /// A failure.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
