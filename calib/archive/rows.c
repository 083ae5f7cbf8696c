/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rows of an archive: each figure with half a unit of its last digit, the room that rounding
 * left.
 */
#include "calib/archive/parts.h"

#include "base/array.h"
#include "base/digest.h"
#include "base/lines.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL = 25 };

/* ---- words ----------------------------------------------------------------------------------- */

static char *trim(char *word)
{
    while (isspace((unsigned char)*word))
        word++;
    size_t length = strlen(word);
    while (length > 0 && isspace((unsigned char)word[length - 1]))
        word[--length] = '\0';
    return word;
}

static size_t split_at(char *line, char separator, size_t most, char **words)
{
    size_t count = 0;
    for (char *next = line; next != NULL; count++) {
        char *word = next;
        next = strchr(word, separator);
        if (next != NULL)
            *next++ = '\0';
        if (count < most)
            words[count] = trim(word);
    }
    return count;
}

size_t ixs_archive_split(char *line, const char *separator, size_t most, char **words)
{
    const char *rest = line;
    size_t count = 0, length;
    if (separator[0] != '\0')
        return split_at(line, separator[0], most, words);
    while (ixs_word(&rest, &length) != NULL) {
        char *end = line + (rest - line);
        if (count < most)
            words[count] = end - length;
        count++;
        if (*end == '\0')
            break;
        *end = '\0';
        rest = end + 1;
    }
    return count;
}

/* Fortran writes exponents with D too. */
static bool number_of(char *word, double *value)
{
    char *exponent = strpbrk(word, "Dd");
    if (exponent != NULL)
        *exponent = 'E';
    return ixs_number(word, value);
}

static bool is_number(const char *word)
{
    char room[64];
    double value;
    return ixs_copy(room, sizeof room, word) && number_of(room, &value);
}

double ixs_archive_half(const char *word)
{
    const char *point = strchr(word, '.'), *exponent = strpbrk(word, "EeDd");
    long power = exponent != NULL ? strtol(exponent + 1, NULL, 10) : 0;
    size_t digits = 0;
    if (point != NULL)
        digits = strspn(point + 1, "0123456789");
    return 0.5 * pow(10.0, (double)power - (double)digits);
}

/* ---- lines ----------------------------------------------------------------------------------- */

struct reading { /* of one file */
    const struct ixs_archive_form *form;
    struct ixs_lines *lines;
    struct ixs_archive_rows *out;
    struct ixs_notes *notes;
    size_t values, halves; /* capacities */
    struct ixs_digest digest;
    char *words[IXS_ARCHIVE_MOST_COLUMNS];
    size_t nwords;
    char heading[IXS_ARCHIVE_MOST_COLUMNS][LABEL]; /* words of the last line before the rows */
    size_t nheading;
};

static bool fail_here(const struct reading *reading, struct ixs_err *err, const char *found,
                      const char *expected)
{
    return ixs_fail_at(err, IXS_INPUT, ixs_lines_path(reading->lines),
                       ixs_lines_number(reading->lines), "found %.60s, expected %s", found,
                       expected);
}

static void keep_heading(struct reading *reading)
{
    reading->nheading = reading->nwords;
    for (size_t i = 0; i < reading->nwords; i++)
        ixs_copy(reading->heading[i], LABEL, reading->words[i]);
}

/* The labels are of the line in hand when the first row comes. */
static bool begin_rows(struct reading *reading, struct ixs_err *err)
{
    struct ixs_archive_rows *out = reading->out;
    size_t wanted = (size_t)reading->form->width;
    out->width = wanted > 0 ? wanted : reading->nwords;
    if (!IXS_NEW(out->labels, out->width * LABEL, err))
        return false;
    if (reading->form->labelled && reading->nheading != out->width)
        return ixs_fail_at(err, IXS_INPUT, ixs_lines_path(reading->lines),
                           ixs_lines_number(reading->lines),
                           "found %zu labels above rows of %zu columns, expected as many",
                           reading->nheading, out->width);
    if (reading->form->labelled)
        memcpy(out->labels, reading->heading, out->width * LABEL);
    return true;
}

