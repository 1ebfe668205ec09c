// The door to the C library's allocator, whose settings Swift's own module of it leaves out.
#ifndef GOSSAMER_CMALLOC_SHIM_H
#define GOSSAMER_CMALLOC_SHIM_H

#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/// `mallopt`, which only glibc has.
static inline void cmalloc_return_buffers_from(int bytes) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, bytes);
#endif
}

#endif
