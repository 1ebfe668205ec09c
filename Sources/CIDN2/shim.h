// The door to GNU libidn2.
#include <idn2.h>
