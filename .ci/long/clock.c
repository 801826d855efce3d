// The clock of another day, for a program that is started with this in LD_PRELOAD and CLOCK_OFFSET seconds in its environment. Debian's
// faketime costs a program that looks at clocks all the time four times its processor; this is one addition.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int (*theirs)(clockid_t, struct timespec *);
static long offset;

__attribute__((constructor)) static void start(void)
{
    theirs = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    const char *seconds = getenv("CLOCK_OFFSET");
    offset = seconds ? atol(seconds) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = theirs(clock, time);
    if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += offset;
    return result;
}
