import ArgumentParser
import Gossamer

/// `gossamer-bench url`: parsing and canonicalization of typical absolute URLs.
struct URLBenchmark: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "url", abstract: "URLs parsed and canonicalized in a second.")

  @Option(help: "How many URLs.")
  var count = 2_000_000

  func run() async throws {
    let samples = (0..<512).map {
      "https://www.example\($0 % 37).org/section/\($0)/an-article-about-things.html?page=\($0 % 9)&id=\($0)"
    }
    var parsed = 0
    let start = ContinuousClock.now
    for index in 0..<count where CanonicalURL(samples[index % samples.count]) != nil { parsed += 1 }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    print("url: \(Int(Double(parsed) / seconds)) parsed and canonicalized a second")
  }
}
