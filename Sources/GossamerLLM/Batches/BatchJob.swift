/// A bulk job at a provider: requests that are answered within a day, at a lower price.
public struct BatchJob: Sendable, Equatable {
  /// The provider's name for it.
  public var id: String
  /// What is in it: the digest of each request.
  public var requests: [String]

  /// A job.
  public init(id: String, requests: [String]) {
    self.id = id
    self.requests = requests
  }
}

/// How far a job is.
enum BatchState: Sendable, Equatable {
  case running
  /// Over, whether or not everything in it was answered; where the results are.
  case ended(results: [String])
  /// It is not there any more, or was refused as a whole.
  case lost(String)
}

/// What differs between the bulk interfaces of providers.
protocol BatchCodec: Sendable {
  /// The most requests of a job.
  var mostRequests: Int { get }
  /// The most bytes of a job's requests.
  var mostBytes: Int { get }
  /// Starts a job; gives its name.
  func submit(_ lines: [(id: String, body: String)]) async throws(ModelError) -> String
  /// Asks how far a job is.
  func state(of job: String) async throws(ModelError) -> BatchState
  /// The answer in a line of results: whose it is, and the body of the answer or the error.
  func answer(in line: JSONValue) -> (id: String, result: Result<JSONValue, ModelError>)?
  /// Results of a job, a line at a time.
  func results(
    at place: String, _ line: (JSONValue) -> Void
  ) async throws(ModelError)
}
