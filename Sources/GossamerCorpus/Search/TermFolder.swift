import Foundation

/// Cuts text into the terms under which it is found, in one form for texts and queries.
///
/// A term is a run of letters and digits, in lower case, without accents, compatibility forms replaced:
/// "Größe" and "GROSSE" meet in "grosse". Scripts that put no blanks between words have each pair of
/// neighbours for a term, and the last character by itself, so that any part of a run is found as a
/// phrase of pairs, and a single character as a beginning.
package struct TermFolder {
  /// A term: where it stood, and where its form is in the output.
  package struct Term {
    package var source: Range<Int>
    package var form: Range<Int>
    /// Whether it is of a script without blanks.
    package var isPair: Bool
  }

  /// The most bytes of a term; what is longer is no word, and is found by its beginning.
  package static let longestTerm = 64

  private var known: [UInt32: Folded] = [:]

  package init() {}

  /// Appends the terms of a text to `output`, each with a blank behind it.
  ///
  /// - Parameter found: is told of each term.
  @inline(__always)
  package mutating func fold(
    _ text: borrowing [UInt8], in part: Range<Int>? = nil, into output: inout [UInt8],
    found: (Term) -> Void = { _ in }
  ) {
    let end = part?.upperBound ?? text.count
    var index = part?.lowerBound ?? 0
    while index < end {
      let byte = text[index]
      if byte < 0x80 {
        if Self.asciiForms[Int(byte)] == 0 {
          index += 1
        } else {
          foldWord(text, &index, end, &output, found)
        }
      } else {
        let (scalar, length) = Self.scalar(text, index, end)
        switch folded(scalar).kind {
        case .letter: foldWord(text, &index, end, &output, found)
        case .pair: foldRun(text, &index, end, &output, found)
        case .mark, .other: index += length
        }
      }
    }
  }

  private mutating func foldWord(
    _ text: borrowing [UInt8], _ index: inout Int, _ end: Int, _ output: inout [UInt8],
    _ found: (Term) -> Void
  ) {
    let start = index
    let form = output.count
    scan: while index < end {
      let byte = text[index]
      if byte < 0x80 {
        let letter = Self.asciiForms[Int(byte)]
        if letter == 0 { break }
        output.append(letter)
        index += 1
      } else {
        let (scalar, length) = Self.scalar(text, index, end)
        let folded = folded(scalar)
        switch folded.kind {
        case .letter: output.append(contentsOf: folded.form)
        case .mark: break
        case .pair, .other: break scan
        }
        index += length
      }
    }
    if output.count - form > Self.longestTerm {
      var length = Self.longestTerm
      while length > 0, output[form + length] & 0xC0 == 0x80 { length -= 1 }
      output.removeLast(output.count - form - length)
    }
    found(Term(source: start..<index, form: form..<output.count, isPair: false))
    output.append(0x20)
  }

  private mutating func foldRun(
    _ text: borrowing [UInt8], _ index: inout Int, _ end: Int, _ output: inout [UInt8],
    _ found: (Term) -> Void
  ) {
    var last: (source: Range<Int>, form: [UInt8])?
    while index < end, text[index] >= 0x80 {
      let (scalar, length) = Self.scalar(text, index, end)
      let folded = folded(scalar)
      guard folded.kind == .pair || folded.kind == .mark else { break }
      let source = index..<index + length
      index += length
      guard folded.kind == .pair else { continue }
      if let last {
        emit(last.source.lowerBound..<source.upperBound, last.form, folded.form, &output, found)
      }
      last = (source, folded.form)
    }
    if let last { emit(last.source, last.form, [], &output, found) }
  }

  private func emit(
    _ source: Range<Int>, _ first: [UInt8], _ second: [UInt8], _ output: inout [UInt8],
    _ found: (Term) -> Void
  ) {
    let form = output.count
    output.append(contentsOf: first)
    output.append(contentsOf: second)
    found(Term(source: source, form: form..<output.count, isPair: true))
    output.append(0x20)
  }

  // MARK: Characters

  private enum Kind { case letter, pair, mark, other }

  private struct Folded {
    var kind: Kind
    var form: [UInt8] = []
  }

  /// Letters in lower case and digits; 0 for what separates.
  private static let asciiForms: [UInt8] = (0..<128).map { byte in
    switch UInt8(byte) {
    case 0x30...0x39, 0x61...0x7A: UInt8(byte)
    case 0x41...0x5A: UInt8(byte) | 0x20
    default: 0
    }
  }

  private mutating func folded(_ value: UInt32) -> Folded {
    if let folded = known[value] { return folded }
    let folded = Unicode.Scalar(value).map(Self.fold) ?? Folded(kind: .other)
    known[value] = folded
    return folded
  }

  private static func fold(_ scalar: Unicode.Scalar) -> Folded {
    if isMark(scalar) { return Folded(kind: .mark) }
    guard isWord(scalar) else { return Folded(kind: .other) }
    if hasNoBlanks(scalar) {
      return Folded(
        kind: .pair, form: Array(String(scalar).precomposedStringWithCompatibilityMapping.utf8))
    }
    var form = ""
    for part in String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars
    where isWord(part) && !isMark(part) {
      for upper in part.properties.uppercaseMapping.unicodeScalars {
        form += upper.properties.lowercaseMapping
      }
    }
    return form.isEmpty ? Folded(kind: .mark) : Folded(kind: .letter, form: Array(form.utf8))
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
      true
    default: false
    }
  }

  /// What does not tell words apart: accents, points of Hebrew and Arabic, what cannot be seen.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0300...0x036F, 0x0591...0x05C7, 0x0640, 0x064B...0x065F, 0x0670, 0x1AB0...0x1AFF,
      0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE00...0xFE0F, 0x00AD, 0x200B...0x200F, 0x2060, 0xFEFF:
      true
    default: false
    }
  }

  /// Scripts that write words without blanks between them, and Korean, where endings are written on.
  private static func hasNoBlanks(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17FF, 0x3005...0x3007,
      0x3031...0x3035, 0x3041...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA960...0xA97F,
      0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFF66...0xFFDC, 0x1_B000...0x1_B16F,
      0x2_0000...0x3_FFFF:
      true
    default: false
    }
  }

  /// The scalar of valid UTF-8 at a place; U+FFFD for what is none.
  @inline(__always)
  private static func scalar(
    _ text: borrowing [UInt8], _ index: Int, _ end: Int
  ) -> (value: UInt32, length: Int) {
    let first = UInt32(text[index])
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
    guard length > 1, index + length <= end else { return (0xFFFD, 1) }
    var value = first & (0x7F >> UInt32(length))
    for offset in 1..<length { value = value << 6 | UInt32(text[index + offset] & 0x3F) }
    return (value, length)
  }
}
