/// Why a command ends with something else than 0. Becomes one line on standard error.
struct CommandFailure: Error, CustomStringConvertible {
  /// How a command can end. The numbers are a contract with scripts.
  enum Code: Int32 {
    case done = 0
    /// Finished, but something the user must know failed.
    case partly = 1
    /// Wrong use: arguments, seed file, configuration.
    case usage = 2
    /// The output directory belongs to another run or is in use.
    case directory = 3
    /// Stopped by the user, state saved, resumable.
    case stopped = 130
  }

  var code: Code
  /// "WHAT (WHERE): WHAT TO DO".
  var message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  var description: String { message }
}
