#if Network
  import Foundation
  import Glibc
  import GossamerFetch
  import GossamerFlow
  import NIOCore

  /// Finds out why a name has no address, by one question of its own to the system's name server.
  ///
  /// The system's resolver tells "no such name", "no address" and "try again", no more. What is
  /// learned here only gives that failure its name, and says whether asking again is worth while: an
  /// address is never taken from it.
  enum NameServerProbe {
    private static let patience = 2.0

    /// The reason; nil where the server's answer explains nothing, or none is known to be asked.
    /// Blocks its thread for two seconds at most.
    static func failure(of name: String) -> AddressResolutionError? {
      let id = UInt16.random(in: 0...UInt16.max)
      guard let server = server(in: "/etc/resolv.conf"),
        let question = NameServerAnswer.question(for: name, id: id)
      else { return nil }
      return ask(server, question)
    }

    /// The first name server that the system asks.
    static func server(in file: String) -> SocketAddress? {
      guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
      for line in text.split(whereSeparator: \.isNewline) {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count > 1, words[0] == "nameserver" else { continue }
        return try? SocketAddress(ipAddress: String(words[1]), port: 53)
      }
      return nil
    }

    /// Asks once, and waits for an answer that is one.
    static func ask(_ server: SocketAddress, _ question: [UInt8]) -> AddressResolutionError? {
      let family = server.protocol == .inet6 ? AF_INET6 : AF_INET
      let socket = Glibc.socket(family, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
      guard socket >= 0 else { return nil }
      defer { close(socket) }
      let isConnected = server.withSockAddr { address, size in
        connect(socket, address, socklen_t(size)) == 0
      }
      guard isConnected, send(socket, question, question.count, 0) == question.count else {
        return nil
      }
      var reason = AddressResolutionError(.dnsTimeout, detail: "the name server does not answer")
      let end = ContinuousClock.now + .seconds(patience)
      while let datagram = receive(socket, until: end) {
        switch NameServerAnswer(datagram, to: question) {
        case .foreign: continue
        // Anybody can send noise: the answer may still come.
        case .malformed: reason = NameServerAnswer.malformed.failure ?? reason
        case let answer: return answer.failure
        }
      }
      return reason
    }

    /// The next datagram; nil when the time is over or nobody listens there.
    private static func receive(
      _ socket: CInt, until end: ContinuousClock.Instant
    ) -> [UInt8]? {
      let left = (end - .now) / .milliseconds(1)
      guard left > 0 else { return nil }
      var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, CInt(left.rounded(.up))) > 0 else { return nil }
      var datagram = [UInt8](repeating: 0, count: 4_096)
      let count = recv(socket, &datagram, datagram.count, 0)
      return count < 0 ? nil : Array(datagram[..<count])
    }
  }
#endif
