/* SPDX-License-Identifier: GPL-3.0-or-later
 * One product shown in the way that was chosen.
 */
#include "view/show/show.h"

#include "base/array.h"
#include "base/path.h"
#include "view/show/rows.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *kind, *table;
} wanted[] = {
    {"RAW", "SCAN"},  {"CALIB", "ANALYZERS"},   {"SPECTRA", "POINTS"},
    {"FIT", "MODES"}, {"DISPERSION", "POINTS"},
};

static const char *main_table(const struct ixs_reader *reader)
{
    const char *kind = ixs_reader_identity(reader)->kind;
    for (size_t i = 0; i < IXS_COUNT(wanted); i++)
        if (strcmp(wanted[i].kind, kind) == 0)
            return wanted[i].table;
    return ixs_reader_name(reader, 1);
}

static bool show_rows(FILE *out, struct ixs_reader *reader, size_t index, size_t n,
                      const struct ixs_show_choice *choice, struct ixs_err *err)
{
    struct ixs_rows rows = {0};
    const char *name = choice->table ? choice->table : main_table(reader);
    bool ok = ixs_rows_read(&rows, reader, name, choice->columns, err);
    if (ok && choice->way == IXS_SHOW_TEXT) {
        ok = ixs_rows_text(&rows, out, err);
    } else if (ok) {
        if (index == 0)
            ixs_rows_csv_header(&rows, n > 1, out);
        ixs_rows_csv(&rows, n > 1 ? ixs_base_name(ixs_reader_path(reader)) : NULL, out);
    }
    ixs_rows_dispose(&rows);
    return ok;
}

static bool json_table(FILE *out, struct ixs_reader *reader, const char *name, const char *columns,
                       struct ixs_err *err)
{
    struct ixs_rows rows = {0};
    bool ok = ixs_rows_read(&rows, reader, name, columns, err);
    if (ok) {
        ixs_json_string(rows.layout.table.name, out);
        fputc(':', out);
        ixs_rows_json(&rows, out);
    }
    ixs_rows_dispose(&rows);
    return ok;
}

static void json_pair(FILE *out, const char *name, const char *value)
{
    ixs_json_string(name, out);
    fputc(':', out);
    ixs_json_string(value, out);
    fputc(',', out);
}

static bool show_json(FILE *out, struct ixs_reader *reader, const struct ixs_show_choice *choice,
                      struct ixs_err *err)
{
    const struct ixs_identity *identity = ixs_reader_identity(reader);
    bool ok = true;
    fputc('{', out);
    json_pair(out, "FILE", ixs_base_name(ixs_reader_path(reader)));
    json_pair(out, "PRODUCT", identity->kind);
    fprintf(out, "\"PRODVERS\":%d,", identity->version);
    json_pair(out, "INSTRUME", identity->instrument);
    json_pair(out, "OBJECT", identity->object);
    json_pair(out, "DATE-OBS", identity->date);
    fputs("\"tables\":{", out);
    if (choice->table != NULL)
        ok = json_table(out, reader, choice->table, choice->columns, err);
    for (size_t i = 1; i <= ixs_reader_count(reader) && ok && choice->table == NULL; i++) {
        fputs(i > 1 ? "," : "", out);
        ok = json_table(out, reader, ixs_reader_name(reader, i), choice->columns, err);
    }
    fputs("}}\n", out);
    return ok;
}

static void show_header(FILE *out, const struct ixs_reader *reader)
{
    for (size_t hdu = 0; hdu <= ixs_reader_count(reader); hdu++) {
        size_t count = 0;
        const char *cards = ixs_reader_cards(reader, hdu, &count);
        for (size_t i = 0; i < count; i++) {
            int length = 80;
            while (length > 0 && cards[80 * i + (size_t)length - 1] == ' ')
                length--;
            fprintf(out, "%.*s\n", length, cards + 80 * i);
        }
        fputs(hdu < ixs_reader_count(reader) ? "\n" : "", out);
    }
}

static bool show_inside(FILE *out, struct ixs_reader *reader, size_t index, size_t n,
                        const struct ixs_show_choice *choice, struct ixs_err *err)
{
    switch (choice->way) {
    case IXS_SHOW_JSON:
        return show_json(out, reader, choice, err);
    case IXS_SHOW_HEADER:
        show_header(out, reader);
        return true;
    case IXS_SHOW_HISTORY:
        return ixs_show_history(out, reader, err);
    default:
        return show_rows(out, reader, index, n, choice, err);
    }
}

bool ixs_show(FILE *out, const char *path, size_t index, size_t n,
              const struct ixs_show_choice *choice, struct ixs_err *err)
{
    struct ixs_reader *reader = NULL;
    if (choice->way == IXS_SHOW_CHECK)
        return ixs_show_check(out, path, choice->reading, err);
    if (index > 0 && choice->way != IXS_SHOW_CSV && choice->way != IXS_SHOW_JSON)
        fputc('\n', out);
    if (choice->way == IXS_SHOW_SUMMARY)
        return ixs_show_summary(out, path, choice->reading, err);
    bool ok = ixs_reader_open(&reader, path, NULL, choice->reading, err) &&
              show_inside(out, reader, index, n, choice, err);
    ixs_reader_close(reader);
    return ok;
}

bool ixs_label_is_analyzer(const char *label)
{
    static const char *const stems[] = {"Ana", "Analyzer", "deta", "a", "TD"};
    size_t stem = strcspn(label, "0123456789"), digits = strspn(label + stem, "0123456789");
    if (digits == 0 || digits > 3 || label[stem + digits] != '\0')
        return false;
    while (stem > 0 && (label[stem - 1] == '_' || label[stem - 1] == ' '))
        stem--;
    for (size_t i = 0; i < IXS_COUNT(stems); i++)
        if (strlen(stems[i]) == stem && strncasecmp(label, stems[i], stem) == 0)
            return true;
    return false;
}

static long number_of(const char *label)
{
    return strtol(label + strcspn(label, "0123456789"), NULL, 10);
}

void ixs_analyzer_columns(size_t nlabels, const char (*labels)[49], size_t *count, size_t *columns)
{
    *count = 0;
    for (size_t i = 1; i < nlabels; i++) {
        if (!ixs_label_is_analyzer(labels[i]))
            continue;
        size_t place = (*count)++;
        for (; place > 0 && number_of(labels[columns[place - 1]]) > number_of(labels[i]); place--)
            columns[place] = columns[place - 1];
        columns[place] = i;
    }
}
