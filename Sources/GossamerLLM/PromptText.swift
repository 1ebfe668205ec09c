/// Page text made fit to stand in a prompt as data.
package enum PromptText {
  /// Without what a reader cannot see, and without marks that chat templates act on.
  ///
  /// Taken out: controls but line feeds and tabs, zero-width and bidirectional marks, soft hyphens,
  /// tag characters. Joiners stay where scripts need them: between letters outside ASCII. `<` before
  /// anything but a blank, a digit or `=` becomes `‹`, so no tag or control token is left.
  package static func neutralized(_ text: String) -> String {
    if isPlain(text) { return text }
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      switch scalar.value {
      case 0x09, 0x0A: result.append(scalar)
      case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x034F, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F,
        0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE01EF:
        continue
      case 0x200C, 0x200D:
        let before = index > 0 ? scalars[index - 1].value : 0
        let after = index + 1 < scalars.count ? scalars[index + 1].value : 0
        if before >= 0x80, after >= 0x80 { result.append(scalar) }
      case 0x3C:
        let after = index + 1 < scalars.count ? scalars[index + 1].value : 0x20
        let isPlain = after <= 0x20 || after == 0x3D || after &- 0x30 < 10
        result.append(isPlain ? scalar : "\u{2039}")
      default: result.append(scalar)
      }
    }
    let plain = String(result)
    guard plain.utf8.contains(UInt8(ascii: "[")) else { return plain }
    return plain.replacing("[INST]", with: "(INST)").replacing("[/INST]", with: "(/INST)")
  }

  /// Whether nothing in a text has to be changed, as in most English ones.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { byte in
      byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "<") && byte != UInt8(ascii: "[")
        || byte == 0x0A || byte == 0x09
    }
  }
}
