/// The query parameters that name a visit and not a page.
///
/// Names are compared without regard to case. Only names that a large advertising, mailing or
/// analytics system is known to append are here, and session ids of common servers; `ref`,
/// `source`, `campaign` and the like are used by sites for their own ends and stay. A `sid` or
/// `session` goes only if its value is clearly a session.
enum DroppedParameters {
  /// Whether the parameter `name=value` in this range of the bytes is to be dropped.
  @inline(__always)
  static func contains(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count > 2, let start = bytes.baseAddress else { return false }
    let (seconds, names) = names(from: bytes[range.lowerBound].asciiLowercased)
    let second = bytes[range.lowerBound + 1].asciiLowercased
    for index in 0..<seconds.utf8CodeUnitCount where seconds.utf8Start[index] == second {
      return matches(
        UnsafeBufferPointer(start: start + range.lowerBound, count: range.count), names)
    }
    return false
  }

  /// The names that begin with a byte, in lower case, and their second bytes, by which most
  /// parameters are told at once to be none of them. `*` stands for one or more further bytes, `?`
  /// asks for a value that is clearly a session.
  private static func names(from initial: UInt8) -> (seconds: StaticString, StaticString) {
    switch initial {
    case UInt8(ascii: "_"): ("_ghko", underscored)
    case UInt8(ascii: "a"): ("s", "aspsessionid*")
    case UInt8(ascii: "c"): ("f", "cftoken")  // ColdFusion
    case UInt8(ascii: "d"): ("c", "dclid")  // Google
    case UInt8(ascii: "e"): ("fp", "epik ef_id")  // Pinterest, Adobe
    // Facebook
    case UInt8(ascii: "f"): ("b", "fbclid fb_action_ids fb_action_types fb_source fb_ref")
    case UInt8(ascii: "g"): ("abc", "gclid gclsrc gbraid gad_source gad_campaignid")  // Google
    case UInt8(ascii: "h"): ("s", "hsa_* hsctatracking")  // HubSpot
    case UInt8(ascii: "i"): ("gr", "igshid igsh irclickid")  // Instagram, Impact
    case UInt8(ascii: "j"): ("s", "jsessionid")
    case UInt8(ascii: "l"): ("i", "li_fat_id")  // LinkedIn
    // Microsoft, Mailchimp, Marketo, Matomo
    case UInt8(ascii: "m"): ("ckst", "msclkid mc_cid mc_eid mkt_tok mtm_*")
    case UInt8(ascii: "o"): ("ls", "oly_anon_id oly_enc_id oscsid?")  // Omeda; osCommerce
    case UInt8(ascii: "p"): ("hik", piwik)
    case UInt8(ascii: "r"): ("bd", "rdt_cid rb_clickid")  // Reddit
    case UInt8(ascii: "s"): ("_ceir", snapchatAndSessions)
    case UInt8(ascii: "t"): ("tw", "twclid ttclid")  // Twitter, TikTok
    case UInt8(ascii: "u"): ("t", "utm_*")  // Google Analytics and all who copied it
    case UInt8(ascii: "v"): ("e", "vero_id vero_conv")  // Vero
    case UInt8(ascii: "w"): ("bi", "wbraid wickedid")  // Google, Wicked Reports
    case UInt8(ascii: "y"): ("cms", "yclid ysclid ymclid")  // Yandex
    case UInt8(ascii: "z"): ("e", "zenid?")  // Zen Cart
    default: ("", "")
    }
  }

  /// Google, Yandex, HubSpot, Klaviyo.
  private static var underscored: StaticString {
    "_ga _gl _openstat _hsenc _hsmi __hssc __hstc __hsfp _kx"
  }

  /// Matomo under its old name.
  private static var piwik: StaticString {
    """
    pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid piwik_campaign piwik_kwd \
    piwik_keyword phpsessid
    """
  }

  /// Google, Snapchat, Adobe.
  private static var snapchatAndSessions: StaticString {
    "srsltid sccid s_kwcid sid? sess? sessid? session? sessionid? session_id?"
  }
}

// MARK: - Matching

extension DroppedParameters {
  private static func matches(
    _ parameter: UnsafeBufferPointer<UInt8>, _ names: StaticString
  ) -> Bool {
    var nameEnd = 0
    while nameEnd < parameter.count, parameter[nameEnd] != UInt8(ascii: "=") { nameEnd += 1 }
    let text = UnsafeBufferPointer(start: names.utf8Start, count: names.utf8CodeUnitCount)
    var index = 0
    while index < text.count {
      var matched = 0
      while index < text.count, matched < nameEnd,
        text[index] == parameter[matched].asciiLowercased
      {
        index += 1
        matched += 1
      }
      let stop = index < text.count ? text[index] : UInt8(ascii: " ")
      switch stop {
      case UInt8(ascii: "*") where matched < nameEnd: return true
      case UInt8(ascii: "?") where matched == nameEnd:
        return isSession(parameter.dropFirst(nameEnd + 1))
      case UInt8(ascii: " ") where matched == nameEnd: return true
      default: break
      }
      while index < text.count, text[index] != UInt8(ascii: " ") { index += 1 }
      index += 1
    }
    return false
  }

  /// Sixteen or more hexadecimal digits, with at least one decimal digit among them.
  private static func isSession(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    value.count >= 16 && value.allSatisfy { $0.hexDigit != nil }
      && value.contains { $0.decimalDigit != nil }
  }
}
