public import GossamerHTTP
public import GossamerURL

/// What to fetch, and on what terms.
public struct FetchRequest: Sendable {
  /// The http or https URL; a fragment is not sent.
  public var url: WebURL
  /// GET or HEAD.
  public var method: String
  /// What an earlier answer offered to recognize a change by.
  public var validators: Validators?
  /// What to say in `Accept`; nil for HTML first.
  public var accept: String?
  /// Fields to send after our own.
  public var extraFields: HTTPFields
  /// Which types of body are read.
  public var types: TypePolicy
  /// Limits of this fetch; nil for those of the fetcher.
  public var limits: FetchLimits?

  /// A request for a page, unless told otherwise.
  public init(
    url: WebURL, method: String = "GET", validators: Validators? = nil, accept: String? = nil,
    extraFields: HTTPFields = HTTPFields(), types: TypePolicy = .pages, limits: FetchLimits? = nil
  ) {
    self.url = url
    self.method = method
    self.validators = validators
    self.accept = accept
    self.extraFields = extraFields
    self.types = types
    self.limits = limits
  }
}

/// What a server gave to recognize a later change by. Source: RFC 9110 §8.8, §13.
public struct Validators: Sendable, Equatable {
  /// The entity tag as sent, quotes and all.
  public var entityTag: String?
  /// The date as sent.
  public var lastModified: String?

  /// Validators from an earlier answer.
  public init(entityTag: String? = nil, lastModified: String? = nil) {
    self.entityTag = entityTag
    self.lastModified = lastModified
  }

  /// Whether there is nothing to compare with.
  public var isEmpty: Bool { entityTag == nil && lastModified == nil }
}
