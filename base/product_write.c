/* SPDX-License-Identifier: GPL-3.0-or-later
 * Building a product in memory: FITS Standard 4.0 sections 4.4.1 (primary header) and 7.3 (binary
 * tables). Rows go straight to where they stay.
 */
#include "base/product_parts.h"

#include "base/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 68, CACHED = 1 << 17 };

static void write_primary(struct ixs_writer *writer, const struct ixs_identity *identity)
{
    ixs_card_word(writer, "SIMPLE", "T", "file does conform to FITS standard");
    ixs_card_int(writer, "BITPIX", 8, "number of bits per data pixel");
    ixs_card_int(writer, "NAXIS", 0, "number of data axes");
    ixs_card_word(writer, "EXTEND", "T", "FITS dataset may contain extensions");
    ixs_card_comment(writer, "  FITS (Flexible Image Transport System) format is defined in "
                             "'Astronomy  and Astrophysics', volume 376, page 359; bibcode: "
                             "2001A&A...376..359H");
    ixs_card_text(writer, "PRODUCT", identity->kind, "kind of product");
    ixs_card_int(writer, "PRODVERS", identity->version, "version of this kind of product");
    ixs_card_text(writer, "CREATOR", "ixsflow", "program that wrote this");
    if (identity->instrument[0] != '\0')
        ixs_card_text(writer, "INSTRUME", identity->instrument, "instrument");
    if (identity->object[0] != '\0')
        ixs_card_text(writer, "OBJECT", identity->object, "sample");
    ixs_cards_date(writer, identity->date);
    ixs_card_text(writer, "HDUCLASS", "IXS", "tables of inelastic X-ray scattering");
    ixs_card_text(writer, "HDUVERS", "1.0.0", "version of these conventions");
    ixs_card_int(writer, "NEXTEND", 0, "number of tables");
    ixs_header_end(writer);
    writer->primary = writer->size;
}

