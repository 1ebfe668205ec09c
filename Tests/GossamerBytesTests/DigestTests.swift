import GossamerBytes
import Testing

@Suite("FIPS 180-4 and RFC 4648")
struct DigestTests {
  @Test func knownDigestsAreMade() {
    let abc = Array("abc".utf8)
    #expect(Digest.sha1(of: abc).hex == "a9993e364706816aba3e25717850c26c9cd0d89d")
    #expect(
      Digest.sha256(of: "abc").hex
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Digest.sha1(of: []).label == "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")
    #expect(Digest.sha256(of: abc).base32.hasSuffix("===="))
  }

  @Test func partsAreOneText() {
    var stream = DigestStream(.sha256)
    stream.update(Array("a".utf8))
    stream.update([])
    stream.update(Array("bc".utf8))
    let digest = stream.finish()
    #expect(digest == Digest.sha256(of: "abc"))
    #expect(Digest.of([Array("ab".utf8), Array("c".utf8)], .sha256) == digest)
  }
}
