/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading any table and choosing columns; rows as aligned text.
 */
#include "view/show/rows.h"

#include "base/array.h"
#include "view/quantity.h"
#include "view/show/sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DIGITS = 8 }; /* for looking; CSV and JSON have all of them */

static const struct ixs_column *find(const struct ixs_table *table, const char *name)
{
    const struct ixs_column *column = ixs_table_find(table, name);
    for (size_t i = 0; i < table->ncolumns && column == NULL; i++)
        if (strcasecmp(table->columns[i].meaning, name) == 0)
            column = &table->columns[i];
    return column;
}

static void join(char *room, size_t size, const char *word)
{
    size_t used = strlen(room);
    snprintf(room + used, size - used, "%s%s", used ? ", " : "", word);
}

static bool no_column(const struct ixs_reader *reader, const struct ixs_table *table,
                      const char *name, struct ixs_err *err)
{
    char list[700] = "";
    for (size_t i = 0; i < table->ncolumns; i++)
        join(list, sizeof list, table->columns[i].name);
    return ixs_fail_at(err, IXS_USAGE, ixs_reader_path(reader), 0,
                       "found no column '%s' in %s, expected one of: %s", name, table->name, list);
}

static bool no_table(const struct ixs_reader *reader, const char *name, struct ixs_err *err)
{
    char list[400] = "";
    for (size_t i = 1; i <= ixs_reader_count(reader); i++)
        join(list, sizeof list, ixs_reader_name(reader, i));
    return ixs_fail_at(err, IXS_USAGE, ixs_reader_path(reader), 0,
                       "found no table '%s', expected one of: %s", name, list);
}

static bool choose_all(struct ixs_rows *out, struct ixs_err *err)
{
    out->ncolumns = out->layout.table.ncolumns;
    if (!IXS_NEW(out->columns, out->ncolumns, err))
        return false;
    for (size_t i = 0; i < out->ncolumns; i++)
        out->columns[i] = &out->layout.columns[i];
    return true;
}

static bool choose(struct ixs_rows *out, const struct ixs_reader *reader, const char *names,
                   struct ixs_err *err)
{
    if (names == NULL)
        return choose_all(out, err);
    char *list = ixs_text(err, "%s", names), *rest = NULL;
    bool ok = list != NULL && IXS_NEW(out->columns, strlen(names) + 1, err);
    for (char *name = ok ? strtok_r(list, ",", &rest) : NULL; name != NULL && ok;
         name = strtok_r(NULL, ",", &rest)) {
        const struct ixs_column *column = find(&out->layout.table, name);
        if (column != NULL)
            out->columns[out->ncolumns++] = column;
        else
            ok = no_column(reader, &out->layout.table, name, err);
    }
    free(list);
    if (ok && out->ncolumns == 0)
        return ixs_fail(err, IXS_USAGE, "found no names in --columns, expected NAME,NAME");
    return ok;
}

static const char *exact_name(const struct ixs_reader *reader, const char *name)
{
    for (size_t i = 1; i <= ixs_reader_count(reader); i++)
        if (strcasecmp(ixs_reader_name(reader, i), name) == 0)
            return ixs_reader_name(reader, i);
    return NULL;
}

bool ixs_rows_read(struct ixs_rows *out, struct ixs_reader *reader, const char *extname,
                   const char *columns, struct ixs_err *err)
{
    const char *name = exact_name(reader, extname);
    if (name == NULL)
        return no_table(reader, extname, err);
    return ixs_reader_layout(reader, name, &out->layout, err) &&
           ixs_reader_table(reader, &out->layout.table, &out->nrows, &out->rows, NULL, NULL, err) &&
           choose(out, reader, columns, err);
}

void ixs_rows_dispose(struct ixs_rows *rows)
{
    ixs_layout_dispose(&rows->layout);
    free(rows->rows);
    free(rows->columns);
    *rows = (struct ixs_rows){0};
}

static void add_cell(struct ixs_sheet *sheet, const struct ixs_column *column, const char *row)
{
    char text[IXS_QUANTITY_SIZE];
    double value;
    if (column->type == IXS_TEXT) {
        ixs_sheet_cell(sheet, "%s", row + column->offset);
        return;
    }
    if (column->type == IXS_REAL) {
        memcpy(&value, row + column->offset, sizeof value);
        ixs_quantity_plain(value, DIGITS, sizeof text, text);
    } else {
        ixs_cell_print(column, row, sizeof text, text);
    }
    ixs_sheet_cell(sheet, "%s", text);
}

bool ixs_rows_text(const struct ixs_rows *rows, FILE *out, struct ixs_err *err)
{
    struct ixs_sheet_column *headings = NULL;
    if (!IXS_NEW(headings, rows->ncolumns, err))
        return false;
    struct ixs_sheet sheet = {.ncolumns = rows->ncolumns, .columns = headings};
    for (size_t c = 0; c < rows->ncolumns; c++)
        headings[c] = (struct ixs_sheet_column){rows->columns[c]->name,
                                                ixs_unit_plain(rows->columns[c]->unit),
                                                rows->columns[c]->type == IXS_TEXT};
    for (size_t i = 0; i < rows->nrows; i++)
        for (size_t c = 0; c < rows->ncolumns; c++)
            add_cell(&sheet, rows->columns[c], rows->rows + i * rows->layout.table.row_size);
    bool ok = ixs_sheet_print(&sheet, 0, out, err);
    ixs_sheet_dispose(&sheet);
    free(headings);
    return ok;
}
