/// A bulk job at a provider: requests that are answered within a day, at a lower price.
public struct BatchJob: Sendable, Equatable {
  /// The provider's name for it; nil as long as nobody knows whether the provider took it.
  public var id: String?
  /// Our own name for it, which the provider is told where it takes one; "" for none.
  public var key: String
  /// What is in it: the digest of each request.
  public var requests: [String]

  /// A job.
  public init(id: String?, key: String = "", requests: [String]) {
    self.id = id
    self.key = key
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
  ///
  /// - Parameter key: our own name for it.
  func submit(
    _ lines: [(id: String, body: String)], key: String
  ) async throws(ModelError) -> String
  /// The name of a job that was sent and never confirmed; nil where the provider has none such.
  ///
  /// - Parameter known: names of jobs that it is not.
  func find(_ job: BatchJob, besides known: Set<String>) async throws(ModelError) -> String?
  /// Asks how far a job is.
  func state(of job: String) async throws(ModelError) -> BatchState
  /// The answer in a line of results: whose it is, and the body of the answer or the error.
  func answer(in line: JSONValue) -> (id: String, result: Result<JSONValue, ModelError>)?
  /// Results of a job, a line at a time.
  func results(
    at place: String, _ line: (JSONValue) -> Void
  ) async throws(ModelError)
}

/// Goes through the pages of a list of jobs, newest first, as far as it is worth it.
///
/// - Parameters:
///   - page: the jobs of a page, and where the next one begins; "" asks for the first.
///   - isIt: whether a job is the one that is looked for.
func firstJob(
  in page: (_ cursor: String) async throws(ModelError) -> (jobs: [JSONValue], next: String?),
  where isIt: (JSONValue) async throws(ModelError) -> String?
) async throws(ModelError) -> String? {
  var cursor = ""
  for _ in 0..<10 {
    let (jobs, next) = try await page(cursor)
    for job in jobs {
      if let name = try await isIt(job) { return name }
    }
    guard let next, !next.isEmpty, next != cursor else { return nil }
    cursor = next
  }
  return nil
}
