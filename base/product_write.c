/* SPDX-License-Identifier: GPL-3.0-or-later
 * Building a product in memory: headers through cfitsio's calls, rows as packed blocks.
 */
#include "base/product_fits.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

enum { STEP = 1 << 18, GROWTH = 1 << 16, LONGEST_NAME = 68 };

struct fits_words {
    char name[FLEN_STATUS], message[FLEN_ERRMSG];
};

static struct fits_words take_words(int status)
{
    struct fits_words words = {0};
    fits_get_errstatus(status, words.name);
    fits_read_errmsg(words.message);
    fits_clear_errmsg();
    return words;
}

/* cfitsio calls an array too big when there is no memory for it, and more such. */
static bool is_memory(int status, const struct fits_words *words)
{
    return status == MEMORY_ALLOCATION || status == ARRAY_TOO_BIG ||
           strstr(words->message, "memory") != NULL;
}

bool ixs_fits_fail(int status, const char *what, struct ixs_err *err)
{
    struct fits_words words = take_words(status);
    return ixs_fail(err, is_memory(status, &words) ? IXS_OUTPUT : IXS_BUG,
                    "%s: cfitsio says %s (%d) %s", what, words.name, status, words.message);
}

bool ixs_fits_fail_at(int status, const char *path, struct ixs_err *err)
{
    struct fits_words words = take_words(status);
    return ixs_fail_at(err, is_memory(status, &words) ? IXS_OUTPUT : IXS_INPUT, path, 0,
                       "cannot be read: cfitsio says %s (%d) %s", words.name, status,
                       words.message);
}

static void write_primary(fitsfile *fits, const struct ixs_identity *identity, int *status)
{
    fits_create_img(fits, BYTE_IMG, 0, NULL, status);
    ixs_card_text(fits, "PRODUCT", identity->kind, "kind of product", status);
    fits_write_key_lng(fits, "PRODVERS", identity->version, "version of this kind of product",
                       status);
    ixs_card_text(fits, "CREATOR", "ixsflow", "program that wrote this", status);
    if (identity->instrument[0] != '\0')
        ixs_card_text(fits, "INSTRUME", identity->instrument, "instrument", status);
    if (identity->object[0] != '\0')
        ixs_card_text(fits, "OBJECT", identity->object, "sample", status);
    ixs_cards_date(fits, identity->date, status);
    ixs_card_text(fits, "HDUCLASS", "IXS", "tables of inelastic X-ray scattering", status);
    ixs_card_text(fits, "HDUVERS", "1.0.0", "version of these conventions", status);
    fits_write_key_lng(fits, "NEXTEND", 0, "number of tables", status);
}

struct room { /* stands in front of the bytes of a product */
    size_t size, capacity;
};

/* Doubles what it has, so that large products are not moved at each step of cfitsio's. cfitsio
 * looks at bytes that it has not written yet: they are zero here, the same in every run. */
static void *grow_zeroed(void *bytes, size_t size)
{
    struct room *old = bytes != NULL ? (struct room *)bytes - 1 : NULL, *grown = old;
    size_t had = old != NULL ? old->size : 0, capacity = old != NULL ? old->capacity : 0;
    if (size > SIZE_MAX / 2 - sizeof *old)
        return NULL;
    if (size > capacity) {
        capacity = 2 * size;
        grown = realloc(old, sizeof *old + capacity);
        if (grown == NULL)
            return NULL;
    }
    *grown = (struct room){size, capacity};
    if (size > had)
        memset((char *)(grown + 1) + had, 0, size - had);
    return grown + 1;
}

bool ixs_writer_begin(struct ixs_writer **out, const struct ixs_identity *identity,
                      struct ixs_err *err)
{
    int status = 0;
    struct ixs_writer *writer;
    *out = NULL;
    if (!IXS_NEW(writer, 1, err))
        return false;
    *out = writer;
    writer->size = IXS_BLOCK;
    writer->bytes = grow_zeroed(NULL, writer->size);
    if (writer->bytes == NULL)
        return ixs_fail(err, IXS_OUTPUT, "no memory for a product");
    fits_clear_errmsg();
    fits_create_memfile(&writer->fits, &writer->bytes, &writer->size, GROWTH, grow_zeroed, &status);
    write_primary(writer->fits, identity, &status);
    return status == 0 || ixs_fits_fail(status, "writing the primary header", err);
}

/* A text column is as wide as declared, wider if an escaped text needs it. */
static size_t text_width(const struct ixs_column *column, const struct ixs_table *table,
                         size_t nrows, const void *rows)
{
    size_t width = column->width ? column->width : 1;
    if (nrows == 0)
        return width;
    const char *cell = (const char *)rows + column->offset;
    for (size_t i = 0; i < nrows; i++, cell += table->row_size) {
        size_t size = ixs_escape_size(cell);
        if (size > width)
            width = size;
    }
    return width;
}

static size_t lay_out(const struct ixs_table *table, size_t nrows, const void *rows,
                      struct ixs_packing *packings)
{
    size_t offset = 0;
    for (size_t k = 0; k < table->ncolumns; k++) {
        const struct ixs_column *column = &table->columns[k];
        size_t width = column->type == IXS_TEXT ? text_width(column, table, nrows, rows) : 8;
        packings[k] = (struct ixs_packing){
            .column = column, .letter = "DKA"[column->type], .offset = offset, .width = width};
        offset += width;
    }
    return offset;
}

