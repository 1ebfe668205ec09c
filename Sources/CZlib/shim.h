// The door to zlib: the header, and inline wrappers of the macros that Swift cannot call.
#ifndef GOSSAMER_CZLIB_SHIM_H
#define GOSSAMER_CZLIB_SHIM_H

#include <zlib.h>

/// `inflateInit2`, which is a macro.
static inline int czlib_inflate_init(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}

/// `deflateInit2` with the usual strategy.
static inline int czlib_deflate_init(z_stream *stream, int level, int window_bits, int memory) {
  return deflateInit2(stream, level, Z_DEFLATED, window_bits, memory, Z_DEFAULT_STRATEGY);
}

#endif
