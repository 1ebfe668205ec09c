/// Inflates gzip members one by one and tells exactly where each ends in its input.
///
/// For files that are read record by record; bodies of responses go through `ContentDecoder`.
package final class GzipMemberReader {
  /// How a piece of input was used.
  package enum Outcome: Equatable {
    /// All of it was taken; the member goes on.
    case needsInput
    /// The member ended; what was not taken belongs to what follows.
    case memberEnd
    /// The data is damaged.
    case failed(String)
  }

  private let stream = InflateStream(.gzip)

  /// A reader before its first member.
  package init() {}

  /// Makes ready for the next member.
  package func reset() { stream.reset() }

  /// Inflates from the start of `input` and appends to `output`. Tells how many bytes were taken.
  package func inflate(
    _ input: ArraySlice<UInt8>, into output: inout [UInt8]
  ) -> (taken: Int, outcome: Outcome) {
    input.withUnsafeBufferPointer { bytes in
      var rest = bytes
      do throws(ContentDecodingError) {
        let step = try stream.inflate(&rest) { (piece) throws(ContentDecodingError) in
          output.append(contentsOf: piece)
        }
        let taken = bytes.count - rest.count
        switch step {
        case .needsInput: return (taken, .needsInput)
        case .streamEnd: return (taken, .memberEnd)
        case .failed(_, let message): return (taken, .failed(message))
        }
      } catch {
        return (0, .failed(error.description))
      }
    }
  }
}
