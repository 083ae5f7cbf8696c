/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside of the product files, the part that knows cfitsio: for base/product_*.c alone.
 */
#ifndef IXS_BASE_PRODUCT_FITS_H
#define IXS_BASE_PRODUCT_FITS_H

#include "base/product_parts.h"

#include <fitsio.h>

struct ixs_writer { /* owns the open file and its memory */
    fitsfile *fits; /* NULL when closed */
    void *bytes;    /* cfitsio makes it grow */
    size_t size;
    int ntables;
};

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

/* Translates a cfitsio status of writing (ours to get right) or of reading `path`, and empties its
 * message stack; always false. */
bool ixs_fits_fail(int status, const char *what, struct ixs_err *err);
bool ixs_fits_fail_at(int status, const char *path, struct ixs_err *err);

/* product_key.c: cards of the present HDU. `status` is cfitsio's. */
void ixs_card_text(fitsfile *fits, const char *key, const char *text, const char *comment,
                   int *status);
/* DATE-OBS as FITS wants it, and OBSTEXT if the beamline wrote it otherwise. */
void ixs_cards_date(fitsfile *fits, const char *date, int *status);
IXS_MUST_CHECK bool ixs_cards_write(fitsfile *fits, const struct ixs_table *keywords,
                                    const void *keys, struct ixs_err *err);

/* product_table.c: number of the HDU in reader->hdus, or -1. Rows without touching the digest. */
long ixs_reader_find(const struct ixs_reader *reader, const char *extname);
IXS_MUST_CHECK bool ixs_reader_rows(struct ixs_reader *reader, const struct ixs_table *table,
                                    struct ixs_digest *digest, size_t *nrows, void *rows,
                                    struct ixs_err *err);

/* product_seal.c: writes DATASUM and CHECKSUM of the present HDU, whose cards and data are whole.
 */
void ixs_hdu_seal(struct ixs_writer *writer, int *status);

#endif
