#if Network
  import GossamerFlow
  import GossamerHTTP

  /// How long a body is, as its head says, with all doubts settled or refused.
  ///
  /// Source: RFC 9112 §6.
  struct ResponseFraming: Equatable {
    enum Length: Equatable {
      case untilClose
      case chunked
      case bytes(Int)
    }

    var length = Length.untilClose
    var closes = false
    /// Whether both lengths were given, of which the chunks count.
    var isDoubtful = false

    /// - Throws: `http.framing` when lengths contradict each other or cannot be read.
    init(of head: ResponseHead) throws(HTTPTransportError) {
      var seen: Int?
      var isChunked = false
      closes = head.version == "HTTP/1.0"
      for line in head.fields.lines {
        switch line.name.utf8.count {
        case 10 where line.name.lowercased() == "connection":
          closes = Self.closes(line.value, unlessSaid: closes)
        case 14 where line.name.lowercased() == "content-length":
          for part in line.value.split(separator: ",", omittingEmptySubsequences: false) {
            let number = try Self.number(part)
            guard seen == nil || seen == number else {
              throw HTTPTransportError(.framing, detail: "two different Content-Length values")
            }
            seen = number
          }
        case 17 where line.name.lowercased() == "transfer-encoding":
          switch line.value.lowercased() {
          case "chunked":
            guard !isChunked else {
              throw HTTPTransportError(.framing, detail: "chunked is given twice")
            }
            isChunked = true
          case "identity", "": break
          default: throw HTTPTransportError(.framing, detail: "unknown transfer coding")
          }
        default: break
        }
      }
      if isChunked {
        length = .chunked
        // Both given: chunked wins, and the connection is not trusted any further.
        if seen != nil {
          closes = true
          isDoubtful = true
        }
      } else if let seen {
        length = .bytes(seen)
      }
    }

    private static func closes(_ value: String, unlessSaid otherwise: Bool) -> Bool {
      let tokens = value.lowercased().split(whereSeparator: { $0 == "," || $0 == " " })
      if tokens.contains("close") { return true }
      return tokens.contains("keep-alive") ? false : otherwise
    }

    private static func number(_ text: Substring) throws(HTTPTransportError) -> Int {
      let digits = text.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
      guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let number = Int(digits)
      else { throw HTTPTransportError(.framing, detail: "Content-Length is not a length") }
      return number
    }
  }
#endif