static bool add_row(struct reading *reading, struct ixs_err *err)
{
    struct ixs_archive_rows *out = reading->out;
    size_t used = out->nrows * out->width;
    if (!ixs_grow(&out->value, &reading->values, used + out->width, sizeof *out->value, err) ||
        !ixs_grow(&out->half, &reading->halves, used + out->width, sizeof *out->half, err))
        return false;
    for (size_t i = 0; i < out->width; i++) {
        double value = NAN;
        bool known = number_of(reading->words[i], &value);
        out->value[used + i] = known ? value : NAN;
        out->half[used + i] = known ? ixs_archive_half(reading->words[i]) : NAN;
    }
    out->nrows++;
    return true;
}

static bool take_row(struct reading *reading, struct ixs_err *err)
{
    const struct ixs_archive_rows *out = reading->out;
    char found[32], expected[32];
    if (out->nrows == 0 && !begin_rows(reading, err))
        return false;
    if (reading->nwords == out->width)
        return add_row(reading, err);
    if (!ixs_lines_whole(reading->lines)) {
        ixs_note(reading->notes, ixs_lines_path(reading->lines), ixs_lines_number(reading->lines),
                 "found a last row of %zu columns without an end, expected %zu: not read",
                 reading->nwords, out->width);
        return true;
    }
    snprintf(found, sizeof found, "%zu columns", reading->nwords);
    snprintf(expected, sizeof expected, "%zu", out->width);
    return fail_here(reading, err, found, expected);
}

static bool is_passed(const struct reading *reading, const char *line)
{
    const char *comment = reading->form->comment;
    line += strspn(line, " \t");
    return *line == '\0' || ixs_lines_number(reading->lines) <= reading->form->skip ||
           (comment[0] != '\0' && strncmp(line, comment, strlen(comment)) == 0);
}

static bool take_line(struct reading *reading, char *line, struct ixs_err *err)
{
    ixs_digest_text(&reading->digest, line);
    if (is_passed(reading, line))
        return true;
    reading->nwords =
        ixs_archive_split(line, reading->form->separator, IXS_ARCHIVE_MOST_COLUMNS, reading->words);
    if (reading->nwords > IXS_ARCHIVE_MOST_COLUMNS)
        return fail_here(reading, err, "more than 64 columns", "at most 64");
    if (reading->nwords > 0 && is_number(reading->words[0]))
        return take_row(reading, err);
    if (reading->out->nrows > 0)
        return fail_here(reading, err, reading->nwords ? reading->words[0] : "nothing",
                         "a row that begins with a number");
    keep_heading(reading);
    return true;
}

static bool read_lines(struct reading *reading, struct ixs_err *err)
{
    char *line = NULL;
    size_t length;
    do {
        if (!ixs_lines_next(reading->lines, &line, &length, err) ||
            (line != NULL && !take_line(reading, line, err)))
            return false;
    } while (line != NULL);
    return reading->out->nrows > 0 || ixs_fail_at(err, IXS_INPUT, ixs_lines_path(reading->lines), 0,
                                                  "found no row of numbers, expected some");
}

bool ixs_archive_rows(struct ixs_archive_rows *out, const char *path,
                      const struct ixs_archive_form *form, struct ixs_notes *notes,
                      struct ixs_err *err)
{
    struct reading reading = {.form = form, .out = out, .notes = notes};
    *out = (struct ixs_archive_rows){0};
    ixs_digest_begin(&reading.digest);
    bool ok = ixs_lines_open(&reading.lines, path, err) && read_lines(&reading, err);
    ixs_digest_print(&reading.digest, out->digest);
    ixs_lines_close(reading.lines);
    return ok;
}

void ixs_archive_rows_dispose(struct ixs_archive_rows *rows)
{
    free(rows->value);
    free(rows->half);
    free(rows->labels);
    *rows = (struct ixs_archive_rows){0};
}
