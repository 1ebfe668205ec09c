/// What a single word of a text hints at.
struct WordHints: OptionSet {
  let rawValue: UInt16

  static let share = WordHints(rawValue: 1 << 0)
  static let subscribe = WordHints(rawValue: 1 << 1)
  static let posted = WordHints(rawValue: 1 << 2)
  static let related = WordHints(rawValue: 1 << 3)
  static let comment = WordHints(rawValue: 1 << 4)
  static let photo = WordHints(rawValue: 1 << 5)
  static let copyright = WordHints(rawValue: 1 << 6)
  static let more = WordHints(rawValue: 1 << 7)
  /// A frequent small word of one of the languages of `StopWords`.
  static let stopWord = WordHints(rawValue: 1 << 8)
  /// About the author or the company.
  static let about = WordHints(rawValue: 1 << 9)

  static let count = 10
}

/// Words by hash: an open-addressed table that scanning a text asks once a word.
struct WordTable {
  static let shared = WordTable()

  private var keys = [UInt32](repeating: 0, count: 2048)
  private var hints = [WordHints](repeating: [], count: 2048)

  private init() {
    for (hint, list) in Self.lists {
      for word in list.split(whereSeparator: \.isWhitespace) { insert(WordHash.of(word), hint) }
    }
    for (_, list) in StopWords.lists {
      for word in list.split(whereSeparator: \.isWhitespace) {
        insert(WordHash.of(word), .stopWord)
      }
    }
  }

  private mutating func insert(_ hash: UInt32, _ hint: WordHints) {
    var slot = Int(hash & 2047)
    while keys[slot] != 0, keys[slot] != hash { slot = (slot + 1) & 2047 }
    keys[slot] = hash
    hints[slot].formUnion(hint)
  }

  /// The hints of a word in lower case (ASCII letters only), by its hash.
  @inline(__always) func hints(of hash: UInt32) -> WordHints {
    var slot = Int(hash & 2047)
    while keys[slot] != 0 {
      if keys[slot] == hash { return hints[slot] }
      slot = (slot + 1) & 2047
    }
    return []
  }

  private static let lists: [(WordHints, String)] = [
    (
      .share,
      """
      share tweet facebook twitter pinterest whatsapp linkedin print email teilen drucken partager
      instagram telegram reddit follow folgen
      """
    ),
    (
      .subscribe,
      """
      subscribe newsletter subscription signup login register cookie cookies privacy abonnieren
      anmelden registrieren datenschutz abonnement javascript browser agb impressum inscription
      """
    ),
    (
      .posted,
      """
      posted published updated author written views veröffentlicht aktualisiert autor publié von
      """
    ),
    (
      .related,
      """
      related recommended popular trending latest similar recent verwandte beliebte neueste ähnliche
      empfohlen articles artikel beiträge
      """
    ),
    (
      .comment,
      """
      comment comments reply replies kommentar kommentare antworten commentaires commenter
      """
    ),
    (.photo, "photo photograph image images getty credit courtesy caption foto bild reuters afp"),
    (.copyright, "copyright reserved rechte vorbehalten droits"),
    (.about, "about über sobre propos autor author autorin auteur contact kontakt biography"),
    (.more, "more mehr weiterlesen weiter plus suite continue next previous zurück"),
  ]
}
