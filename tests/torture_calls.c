/* SPDX-License-Identifier: GPL-3.0-or-later
 * The calls of the C library that the torture library stands in for. They do what glibc's do, by
 * its inner names or by system calls, unless they are to fail.
 */
#undef _FILE_OFFSET_BITS /* which would make open() an alias of open64() */
#define _GNU_SOURCE
#include "tests/torture.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static bool no_memory(const char *name, size_t size)
{
    if (!torture_strike(TORTURE_MEMORY, name, size, false))
        return false;
    errno = ENOMEM;
    return true;
}

static bool no_output(const char *name, size_t size, int reason)
{
    if (!torture_strike(TORTURE_OUTPUT, name, size, false))
        return false;
    errno = reason;
    return true;
}

/* ---- memory ---------------------------------------------------------------------------------- */

void *malloc(size_t size)
{
    return no_memory("malloc", size) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return no_memory("calloc", count * size) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return no_memory("realloc", size) ? NULL : __libc_realloc(memory, size);
}

void *reallocarray(void *memory, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        errno = ENOMEM;
        return NULL;
    }
    size *= count;
    return no_memory("realloc", size) ? NULL : __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size)
{
    return no_memory("memalign", size) ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    void *got = memalign(alignment, size);
    if (got == NULL)
        return ENOMEM;
    *memory = got;
    return 0;
}

/* ---- files; the calls themselves go straight to the kernel ----------------------------------- */

static bool writes(int flags)
{
    return (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0;
}

static int open_at(int folder, const char *path, int flags, mode_t mode)
{
    if (writes(flags) ? no_output("open", 0, EACCES)
                      : torture_strike(TORTURE_INPUT, "open", 0, false)) {
        errno = EACCES;
        return -1;
    }
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

static mode_t mode_of(int flags, va_list args)
{
    return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(args, mode_t) : 0;
}

#define OPEN(name)                                                                                 \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        va_list args;                                                                              \
        va_start(args, flags);                                                                     \
        mode_t mode = mode_of(flags, args);                                                        \
        va_end(args);                                                                              \
        return open_at(AT_FDCWD, path, flags, mode);                                               \
    }
#define OPENAT(name)                                                                               \
    int name(int folder, const char *path, int flags, ...)                                         \
    {                                                                                              \
        va_list args;                                                                              \
        va_start(args, flags);                                                                     \
        mode_t mode = mode_of(flags, args);                                                        \
        va_end(args);                                                                              \
        return open_at(folder, path, flags, mode);                                                 \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *bytes, size_t size)
{
    static bool interrupted;
    struct stat about;
    if (no_output("write", size, ENOSPC))
        return -1;
    if (torture_shortly()) {
        interrupted = !interrupted;
        if (interrupted) {
            errno = EINTR;
            return -1;
        }
        size = size > 1000 ? 1000 : size;
    }
    if (torture_slowly() && fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) {
        nanosleep(&(struct timespec){.tv_nsec = 300000}, NULL);
        size = size > 1000 ? 1000 : size;
    }
    return syscall(SYS_write, fd, bytes, size);
}

ssize_t read(int fd, void *bytes, size_t size)
{
    if (torture_strike(TORTURE_INPUT, "read", size, false)) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_read, fd, bytes, size);
}

int fsync(int fd)
{
    struct stat about;
    if (torture_strike(TORTURE_OUTPUT, "fsync", 0,
                       fstat(fd, &about) == 0 && S_ISDIR(about.st_mode))) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

int syncfs(int fd)
{
    if (torture_strike(TORTURE_OUTPUT, "syncfs", 0, false)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_syncfs, fd);
}

/* A file that is closed is closed, whatever close() says. */
int close(int fd)
{
    struct stat about;
    bool output = torture_watches() && fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
                  writes(fcntl(fd, F_GETFL));
    bool fails = output && no_output("close", 0, EIO);
    int result = (int)syscall(SYS_close, fd);
    if (!fails)
        return result;
    errno = EIO;
    return -1;
}

#define REFUSED(name, reason, number, ...)                                                         \
    no_output(name, 0, reason) ? -1 : (int)syscall(number, __VA_ARGS__)

int rename(const char *from, const char *to)
{
    return REFUSED("rename", EACCES, SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int old, const char *from, int new, const char *to)
{
    return REFUSED("renameat", EACCES, SYS_renameat2, old, from, new, to, 0);
}

int mkdir(const char *path, mode_t mode)
{
    return REFUSED("mkdir", EACCES, SYS_mkdirat, AT_FDCWD, path, mode);
}

int fchmod(int fd, mode_t mode)
{
    return REFUSED("fchmod", EPERM, SYS_fchmod, fd, mode);
}

int flock(int fd, int operation)
{
    return REFUSED("flock", ENOLCK, SYS_flock, fd, operation);
}

int utimensat(int folder, const char *path, const struct timespec times[2], int flags)
{
    return REFUSED("utimensat", EPERM, SYS_utimensat, folder, path, times, flags);
}

int pipe(int ends[2])
{
    return REFUSED("pipe", EMFILE, SYS_pipe2, ends, 0);
}
