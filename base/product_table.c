/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading a declared table: columns found by name, their type and unit checked, rows unpacked.
 */
#include "base/product_fits.h"

#include "base/array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { STEP = 1 << 20 };

struct source { /* the HDU that a table is read from; borrowed */
    struct ixs_reader *reader;
    const struct ixs_hdu *hdu;
    int number; /* for cfitsio, from 1 */
    struct ixs_header header;
    char where[512];
};

long ixs_reader_find(const struct ixs_reader *reader, const char *extname)
{
    for (size_t n = 1; n < reader->hdus.count; n++)
        if (strcasecmp(reader->hdus.list[n].name, extname) == 0)
            return (long)n;
    return -1;
}

static bool find_source(struct ixs_reader *reader, const char *extname, struct source *source,
                        struct ixs_err *err)
{
    long n = ixs_reader_find(reader, extname);
    if (n < 0) {
        ixs_fail_at(err, IXS_INPUT, reader->path, 0,
                    "found no table %s in this %s product, expected one", extname,
                    reader->identity.kind);
        return false; /* what ixs_fail_at returns, but an analyser of this file sees it */
    }
    source->reader = reader;
    source->hdu = &reader->hdus.list[n];
    source->number = (int)n + 1;
    source->header = ixs_hdu_header(reader->bytes, source->hdu);
    snprintf(source->where, sizeof source->where, "%.400s[%s]", reader->path, source->hdu->name);
    return true;
}

static const char *type_words(enum ixs_type type)
{
    static const char *const words[] = {"real numbers", "whole numbers", "text"};
    return words[type];
}

/* Which declared type a FITS column can be read as; false for none. */
static bool type_of(const struct ixs_file_column *found, enum ixs_type *type)
{
    if (found->letter == 'A')
        *type = IXS_TEXT;
    else if (found->letter == 'D' || found->letter == 'E')
        *type = IXS_REAL;
    else if (strchr("KJIB", found->letter) != NULL)
        *type = IXS_INT;
    else
        return false;
    return *type == IXS_TEXT || found->repeat == 1;
}

static bool match(const struct source *source, const struct ixs_column *column,
                  const struct ixs_file_column *found, struct ixs_packing *packing,
                  struct ixs_err *err)
{
    enum ixs_type type;
    if (!type_of(found, &type))
        return ixs_fail_at(err, IXS_INPUT, source->where, 0,
                           "found the column %s with TFORM %zu%c, expected %s", column->name,
                           found->repeat, found->letter, type_words(column->type));
    if (type != column->type)
        return ixs_fail_at(err, IXS_INPUT, source->where, 0,
                           "found %s in the column %s, expected %s", type_words(type), column->name,
                           type_words(column->type));
    if (strcmp(found->unit, column->unit) != 0)
        return ixs_fail_at(err, IXS_INPUT, source->where, 0,
                           "found the unit '%s' of the column %s, expected '%s'", found->unit,
                           column->name, column->unit);
    packing->letter = found->letter;
    packing->offset = found->offset;
    packing->width = found->width;
    return true;
}

static bool map_column(const struct source *source, const struct ixs_file_column *found,
                       struct ixs_packing *packing, struct ixs_err *err)
{
    const struct ixs_column *column = packing->column;
    for (size_t n = 0; n < source->hdu->ncolumns; n++)
        if (strcasecmp(found[n].name, column->name) == 0)
            return match(source, column, &found[n], packing, err);
    return column->since > source->reader->identity.version ||
           ixs_fail_at(err, IXS_INPUT, source->where, 0, "found no column %s, expected one",
                       column->name);
}

static bool map_columns(const struct source *source, const struct ixs_table *table,
                        struct ixs_packing *packings, struct ixs_err *err)
{
    struct ixs_file_column *found;
    size_t bad;
    bool ok = IXS_NEW(found, source->hdu->ncolumns, err);
    if (ok) /* good: checked on opening */
        (void)ixs_file_columns(&source->header, source->hdu->ncolumns, found, &bad);
    for (size_t k = 0; ok && k < table->ncolumns; k++) {
        packings[k].column = &table->columns[k];
        ok = map_column(source, found, &packings[k], err);
    }
    free(found);
    return ok;
}

static void digest_columns(struct ixs_digest *digest, const char *extname, size_t npackings,
                           const struct ixs_packing *packings)
{
    char form[32];
    ixs_digest_text(digest, extname);
    for (size_t k = 0; k < npackings; k++) {
        snprintf(form, sizeof form, "%zu%c", packings[k].width, packings[k].letter);
        ixs_digest_text(digest, packings[k].width ? packings[k].column->name : "");
        ixs_digest_text(digest, packings[k].width ? form : "");
    }
}

/* Rows as they lie in the file if all of them is read, else cell by cell. */
static void digest_rows(struct ixs_digest *digest, size_t npackings,
                        const struct ixs_packing *packings, size_t row_size, size_t nrows,
                        const unsigned char *packed)
{
    size_t offset = 0;
    bool whole = true;
    for (size_t k = 0; k < npackings; offset += packings[k].width, k++)
        whole = whole && packings[k].offset == offset;
    if (whole && offset == row_size) {
        ixs_digest_add(digest, packed, nrows * row_size);
        return;
    }
    for (size_t i = 0; i < nrows; i++, packed += row_size)
        for (size_t k = 0; k < npackings; k++)
            ixs_digest_add(digest, packed + packings[k].offset, packings[k].width);
}

