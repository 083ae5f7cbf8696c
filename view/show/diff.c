/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two products compared, table by table, column by column. A number is judged beside its error
 * where it has one: a zero of 1e-9(2e-2) meV and one of 3e-9 are the same result. Across machines
 * the last bits of exp and log differ (glibc with and without FMA), so equality is asked only of
 * --rtol 0.
 */
#include "view/show/diff.h"

#include "base/array.h"
#include "base/lines.h"
#include "view/show/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct pair {
    struct ixs_reader *one, *other;
    const struct ixs_diff_choice *choice;
    FILE *out;
    size_t ndifferences;
};

struct worst { /* of one column */
    size_t count, row;
    double most; /* relative */
};

/* ---- numbers --------------------------------------------------------------------------------- */

static double real_at(const struct ixs_rows *rows, size_t i, const struct ixs_column *column)
{
    double value;
    memcpy(&value, rows->rows + i * rows->layout.table.row_size + column->offset, sizeof value);
    return value;
}

/* Difference in shares of the larger number, or of the error where that is larger; NaN and NaN are
 * the same. */
static double distance(double a, double b, double error)
{
    if ((isnan(a) && isnan(b)) || !(a < b || a > b || isnan(a) || isnan(b)))
        return 0;
    double scale = fmax(fmax(fabs(a), fabs(b)), isfinite(error) ? fabs(error) : 0);
    return isfinite(a) && isfinite(b) ? fabs(a - b) / scale : INFINITY;
}

static const struct ixs_column *error_of(const struct ixs_rows *rows,
                                         const struct ixs_column *column)
{
    char name[80];
    snprintf(name, sizeof name, "%.70s_ERR", column->name);
    const struct ixs_column *error = ixs_table_find(&rows->layout.table, name);
    return error != NULL && error->type == IXS_REAL ? error : NULL;
}

static double compare_cell(const struct ixs_rows *one, const struct ixs_rows *other, size_t i,
                           const struct ixs_column *a, const struct ixs_column *b)
{
    const char *left = one->rows + i * one->layout.table.row_size + a->offset;
    const char *right = other->rows + i * other->layout.table.row_size + b->offset;
    if (a->type == IXS_TEXT)
        return strcmp(left, right) != 0 ? INFINITY : 0;
    if (a->type == IXS_INT)
        return memcmp(left, right, sizeof(int64_t)) != 0 ? INFINITY : 0;
    const struct ixs_column *error = error_of(one, a);
    return distance(real_at(one, i, a), real_at(other, i, b),
                    error != NULL ? real_at(one, i, error) : NAN);
}

/* ---- columns --------------------------------------------------------------------------------- */

static void tell_column(struct pair *pair, const struct ixs_rows *one, const struct ixs_rows *other,
                        const struct ixs_column *a, const struct ixs_column *b,
                        const struct worst *worst)
{
    char left[128], right[128];
    ixs_cell_print(a, one->rows + worst->row * one->layout.table.row_size, sizeof left, left);
    ixs_cell_print(b, other->rows + worst->row * other->layout.table.row_size, sizeof right, right);
    fprintf(pair->out, "%s.%s: %zu of %zu rows differ", one->layout.table.name, a->name,
            worst->count, one->nrows);
    if (isfinite(worst->most))
        fprintf(pair->out, ", most by %.2g", worst->most);
    fprintf(pair->out, " (row %zu: %s and %s)\n", worst->row + 1, left, right);
    pair->ndifferences++;
}

static void compare_column(struct pair *pair, const struct ixs_rows *one,
                           const struct ixs_rows *other, const struct ixs_column *a)
{
    const struct ixs_column *b = ixs_table_find(&other->layout.table, a->name);
    struct worst worst = {0, 0, 0};
    if (b == NULL || b->type != a->type) {
        fprintf(pair->out, "%s.%s: %s\n", one->layout.table.name, a->name,
                b == NULL ? "only in the first" : "of another type in the second");
        pair->ndifferences++;
        return;
    }
    for (size_t i = 0; i < one->nrows; i++) {
        double away = compare_cell(one, other, i, a, b);
        if (!(away > pair->choice->rtol))
            continue;
        if (worst.count++ == 0 || away > worst.most) {
            worst.row = i;
            worst.most = away;
        }
    }
    if (worst.count > 0)
        tell_column(pair, one, other, a, b, &worst);
}

static void compare_rows(struct pair *pair, const struct ixs_rows *one,
                         const struct ixs_rows *other)
{
    const char *name = one->layout.table.name;
    if (one->nrows != other->nrows) {
        fprintf(pair->out, "%s: %zu and %zu rows\n", name, one->nrows, other->nrows);
        pair->ndifferences++;
        return;
    }
    for (size_t c = 0; c < one->ncolumns; c++)
        compare_column(pair, one, other, one->columns[c]);
    for (size_t c = 0; c < other->ncolumns && pair->choice->columns == NULL; c++)
        if (ixs_table_find(&one->layout.table, other->columns[c]->name) == NULL) {
            fprintf(pair->out, "%s.%s: only in the second\n", name, other->columns[c]->name);
            pair->ndifferences++;
        }
}

/* ---- keywords -------------------------------------------------------------------------------- */

/* Keywords that say how the file lies, which the tables tell better, or that follow from bytes. */
static bool is_structure(const char *card)
{
    static const char *const fronts[] = {"CHECKSUM", "DATASUM ", "NAXIS",   "TFORM",   "TTYPE",
                                         "TUNIT",    "TCOMM",    "TNULL",   "BITPIX",  "PCOUNT",
                                         "GCOUNT",   "TFIELDS",  "SIMPLE",  "EXTEND",  "XTENSION",
                                         "EXTNAME",  "NEXTEND",  "COMMENT", "CREATOR", "END     "};
    for (size_t i = 0; i < IXS_COUNT(fronts); i++)
        if (strncmp(card, fronts[i], strlen(fronts[i])) == 0)
            return true;
    return card[8] != '=';
}

