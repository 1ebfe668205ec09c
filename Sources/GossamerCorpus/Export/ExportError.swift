/// Why an export cannot begin: something that was asked for is not possible.
public struct ExportError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, where.
  public var message: String
  /// What the user can do.
  public var advice: String

  /// An error.
  public init(message: String, advice: String) {
    self.message = message
    self.advice = advice
  }

  /// "WHAT (WHERE): WHAT TO DO".
  public var description: String { "\(message): \(advice)" }
}
