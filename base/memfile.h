/* SPDX-License-Identifier: GPL-3.0-or-later
 * A text that is printed into memory. Unlike that of glibc's open_memstream it never lacks a piece
 * unnoticed when memory runs out.
 */
#ifndef IXS_BASE_MEMFILE_H
#define IXS_BASE_MEMFILE_H

#include "base/err.h"

#include <stdio.h>

struct ixs_memfile { /* all-zero is empty; owns its text */
    FILE *out;       /* to print to, until the end */
    char *text;      /* complete after the end; has a NUL behind it */
    size_t size, capacity;
};

IXS_MUST_CHECK bool ixs_memfile_begin(struct ixs_memfile *file, struct ixs_err *err);
/* Fails if any of it was lost. */
IXS_MUST_CHECK bool ixs_memfile_end(struct ixs_memfile *file, struct ixs_err *err);
void ixs_memfile_dispose(struct ixs_memfile *file);

#endif
