/* SPDX-License-Identifier: GPL-3.0-or-later
 * For tests that read configurations: those shipped, and texts of their own that are read or
 * refused.
 */
#ifndef IXS_TESTS_SHIPPED_H
#define IXS_TESTS_SHIPPED_H

#include "calib/experiment/experiment.h"
#include "tests/text_file.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file of the project or beside it; valid until the next call. */
static inline const char *path_of(const char *name)
{
    static char path[4096];
    const char *root = getenv("IXS_ROOT");
    snprintf(path, sizeof path, "%s/%s", root != NULL ? root : ".", name);
    return path;
}

static inline void read_shipped(struct ixs_instrument *out, const char *name)
{
    char file[256];
    struct ixs_err err = IXS_ERR_NONE;
    snprintf(file, sizeof file, "configs/%s.xml", name);
    if (!ixs_instrument_read(out, path_of(file), NULL, &err))
        fail_msg("%s: %s", err.where, err.text);
}

/* An experiment of that text between two others. */
static inline bool read_between(struct ixs_experiment *out, const char *before, const char *text,
                                const char *after, struct ixs_err *err)
{
    char path[] = "/tmp/ixs-shipped-XXXXXX";
    text_file_name(path);
    text_file_write(path, "%s%s%s", before, text, after);
    *err = IXS_ERR_NONE;
    bool ok = ixs_experiment_read(out, path, NULL, NULL, err);
    assert_int_equal(unlink(path), 0);
    return ok;
}

struct refusal { /* a text, and where and how it is refused */
    const char *text, *line, *said;
};

static inline void assert_refused(size_t n, const struct refusal *cases, const char *before,
                                  const char *after)
{
    for (size_t i = 0; i < n; i++) {
        struct ixs_experiment experiment = {0};
        struct ixs_err err;
        assert_false(read_between(&experiment, before, cases[i].text, after, &err));
        if (strstr(err.where, cases[i].line) == NULL || strstr(err.text, cases[i].said) == NULL)
            fail_msg("'%s: %s', expected '%s' and '%s'", err.where, err.text, cases[i].line,
                     cases[i].said);
        ixs_experiment_dispose(&experiment);
    }
}

#endif
