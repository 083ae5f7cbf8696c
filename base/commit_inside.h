/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a file goes and what stands there, for base/commit*.c alone.
 */
#ifndef IXS_BASE_COMMIT_INSIDE_H
#define IXS_BASE_COMMIT_INSIDE_H

#include "base/product.h"

#include <sys/stat.h>

struct ixs_place {    /* where the file goes; owns its texts and the open folder */
    const char *path; /* as the user wrote it, for messages */
    char *target;     /* behind all symbolic links */
    const char *name; /* in the folder; points into target */
    char *folder;
    char *prefix;  /* of temporary names */
    int directory; /* open, or -1 */
    bool exists;
    int reason;        /* errno, if it does not */
    struct stat about; /* of the old file */
};
#define IXS_PLACE(where) ((struct ixs_place){.path = (where), .directory = -1})

/* Looks at the place of place->path; fails where no file can be put. */
IXS_MUST_CHECK bool ixs_place_find(struct ixs_place *place, struct ixs_err *err);
void ixs_place_dispose(struct ixs_place *place);

/* True if the old file has just these bytes. One that cannot be read is taken as different. */
bool ixs_place_same(const struct ixs_place *place, const void *bytes, size_t size);

/* Equal bytes get the present time. False where that is not allowed: they are then written anew. */
bool ixs_place_keep(const struct ixs_place *place, const struct ixs_commit *how);

/* Can files be made in its folder? */
IXS_MUST_CHECK bool ixs_place_writable(const struct ixs_place *place, struct ixs_err *err);

/* Writes all bytes to an open file, with the permissions of the old one; without sync. */
IXS_MUST_CHECK bool ixs_place_write(const struct ixs_place *place, int file, const void *bytes,
                                    size_t size, struct ixs_err *err);

/* Fails with what and errno. The second is for writes: it tells a full disk from the rest. */
bool ixs_place_fail(const struct ixs_place *place, const char *what, struct ixs_err *err);
bool ixs_place_fail_write(const struct ixs_place *place, size_t size, struct ixs_err *err);

/* Is this a file, or a folder, that no living process has locked? Where the file system has no
 * locks a day must pass. */
bool ixs_place_left_over(int directory, const char *name);

/* 16 digits that no other process has. */
void ixs_place_random(char room[17]);

/* ---- commit_batch.c -------------------------------------------------------------------------- */

/* Bytes for a place that was found, to be put there at the end; `same` stand there already. */
IXS_MUST_CHECK bool ixs_batch_add(struct ixs_batch *batch, const struct ixs_place *place,
                                  const void *bytes, size_t size, bool same, bool keep_time,
                                  struct ixs_err *err);

#endif