struct block { /* rows of the file, as they lie in it */
    size_t first, count;
    unsigned char *packed; /* [count] rows of the file's row size */
};

static bool unpack_block(const struct source *source, const struct block *block,
                         const struct ixs_table *table, const struct ixs_packing *packings,
                         char *rows, struct ixs_err *err)
{
    const struct ixs_column *bad;
    for (size_t i = 0; i < block->count; i++)
        if (!ixs_rows_unpack(table->ncolumns, packings, block->packed + i * source->hdu->row_size,
                             rows + (block->first + i) * table->row_size, &bad))
            return ixs_fail_at(err, IXS_INPUT, source->where, 0,
                               "found in row %zu a %s of more letters than expected, %zu",
                               block->first + i + 1, bad->name, bad->width);
    return true;
}

static bool read_rows(const struct source *source, const struct ixs_table *table,
                      const struct ixs_packing *packings, struct ixs_digest *digest, char *rows,
                      struct ixs_err *err)
{
    size_t row_size = source->hdu->row_size, nrows = source->hdu->nrows;
    size_t most = row_size > 0 && row_size < STEP ? STEP / row_size : 1;
    fitsfile *fits = source->reader->fits;
    struct block block = {0};
    int status = 0;
    bool ok = IXS_NEW(block.packed, most * row_size, err);
    if (ok)
        fits_movabs_hdu(fits, source->number, NULL, &status);
    for (; ok && block.first < nrows; block.first += most) {
        block.count = nrows - block.first < most ? nrows - block.first : most;
        fits_read_tblbytes(fits, (LONGLONG)block.first + 1, 1,
                           (LONGLONG)block.count * (LONGLONG)row_size, block.packed, &status);
        ok = (status == 0 || ixs_fits_fail_at(status, source->where, err)) &&
             unpack_block(source, &block, table, packings, rows, err);
        if (ok && digest != NULL)
            digest_rows(digest, table->ncolumns, packings, row_size, block.count, block.packed);
    }
    free(block.packed);
    return ok;
}

bool ixs_reader_rows(struct ixs_reader *reader, const struct ixs_table *table,
                     struct ixs_digest *digest, size_t *nrows, void *rows, struct ixs_err *err)
{
    struct source source;
    struct ixs_packing *packings = NULL;
    char *read = NULL;
    *nrows = 0;
    bool ok = find_source(reader, table->name, &source, err) &&
              IXS_NEW(packings, table->ncolumns, err) &&
              map_columns(&source, table, packings, err) &&
              (read = ixs_array(source.hdu->nrows, table->row_size, err)) != NULL;
    if (ok && digest != NULL)
        digest_columns(digest, table->name, table->ncolumns, packings);
    ok = ok && read_rows(&source, table, packings, digest, read, err);
    if (ok)
        *nrows = source.hdu->nrows;
    else
        free(read), read = NULL;
    memcpy(rows, &read, sizeof read);
    free(packings);
    return ok;
}

/* A keyword that is not there leaves NaN, 0 or "". */
static bool read_key(const struct source *source, const struct ixs_column *column, void *keys,
                     struct ixs_err *err)
{
    char *member = (char *)keys + column->offset;
    double real = NAN;
    int64_t whole = 0;
    bool good = true, there = ixs_header_find(&source->header, column->name) != NULL;
    if (column->type == IXS_TEXT) {
        good = ixs_header_text(&source->header, column->name, column->width + 1, member);
    } else if (column->type == IXS_REAL) {
        good = ixs_header_real(&source->header, column->name, &real);
        memcpy(member, &real, sizeof real);
    } else {
        good = ixs_header_int(&source->header, column->name, &whole);
        memcpy(member, &whole, sizeof whole);
    }
    return good || !there ||
           ixs_fail_at(err, IXS_INPUT, source->where, 0,
                       "found a keyword %s that does not fit, expected %s", column->name,
                       type_words(column->type));
}

static void digest_key(struct ixs_digest *digest, const struct ixs_column *column, const void *keys)
{
    char value[64] = "";
    const char *text = value;
    if (column->type == IXS_TEXT)
        text = (const char *)keys + column->offset;
    else
        ixs_cell_print(column, keys, sizeof value, value);
    ixs_digest_text(digest, column->name);
    ixs_digest_text(digest, text);
}

bool ixs_reader_table(struct ixs_reader *reader, const struct ixs_table *table, size_t *nrows,
                      void *rows, const struct ixs_table *keywords, void *keys, struct ixs_err *err)
{
    struct source source;
    if (!ixs_reader_rows(reader, table, &reader->digest, nrows, rows, err))
        return false;
    if (keywords == NULL || keys == NULL)
        return true;
    bool ok = find_source(reader, table->name, &source, err);
    for (size_t k = 0; ok && k < keywords->ncolumns; k++) {
        ok = read_key(&source, &keywords->columns[k], keys, err);
        if (ok)
            digest_key(&reader->digest, &keywords->columns[k], keys);
    }
    return ok;
}

bool ixs_reader_aside(struct ixs_reader *reader, const struct ixs_table *table, size_t *nrows,
                      void *rows, struct ixs_err *err)
{
    return ixs_reader_rows(reader, table, NULL, nrows, rows, err);
}
