/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of a SPEC scan. Nothing is altered silently: a word that is no number drops its row with a
 * note, a missing value stays missing.
 */
#include "calib/spec_rows.h"

#include "calib/spec_line.h"

#include "base/array.h"
#include "base/lines.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_VALUES = 1 << 27 };

bool ixs_spec_rows_label(struct ixs_spec_rows *rows, const char *text,
                         const struct ixs_spec_place *place, struct ixs_err *err)
{
    if (rows->settled) {
        if (rows->label_text == NULL || strcmp(rows->label_text, text) != 0)
            ixs_note(
                place->notes, place->path, place->line,
                "found other labels behind the first row, expected one #L a scan; passed over");
        return true;
    }
    free(rows->label_text);
    rows->label_text = ixs_text(err, "%s", text);
    rows->label_line = place->line;
    return rows->label_text != NULL;
}

void ixs_spec_rows_declare(struct ixs_spec_rows *rows, const char *text)
{
    double numbers[2] = {0};
    size_t count = ixs_spec_numbers(text, 2, numbers);
    rows->declared = count > 0 && numbers[0] >= 0 && numbers[0] < 1e6 ? (long)numbers[0] : -1;
    rows->wrapped = count > 1 && numbers[1] > 1 && numbers[1] < 1e6 ? (long)numbers[1] : 0;
}

void ixs_spec_rows_drop(struct ixs_spec_rows *rows, const char *reason,
                        const struct ixs_spec_place *place)
{
    rows->ndropped++;
    rows->nrow = 0;
    ixs_note(place->notes, place->path, place->line, "%s: row dropped", reason);
}

static void note_labels(const struct ixs_spec_rows *rows, const struct ixs_spec_place *place)
{
    const struct ixs_spec_labels *labels = &rows->labels;
    long line = rows->label_line > 0 ? rows->label_line : place->line;
    size_t found = rows->label_text ? ixs_spec_count(rows->label_text, //
                                                     (struct ixs_spec_split){ixs_spec_cell})
                                    : 0;
    if (labels->given < labels->count)
        ixs_note(place->notes, place->path, line, "found %zu labels for %zu columns: %s and on",
                 labels->given, labels->count, labels->names[labels->given]);
    else if (found > labels->count)
        ixs_note(place->notes, place->path, line,
                 "found %zu labels for %zu columns: first ones taken", found, labels->count);
    if (labels->cut)
        ixs_note(place->notes, place->path, line, "found a label of more than %d bytes: cut",
                 IXS_SPEC_LABEL - 1);
}

static bool settle(struct ixs_spec_rows *rows, const struct ixs_spec_place *place,
                   struct ixs_err *err)
{
    if (rows->settled)
        return true;
    rows->settled = true;
    if (!ixs_spec_labels(&rows->labels, rows->label_text, rows->declared, rows->nrow, err))
        return ixs_in_file(err, place->path, place->line);
    note_labels(rows, place);
    return true;
}

/* Reads the values of a line behind those that wait; false leaves *text at a word that is none. */
static bool read_values(struct ixs_spec_rows *rows, const char **text, struct ixs_err *err)
{
    double value;
    while (ixs_spec_value(text, &value)) {
        if (!IXS_MORE(rows->row, &rows->row_capacity, rows->nrow, err))
            return false;
        rows->row[rows->nrow++] = value;
    }
    *text += strspn(*text, " \t");
    return true;
}

static size_t count_missing(size_t count, const double *values)
{
    size_t missing = 0;
    for (size_t i = 0; i < count; i++)
        missing += isnan(values[i]) != 0;
    return missing;
}

static bool keep_row(struct ixs_spec_rows *rows, const struct ixs_spec_place *place,
                     struct ixs_err *err)
{
    size_t have = rows->npoints * rows->nrow;
    if (have + rows->nrow > MOST_VALUES)
        return ixs_fail_at(err, IXS_INPUT, place->path, place->line,
                           "found a scan of more than %d values", MOST_VALUES);
    if (!ixs_grow(&rows->values, &rows->capacity, have + rows->nrow, sizeof *rows->values, err))
        return false;
    memcpy(rows->values + have, rows->row, rows->nrow * sizeof *rows->row);
    size_t missing = count_missing(rows->nrow, rows->row);
    if (missing > 0 && rows->nmissing == 0)
        rows->missing_line = place->line;
    rows->nmissing += missing;
    rows->npoints++;
    rows->nrow = 0;
    return true;
}

/* A row over several lines waits for the rest of it. */
static bool waits(const struct ixs_spec_rows *rows)
{
    return rows->wrapped > 0 && rows->declared > 0 && rows->nrow < (size_t)rows->declared;
}

bool ixs_spec_rows_add(struct ixs_spec_rows *rows, const char *text,
                       const struct ixs_spec_place *place, struct ixs_err *err)
{
    char reason[160];
    if (!read_values(rows, &text, err))
        return false;
    if (*text != '\0') {
        char word[41];
        ixs_spec_copy(word, sizeof word, text, strcspn(text, " \t"));
        snprintf(reason, sizeof reason, "found '%s', expected a number", word);
        ixs_spec_rows_drop(rows, reason, place);
        return true;
    }
    if (waits(rows))
        return true;
    if (!settle(rows, place, err))
        return false;
    if (rows->nrow == rows->labels.count)
        return keep_row(rows, place, err);
    snprintf(reason, sizeof reason, "found %zu values, expected %zu", rows->nrow,
             rows->labels.count);
    ixs_spec_rows_drop(rows, reason, place);
    return true;
}

bool ixs_spec_rows_end(struct ixs_spec_rows *rows, const struct ixs_spec_place *place,
                       struct ixs_err *err)
{
    if (rows->nrow > 0)
        ixs_spec_rows_drop(rows, "found the end of the scan in the middle of a row", place);
    if (rows->nmissing > 0)
        ixs_note(
            place->notes, place->path, rows->missing_line,
            "found %zu values that are not numbers in this scan, the first here; kept as missing",
            rows->nmissing);
    return settle(rows, place, err);
}

void ixs_spec_rows_dispose(struct ixs_spec_rows *rows)
{
    free(rows->label_text);
    free(rows->labels.names);
    free(rows->values);
    free(rows->row);
    *rows = (struct ixs_spec_rows){.declared = -1};
}
