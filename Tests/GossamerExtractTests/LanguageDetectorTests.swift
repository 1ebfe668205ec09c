import Foundation
import GossamerExtract
import GossamerTestKit
import Testing

@Suite("Languages")
struct LanguageDetectorTests {
  @Test(arguments: [
    ("The house that was built on the hill is one of the oldest in the whole of the county.", "en"),
    ("Das Haus auf dem Hügel ist eines der ältesten im ganzen Land und wird nicht verkauft.", "de"),
    ("La maison sur la colline est une des plus anciennes du pays et ne sera pas vendue.", "fr"),
    ("La casa que está en la colina es una de las más antiguas del país y no se vende.", "es"),
    ("Дом на холме является одним из старейших в стране, и его не будут продавать.", "ru"),
    ("Будинок на пагорбі є одним із найстаріших у країні, і його не продаватимуть.", "uk"),
    ("丘の上の家は国内で最も古い家の一つです。", "ja"), ("山上的房子是全国最古老的房子之一。", "zh"),
    ("언덕 위의 집은 전국에서 가장 오래된 집 중 하나입니다.", "ko"),
    ("البيت على التل من أقدم البيوت في البلاد ولن يباع", "ar"),
    ("خانه‌ای که روی تپه است یکی از قدیمی‌ترین خانه‌های کشور است", "fa"),
  ])
  func commonLanguagesAreTold(text: String, language: String) {
    #expect(LanguageDetector.guess(text) == language)
  }

  @Test(arguments: ["", "12:30 – 14.50 €", "<>", "😀😀😀😀😀😀", "a b"])
  func nothingIsSaidOfWhatIsNoText(text: String) {
    #expect(LanguageDetector.guess(text) == nil)
  }

  @Test func whatIsShortIsDoubtful() throws {
    let short = try #require(LanguageDetector.detect("Skip to content"))
    let long = try #require(
      LanguageDetector.detect(
        "The keeper of the lighthouse wrote that the sea was calm and that he was out of tea."))
    #expect(short.confidence < 0.9)
    #expect(long.confidence > 0.99)
  }

  @Test func textBeatsTemplates() throws {
    #expect(try extract("<html lang=pt-BR><body>Lisboa").language == "pt-BR")
    #expect(try extract("<html lang=en-GB><body>\(Fixtures.prose(6))").language == "en-GB")
    #expect(try extract("<html lang=de><body>\(Fixtures.prose(6))").language == "en")
    #expect(try extract("<html lang=English><body>\(Fixtures.prose(6))").language == "en")
    #expect(try extract("<html><body>\(Fixtures.prose(6))").language == "en")
  }

  @Test("One text for each of many languages")
  func vectorsAreTold() throws {
    guard let folder = ConformanceData.findUpwards("shared/conformance/langid"),
      let data = try? Data(contentsOf: folder.appending(path: "whatlang-examples.json"))
    else {
      print("skipped: langid vectors not found")
      return
    }
    let texts = try JSONDecoder().decode([String: String].self, from: data)
    var right = 0
    for (code, text) in texts {
      let guess = LanguageDetector.detect(text)?.language
      let wanted = Self.individual[code] ?? Locale.Language(identifier: code).minimalIdentifier
      if guess == String(wanted.prefix { $0 != "-" }) {
        right += 1
      } else {
        print("\(code): \(guess ?? "none")")
      }
    }
    print("langid: \(right)/\(texts.count)")
    #expect(right * 100 >= texts.count * 95)
  }

  /// Codes of members of macro-languages.
  private static let individual = ["cmn": "zh", "pes": "fa", "nob": "nb", "ori": "or", "aze": "az"]
}
