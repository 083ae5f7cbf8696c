/* SPDX-License-Identifier: GPL-3.0-or-later
 * A product: one FITS file of declared tables, read whole into memory and written whole or not at
 * all. Its own structure and checksums are checked before cfitsio sees a byte; it is built in
 * memory, compared with what stands under its name, synced and renamed into place.
 */
#ifndef IXS_BASE_PRODUCT_H
#define IXS_BASE_PRODUCT_H

#include "base/provenance.h"
#include "base/table.h"

#include <stdio.h>

/* ---- writing: begin, add tables, commit; abandon at any time --------------------------------- */

struct ixs_writer; /* a product being built in memory */

struct ixs_identity {
    char kind[16];       /* PRODUCT: RAW, CALIB, SPECTRA, FIT, DISPERSION */
    int version;         /* PRODVERS */
    char instrument[32]; /* INSTRUME, "" if not known */
    char object[64];     /* OBJECT, "" if not known */
    char date[32];       /* DATE-OBS as the beamline wrote it, "" if not known */
};

IXS_MUST_CHECK bool ixs_writer_begin(struct ixs_writer **out, const struct ixs_identity *identity,
                                     struct ixs_err *err);

/* Adds one table of `nrows` rows. `keys`, if not NULL, is a struct that `keywords` describes: it
 * goes into the header of this table (a NaN or an empty text is left out). */
IXS_MUST_CHECK bool ixs_writer_table(struct ixs_writer *writer, const struct ixs_table *table,
                                     size_t nrows, const void *rows,
                                     const struct ixs_table *keywords, const void *keys,
                                     struct ixs_err *err);

/* How a product is put in place. */
struct ixs_commit {
    bool keep_time;          /* an unchanged product keeps its modification time too */
    bool dry_run;            /* build and check all, write nothing */
    struct ixs_batch *batch; /* the product goes with others, at ixs_batch_finish; NULL: at once */
};

/* Many products of one run: written to a folder of their own beside their places, synced once,
 * renamed; all of them or none, but for a failure in the middle of the renaming. */
struct ixs_batch;

/* Makes the folder if it is not there; the one above it must be. */
IXS_MUST_CHECK bool ixs_batch_begin(struct ixs_batch **out, const char *folder,
                                    struct ixs_err *err);
/* Puts all in place that was committed with this batch. */
IXS_MUST_CHECK bool ixs_batch_finish(struct ixs_batch *batch, struct ixs_err *err);
/* What is not in place is forgotten, and so is a folder that was made in vain. Accepts NULL. */
void ixs_batch_free(struct ixs_batch *batch);

/* Adds PROVENANCE and CONFIG, seals every HDU with checksums and puts the file under `path` (really
 * compressed if the name ends in .gz). The old file stays as it was unless all of this succeeds; an
 * equal one keeps its bytes. *changed, if not NULL, tells whether new bytes were written (with
 * dry_run: would be). The writer is then used up: only ixs_writer_free is left to do. */
IXS_MUST_CHECK bool ixs_writer_commit(struct ixs_writer *writer, const char *path,
                                      const struct ixs_provenance *provenance,
                                      const struct ixs_commit *how, bool *changed,
                                      struct ixs_err *err);
void ixs_writer_free(struct ixs_writer *writer); /* accepts NULL */

/* Puts `size` bytes under `path` whole or not at all, as products are: for pictures and text. */
IXS_MUST_CHECK bool ixs_file_commit(const char *path, const void *bytes, size_t size,
                                    const struct ixs_commit *how, bool *changed,
                                    struct ixs_err *err);

/* ---- reading --------------------------------------------------------------------------------- */

struct ixs_reader; /* a product read into memory, structure and checksums found good */

struct ixs_reading {
    bool accept_changed; /* take a file whose checksum is wrong; PROVENANCE says so */
};

/* Opens a product, plain or gzip. `kind` is what is expected ("FIT"), or NULL for any. Fails with
 * IXS_INPUT naming file and HDU: not a FITS file, cut short, of another kind, changed since it was
 * sealed. */
IXS_MUST_CHECK bool ixs_reader_open(struct ixs_reader **out, const char *path, const char *kind,
                                    const struct ixs_reading *how, struct ixs_err *err);
const struct ixs_identity *ixs_reader_identity(const struct ixs_reader *reader);
/* Only looks: the kind of the product at `path`. */
IXS_MUST_CHECK bool ixs_product_kind(char kind[16], const char *path, const struct ixs_reading *how,
                                     struct ixs_err *err);
const char *ixs_reader_path(const struct ixs_reader *reader);

bool ixs_reader_has(const struct ixs_reader *reader, const char *extname);

/* Reads a declared table whole; *rows is the caller's to free. A column that is missing, or has
 * another type or unit than declared, is IXS_INPUT unless it came with a later PRODVERS. Extra
 * columns are passed over. `keys` is filled likewise from the header; a keyword that is not there
 * leaves NaN, 0 or "". What is read enters the digest of this input. */
IXS_MUST_CHECK bool ixs_reader_table(struct ixs_reader *reader, const struct ixs_table *table,
                                     size_t *nrows, void *rows, const struct ixs_table *keywords,
                                     void *keys, struct ixs_err *err);

/* A table that is kept for people and no computation uses: it does not enter the digest. */
IXS_MUST_CHECK bool ixs_reader_aside(struct ixs_reader *reader, const struct ixs_table *table,
                                     size_t *nrows, void *rows, struct ixs_err *err);

/* A table whose columns are only known from the file: all columns, as IXS_REAL, IXS_INT or
 * IXS_TEXT, with a packed row layout. `layout` and its columns and names belong to the caller:
 * ixs_layout_dispose. */
struct ixs_layout {
    struct ixs_table table;     /* points into the arrays below */
    struct ixs_column *columns; /* [table.ncolumns] */
    char *text;                 /* all names, units, meanings */
};
IXS_MUST_CHECK bool ixs_reader_layout(struct ixs_reader *reader, const char *extname,
                                      struct ixs_layout *layout, struct ixs_err *err);
void ixs_layout_dispose(struct ixs_layout *layout);

/* Tables in file order are HDU 1 to ixs_reader_count; HDU 0 is the primary, whose name is "". */
size_t ixs_reader_count(const struct ixs_reader *reader);
const char *ixs_reader_name(const struct ixs_reader *reader, size_t hdu);
/* The header cards of a HDU (0: the primary), 80 characters each without end; *count of them. */
const char *ixs_reader_cards(const struct ixs_reader *reader, size_t hdu, size_t *count);

/* Adds this input to `provenance` under `role`: its base name, the digest of what was read from it
 * until now, and all of its own ancestors. */
IXS_MUST_CHECK bool ixs_reader_witness(struct ixs_reader *reader, const char *role,
                                       struct ixs_provenance *provenance, struct ixs_err *err);
void ixs_reader_close(struct ixs_reader *reader); /* accepts NULL */

#endif
