// The door to the C library's allocator, whose settings Swift's own module of it leaves out.
#ifndef GOSSAMER_CMALLOC_SHIM_H
#define GOSSAMER_CMALLOC_SHIM_H

#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/// Buffers of this many bytes and more go back to the system when they are freed. Left to itself,
/// glibc raises the limit with the first large buffer and keeps the memory of all that follow; other
/// allocators have no such setting and need none.
static inline void cmalloc_return_buffers_from(int bytes) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, bytes);
#endif
}

#endif
