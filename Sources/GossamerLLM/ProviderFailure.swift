import GossamerHTTP

/// Turns an error answer of any provider or gateway into one typed error.
enum ProviderFailure {
  /// The kind of an error about the model's context. One place, since sources differ on its name.
  static let contextKind = ModelError.Kind.tooLong

  /// - Parameter status: of the answer; 200 for errors that stand in a body or in a stream.
  static func error(status: Int, fields: HTTPFields, body: [UInt8]) -> ModelError {
    let json = JSONValue(parsing: body)
    return error(status: status, fields: fields, json: json, raw: body)
  }

  static func error(
    status: Int, fields: HTTPFields, json: JSONValue?, raw: [UInt8]
  ) -> ModelError {
    let detail = (json?.array?.first ?? json)?["error"]
    let labels = ["type", "code", "status"].compactMap { detail?[$0]?.string } + reasons(detail)
    let words = detail?.string ?? detail?["message"]?.string ?? labels.first ?? plainText(raw)
    // A status inside the body counts where the answer itself says 200.
    let code = status == 200 ? detail?["code"]?.int ?? 200 : status
    let kind = kind(code, labels: labels, words: words, fields: fields)
    let retryAfter = RetryHint.wait(fields, body: json, message: words)
    return ModelError(
      kind, words.isEmpty ? "HTTP status \(status)" : words, status: status,
      retryAfter: kind == .rateLimited || kind == .server ? retryAfter : nil,
      isTransient: RetryHint.shouldRetry(fields))
  }

  private static func kind(
    _ status: Int, labels: [String], words: String, fields: HTTPFields
  ) -> ModelError.Kind {
    func labelled(_ names: String...) -> Bool { labels.contains { names.contains($0) } }
    if labelled("insufficient_quota", "billing_error", "billing_hard_limit_reached")
      || labels.contains(where: { $0.contains("PerDay") })
    {
      return .quota
    }
    if labelled("context_length_exceeded", "exceed_context_size_error") { return contextKind }
    if labelled("content_policy_violation", "content_filter") { return .refusal }
    if labelled("invalid_api_key", "API_KEY_INVALID", "authentication_error") { return .auth }
    if labelled("model_not_found") { return .config }
    switch status {
    case 401, 403: return .auth
    case 402: return .quota
    case 404, 405, 300..<400: return .config
    case 408, 504: return .timeout
    case 409, 425: return .server
    case 413: return .tooLarge
    case 429: return words.hasPrefix("Request too large") ? .tooLarge : .rateLimited
    case 400, 422: return isAboutContext(words) ? contextKind : .config
    case 500...: return .server
    default: break
    }
    if labelled("rate_limit_exceeded", "rate_limit_error", "rate_limit") { return .rateLimited }
    return status < 300 ? .server : .config
  }

  private static func isAboutContext(_ words: String) -> Bool {
    let lower = words.lowercased()
    return lower.contains("context length") || lower.contains("context size")
      || lower.contains("context window") || lower.contains("prompt is too long")
  }

  private static func reasons(_ detail: JSONValue?) -> [String] {
    (detail?["details"]?.array ?? []).flatMap { entry in
      [entry["reason"]?.string].compactMap { $0 }
        + (entry["violations"]?.array ?? []).compactMap { $0["quotaId"]?.string }
    }
  }

  /// The words of an error page, without its tags.
  private static func plainText(_ raw: [UInt8]) -> String {
    var text: [UInt8] = []
    var isTag = false
    for byte in raw.prefix(4_096) {
      switch byte {
      case UInt8(ascii: "<"): isTag = true
      case UInt8(ascii: ">"):
        isTag = false
        text.append(0x20)
      default: if !isTag { text.append(byte) }
      }
    }
    let words = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    return words.joined(separator: " ")
  }
}
