// The door to zstd.
#ifndef GOSSAMER_CZSTD_SHIM_H
#define GOSSAMER_CZSTD_SHIM_H

#include <zstd.h>
#include <zstd_errors.h>

/// Whether a result is the error "frame wants a larger window than allowed".
static inline int czstd_is_window_error(size_t result) {
  return ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge;
}

#endif
