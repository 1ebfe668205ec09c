import GossamerMarkup
import Testing

@Suite("Fingerprints of what pages say")
struct TextFingerprintTests {
  private func sign(_ page: String, _ address: String = "/") -> UInt64? {
    TextFingerprint.of(Array(page.utf8), address: address)
  }

  @Test(arguments: [
    ("<p>Not found</p>", "NOT <b>found</b>"),
    ("Page 17 of 20", "Page 3 of 9"),
    ("<p title='a'>Sorry</p>", "<div class=b>Sorry"),
    ("<script>var a = '<p>x';</script>Sorry", "<script type=m>let b</script>Sorry"),
    ("<style>p { color: red }</style>Sorry", "Sorry"),
    ("<!-- one > word -->Sorry", "<!---->Sorry"),
    ("a < b", "a b"),
  ])
  func equalButForMarkupDigitsAndCase(one: String, other: String) {
    #expect(sign(one) != nil)
    #expect(sign(one) == sign(other))
  }

  @Test func whatThePageRepeatsOfItsAddressDoesNotCount() {
    let one = sign("Nothing at /lost/thing?id=x, sorry", "/lost/thing?id=x")
    let other = sign("Nothing at /odd/path, sorry", "/odd/path")
    #expect(one != nil && one == other)
    #expect(one != sign("Nothing at /odd/path, sorry", "/lost"))
  }

  @Test(arguments: [
    ("one two", "two one"), ("one two", "onetwo"), ("abcdefgh", "abcdefghi"),
    ("abcdefgh", "abcdefg"), ("abcdefghijklmnop", "abcdefgh ijklmnop"),
    ("ab", "a b"), ("жук", "жак"),
  ])
  func otherWordsGiveAnother(one: String, other: String) {
    #expect(sign(one) != sign(other))
  }

  @Test(arguments: ["", "<p></p>", "12 34", "<script>x", "<!-- x"])
  func withoutWordsThereIsNone(page: String) {
    #expect(sign(page) == nil)
  }
}
