#if Network
  import GossamerFetch
  import GossamerFlow
  import NIOCore
  import Testing

  @testable import GossamerNetwork

  @Suite("RFC 1035 §4: what a name server says of a failure")
  struct NameServerAnswerTests {
    private static let question =
      NameServerAnswer.question(for: "www.Example.org", id: 0x1234) ?? []

    /// A message: flags, counters of questions and answers, the question again, and records.
    private static func message(
      flags: UInt16 = 0x8180, answers: UInt8 = 0, id: UInt16 = 0x1234, _ records: [UInt8] = [],
      asked: [UInt8]? = nil
    ) -> [UInt8] {
      [
        UInt8(id >> 8), UInt8(id & 0xFF), UInt8(flags >> 8), UInt8(flags & 0xFF), 0, 1, 0, answers,
        0,
      ]
        + [0, 0, 0] + (asked ?? Array(question[12...])) + records
    }

    /// A record of the name at 12, unless another is given.
    private static func record(
      _ type: UInt8, _ data: [UInt8], name: [UInt8] = [0xC0, 12]
    ) -> [UInt8] {
      name + [0, type, 0, 1, 0, 0, 0, 60, 0, UInt8(data.count)] + data
    }

    @Test(arguments: [
      (message(answers: 1, record(1, [192, 0, 2, 1])), NameServerAnswer.found),
      (message(flags: 0x8183), .code(3)),
      (message(flags: 0x8185), .code(5)),
      (message(), .empty),
      (message(answers: 1, record(28, .init(repeating: 0, count: 16))), .empty),
      (message(flags: 0x8380), .truncated),
      (message(answers: 1, record(5, [0xC0, 12])), .loop),
      (message(answers: 1, record(5, [1, 0x61, 0])), .empty),
      (
        message(
          answers: 2,
          record(5, [1, 0x61, 0]) + record(5, [3, 0x57, 0x77, 0x57, 0xC0, 16], name: [1, 0x41, 0])),
        .loop
      ),
      (message(id: 0x4321), .foreign),
      (message(asked: [1, 0x61, 0, 0, 1, 0, 1]), .foreign),
      (message(flags: 0x0100), .malformed),
      (message(answers: 1), .malformed),
      (message(answers: 1, record(1, [1, 2, 3])), .malformed),
      (message(answers: 1, record(1, [192, 0, 2, 1]).dropLast()), .malformed),
      (message(answers: 1, record(1, [192, 0, 2, 1], name: [0xC0, 33])), .malformed),
      (message(answers: 1, record(1, [192, 0, 2, 1], name: [0xC0, 200])), .malformed),
      ([], .malformed), ([0x12, 0x34], .malformed),
    ])
    func isReadWithoutTrust(datagram: [UInt8], answer: NameServerAnswer) {
      #expect(NameServerAnswer(datagram, to: Self.question) == answer)
    }

    @Test func anyBytesAreReadWithoutHarm() {
      var random = SystemRandomNumberGenerator()
      for _ in 0..<20_000 {
        var bytes = Self.message(
          answers: 3, Self.record(5, [0xC0, 12]) + Self.record(1, [1, 2, 3, 4]))
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          bytes[Int.random(in: 2..<bytes.count, using: &random)] = .random(
            in: 0...255, using: &random)
        }
        _ = NameServerAnswer(Array(bytes.prefix(.random(in: 0...bytes.count))), to: Self.question)
      }
    }

    @Test func anAliasOfItselfIsNotAskedForAgain() {
      #expect(NameServerAnswer.loop.failure?.isTransient == false)
      #expect(NameServerAnswer.malformed.failure?.isTransient == true)
      #expect(NameServerAnswer.code(5).failure?.kind == .dnsRefused)
      #expect(NameServerAnswer.found.failure == nil)
    }

    @Test(arguments: ["", "a.\(String(repeating: "b", count: 64)).org"])
    func whatIsNoNameIsNotAsked(name: String) {
      #expect(NameServerAnswer.question(for: name, id: 1) == nil)
    }

    @Test func aServerThatIsNotThereIsNotWaitedFor() throws {
      let nowhere = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
      #expect(NameServerProbe.ask(nowhere, Self.question)?.kind == .dnsTimeout)
    }
  }
#endif
