import GossamerHTTP

/// Turns an error answer of any provider or gateway into one typed error.
enum ProviderFailure {
  /// - Parameter status: of the answer; 200 for errors that stand in a body or in a stream.
  static func error(status: Int, fields: HTTPFields, body: [UInt8]) -> ModelError {
    let json = JSONValue(parsing: body)
    return error(status: status, fields: fields, json: json, raw: body)
  }

  static func error(
    status: Int, fields: HTTPFields, json: JSONValue?, raw: [UInt8]
  ) -> ModelError {
    let whole = json?.array?.first ?? json
    // Some formats put the error beside its type instead of below a name.
    let detail = whole?["error"] ?? (whole?["type"]?.string == "error" ? whole : nil)
    let labels = ["type", "code", "status"].compactMap { detail?[$0]?.string } + reasons(detail)
    let words = detail?.string ?? detail?["message"]?.string ?? labels.first ?? plainText(raw)
    // A status inside the body counts where the answer itself says 200.
    let code = status == 200 ? detail?["code"]?.int ?? 200 : status
    let kind = kind(code, labels: labels, words: words, fields: fields)
    let retryAfter = RetryHint.wait(fields, body: json, message: words)
    var error = ModelError(
      kind, words.isEmpty ? "HTTP status \(status)" : words, status: status,
      retryAfter: kind == .rateLimited || kind == .server ? retryAfter : nil,
      isTransient: RetryHint.shouldRetry(fields))
    error.limits = LimitFields.notice(fields)
    let id = fields["x-request-id"] ?? fields["request-id"]
    error.requestID = id.map {
      String($0.filter { $0.isLetter || $0.isNumber || "-_".contains($0) }.prefix(80))
    }
    return error
  }

  private static func kind(
    _ status: Int, labels: [String], words: String, fields: HTTPFields
  ) -> ModelError.Kind {
    func labelled(_ names: String...) -> Bool { labels.contains { names.contains($0) } }
    let isSpent = labels.contains { $0.contains("PerDay") || spentLabels.contains($0) }
    if isSpent || (400..<500).contains(status) && isAboutCredit(words) { return .quota }
    if labelled("context_length_exceeded", "exceed_context_size_error") { return .tooLarge }
    if labelled("content_policy_violation", "content_filter") { return .refusal }
    if labelled("invalid_api_key", "API_KEY_INVALID") { return .auth }
    if labelled("model_not_found") { return .config }
    if status == 200, let kind = labels.lazy.compactMap({ bodyKinds[$0] }).first { return kind }
    switch status {
    case 401, 403: return .auth
    case 402: return .quota
    case 404, 405, 300..<400: return .config
    case 408, 504: return .timeout
    case 409, 425: return .server
    case 413: return .tooLarge
    case 429: return words.hasPrefix("Request too large") ? .tooLarge : .rateLimited
    case 400, 422: return isAboutContext(words) ? .tooLarge : .config
    case 500...: return .server
    case ..<300: return isAboutContext(words) ? .tooLarge : .server
    default: return .config
    }
  }

  /// Money or an allowance is gone.
  private static let spentLabels: Set<String> = [
    "insufficient_quota", "billing_error", "billing_hard_limit_reached", "billing_not_active",
    "insufficient_credits", "insufficient_balance", "exceeded_current_quota_error",
  ]

  /// What errors without a status of their own, in a stream or in a 200 body, are called.
  private static let bodyKinds: [String: ModelError.Kind] = [
    "rate_limit_exceeded": .rateLimited, "rate_limit_error": .rateLimited,
    "rate_limit": .rateLimited, "RESOURCE_EXHAUSTED": .rateLimited,
    "authentication_error": .auth, "permission_error": .auth, "PERMISSION_DENIED": .auth,
    "UNAUTHENTICATED": .auth, "request_too_large": .tooLarge, "timeout_error": .timeout,
    "DEADLINE_EXCEEDED": .timeout, "not_found_error": .config, "NOT_FOUND": .config,
  ]

  private static func isAboutCredit(_ words: String) -> Bool {
    let lower = words.lowercased()
    return lower.contains("credit balance") || lower.contains("insufficient balance")
  }

  private static func isAboutContext(_ words: String) -> Bool {
    let lower = words.lowercased()
    return [
      "context length", "context size", "context window", "prompt is too long",
      "input token count", "input is too long",
    ].contains { lower.contains($0) }
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
