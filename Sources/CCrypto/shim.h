// The door to libcrypto's message digests.
#ifndef GOSSAMER_CCRYPTO_SHIM_H
#define GOSSAMER_CCRYPTO_SHIM_H

#include <openssl/evp.h>

#endif
