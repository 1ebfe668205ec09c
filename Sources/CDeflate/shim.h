// The door to libdeflate, which compresses whole buffers at twice zlib's speed.
#ifndef GOSSAMER_CDEFLATE_SHIM_H
#define GOSSAMER_CDEFLATE_SHIM_H

#include <libdeflate.h>

#endif
