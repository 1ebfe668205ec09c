import Foundation
import Gossamer

/// Reads one line of JSON.
enum JSONInput {
  /// - Throws: `BadLine` for what is no such object.
  static func decode<Value: Decodable>(_ type: Value.Type, from line: [UInt8]) throws -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(line))
    } catch {
      // Half a surrogate pair and ill-formed UTF-8 are no text, but test data and scripts send them:
      // U+FFFD stands for each, as in the web's USVString.
      let text = Array(String(decoding: line, as: UTF8.self).utf8)
      let repaired = withoutHalfPairs(text) ?? text
      guard repaired != line, let value = try? JSONDecoder().decode(type, from: Data(repaired))
      else { throw BadLine(message(error)) }
      return value
    }
  }

  private static func message(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "not JSON" }
    switch error {
    case .keyNotFound(let key, _): return "'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? "not a JSON object" : "'\(path)' has the wrong type"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      return context.debugDescription
    default: return "not JSON"
    }
  }

  /// The line with `\uFFFD` for each escape that is half a pair; nil where there is none.
  static func withoutHalfPairs(_ line: [UInt8]) -> [UInt8]? {
    var result = line
    var index = 0
    while index + 1 < line.count {
      guard line[index] == UInt8(ascii: "\\") else {
        index += 1
        continue
      }
      guard let unit = escape(line, at: index) else {
        index += 2
        continue
      }
      if unit & 0xFC00 == 0xD800, let next = escape(line, at: index + 6), next & 0xFC00 == 0xDC00 {
        index += 12
        continue
      }
      if unit & 0xF800 == 0xD800 {
        result.replaceSubrange(index..<(index + 6), with: "\\uFFFD".utf8)
      }
      index += 6
    }
    return result == line ? nil : result
  }

  /// The code unit of the escape at `index`.
  private static func escape(_ line: [UInt8], at index: Int) -> UInt16? {
    guard index + 6 <= line.count, line[index] == UInt8(ascii: "\\"),
      line[index + 1] == UInt8(ascii: "u")
    else { return nil }
    return UInt16(String(decoding: line[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16)
  }
}

/// What the caller calls a line: handed back as it came.
enum LineID: Decodable, Sendable {
  case text(String)
  case number(Int)

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    self = try (try? .number(value.decode(Int.self))) ?? .text(value.decode(String.self))
  }

  /// Adds itself as `id`.
  func add(to line: inout JSONLine) {
    switch self {
    case .text(let text): line.add("id", text)
    case .number(let number): line.add("id", number)
    }
  }
}

/// Bytes given as base64.
struct Base64Bytes: Decodable, Sendable {
  var bytes: [UInt8]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "not base64")
    }
    bytes = Array(data)
  }
}
