/* SPDX-License-Identifier: GPL-3.0-or-later
 * The status object. It lives on the stack of `main`, every fallible function takes it last and
 * returns bool (or a pointer), and the first failure stays recorded. Codes are exit codes.
 */
#ifndef IXS_BASE_ERR_H
#define IXS_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

#define IXS_MUST_CHECK __attribute__((warn_unused_result))
#define IXS_PRINTF(text, first) __attribute__((format(printf, text, first)))

enum ixs_code {
    IXS_OK = 0,
    IXS_NOT_GOOD = 1, /* a result was not good, under --strict */
    IXS_USAGE = 2,    /* command line or configuration file */
    IXS_INPUT = 3,    /* an input cannot be used */
    IXS_OUTPUT = 4,   /* an output cannot be written; memory */
    IXS_BUG = 5,      /* ours */
};

struct ixs_err {
    enum ixs_code code;
    char where[512]; /* "" or what the message is about: a file, "FILE:LINE", "FILE[HDU]" */
    char text[1024]; /* found X, expected Y */
};

#define IXS_ERR_NONE ((struct ixs_err){.code = IXS_OK})

/* Records a failure unless one is recorded already; always false, so that `return ixs_fail(...)`.
 */
bool ixs_fail(struct ixs_err *err, enum ixs_code code, const char *format, ...) IXS_PRINTF(3, 4);

/* The same with the file (and the line, if > 0) that the message is about. */
bool ixs_fail_at(struct ixs_err *err, enum ixs_code code, const char *path, long line,
                 const char *format, ...) IXS_PRINTF(5, 6);

/* Puts "context: " in front of the recorded text; always false. */
bool ixs_within(struct ixs_err *err, const char *format, ...) IXS_PRINTF(2, 3);

/* Names the file (and line) of a recorded failure that names none yet; always false. */
bool ixs_in_file(struct ixs_err *err, const char *path, long line);

/* Forgets a recorded failure: for one bad item that is reported and passed over. */
void ixs_err_clear(struct ixs_err *err);

#endif
