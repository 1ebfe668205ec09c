// Shows the thread sanitizer what a `Mutex` does while others wait for it.
//
// `Mutex.withLock` is compiled into its caller, where the sanitizer sees the atomics. Waiting for a
// lock that is held, and handing it to one who waits, is done by the Synchronization library, which is
// not built with the sanitizer: both then look as if nothing had been synchronized. Loaded before that
// library (LD_PRELOAD), these two do as it does, and say so.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define swift_function __attribute__((swiftcall))
#define swift_self __attribute__((swift_context))

// Only programs built with the sanitizer have them.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

// Synchronization._MutexHandle._lockSlow(UInt32) -> ()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
// Synchronization._MutexHandle._unlockSlow() -> ()
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

swift_function void lock_slowly(uint32_t thread, swift_self void *mutex) __asm__(LOCK);
swift_function void unlock_slowly(swift_self void *mutex) __asm__(UNLOCK);

swift_function void lock_slowly(uint32_t thread, swift_self void *mutex) {
  swift_function void (*library)(uint32_t, swift_self void *) = dlsym(RTLD_NEXT, LOCK);
  library(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

swift_function void unlock_slowly(swift_self void *mutex) {
  swift_function void (*library)(swift_self void *) = dlsym(RTLD_NEXT, UNLOCK);
  if (__tsan_release) __tsan_release(mutex);
  library(mutex);
}
