/* SPDX-License-Identifier: GPL-3.0-or-later
 * A file in memory for readers that take names, and the verdict on what they say.
 */
#define _GNU_SOURCE
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void need(bool good, const char *what)
{
    if (good)
        return;
    perror(what);
    abort();
}

const char *fuzz_file(const uint8_t *bytes, size_t size)
{
    static int file = -1;
    static char path[64];
    if (file < 0) {
        file = memfd_create("ixs-fuzz", MFD_CLOEXEC);
        need(file >= 0, "memfd_create");
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    need(ftruncate(file, 0) == 0, "ftruncate");
    while (size > 0) {
        ssize_t put = write(file, bytes, size);
        need(put > 0, "write");
        bytes += put;
        size -= (size_t)put;
    }
    need(lseek(file, 0, SEEK_SET) == 0, "lseek");
    return path;
}

void fuzz_verdict(bool ok, const struct ixs_err *err)
{
    bool told = (err->code == IXS_INPUT || err->code == IXS_USAGE) && err->text[0] != '\0';
    if (ok ? err->code == IXS_OK : told)
        return;
    fprintf(stderr, "%s with code %d: %s: %s\n", ok ? "success" : "failure", (int)err->code,
            err->where, err->text);
    abort();
}
