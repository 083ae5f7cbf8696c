/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows as comma-separated values (RFC 4180, lines ended by LF) and as JSON (RFC 8259).
 */
#include "view/show/rows.h"

#include <math.h>
#include <string.h>

enum { NUMBER_SIZE = 64 };

/* False for a number that is not there: NaN, or infinite. */
static bool print_number(const struct ixs_column *column, const char *row, char room[NUMBER_SIZE])
{
    double value;
    if (column->type == IXS_REAL) {
        memcpy(&value, row + column->offset, sizeof value);
        if (!isfinite(value))
            return false;
    }
    ixs_cell_print(column, row, NUMBER_SIZE, room);
    return true;
}

static void csv_string(const char *text, FILE *out)
{
    size_t length = strlen(text);
    bool plain = strpbrk(text, ",\"\r\n") == NULL &&
                 (length == 0 || (text[0] != ' ' && text[length - 1] != ' '));
    if (plain) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void csv_heading(const struct ixs_column *column, FILE *out)
{
    char text[256];
    if (column->unit[0] == '\0')
        snprintf(text, sizeof text, "%s", column->name);
    else
        snprintf(text, sizeof text, "%s [%s]", column->name, column->unit);
    csv_string(text, out);
}

void ixs_rows_csv_header(const struct ixs_rows *rows, bool file, FILE *out)
{
    fputs(file ? "FILE" : "", out);
    for (size_t c = 0; c < rows->ncolumns; c++) {
        fputs(c > 0 || file ? "," : "", out);
        csv_heading(rows->columns[c], out);
    }
    fputc('\n', out);
}

static void csv_cell(const struct ixs_column *column, const char *row, FILE *out)
{
    char number[NUMBER_SIZE];
    if (column->type == IXS_TEXT)
        csv_string(row + column->offset, out);
    else if (print_number(column, row, number))
        fputs(number, out);
}

void ixs_rows_csv(const struct ixs_rows *rows, const char *file, FILE *out)
{
    for (size_t i = 0; i < rows->nrows; i++) {
        if (file != NULL)
            csv_string(file, out);
        for (size_t c = 0; c < rows->ncolumns; c++) {
            fputs(c > 0 || file != NULL ? "," : "", out);
            csv_cell(rows->columns[c], rows->rows + i * rows->layout.table.row_size, out);
        }
        fputc('\n', out);
    }
}

void ixs_json_string(const char *text, FILE *out)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\')
            fprintf(out, "\\%c", byte);
        else if (byte < 0x20 || byte >= 0x7f)
            fprintf(out, "\\u%04x", byte); /* a byte that is not ASCII: as Latin-1 */
        else
            fputc(byte, out);
    }
    fputc('"', out);
}

static void json_cell(const struct ixs_column *column, const char *row, FILE *out)
{
    char number[NUMBER_SIZE];
    if (column->type == IXS_TEXT)
        ixs_json_string(row + column->offset, out);
    else
        fputs(print_number(column, row, number) ? number : "null", out);
}

static void json_column(const struct ixs_column *column, FILE *out)
{
    fputs("{\"name\":", out);
    ixs_json_string(column->name, out);
    fputs(",\"unit\":", out);
    ixs_json_string(column->unit, out);
    fputs(",\"meaning\":", out);
    ixs_json_string(column->meaning, out);
    fputs("}", out);
}

void ixs_rows_json(const struct ixs_rows *rows, FILE *out)
{
    fputs("{\"columns\":[", out);
    for (size_t c = 0; c < rows->ncolumns; c++) {
        fputs(c > 0 ? "," : "", out);
        json_column(rows->columns[c], out);
    }
    fputs("],\"rows\":[", out);
    for (size_t i = 0; i < rows->nrows; i++) {
        fputs(i > 0 ? ",{" : "{", out);
        for (size_t c = 0; c < rows->ncolumns; c++) {
            fputs(c > 0 ? "," : "", out);
            ixs_json_string(rows->columns[c]->name, out);
            fputc(':', out);
            json_cell(rows->columns[c], rows->rows + i * rows->layout.table.row_size, out);
        }
        fputc('}', out);
    }
    fputs("]}", out);
}