/* What stands between = and the comment, without blanks around it. */
static void value_of(const char *card, char room[72])
{
    const char *from = card + 10, *end = card + 80, *to;
    while (from < end && *from == ' ')
        from++;
    if (*from == '\'') /* a quote inside a text is doubled */
        for (to = from + 1; to < end && !(to[0] == '\'' && (to + 1 == end || to[1] != '\''));)
            to += *to == '\'' ? 2 : 1;
    else
        for (to = from; to < end && *to != '/';)
            to++;
    to += to < end && *to == '\'';
    while (to > from && to[-1] == ' ')
        to--;
    snprintf(room, 72, "%.*s", (int)(to - from), from);
}

static bool same_value(const char *a, const char *b, double rtol)
{
    double left, right;
    if (strcmp(a, b) == 0)
        return true;
    return ixs_number(a, &left) && ixs_number(b, &right) && !(distance(left, right, NAN) > rtol);
}

static const char *find_card(const char *cards, size_t count, const char *card)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(cards + 80 * i, card, 8) == 0)
            return cards + 80 * i;
    return NULL;
}

static void compare_cards(struct pair *pair, size_t hdu, size_t other_hdu)
{
    size_t count, others;
    const char *cards = ixs_reader_cards(pair->one, hdu, &count);
    const char *beside = ixs_reader_cards(pair->other, other_hdu, &others);
    const char *name = ixs_reader_name(pair->one, hdu);
    for (size_t i = 0; i < count; i++) {
        char left[72], right[72] = "none";
        const char *card = cards + 80 * i, *match = find_card(beside, others, card);
        if (is_structure(card))
            continue;
        value_of(card, left);
        if (match != NULL)
            value_of(match, right);
        if (same_value(left, right, pair->choice->rtol))
            continue;
        fprintf(pair->out, "%s%s%.*s: %s and %s\n", name, name[0] != '\0' ? " " : "",
                (int)strcspn(card, " ="), card, left, right);
        pair->ndifferences++;
    }
}

/* ---- tables ---------------------------------------------------------------------------------- */

static size_t find_hdu(const struct ixs_reader *reader, const char *name)
{
    size_t hdu = ixs_reader_count(reader);
    while (hdu > 0 && strcmp(ixs_reader_name(reader, hdu), name) != 0)
        hdu--;
    return hdu;
}

static bool is_asked(const struct pair *pair, const char *name)
{
    if (pair->choice->table != NULL)
        return strcmp(name, pair->choice->table) == 0;
    return strcmp(name, "PROVENANCE") != 0 && strcmp(name, "CONFIG") != 0;
}

static bool compare_table(struct pair *pair, size_t hdu, struct ixs_err *err)
{
    struct ixs_rows one = {0}, other = {0};
    const char *name = ixs_reader_name(pair->one, hdu);
    size_t beside = find_hdu(pair->other, name);
    if (beside == 0) {
        fprintf(pair->out, "%s: only in the first\n", name);
        pair->ndifferences++;
        return true;
    }
    bool ok = ixs_rows_read(&one, pair->one, name, pair->choice->columns, err) &&
              ixs_rows_read(&other, pair->other, name, pair->choice->columns, err);
    if (ok) {
        compare_cards(pair, hdu, beside);
        compare_rows(pair, &one, &other);
    }
    ixs_rows_dispose(&one);
    ixs_rows_dispose(&other);
    return ok;
}

static bool compare_tables(struct pair *pair, struct ixs_err *err)
{
    bool ok = true, any = false;
    compare_cards(pair, 0, 0);
    for (size_t hdu = 1; ok && hdu <= ixs_reader_count(pair->one); hdu++)
        if (is_asked(pair, ixs_reader_name(pair->one, hdu))) {
            ok = compare_table(pair, hdu, err);
            any = true;
        }
    for (size_t hdu = 1; ok && hdu <= ixs_reader_count(pair->other); hdu++) {
        const char *name = ixs_reader_name(pair->other, hdu);
        if (!is_asked(pair, name) || find_hdu(pair->one, name) > 0)
            continue;
        fprintf(pair->out, "%s: only in the second\n", name);
        pair->ndifferences++;
    }
    if (ok && !any && pair->choice->table != NULL)
        return ixs_fail_at(err, IXS_USAGE, ixs_reader_path(pair->one), 0,
                           "found no table %s, expected one", pair->choice->table);
    return ok;
}

bool ixs_diff(FILE *out, size_t npaths, const char *const *paths,
              const struct ixs_diff_choice *choice, struct ixs_err *err)
{
    struct pair pair = {.choice = choice, .out = out};
    if (npaths != 2)
        return ixs_fail(err, IXS_USAGE, "found %zu products, expected two with --diff", npaths);
    bool ok = ixs_reader_open(&pair.one, paths[0], NULL, choice->reading, err) &&
              ixs_reader_open(&pair.other, paths[1], NULL, choice->reading, err) &&
              compare_tables(&pair, err);
    ixs_reader_close(pair.one);
    ixs_reader_close(pair.other);
    if (ok && pair.ndifferences > 0)
        return ixs_fail(err, IXS_NOT_GOOD, "%s and %s differ", paths[0], paths[1]);
    return ok;
}
