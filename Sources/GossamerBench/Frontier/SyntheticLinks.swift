import Gossamer

/// Pages that were never written: each links to six new URLs and 34 that an earlier page had.
///
/// As on the web, most links stay on the page's own host, and of those most lead to what stands on
/// every page there.
struct SyntheticLinks {
  let hostCount: Int
  /// New URLs so far.
  private(set) var count = 0
  private var state: UInt64 = 1
  private let seed = "http://host-0.example/"

  init(hostCount: Int) {
    self.hostCount = hostCount
  }

  /// The links of the next page.
  mutating func page() -> [Offer] {
    let host = next(below: hostCount)
    let referrer = url(host)
    var offers: [Offer] = []
    offers.reserveCapacity(40)
    for link in 0..<40 {
      let number: Int
      if link < 6 {
        number = count
        count += 1
      } else {
        number = known(host, link)
      }
      guard let url = CanonicalURL(url(number)) else { continue }
      offers.append(Offer(url: url, depth: 3, referrer: referrer, seed: seed))
    }
    return offers
  }

  /// A number counts its host's URLs in steps of the number of hosts.
  private mutating func known(_ host: Int, _ link: Int) -> Int {
    guard count > hostCount else { return next(below: max(1, count)) }
    let pages = count / hostCount
    switch link {
    case 6..<26: return host + hostCount * next(below: min(pages, 40))
    case 26..<36: return host + hostCount * next(below: pages)
    default: return next(below: count)
    }
  }

  private func url(_ number: Int) -> String {
    "http://host-\(number % hostCount).example/section-\(number % 97)/"
      + "an-article-about-\(number % 1_013)/\(number).html"
  }

  private mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}
