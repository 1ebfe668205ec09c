// The door to zlib, which inflates streams: the header, and a macro that Swift cannot call.
#ifndef GOSSAMER_CZLIB_SHIM_H
#define GOSSAMER_CZLIB_SHIM_H

#include <zlib.h>

/// `inflateInit2`, which is a macro.
static inline int czlib_inflate_init(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}

#endif
