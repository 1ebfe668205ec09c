import GossamerHTTP
import Synchronization

/// Gives recorded answers, one a call, and keeps what was asked. For wire formats only.
final class ScriptedTransport: HTTPTransport {
  struct Answer: Sendable {
    var status = 200
    var fields: [(String, String)] = []
    var pieces: [[UInt8]] = []
    var error: HTTPTransportError?
    /// How the body ends: nil for cleanly.
    var breakOff: HTTPTransportError?

    init(
      _ text: String = "", status: Int = 200, fields: [(String, String)] = [],
      error: HTTPTransportError? = nil, breakOff: HTTPTransportError? = nil
    ) {
      self.init(
        bytes: Array(text.utf8), status: status, fields: fields, error: error, breakOff: breakOff)
    }

    init(
      bytes: [UInt8], pieceLength: Int = .max, status: Int = 200, fields: [(String, String)] = [],
      error: HTTPTransportError? = nil, breakOff: HTTPTransportError? = nil
    ) {
      self.status = status
      self.fields = fields
      self.error = error
      self.breakOff = breakOff
      var rest = bytes[...]
      while !rest.isEmpty {
        pieces.append(Array(rest.prefix(pieceLength)))
        rest = rest.dropFirst(pieceLength)
      }
    }
  }

  private let answers: Mutex<[Answer]>
  private let asked = Mutex<[HTTPRequest]>([])

  init(_ answers: [Answer]) { self.answers = Mutex(answers) }

  var requests: [HTTPRequest] { asked.withLock { $0 } }

  func send(
    _ request: HTTPRequest, limits: HTTPTimeLimits
  ) async throws(HTTPTransportError) -> HTTPResponse {
    asked.withLock { $0.append(request) }
    let answer = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
    if let error = answer.error { throw error }
    let body = HTTPBody {
      var rest = answer.pieces[...]
      return HTTPBody.AsyncIterator { () async throws(HTTPTransportError) in
        if let piece = rest.popFirst() { return piece }
        if let error = answer.breakOff { throw error }
        return nil
      }
    }
    return HTTPResponse(status: answer.status, fields: HTTPFields(answer.fields), body: body)
  }
}
