/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of a SPEC scan. Nothing is altered silently: a word that is no number drops its row with a
 * note, a missing value stays missing.
 */
#include "calib/spec/rows.h"

#include "calib/spec/line.h"

#include "base/array.h"
#include "base/lines.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_VALUES = 1 << 27, MOST_EXPECTED = 1 << 20, STEP = 64 };

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
    rows->nrow = rows->row_missing = 0;
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

/* ---- values ---------------------------------------------------------------------------------- */

/* Where the row in hand begins. */
static size_t row_start(const struct ixs_spec_rows *rows)
{
    return rows->npoints * rows->labels.count;
}

/* Room for `more` values of the row in hand; the first time for all rows that are expected. */
static bool make_room(struct ixs_spec_rows *rows, size_t more, const struct ixs_spec_place *place,
                      struct ixs_err *err)
{
    size_t need = row_start(rows) + rows->nrow + more, most = rows->capacity;
    if (need <= most)
        return true;
    if (need > MOST_VALUES)
        return ixs_fail_at(err, IXS_INPUT, place->path, place->line,
                           "found a scan of more than %d values", MOST_VALUES);
    if (rows->expected > 0 && rows->expected < MOST_EXPECTED && rows->labels.count > 0)
        most = (size_t)rows->expected * rows->labels.count + more;
    if (most < need || most > MOST_EXPECTED)
        most = need;
    return ixs_grow(&rows->values, &rows->capacity, most, sizeof *rows->values, err);
}

/* Reads the values of a line behind those that wait; *text stays at a word that is none. */
static bool read_values(struct ixs_spec_rows *rows, const char **text,
                        const struct ixs_spec_place *place, struct ixs_err *err)
{
    rows->row_blanks = 0;
    for (size_t count, blanks;;) {
        /* one more than a row has, so that a long one is told from a whole one */
        size_t more = rows->labels.count > rows->nrow ? rows->labels.count - rows->nrow + 1 : STEP;
        if (!make_room(rows, more, place, err))
            return false;
        double *values = rows->values + row_start(rows) + rows->nrow;
        count = ixs_numbers(text, more, values, &blanks);
        rows->row_blanks += blanks;
        rows->nrow += count;
        if (count == more)
            continue;
        if (**text == '\0' || !ixs_spec_value(text, &values[count]))
            return true;
        rows->nrow++;
        rows->row_missing++;
    }
}

/* A row over several lines waits for the rest of it. */
static bool waits(const struct ixs_spec_rows *rows)
{
    return rows->wrapped > 0 && rows->declared > 0 && rows->nrow < (size_t)rows->declared;
}

/* One value for each cell of a line with single separators, NaN for an empty one; false if a cell
 * is no value. */
static bool fill_cells(struct ixs_spec_rows *rows, const char *text)
{
    double *values = rows->values + row_start(rows);
    rows->row_missing = 0;
    for (size_t i = 0; i < rows->labels.count; i++) {
        bool empty = *text == '\0' || *text == ' ' || *text == '\t';
        if (empty)
            values[i] = NAN;
        else if (!ixs_spec_value(&text, &values[i]))
            return false;
        rows->row_missing += isnan(values[i]) != 0;
        text += *text != '\0';
    }
    rows->nrow = rows->labels.count;
    return true;
}

/* Is a row short because cells of it are empty? Only where every separator is a single one. */
static bool has_empty_cells(const struct ixs_spec_rows *rows)
{
    return rows->nrow < rows->labels.count && rows->row_blanks + 1 == rows->labels.count &&
           rows->nrow > 0 && !rows->loose && rows->wrapped == 0;
}

static void keep_row(struct ixs_spec_rows *rows, const struct ixs_spec_place *place)
{
    rows->loose = rows->loose || rows->row_blanks + 1 != rows->labels.count;
    if (rows->row_missing > 0 && rows->nmissing == 0)
        rows->missing_line = place->line;
    rows->nmissing += rows->row_missing;
    rows->npoints++;
    rows->nrow = rows->row_missing = 0;
}

static void drop_line(struct ixs_spec_rows *rows, const char *text,
                      const struct ixs_spec_place *place)
{
    char reason[160], word[41];
    ixs_spec_copy(word, sizeof word, text, strcspn(text, " \t"));
    if (*word != '\0')
        snprintf(reason, sizeof reason, "found '%s', expected a number", word);
    else
        snprintf(reason, sizeof reason, "found %zu values, expected %zu", rows->nrow,
                 rows->labels.count);
    ixs_spec_rows_drop(rows, reason, place);
}

bool ixs_spec_rows_add(struct ixs_spec_rows *rows, const char *text,
                       const struct ixs_spec_place *place, struct ixs_err *err)
{
    const char *start = text;
    if (!read_values(rows, &text, place, err))
        return false;
    if (*text == '\0') {
        if (waits(rows))
            return true;
        if (!settle(rows, place, err))
            return false;
    }
    if (*text == '\0' &&
        (rows->nrow == rows->labels.count || (has_empty_cells(rows) && fill_cells(rows, start))))
        keep_row(rows, place);
    else
        drop_line(rows, text, place);
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
    *rows = (struct ixs_spec_rows){.declared = -1};
}
