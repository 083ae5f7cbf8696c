/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where lines come from, for base/lines*.c alone: the bytes of a text file, unpacked if it is a
 * gzip file.
 */
#ifndef IXS_BASE_LINES_INSIDE_H
#define IXS_BASE_LINES_INSIDE_H

#include "base/err.h"

struct ixs_source; /* an open file */

IXS_MUST_CHECK bool ixs_source_open(struct ixs_source **out, const char *path, struct ixs_err *err);

/* How many bytes are best read at a time. */
size_t ixs_source_block(const struct ixs_source *source);

/* Reads up to ixs_source_block bytes into room; *got is 0 at the end of the file and nowhere else.
 * The place of a failure is left to the caller (ixs_in_file). */
IXS_MUST_CHECK bool ixs_source_read(struct ixs_source *source, char *room, size_t *got,
                                    struct ixs_err *err);
/* How much of the file is read, 0 .. 1; of its packed bytes. */
double ixs_source_share(const struct ixs_source *source);
void ixs_source_close(struct ixs_source *source); /* accepts NULL */

#endif
