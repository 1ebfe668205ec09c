#if Network
  import GossamerFetch
  import GossamerFlow

  /// What a name server's datagram says about the question for a name's IPv4 address.
  ///
  /// Source: RFC 1035 §4.
  enum NameServerAnswer: Equatable {
    /// No message of the protocol.
    case malformed
    /// A message, but not the answer to this question.
    case foreign
    /// The server's answer has this code, other than zero.
    case code(UInt8)
    /// More than fits into a datagram.
    case truncated
    /// The name is an alias that leads back to itself.
    case loop
    /// The name exists, without an address of this kind.
    case empty
    /// At least one address, which is not looked at.
    case found

    /// The question for a name; nil for a name that cannot be asked for.
    static func question(for name: String, id: UInt16) -> [UInt8]? {
      var bytes: [UInt8] = [UInt8(id >> 8), UInt8(id & 0xFF), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
      for label in name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: true) {
        guard label.count < 64 else { return nil }
        bytes.append(UInt8(label.count))
        bytes += label
      }
      guard bytes.count > 12, bytes.count <= 12 + 254 else { return nil }
      return bytes + [0, 0, 1, 0, 1]
    }

    /// Reads a datagram.
    init(_ bytes: [UInt8], to question: [UInt8]) {
      var reader = MessageReader(bytes: bytes)
      self = reader.read(question: question) ?? .malformed
    }

    /// What the answer means for whoever asked; nil where it is no answer, or explains no failure.
    var failure: AddressResolutionError? {
      switch self {
      case .foreign, .found: nil
      case .malformed:
        AddressResolutionError(.dnsMalformed, detail: "the name server's answer cannot be read")
      case .truncated:
        AddressResolutionError(.dnsMalformed, detail: "the name server's answer is cut short")
      case .loop:
        AddressResolutionError(
          .dnsMalformed, detail: "the name is an alias of itself", isTransient: false)
      case .empty: AddressResolutionError(.dnsNoAddress, detail: "the name has no address")
      case .code(3): AddressResolutionError(.dnsNotFound, detail: "no such name")
      case .code(5):
        AddressResolutionError(.dnsRefused, detail: "the name server refuses to answer")
      case .code(let code):
        AddressResolutionError(.dnsFailure, detail: "the name server failed (code \(code))")
      }
    }
  }

  /// Walks through a message without ever leaving it.
  private struct MessageReader {
    let bytes: [UInt8]
    private var place = 12
    private var aliases: [[UInt8]: [UInt8]] = [:]
    private var hasAddress = false

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// nil for what is no message.
    mutating func read(question: [UInt8]) -> NameServerAnswer? {
      guard let flags = number(at: 2), flags & 0x8000 != 0, flags & 0x7800 == 0,
        let questions = number(at: 4), let answers = number(at: 6), let asked = name()
      else { return nil }
      guard questions == 1, let type = number(at: place), number(at: place + 2) != nil else {
        return nil
      }
      place += 4
      for _ in 0..<answers { guard readRecord() else { return nil } }
      var sent = MessageReader(bytes: question)
      guard bytes[..<2] == question[..<2], type == 1, asked == sent.name() else { return .foreign }
      if flags & 0x000F != 0 { return .code(UInt8(flags & 0x000F)) }
      if hasAddress { return .found }
      if flags & 0x0200 != 0 { return .truncated }
      return leadsBack(asked) ? .loop : .empty
    }

    private func leadsBack(_ name: [UInt8]) -> Bool {
      var seen: Set<[UInt8]> = [name]
      var last = name
      while let next = aliases[last] {
        guard seen.insert(next).inserted else { return true }
        last = next
      }
      return false
    }

    private mutating func readRecord() -> Bool {
      guard let owner = name(), let type = number(at: place), let length = number(at: place + 8)
      else { return false }
      let end = place + 10 + Int(length)
      guard end <= bytes.count else { return false }
      place += 10
      switch type {
      case 1:
        guard length == 4 else { return false }
        hasAddress = true
      case 5:
        guard let target = name(), place <= end else { return false }
        aliases[owner] = target
      default: break
      }
      place = end
      return true
    }

    private func number(at index: Int) -> UInt16? {
      guard index + 1 < bytes.count else { return nil }
      return UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
    }

    /// The name at this place, in lower case; moves on behind it. A pointer may only lead back, which
    /// is what makes the walk end.
    private mutating func name() -> [UInt8]? {
      var found: [UInt8] = []
      var index = place
      var end: Int?
      while index < bytes.count, found.count < 256 {
        let length = Int(bytes[index])
        switch length {
        case 0:
          place = end ?? index + 1
          return found
        case 1..<64:
          guard index + length < bytes.count else { return nil }
          found.append(bytes[index])
          found += bytes[(index + 1)...(index + length)].map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
          index += length + 1
        case 192...:
          guard let pointer = number(at: index) else { return nil }
          end = end ?? index + 2
          let target = Int(pointer & 0x3FFF)
          guard target < index else { return nil }
          index = target
        default: return nil
        }
      }
      return nil
    }
  }
#endif