struct column_names { /* what fits_create_tbl wants; names and units point into the declaration */
    char *name[IXS_MOST_COLUMNS], *form[IXS_MOST_COLUMNS], *unit[IXS_MOST_COLUMNS];
    char forms[IXS_MOST_COLUMNS][24];
};

static void name_columns(size_t ncolumns, const struct ixs_packing *packings,
                         struct column_names *names)
{
    for (size_t k = 0; k < ncolumns; k++) {
        const struct ixs_column *column = packings[k].column;
        snprintf(names->forms[k], sizeof names->forms[k], "%zu%c",
                 column->type == IXS_TEXT ? packings[k].width : 1, packings[k].letter);
        names->form[k] = names->forms[k];
        memcpy(&names->name[k], &column->name, sizeof column->name);
        memcpy(&names->unit[k], &column->unit, sizeof column->unit);
    }
}

static bool write_header(fitsfile *fits, const struct ixs_table *table, size_t nrows,
                         const struct ixs_packing *packings, struct ixs_err *err)
{
    struct column_names *names;
    char key[32];
    int status = 0;
    if (!IXS_NEW(names, 1, err))
        return false;
    name_columns(table->ncolumns, packings, names);
    fits_create_tbl(fits, BINARY_TBL, (LONGLONG)nrows, (int)table->ncolumns, names->name,
                    names->form, names->unit, table->name, &status);
    if (table->meaning[0] != '\0')
        fits_write_comment(fits, table->meaning, &status);
    for (size_t k = 0; k < table->ncolumns; k++) {
        snprintf(key, sizeof key, "TCOMM%zu", k + 1);
        if (table->columns[k].meaning[0] != '\0')
            ixs_card_text(fits, key, table->columns[k].meaning, NULL, &status);
    }
    free(names);
    return status == 0 || ixs_fits_fail(status, "writing a table header", err);
}

static bool write_rows(fitsfile *fits, const struct ixs_table *table, size_t nrows,
                       const void *rows, const struct ixs_packing *packings, size_t row_size,
                       struct ixs_err *err)
{
    size_t block = row_size < STEP ? STEP / (row_size ? row_size : 1) : 1;
    const char *row = rows;
    unsigned char *packed;
    int status = 0;
    bool plain = table->row_size == row_size && ixs_rows_are_plain(table->ncolumns, packings);
    if (nrows == 0)
        return true;
    if (block > nrows)
        block = nrows;
    if (!IXS_NEW(packed, block * row_size, err))
        return false;
    for (size_t first = 0; first < nrows && status == 0; first += block) {
        size_t count = nrows - first < block ? nrows - first : block;
        if (plain)
            ixs_rows_pack_plain(count * table->ncolumns, row, packed);
        for (size_t i = 0; i < count && !plain; i++)
            ixs_rows_pack(table->ncolumns, packings, row + i * table->row_size,
                          packed + i * row_size);
        row += count * table->row_size;
        fits_write_tblbytes(fits, (LONGLONG)first + 1, 1, (LONGLONG)count * (LONGLONG)row_size,
                            packed, &status);
    }
    free(packed);
    return status == 0 || ixs_fits_fail(status, "writing rows", err);
}

static bool check_table(const struct ixs_table *table, size_t nrows, struct ixs_err *err)
{
    if (table->ncolumns > IXS_MOST_COLUMNS)
        return ixs_fail(err, IXS_OUTPUT, "found %zu columns for %s, expected at most %d",
                        table->ncolumns, table->name, IXS_MOST_COLUMNS);
    for (size_t k = 0; k < table->ncolumns; k++)
        if (strlen(table->columns[k].name) > LONGEST_NAME)
            return ixs_fail(err, IXS_OUTPUT, "found a column name of %zu letters, expected %d: %s",
                            strlen(table->columns[k].name), LONGEST_NAME, table->columns[k].name);
    return table->ncolumns > 0 || nrows == 0 ||
           ixs_fail(err, IXS_BUG, "found %zu rows of %s without columns", nrows, table->name);
}

bool ixs_writer_table(struct ixs_writer *writer, const struct ixs_table *table, size_t nrows,
                      const void *rows, const struct ixs_table *keywords, const void *keys,
                      struct ixs_err *err)
{
    struct ixs_packing *packings;
    int status = 0;
    if (!check_table(table, nrows, err) || !IXS_NEW(packings, table->ncolumns, err))
        return false;
    size_t row_size = lay_out(table, nrows, rows, packings);
    bool ok = nrows == 0 || row_size <= IXS_MOST_BYTES / nrows ||
              ixs_fail(err, IXS_OUTPUT, "found %zu rows of %zu bytes, expected at most %zu bytes",
                       nrows, row_size, IXS_MOST_BYTES);
    ok = ok && write_header(writer->fits, table, nrows, packings, err) &&
         ixs_cards_write(writer->fits, keywords, keys, err) &&
         write_rows(writer->fits, table, nrows, rows, packings, row_size, err);
    free(packings);
    if (ok)
        ixs_hdu_seal(writer, &status);
    writer->ntables++;
    ok = ok && (status == 0 || ixs_fits_fail(status, "sealing a table", err));
    return ok || ixs_within(err, "table %s", table->name);
}

void ixs_writer_free(struct ixs_writer *writer)
{
    int status = 0;
    if (writer == NULL)
        return;
    if (writer->fits != NULL)
        fits_close_file(writer->fits, &status);
    fits_clear_errmsg();
    if (writer->bytes != NULL)
        free((struct room *)writer->bytes - 1);
    free(writer);
}
