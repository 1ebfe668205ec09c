internal import CMalloc

/// The C library's allocator, which all of a process shares.
package enum Allocator {
  /// Has buffers of this many bytes and more go back to the system when they are freed.
  ///
  /// Left to itself, glibc raises that limit with the first large buffer, and keeps the memory of all
  /// that follow. Others need no telling.
  package static func returnBuffers(from byteCount: Int32) {
    cmalloc_return_buffers_from(byteCount)
  }
}
