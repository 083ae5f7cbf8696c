/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text files that a test writes and removes.
 */
#ifndef IXS_TESTS_TEXT_FILE_H
#define IXS_TESTS_TEXT_FILE_H

#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A name that is free; path ends in XXXXXX. */
static inline void text_file_name(char *path)
{
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
}

static inline void text_file_write(const char *path, const char *format, ...) IXS_PRINTF(2, 3);
static inline void text_file_write(const char *path, const char *format, ...)
{
    FILE *file = fopen(path, "w");
    va_list args;
    assert_non_null(file);
    va_start(args, format);
    assert_true(vfprintf(file, format, args) >= 0);
    va_end(args);
    assert_int_equal(fclose(file), 0);
}

#endif
