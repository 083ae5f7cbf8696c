/* SPDX-License-Identifier: GPL-3.0-or-later
 * For the tests of archives: a folder of their own, files, one reading of them.
 */
#ifndef IXS_TESTS_ARCHIVE_SCENE_H
#define IXS_TESTS_ARCHIVE_SCENE_H

#include "calib/archive/parts.h"

#include "base/array.h"
#include "tests/near.h"
#include "tests/text_file.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static inline int enter(void **state)
{
    static char folder[] = "/tmp/ixs-archive-XXXXXX";
    *state = mkdtemp(folder);
    return *state == NULL || chdir(folder) != 0;
}

static inline int leave(void **state)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", (char *)*state);
    return chdir("/") != 0 || system(command) != 0;
}

static inline void write_text(const char *path, const char *text)
{
    text_file_write(path, "%s", text);
}

struct trial { /* what was read */
    struct ixs_archives archives;
    struct ixs_provenance provenance;
    struct ixs_notes notes;
    struct ixs_err err;
};

static inline bool attempt(struct trial *trial, size_t n, const char **paths, const char *table,
                           const char *experiment)
{
    *trial = (struct trial){.err = IXS_ERR_NONE};
    const struct ixs_archive_task task = {
        n, paths, table, experiment, NULL, &trial->provenance, &trial->notes, NULL};
    return ixs_archives_read(&trial->archives, &task, &trial->err);
}

static inline void end(struct trial *trial)
{
    ixs_archives_dispose(&trial->archives);
    ixs_provenance_dispose(&trial->provenance);
    ixs_notes_dispose(&trial->notes);
}

static inline void read_one(struct trial *trial, const char *path, const char *table)
{
    if (!attempt(trial, 1, &path, table, NULL))
        fail_msg("%s: %s", trial->err.where, trial->err.text);
    assert_int_equal(trial->archives.nsets, 1);
}

#endif