bool ixs_writer_begin(struct ixs_writer **out, const struct ixs_identity *identity,
                      struct ixs_err *err)
{
    struct ixs_writer *writer;
    *out = NULL;
    if (!IXS_NEW(writer, 1, err))
        return false;
    *out = writer;
    write_primary(writer, identity);
    return ixs_writer_whole(writer, err);
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

/* Columns are many and printf slow. n is below 1000. */
static size_t print_number(char room[4], size_t n)
{
    size_t length = 0;
    if (n >= 100)
        room[length++] = (char)('0' + n / 100);
    if (n >= 10)
        room[length++] = (char)('0' + n / 10 % 10);
    room[length++] = (char)('0' + n % 10);
    room[length] = '\0';
    return length;
}

/* "TTYPE12" and the like; a stem has five letters. */
static void number_key(char key[9], const char *stem, size_t n)
{
    memcpy(key, stem, 5);
    print_number(key + 5, n);
}

static void write_column(struct ixs_writer *writer, size_t n, const struct ixs_packing *packing)
{
    static const char *const forms[] = {[IXS_REAL] = "data format of field: 8-byte DOUBLE",
                                        [IXS_INT] = "data format of field: 8-byte INTEGER",
                                        [IXS_TEXT] = "data format of field: ASCII Character"};
    const struct ixs_column *column = packing->column;
    char key[9], number[4], label[] = "label for field    ";
    char form[24] = {'1', packing->letter, '\0'};
    size_t digits = print_number(number, n);
    memcpy(label + sizeof label - 1 - digits, number, digits);
    number_key(key, "TTYPE", n);
    ixs_card_text(writer, key, column->name, label);
    if (column->type == IXS_TEXT)
        snprintf(form, sizeof form, "%zu%c", packing->width, packing->letter);
    number_key(key, "TFORM", n);
    ixs_card_text(writer, key, form, forms[column->type]);
    number_key(key, "TUNIT", n);
    if (column->unit[0] != '\0')
        ixs_card_text(writer, key, column->unit, "physical unit of field");
}

static void write_header(struct ixs_writer *writer, const struct ixs_table *table, size_t nrows,
                         size_t row_size, const struct ixs_packing *packings)
{
    char key[9];
    ixs_card_text(writer, "XTENSION", "BINTABLE", "binary table extension");
    ixs_card_int(writer, "BITPIX", 8, "8-bit bytes");
    ixs_card_int(writer, "NAXIS", 2, "2-dimensional binary table");
    ixs_card_int(writer, "NAXIS1", (int64_t)row_size, "width of table in bytes");
    ixs_card_int(writer, "NAXIS2", (int64_t)nrows, "number of rows in table");
    ixs_card_int(writer, "PCOUNT", 0, "size of special data area");
    ixs_card_int(writer, "GCOUNT", 1, "one data group (required keyword)");
    ixs_card_int(writer, "TFIELDS", (int64_t)table->ncolumns, "number of fields in each row");
    for (size_t k = 0; k < table->ncolumns; k++)
        write_column(writer, k + 1, &packings[k]);
    ixs_card_text(writer, "EXTNAME", table->name, "name of this binary table extension");
    ixs_card_comment(writer, table->meaning);
    for (size_t k = 0; k < table->ncolumns; k++) {
        number_key(key, "TCOMM", k + 1);
        if (table->columns[k].meaning[0] != '\0')
            ixs_card_text(writer, key, table->columns[k].meaning, "");
    }
}

static void pack_rows(const struct ixs_table *table, size_t nrows, const char *rows,
                      const struct ixs_packing *packings, size_t row_size, unsigned char *packed)
{
    if (table->row_size == row_size && ixs_rows_are_plain(table->ncolumns, packings))
        ixs_rows_pack_plain(nrows * table->ncolumns, rows, packed);
    else
        for (size_t i = 0; i < nrows; i++)
            ixs_rows_pack(table->ncolumns, packings, rows + i * table->row_size,
                          packed + i * row_size);
}

/* Rows are summed while they are in the cache: by fours, so that words do not go over an edge. */
static void write_rows(struct ixs_writer *writer, const struct ixs_table *table, size_t nrows,
                       const void *rows, const struct ixs_packing *packings, size_t row_size)
{
    size_t size = nrows * row_size, filled = (size + IXS_BLOCK - 1) / IXS_BLOCK * IXS_BLOCK;
    unsigned char *packed = ixs_writer_room(writer, filled);
    const size_t step = row_size < CACHED / 4 ? CACHED / 4 / (row_size + 1) * 4 : 4;
    if (packed == NULL)
        return;
    memset(packed + size, 0, filled - size);
    for (size_t first = 0; first < nrows; first += step) {
        bool last = nrows - first <= step;
        size_t count = last ? nrows - first : step, start = first * row_size;
        pack_rows(table, count, (const char *)rows + first * table->row_size, packings, row_size,
                  packed + start);
        writer->sum =
            ixs_sum_words(writer->sum, packed + start, last ? filled - start : count * row_size);
    }
    writer->end = writer->size;
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
    if (!check_table(table, nrows, err) || !IXS_NEW(packings, table->ncolumns, err))
        return false;
    size_t row_size = lay_out(table, nrows, rows, packings);
    bool ok = nrows == 0 || row_size <= IXS_MOST_BYTES / nrows ||
              ixs_fail(err, IXS_OUTPUT, "found %zu rows of %zu bytes, expected at most %zu bytes",
                       nrows, row_size, IXS_MOST_BYTES);
    writer->hdu = writer->size;
    if (ok)
        write_header(writer, table, nrows, row_size, packings);
    ok = ok && ixs_cards_write(writer, keywords, keys, err);
    if (ok) {
        ixs_header_end(writer);
        write_rows(writer, table, nrows, rows, packings, row_size);
        ixs_hdu_seal(writer);
    }
    free(packings);
    writer->ntables++;
    ok = ok && ixs_writer_whole(writer, err);
    return ok || ixs_within(err, "table %s", table->name);
}

void ixs_writer_free(struct ixs_writer *writer)
{
    if (writer == NULL)
        return;
    free(writer->bytes);
    free(writer);
}
