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
static bool add_column(struct ixs_header *header, size_t n, struct ixs_layout *layout, char *text)
{
    struct ixs_file_column found = {0};
    struct ixs_column *column = &layout->columns[n];
    char key[32];
    if (ixs_file_column(header, n + 1, &found) != NULL || !set_type(&found, column))
        return false;
    ixs_copy(text, NAME_SIZE, found.name);
    ixs_copy(text + NAME_SIZE, NAME_SIZE, found.unit);
    snprintf(key, sizeof key, "TCOMM%zu", n + 1);
    (void)ixs_header_text(header, key, MEANING_SIZE, text + 2 * NAME_SIZE);
    column->name = text;
    column->unit = text + NAME_SIZE;
    column->meaning = text + 2 * NAME_SIZE;
    column->since = 1;
    column->offset = layout->table.row_size;
    size_t bytes = column->type == IXS_TEXT ? column->width + 1 : 8;
    layout->table.row_size += (bytes + 7) / 8 * 8;
    return true;
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
    struct ixs_header header = ixs_hdu_header(reader->bytes, hdu);
    if (!IXS_NEW(layout->columns, hdu->ncolumns, err) ||
        !IXS_NEW(layout->text, hdu->ncolumns * TEXT_SIZE + NAME_SIZE, err))
        return false;
    char *name = layout->text + hdu->ncolumns * TEXT_SIZE;
    ixs_copy(name, NAME_SIZE, hdu->name);
    layout->table = (struct ixs_table){
        .name = name, .meaning = "", .columns = layout->columns, .ncolumns = hdu->ncolumns};
    for (size_t k = 0; k < hdu->ncolumns; k++) {
        if (!add_column(&header, k, layout, layout->text + k * TEXT_SIZE))
            return ixs_fail_at(err, IXS_INPUT, reader->path, 0,
                               "found in the table %s a column %zu that is not one number or text "
                               "a row",
                               extname, k + 1);
        ixs_digest_text(&reader->digest, layout->columns[k].meaning);
    }
    return true;
}

void ixs_layout_dispose(struct ixs_layout *layout)
{
    free(layout->columns);
    free(layout->text);
    *layout = (struct ixs_layout){0};
}
