/// Guesses the language of a text from its script and its most frequent small words.
///
/// Knows the languages below and says nothing when in doubt. Not meant for single sentences.
public enum LanguageDetector {
  /// A BCP 47 language such as `de`, or nil.
  public static func guess(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { guess(UnsafeBufferPointer(rebasing: $0.prefix(20_000))) }
  }

  static func guess(_ text: UnsafeBufferPointer<UInt8>) -> String? {
    if let byScript = script(of: text) { return byScript }
    var hits = [Int](repeating: 0, count: stopWords.count)
    var words = 0
    var hash = WordHash()
    var length = 0
    for index in 0...text.count {
      let byte = index < text.count ? text[index] : 0x20
      if byte.isLetter || byte >= 0x80 {
        hash.add(byte.isUpper ? byte | 0x20 : byte)
        length += 1
      } else if length > 0 {
        words += 1
        if let languages = byWord[hash.value] {
          for language in languages { hits[language] += 1 }
        }
        hash = WordHash()
        length = 0
      }
    }
    guard words >= 10, let best = hits.indices.max(by: { hits[$0] < hits[$1] }) else { return nil }
    let second = hits.indices.filter { $0 != best }.map { hits[$0] }.max() ?? 0
    guard hits[best] * 12 >= words, hits[best] * 10 >= second * 11 else { return nil }
    return stopWords[best].language
  }

  /// Languages that their script gives away.
  private static func script(of text: UnsafeBufferPointer<UInt8>) -> String? {
    var letters = 0
    var counts: [String: Int] = [:]
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        letters += byte.isLetter ? 1 : 0
        index += 1
        continue
      }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
      let next = index + 1 < text.count ? text[index + 1] : 0
      letters += 1
      if let language = language(lead: byte, next: next) { counts[language, default: 0] += 1 }
      index += length
    }
    let kana = counts["ja"] ?? 0
    let han = counts["zh"] ?? 0
    // Japanese mixes kana into Chinese characters.
    if kana * 20 > han, (kana + han) * 4 > letters, kana > 3 { return "ja" }
    guard let best = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else {
      return nil
    }
    guard best.value * 3 > letters, best.value >= 10 else { return nil }
    return best.key == "ru" && counts["uk", default: 0] * 50 > best.value ? "uk" : best.key
  }

  private static func language(lead: UInt8, next: UInt8) -> String? {
    switch (lead, next) {
    case (0xD1, 0x94), (0xD1, 0x97), (0xD2, 0x91): "uk"
    case (0xD0...0xD1, _): "ru"
    case (0xCE...0xCF, _): "el"
    case (0xD6, 0x90...), (0xD7, _): "he"
    case (0xD8...0xDB, _): "ar"
    case (0xE3, 0x81...0x83): "ja"
    case (0xE4...0xE9, _): "zh"
    case (0xEA, 0xB0...), (0xEB...0xEC, _), (0xED, ..<0x9F): "ko"
    case (0xE0, 0xA4...0xA5): "hi"
    case (0xE0, 0xB8...0xB9): "th"
    default: nil
    }
  }

  private static let byWord: [UInt32: [Int]] = {
    var table: [UInt32: [Int]] = [:]
    for (index, entry) in stopWords.enumerated() {
      for word in entry.words.split(whereSeparator: \.isWhitespace) {
        table[WordHash.of(word), default: []].append(index)
      }
    }
    return table
  }()

  static let stopWords: [(language: String, words: String)] = [
    (
      "en",
      """
      the of and to a in is that for it on with as was be by this are or an from at not have but you
      your we our they he she his her their which who will can has had were been if about when what
      so all one there would its also than them these into out up do how some no just my me
      """
    ),
    (
      "de",
      """
      der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an
      werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war
      haben nur oder aber vor zur bis durch man sein wurde ich wir
      """
    ),
    (
      "fr",
      """
      le la les de des et en un une du que est pour qui dans par plus pas au sur ne se ce il sont
      avec cette mais nous vous ont aux ses leur être comme fait
      """
    ),
    (
      "es",
      """
      de la que el en y a los del se las por un para con no una su al lo como más o pero sus le ya
      este sí porque esta entre cuando muy sin sobre también hasta hay donde
      """
    ),
    (
      "it",
      """
      di e il la che in un a per è una non con si da come le dei del della nel alla più anche sono lo
      gli al ha ma dal delle questo ed
      """
    ),
    (
      "pt",
      """
      de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu
      sua ou quando muito nos já também só pelo pela até isso são
      """
    ),
    (
      "nl",
      """
      de het een van en in is dat op te zijn voor met niet aan er om ook als maar die door bij naar
      uit nog wordt over zo dan deze heeft worden
      """
    ),
    (
      "pl",
      """
      i w na z do nie się że to jest o jak za po ale od przez przy co tak dla czy już tym oraz który
      która które są tylko może
      """
    ),
    (
      "sv",
      """
      och att det i en som på är av för med den till inte om ett har de jag var så men kan från vi när
      """
    ),
    (
      "da",
      """
      og i at det er en til på som med de for den af ikke der har et om var fra men kan vi jeg når
      """
    ),
    ("cs", "a v se na je že s z do o to i k ve pro jako by byl ale za jsou tak co po jeho která"),
    ("tr", "ve bir bu da de için ile olarak çok daha gibi olan en ne kadar sonra var ama"),
  ]
}
