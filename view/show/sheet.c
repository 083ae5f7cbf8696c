/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words in aligned columns.
 */
#include "view/show/sheet.h"

#include "base/array.h"
#include "view/quantity.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void ixs_sheet_cell(struct ixs_sheet *sheet, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char *copy = ixs_text(&sheet->trouble, "%s", text[0] ? text : "-");
    if (copy == NULL || !IXS_MORE(sheet->cells, &sheet->capacity, sheet->ncells, &sheet->trouble)) {
        free(copy);
        return;
    }
    sheet->cells[sheet->ncells++] = copy;
}

void ixs_sheet_quantity(struct ixs_sheet *sheet, double value, double error)
{
    char text[IXS_QUANTITY_SIZE];
    ixs_quantity(value, error, sizeof text, text);
    ixs_sheet_cell(sheet, "%s", text);
}

void ixs_sheet_number(struct ixs_sheet *sheet, double value)
{
    char text[IXS_QUANTITY_SIZE];
    ixs_quantity_plain(value, 5, sizeof text, text);
    ixs_sheet_cell(sheet, "%s", text);
}

static int column_width(const struct ixs_sheet *sheet, size_t column)
{
    size_t width = strlen(sheet->columns[column].heading);
    if (strlen(sheet->columns[column].unit) > width)
        width = strlen(sheet->columns[column].unit);
    for (size_t i = column; i < sheet->ncells; i += sheet->ncolumns)
        if (strlen(sheet->cells[i]) > width)
            width = strlen(sheet->cells[i]);
    return (int)width;
}

/* No blanks at the end of a line, so that the text can be compared and pasted. */
static void print_cell(const struct ixs_sheet *sheet, size_t column, int width, const char *text,
                       FILE *out)
{
    bool last = column + 1 == sheet->ncolumns;
    if (sheet->columns[column].left)
        fprintf(out, "%-*s", last ? 0 : width, text);
    else
        fprintf(out, "%*s", width, text);
    fputs(last ? "\n" : "  ", out);
}

static void print_units(const struct ixs_sheet *sheet, int indent, const int *widths, FILE *out)
{
    size_t last = sheet->ncolumns;
    while (last > 0 && sheet->columns[last - 1].unit[0] == '\0')
        last--;
    if (last == 0)
        return;
    fprintf(out, "%*s", indent, "");
    for (size_t c = 0; c < last; c++) {
        const char *unit = sheet->columns[c].unit;
        bool left = sheet->columns[c].left;
        fprintf(out, "%*s%s", left ? -(c + 1 == last ? 0 : widths[c]) : widths[c], unit,
                c + 1 == last ? "\n" : "  ");
    }
}

static void print_rows(const struct ixs_sheet *sheet, int indent, const int *widths, FILE *out)
{
    size_t nrows = sheet->ncolumns > 0 ? sheet->ncells / sheet->ncolumns : 0;
    size_t shown = sheet->most > 0 && nrows > sheet->most ? sheet->most : nrows;
    for (size_t i = 0; i < shown * sheet->ncolumns; i++) {
        size_t c = i % sheet->ncolumns;
        if (c == 0)
            fprintf(out, "%*s", indent, "");
        print_cell(sheet, c, widths[c], sheet->cells[i], out);
    }
    if (shown < nrows)
        fprintf(out, "%*sand %zu more (--table NAME shows all)\n", indent, "", nrows - shown);
}

bool ixs_sheet_print(const struct ixs_sheet *sheet, int indent, FILE *out, struct ixs_err *err)
{
    int *widths = NULL;
    if (sheet->trouble.code != IXS_OK)
        return ixs_fail(err, sheet->trouble.code, "%s", sheet->trouble.text);
    if (!IXS_NEW(widths, sheet->ncolumns, err))
        return false;
    for (size_t c = 0; c < sheet->ncolumns; c++)
        widths[c] = column_width(sheet, c);
    fprintf(out, "%*s", indent, "");
    for (size_t c = 0; c < sheet->ncolumns; c++)
        print_cell(sheet, c, widths[c], sheet->columns[c].heading, out);
    print_units(sheet, indent, widths, out);
    print_rows(sheet, indent, widths, out);
    free(widths);
    return true;
}

void ixs_sheet_dispose(struct ixs_sheet *sheet)
{
    for (size_t i = 0; i < sheet->ncells; i++)
        free(sheet->cells[i]);
    free(sheet->cells);
    *sheet = (struct ixs_sheet){0};
}
