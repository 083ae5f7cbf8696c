/* SPDX-License-Identifier: GPL-3.0-or-later
 * The declaration of a table taken from the file itself, for columns not known beforehand.
 */
#include "base/product_fits.h"

#include "base/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 72, MEANING_SIZE = 1024, TEXT_SIZE = 2 * NAME_SIZE + MEANING_SIZE };

static bool set_type(const struct ixs_file_column *found, struct ixs_column *column)
{
    const char *letters = "DEKJIB";
    const char *letter = strchr(letters, found->letter);
    column->width = 0;
    if (found->letter == 'A') {
        column->type = IXS_TEXT;
        column->width = found->width;
        return true;
    }
    column->type = letter != NULL && letter - letters < 2 ? IXS_REAL : IXS_INT;
    return letter != NULL && found->repeat == 1;
}

/* Places one column behind the others; text[TEXT_SIZE] keeps its words. */
static bool add_column(const struct ixs_header *header, const struct ixs_file_column *found,
                       struct ixs_table *table, struct ixs_column *column, char *text)
{
    if (!set_type(found, column))
        return false;
    ixs_copy(text, NAME_SIZE, found->name);
    ixs_copy(text + NAME_SIZE, NAME_SIZE, found->unit);
    (void)ixs_card_value(header, found->cards[IXS_TCOMM], MEANING_SIZE, text + 2 * NAME_SIZE);
    column->name = text;
    column->unit = text + NAME_SIZE;
    column->meaning = text + 2 * NAME_SIZE;
    column->since = 1;
    column->offset = table->row_size;
    size_t bytes = column->type == IXS_TEXT ? column->width + 1 : 8;
    table->row_size += (bytes + 7) / 8 * 8;
    return true;
}

static bool add_columns(struct ixs_reader *reader, const struct ixs_hdu *hdu,
                        struct ixs_layout *layout, struct ixs_err *err)
{
    struct ixs_header header = ixs_hdu_header(reader->bytes, hdu);
    struct ixs_file_column *found;
    size_t bad = 0;
    if (!IXS_NEW(found, hdu->ncolumns, err))
        return false;
    bool ok = ixs_file_columns(&header, hdu->ncolumns, found, &bad) == NULL;
    for (size_t k = 0; ok && k < hdu->ncolumns; k++) {
        bad = k;
        ok = add_column(&header, &found[k], &layout->table, &layout->columns[k],
                        layout->text + k * TEXT_SIZE);
        if (ok)
            ixs_digest_text(&reader->digest, layout->columns[k].meaning);
    }
    free(found);
    return ok ||
           ixs_fail_at(err, IXS_INPUT, reader->path, 0,
                       "found in the table %s a column %zu that is not one number or text a row",
                       hdu->name, bad + 1);
}

bool ixs_reader_layout(struct ixs_reader *reader, const char *extname, struct ixs_layout *layout,
                       struct ixs_err *err)
{
    *layout = (struct ixs_layout){0};
    long n = ixs_reader_find(reader, extname);
    if (n < 0)
        return ixs_fail_at(err, IXS_INPUT, reader->path, 0, "found no table %s, expected one",
                           extname);
    const struct ixs_hdu *hdu = &reader->hdus.list[n];
    if (!IXS_NEW(layout->columns, hdu->ncolumns, err) ||
        !IXS_NEW(layout->text, hdu->ncolumns * TEXT_SIZE + NAME_SIZE, err))
        return false;
    char *name = layout->text + hdu->ncolumns * TEXT_SIZE;
    ixs_copy(name, NAME_SIZE, hdu->name);
    layout->table = (struct ixs_table){
        .name = name, .meaning = "", .columns = layout->columns, .ncolumns = hdu->ncolumns};
    return add_columns(reader, hdu, layout, err);
}

void ixs_layout_dispose(struct ixs_layout *layout)
{
    free(layout->columns);
    free(layout->text);
    *layout = (struct ixs_layout){0};
}
