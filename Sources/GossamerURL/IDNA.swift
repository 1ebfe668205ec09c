/// Domain to ASCII as UTS 46 and the URL standard have it: not transitional, CheckBidi and
/// CheckJoiners on; CheckHyphens, UseSTD3ASCIIRules and VerifyDnsLength off.
///
/// Source: https://www.unicode.org/reports/tr46/#Processing,
/// https://url.spec.whatwg.org/#concept-domain-to-ascii
enum IDNA {
  typealias Scalars = [UInt32]

  /// - Parameter domain: UTF-8 that is not all ASCII; ASCII domains need nothing but lower case.
  /// - Returns: labels in lower case or `xn--` form, nil when a label is not valid.
  static func domainToASCII(_ domain: [UInt8]) -> [UInt8]? {
    guard domain.count <= longestDomain else { return nil }
    let scalars = String(decoding: domain, as: UTF8.self).unicodeScalars.map(\.value)
    guard let mapped = map(scalars) else { return nil }
    let normalized = Normalization.nfc(mapped)
    var labels: [Scalars] = []
    for label in normalized.split(separator: 0x2E, omittingEmptySubsequences: false) {
      guard let unicode = unicodeLabel(Array(label)) else { return nil }
      labels.append(unicode)
    }
    let isBidi = labels.contains(where: Bidi.isRightToLeft)
    guard labels.allSatisfy({ Bidi.isAllowed($0, inBidiDomain: isBidi) })
    else { return nil }
    return encode(labels)
  }

  /// Longer domains are refused, as Punycode takes quadratic time. DNS ends at 253 bytes.
  static let longestDomain = 8192

  private static func map(_ scalars: Scalars) -> Scalars? {
    var mapped: Scalars = []
    mapped.reserveCapacity(scalars.count)
    for scalar in scalars {
      switch IDNAData.shared.status(of: scalar) {
      case .valid: mapped.append(scalar)
      case .mapped(let replacement): mapped.append(contentsOf: replacement)
      case .disallowed: return nil
      }
    }
    return mapped
  }

  /// Decodes an `xn--` label, and checks any label; nil when it breaks a rule.
  private static func unicodeLabel(_ label: Scalars) -> Scalars? {
    guard label.starts(with: prefix) else { return isValid(label) ? label : nil }
    guard label.allSatisfy({ $0 < 0x80 }), let decoded = Punycode.decode(label.dropFirst(4)),
      !decoded.isEmpty, !decoded.allSatisfy({ $0 < 0x80 }), Normalization.nfc(decoded) == decoded,
      !decoded.starts(with: prefix), isValid(decoded)
    else { return nil }
    return decoded
  }

  private static func encode(_ labels: [Scalars]) -> [UInt8]? {
    var ascii: [UInt8] = []
    for (index, label) in labels.enumerated() {
      if index > 0 { ascii.append(UInt8(ascii: ".")) }
      if label.allSatisfy({ $0 < 0x80 }) {
        ascii.append(contentsOf: label.map { UInt8(truncatingIfNeeded: $0) })
      } else {
        guard let encoded = Punycode.encode(label) else { return nil }
        ascii.append(contentsOf: "xn--".utf8)
        ascii.append(contentsOf: encoded)
      }
    }
    return ascii
  }

  private static let prefix: Scalars = [0x78, 0x6E, 0x2D, 0x2D]
}

// MARK: - Validity criteria

extension IDNA {
  /// UTS 46 §4.1, but for normal form and bidi, which are checked beside.
  private static func isValid(_ label: Scalars) -> Bool {
    guard let first = label.first else { return true }
    let data = IDNAData.shared
    guard !data.marks.contains(first) else { return false }
    for (index, scalar) in label.enumerated() {
      guard scalar != 0x2E, case .valid = data.status(of: scalar) else { return false }
      guard isJoinedRightly(label, at: index) else { return false }
    }
    return true
  }

  /// RFC 5892 appendix A.1 and A.2: a joiner stands behind a virama, or a non-joiner between letters
  /// that would join.
  private static func isJoinedRightly(_ label: Scalars, at index: Int) -> Bool {
    let data = IDNAData.shared
    guard label[index] == 0x200C || label[index] == 0x200D else { return true }
    guard index > 0 else { return false }
    if data.combiningClasses[label[index - 1]] == 9 { return true }
    guard label[index] == 0x200C else { return false }
    func joining(_ scalars: some Sequence<UInt32>) -> UInt32? {
      scalars.lazy.map { data.joiningTypes[$0] ?? 0 }.first { $0 != 4 }
    }
    let before = joining(label[..<index].reversed())
    let after = joining(label[(index + 1)...])
    return (before == 1 || before == 3) && (after == 2 || after == 3)
  }
}

/// The bidi rule. Source: RFC 5893 §2.
private enum Bidi {
  /// Classes as `IDNATable` numbers them; nil is L.
  private static func classes(_ label: IDNA.Scalars) -> [UInt32] {
    label.map { IDNAData.shared.bidiClasses[$0] ?? 0 }
  }

  static func isRightToLeft(_ label: IDNA.Scalars) -> Bool {
    classes(label).contains { $0 == 1 || $0 == 2 || $0 == 4 }
  }

  static func isAllowed(_ label: IDNA.Scalars, inBidiDomain: Bool) -> Bool {
    guard inBidiDomain, !label.isEmpty else { return true }
    let classes = classes(label)
    let last = classes.last { $0 != 5 }
    switch classes.first {
    case 1, 2:
      let numbers = classes.contains(3) && classes.contains(4)
      return !classes.contains { $0 == 0 || $0 == 7 } && !numbers && (1...4).contains(last ?? 0)
    case 0:
      return classes.allSatisfy { [0, 3, 5, 6].contains($0) } && (last == 0 || last == 3)
    default: return false
    }
  }
}
