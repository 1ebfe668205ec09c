import Testing

@testable import GossamerFrontier

@Suite("SipHash-2-4 against the vectors of its paper", .tags())
struct URLIdentityTests {
  @Test(arguments: [
    (0, 0x726F_DB47_DD0E_0E31 as UInt64), (1, 0x74F8_39C5_93DC_67FD), (8, 0x93F5_F579_9A93_2462),
    (15, 0xA129_CA61_49BE_45E5),
  ])
  func hashesAsThePaperSays(length: Int, expected: UInt64) {
    let identity = URLIdentity(key0: 0x0706_0504_0302_0100, key1: 0x0F0E_0D0C_0B0A_0908)
    let text = String(decoding: (0..<UInt8(length)), as: UTF8.self)
    #expect(identity.hash(text) == expected)
  }
}
