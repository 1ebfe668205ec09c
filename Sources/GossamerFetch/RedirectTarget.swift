import GossamerFlow
import GossamerHTTP
import GossamerURL

/// Reads where a redirect leads.
enum RedirectTarget {
  /// The longest `Location` that is looked at.
  static let limitInBytes = 8192

  /// Whether an answer with this status sends the reader elsewhere.
  static func isRedirect(_ status: Int) -> Bool {
    switch status {
    case 301, 302, 303, 307, 308: true
    default: false
    }
  }

  /// The target, or the kind of what is wrong with it. Judges the form only.
  static func resolve(
    _ fields: HTTPFields, base: WebURL
  ) -> Result<WebURL, RedirectProblem> {
    let given = fields.values("Location")
    guard let location = given.first, !location.isEmpty else {
      return .failure(RedirectProblem(.badRedirect, "no Location"))
    }
    guard given.allSatisfy({ $0 == location }) else {
      return .failure(RedirectProblem(.badRedirect, "two different Locations"))
    }
    guard location.utf8.count <= limitInBytes else {
      return .failure(RedirectProblem(.badRedirect, "Location is too long"))
    }
    guard !location.lowercased().contains("%0d%0a") else {
      return .failure(RedirectProblem(.badRedirect, "line break in Location"))
    }
    guard let target = WebURL(location, base: base) else {
      return .failure(RedirectProblem(.badRedirect, "Location is no URL"))
    }
    guard target.isHTTP else {
      return .failure(RedirectProblem(.redirectScheme, "Location leads out of the web"))
    }
    return .success(target)
  }
}

/// What is wrong with a redirect: kind and words.
struct RedirectProblem: Error {
  let kind: Cause
  let detail: String

  init(_ kind: Cause, _ detail: String) {
    self.kind = kind
    self.detail = detail
  }
}
