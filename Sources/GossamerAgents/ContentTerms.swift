import GossamerCorpus

/// The words of a text that carry its meaning, as they are compared: in one form, without common
/// endings and cut to their beginnings, so that "mended" meets "mending"; pairs of characters in
/// scripts without blanks. Words that only join others are left out.
enum ContentTerms {
  /// The terms in the order of the text.
  static func terms(in text: String) -> [String] {
    words(in: text).filter { $0.isPair || ($0.text.count >= 3 && !passing.contains($0.text)) }
      .map { $0.isPair ? $0.text : stem($0.text) }
  }

  /// What to look for where no page has the words as they are: by their beginnings, as "mend*" for
  /// "mended". Each once, without words that only join others.
  static func beginnings(in text: String) -> [String] {
    var found: [String] = []
    for word in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
      guard !terms(in: String(word)).isEmpty else { continue }
      let start = withoutEnding(word.lowercased())
      let looked = start.count >= 4 ? start + "*" : word.lowercased()
      if !found.contains(looked) { found.append(looked) }
    }
    return found
  }

  private static func stem(_ word: String) -> String {
    var stem = withoutEnding(word)
    // "dry", "dries"
    if stem.last == "y" { stem = stem.dropLast() + "i" }
    return String(stem.prefix(5))
  }

  private static func withoutEnding(_ word: String) -> String {
    var stem = word[...]
    for ending in ["ing", "ed", "es", "s"] where stem.hasSuffix(ending) {
      guard stem.count - ending.count >= 3 else { continue }
      stem = stem.dropLast(ending.count)
      break
    }
    if stem.count > 3, stem.last == "e" { stem.removeLast() }
    return String(stem)
  }

  /// All words in the order of the text: in lower case, without accents.
  static func words(in text: String) -> [(text: String, isPair: Bool)] {
    var folder = TermFolder()
    var forms: [UInt8] = []
    var found: [TermFolder.Term] = []
    folder.fold(Array(text.utf8), into: &forms) { found.append($0) }
    return found.map { (String(decoding: forms[$0.form], as: UTF8.self), $0.isPair) }
  }

  /// Words of questions and between words, in languages that many pages are in.
  private static let passing = Set(
    """
    the and was were are for not how who why its has had have but you all can did does what when where \
    which whose whom that this these those there here with from into onto over under than then them \
    they their his her him she out our your about been being will would could should may might must \
    often some any each many much more most also only just very after before while said say says tell between \
    der die das den dem des ein eine einer eines einem einen und oder ist sind war waren hat haben wie \
    was wer wann warum welche welcher welches nicht mit von vom zum zur auf aus bei nach vor fur uber \
    les des une est sont etait que qui quoi quand dans pour par sur avec pas plus quel quelle quels \
    quelles comment combien los las una unos unas del que por para con como cuando donde quien cual \
    cuanto fue son era este esta esto het een van wat wie hoe niet met voor bij och att som det den ett \
    var nar hur vad med til for ikke hvad hvor della dello delle degli che chi con per non come quando \
    dove quanto sono era
    """.split(whereSeparator: \.isWhitespace).map { String($0) })
}
