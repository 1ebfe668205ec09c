/// The query parameters that name a visit and not a page.
///
/// Names are compared without regard to case. Only names that a large advertising, mailing or
/// analytics system is known to append are here; `ref`, `source`, `campaign`, `sid` and the like are
/// used by sites for their own ends and stay, a `sid` unless its value is clearly a session.
enum DroppedParameters {
  /// Whether the parameter `name=value` in this range of the bytes is to be dropped.
  @inline(__always)
  static func contains(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count > 2, let start = bytes.baseAddress else { return false }
    let first = bytes[range.lowerBound].asciiLowercased
    guard initials &>> UInt32(first & 31) & 1 != 0 else { return false }
    return matches(UnsafeBufferPointer(start: start + range.lowerBound, count: range.count), first)
  }

  /// The first bytes of all names, as bits; `_` shares one with nothing.
  private static let initials: UInt32 = families.reduce(0) { $0 | 1 << UInt32($1.initial & 31) }

  private static func matches(_ parameter: UnsafeBufferPointer<UInt8>, _ first: UInt8) -> Bool {
    let nameEnd = parameter.firstIndex(of: UInt8(ascii: "=")) ?? parameter.count
    let name = UnsafeBufferPointer(rebasing: parameter[..<nameEnd])
    for family in families where family.initial == first {
      for pattern in family.patterns where pattern.matches(name) {
        guard pattern.needsSessionValue else { return true }
        return isSession(parameter[min(nameEnd + 1, parameter.count)...])
      }
    }
    return false
  }

  /// Sixteen or more hexadecimal digits, with at least one decimal digit among them.
  private static func isSession(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    value.count >= 16 && value.allSatisfy { $0.hexDigit != nil }
      && value.contains { $0.decimalDigit != nil }
  }

  private struct Pattern {
    let text: StaticString
    var isPrefix = false
    var needsSessionValue = false

    func matches(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
      let count = text.utf8CodeUnitCount
      guard isPrefix ? name.count > count : name.count == count else { return false }
      for index in 0..<count where name[index].asciiLowercased != text.utf8Start[index] {
        return false
      }
      return true
    }
  }

  private struct Family {
    let initial: UInt8
    var patterns: [Pattern]
  }

  private static let families: [Family] = {
    var families: [Family] = []
    let patterns =
      tracking.map { Pattern(text: $0) }
      + trackingPrefixes.map { Pattern(text: $0, isPrefix: true) }
      + sessions.map { Pattern(text: $0) }
      + sessionPrefixes.map { Pattern(text: $0, isPrefix: true) }
      + maybeSessions.map { Pattern(text: $0, needsSessionValue: true) }
    for pattern in patterns {
      let initial = pattern.text.utf8Start[0]
      if let index = families.firstIndex(where: { $0.initial == initial }) {
        families[index].patterns.append(pattern)
      } else {
        families.append(Family(initial: initial, patterns: [pattern]))
      }
    }
    return families
  }()
}

// MARK: - Names, in lower case

extension DroppedParameters {
  private static let trackingPrefixes: [StaticString] = [
    "utm_",  // Google Analytics and all who copied it
    "mtm_",  // Matomo
    "hsa_",  // HubSpot ads
  ]

  private static let tracking: [StaticString] = [
    "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid",
    "_ga", "_gl",  // Google
    "fbclid", "fb_action_ids", "fb_action_types", "fb_source", "fb_ref",  // Facebook
    "igshid", "igsh",  // Instagram
    "msclkid",  // Microsoft
    "twclid",  // Twitter
    "ttclid",  // TikTok
    "li_fat_id",  // LinkedIn
    "epik",  // Pinterest
    "rdt_cid",  // Reddit
    "sccid",  // Snapchat
    "yclid", "ysclid", "ymclid", "_openstat",  // Yandex
    "mc_cid", "mc_eid",  // Mailchimp
    "mkt_tok",  // Marketo
    "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking",  // HubSpot
    "_kx",  // Klaviyo
    "vero_id", "vero_conv",  // Vero
    "oly_anon_id", "oly_enc_id",  // Omeda
    "s_kwcid", "ef_id",  // Adobe
    "irclickid",  // Impact
    "wickedid",  // Wicked Reports
    "rb_clickid",
    "pk_campaign", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid",
    "piwik_campaign", "piwik_kwd", "piwik_keyword",  // Matomo, once Piwik
  ]

  private static let sessions: [StaticString] = ["jsessionid", "phpsessid", "cftoken"]
  private static let sessionPrefixes: [StaticString] = ["aspsessionid"]
  private static let maybeSessions: [StaticString] = [
    "sid", "sess", "sessid", "session", "sessionid", "session_id", "oscsid", "zenid",
  ]
}
