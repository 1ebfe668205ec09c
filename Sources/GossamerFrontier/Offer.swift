public import GossamerFlow
public import GossamerURL

/// A URL that was found and may be worth a visit.
public struct Offer: Sendable {
  /// What a URL is wanted for.
  public enum Purpose: Int, Sendable {
    /// Its content.
    case page = 0
    /// The addresses it lists.
    case sitemap = 1
    /// What its origin reserves (`tdmrep.json`).
    case reservations = 2
    /// How the host answers where there is nothing; chosen by the frontier.
    case probe = 3
  }

  /// The URL, in the form that decides identity.
  public var url: CanonicalURL
  /// What it is wanted for.
  public var purpose: Purpose
  /// Link hops from the seed; a seed is 0.
  public var depth: Int
  /// The page it was found on.
  public var referrer: String?
  /// The seed it was reached from.
  public var seed: String
  /// The URLs that redirected here, first one first.
  public var redirects: [String]
  /// When it changed last by what a sitemap or feed says, in seconds since 1970; nil where none does.
  public var modifiedAt: Int?

  /// An offer.
  public init(
    url: CanonicalURL, purpose: Purpose = .page, depth: Int = 0, referrer: String? = nil,
    seed: String, redirects: [String] = [], modifiedAt: Int? = nil
  ) {
    self.url = url
    self.purpose = purpose
    self.depth = depth
    self.referrer = referrer
    self.seed = seed
    self.redirects = redirects
    self.modifiedAt = modifiedAt
  }
}

/// A URL that will not be visited, or not again, and why. Not an error: a decision.
public struct Refusal: Sendable {
  /// The URL.
  public var url: String
  /// The reason, such as `policy.robots` or `limit.depth`.
  public var kind: Cause
  /// The rule that decided.
  public var rule: String?
  /// What was found.
  public var value: String?
  /// What it was compared with.
  public var threshold: String?
  /// Link hops from the seed.
  public var depth: Int
  /// The page it was found on.
  public var referrer: String?

  /// A refusal of a URL by a rule.
  public init(
    url: String, kind: Cause, rule: String? = nil, value: String? = nil, threshold: String? = nil,
    depth: Int, referrer: String? = nil
  ) {
    self.url = url
    self.kind = kind
    self.rule = rule
    self.value = value
    self.threshold = threshold
    self.depth = depth
    self.referrer = referrer
  }
}
