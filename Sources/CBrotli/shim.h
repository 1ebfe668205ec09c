// The door to the brotli decoder.
#ifndef GOSSAMER_CBROTLI_SHIM_H
#define GOSSAMER_CBROTLI_SHIM_H

#include <brotli/decode.h>

#endif
