import Foundation
import GossamerFlow
import GossamerHTTP
import GossamerURL

/// Plain HTTP/1.1 to a server on this machine, one connection a request, with blocking reads: just
/// enough to meet a real model server in tests that do not build the network room.
struct LoopbackTransport: HTTPTransport {
  /// A connection; closed with the last who holds it.
  private final class Connection: Sendable {
    let handle: FileHandle
    init(_ descriptor: Int32) {
      handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
    func read() -> [UInt8] { Array(handle.availableData) }
  }

  func send(
    _ request: HTTPRequest, limits: HTTPTimeLimits
  ) async throws(HTTPTransportError) -> HTTPResponse {
    let connection = try connect(to: request.url, seconds: Int(limits.silence.components.seconds))
    var head = "\(request.method) \(request.url.requestTarget) HTTP/1.1\r\n"
    head += "Host: \(request.url.hostname)\r\nConnection: close\r\n"
    for line in request.fields.lines { head += "\(line.name): \(line.value)\r\n" }
    head += "Content-Length: \(request.body?.count ?? 0)\r\n\r\n"
    do {
      try connection.handle.write(contentsOf: Data(Array(head.utf8) + (request.body ?? [])))
    } catch {
      throw HTTPTransportError(.reset, detail: "\(error)")
    }
    var bytes: [UInt8] = []
    let end = Array("\r\n\r\n".utf8)
    while bytes.firstRange(of: end) == nil {
      let piece = connection.read()
      if piece.isEmpty { throw HTTPTransportError(.closed, detail: "no head") }
      bytes += piece
    }
    let border = bytes.firstRange(of: end)?.lowerBound ?? 0
    let lines = String(decoding: bytes[..<border], as: UTF8.self).components(separatedBy: "\r\n")
    var fields = HTTPFields()
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      fields.append(String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces))
    }
    let rest = Array(bytes[(border + 4)...])
    let isChunked = fields["transfer-encoding"]?.contains("chunked") == true
    return HTTPResponse(
      status: lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0,
      fields: fields, body: Self.body(of: connection, after: rest, isChunked: isChunked))
  }

  private static func body(
    of connection: Connection, after first: [UInt8], isChunked: Bool
  ) -> HTTPBody {
    HTTPBody {
      var buffer = first
      var isOver = false
      return HTTPBody.AsyncIterator { () async throws(HTTPTransportError) in
        while !isOver {
          if !isChunked, !buffer.isEmpty {
            defer { buffer = [] }
            return buffer
          }
          if isChunked, let border = buffer.firstRange(of: [0x0D, 0x0A]) {
            let size = Int(String(decoding: buffer[..<border.lowerBound], as: UTF8.self), radix: 16)
            guard let size else { throw HTTPTransportError(.framing, detail: "chunk") }
            if size == 0 {
              isOver = true
              return nil
            }
            if buffer.count >= border.upperBound + size + 2 {
              let piece = Array(buffer[border.upperBound..<border.upperBound + size])
              buffer.removeFirst(border.upperBound + size + 2)
              return piece
            }
          }
          let more = connection.read()
          if more.isEmpty {
            if isChunked { throw HTTPTransportError(.closed, detail: "in the body") }
            isOver = true
          }
          buffer += more
        }
        return nil
      }
    }
  }

  private func connect(to url: WebURL, seconds: Int) throws(HTTPTransportError) -> Connection {
    guard url.scheme == "http", ["127.0.0.1", "localhost"].contains(url.hostname) else {
      throw HTTPTransportError(.addressBlocked, detail: "loopback only")
    }
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = (url.effectivePort ?? 80).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var timeout = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      close(descriptor)
      throw HTTPTransportError(.refused, detail: "\(url.origin)")
    }
    return Connection(descriptor)
  }
}
