/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside of the product files, the part that reads with cfitsio: for base/product_*.c alone.
 */
#ifndef IXS_BASE_PRODUCT_FITS_H
#define IXS_BASE_PRODUCT_FITS_H

#include "base/product_parts.h"

#include <fitsio.h>

struct ixs_reader { /* owns all of it */
    char *path;
    unsigned char *bytes;
    size_t size;
    void *memory; /* bytes again: cfitsio keeps the address of this member */
    struct ixs_hdus hdus;
    fitsfile *fits; /* on memory, read only */
    struct ixs_identity identity;
    struct ixs_digest digest; /* of what was read until now */
    char remark[81];          /* for PROVENANCE */
};

/* Translates a cfitsio status of reading `path` and empties its message stack; always false. */
bool ixs_fits_fail_at(int status, const char *path, struct ixs_err *err);

/* product_table.c: number of the HDU in reader->hdus, or -1. Rows without touching the digest. */
long ixs_reader_find(const struct ixs_reader *reader, const char *extname);
IXS_MUST_CHECK bool ixs_reader_rows(struct ixs_reader *reader, const struct ixs_table *table,
                                    struct ixs_digest *digest, size_t *nrows, void *rows,
                                    struct ixs_err *err);

#endif
