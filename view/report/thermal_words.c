/* SPDX-License-Identifier: GPL-3.0-or-later
 * What modes do with temperature, in words: how many were followed, the exponents of each branch
 * and the laws, where modes are overdamped, the thermal conductivity, what to keep in mind.
 */
#include "view/report/report.h"

#include "base/array.h"
#include "view/show/branch_words.h"
#include "view/report/html.h"
#include "view/plot/thermal.h"
#include "view/quantity.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_MODES = 2000, MOST_GROUPS = 24 };

/* ---- which branch a mode is on --------------------------------------------------------------- */

static bool is_same(const struct ixs_thermal_row *row, const struct ixs_dispersion_point *point)
{
    return row->mode == point->mode && strcmp(row->analyzer, point->analyzer) == 0 &&
           strcmp(row->scans, point->scans) == 0 && strcmp(row->source, point->source) == 0;
}

static int64_t branch_of(const struct ixs_dispersion *d, int64_t series)
{
    for (size_t i = 0; i < d->nthermal; i++)
        for (size_t k = 0; d->thermal[i].series == series && k < d->npoints; k++)
            if (d->points[k].branch > 0 && is_same(&d->thermal[i], &d->points[k]))
                return d->points[k].branch;
    return 0;
}

/* The first branch that is this one at another temperature, as a row of BRANCHES; their number: on
 * none. */
static size_t group_of(const struct ixs_dispersion *d, int64_t branch)
{
    size_t row = 0, first = 0;
    while (row < d->nbranches && d->branches[row].branch != branch)
        row++;
    if (row == d->nbranches)
        return row;
    while (d->branches[first].path_number != d->branches[row].path_number ||
           ixs_branch_rank(d, first) != ixs_branch_rank(d, row))
        first++;
    return first;
}

/* ---- exponents ------------------------------------------------------------------------------- */

struct group { /* modes of one branch */
    size_t n;
    int64_t series[MOST_MODES];
};

struct range { /* of a number with its error */
    size_t n;
    double low[2], high[2], middle;
    double values[MOST_MODES];
};

static void add(struct range *range, double value, double error)
{
    if (!isfinite(value) || range->n == MOST_MODES)
        return;
    if (range->n == 0 || value < range->low[0])
        range->low[0] = value, range->low[1] = error;
    if (range->n == 0 || value > range->high[0])
        range->high[0] = value, range->high[1] = error;
    range->values[range->n++] = value;
}

static int by_size(const void *a, const void *b)
{
    const double *one = a, *other = b;
    return (*one > *other) - (*one < *other);
}

/* "0.74(6)", or "0.59(6) to 0.87(7), median 0.74". */
static void range_words(struct range *range, char sentence[IXS_SENTENCE])
{
    char low[IXS_QUANTITY_SIZE], high[IXS_QUANTITY_SIZE], middle[IXS_QUANTITY_SIZE];
    ixs_quantity(range->low[0], range->low[1], sizeof low, low);
    ixs_quantity(range->high[0], range->high[1], sizeof high, high);
    ixs_sentence_add(sentence, "%s", low);
    if (range->n < 2)
        return;
    qsort(range->values, range->n, sizeof range->values[0], by_size);
    ixs_quantity_plain(range->values[range->n / 2], 3, sizeof middle, middle);
    ixs_sentence_add(sentence, " to %s%s%s", high, range->n > 2 ? ", median " : "",
                     range->n > 2 ? middle : "");
}

static void add_exponents(char sentence[IXS_SENTENCE], const struct ixs_dispersion *d,
                          const struct group *group, const char *quantity, const char *symbol)
{
    struct range range = {.n = 0};
    for (size_t i = 0; i < group->n; i++) {
        const struct ixs_thermal_law_row *row = ixs_thermal_law_of(d, group->series[i], quantity);
        if (row != NULL)
            add(&range, row->exponent, row->exponent_err);
    }
    if (range.n == 0)
        return;
    ixs_sentence_add(sentence, "; %s ∝ T^n, n = ", symbol);
    range_words(&range, sentence);
}

/* "; laws of FWHM: power (16), three+four (2)". */
static void add_laws(char sentence[IXS_SENTENCE], const struct ixs_dispersion *d,
                     const struct group *group)
{
    const char *told[16];
    size_t ntold = 0;
    for (size_t i = 0; i < group->n; i++) {
        const struct ixs_thermal_law_row *row = ixs_thermal_law_of(d, group->series[i], "fwhm");
        size_t count = 0, before = 0;
        while (row != NULL && before < ntold && strcmp(told[before], row->law) != 0)
            before++;
        if (row == NULL || before < ntold || ntold == IXS_COUNT(told))
            continue;
        for (size_t k = i; k < group->n; k++) {
            const struct ixs_thermal_law_row *other =
                ixs_thermal_law_of(d, group->series[k], "fwhm");
            count += other != NULL && strcmp(other->law, row->law) == 0;
        }
        ixs_sentence_add(sentence, "%s%s (%zu)", ntold == 0 ? "; law of FWHM: " : ", ", row->law,
                         count);
        told[ntold++] = row->law;
    }
}

static void add_crossing(char sentence[IXS_SENTENCE], const struct ixs_dispersion *d,
                         const struct group *group, bool ioffe)
{
    struct range range = {.n = 0};
    for (size_t i = 0; i < group->n; i++) {
        const struct ixs_thermal_law_row *row = ixs_thermal_law_of(d, group->series[i], "fwhm");
        if (row != NULL)
            add(&range, ioffe ? row->t_ioffe : row->t_overdamped,
                ioffe ? row->t_ioffe_err : row->t_overdamped_err);
    }
    if (range.n == 0)
        return;
    ixs_sentence_add(sentence, "; %s above ",
                     ioffe ? "beyond the Ioffe-Regel limit" : "overdamped");
    range_words(&range, sentence);
    ixs_sentence_add(sentence, " K (%zu of %zu)", range.n, group->n);
}

static void say_group(FILE *out, const struct ixs_dispersion *d, size_t branch,
                      const struct group *group)
{
    char sentence[IXS_SENTENCE] = "";
    if (branch < d->nbranches)
        ixs_sentence_add(sentence, "branch %" PRId64 ", %s: %zu mode%s", d->branches[branch].branch,
                         d->branches[branch].path, group->n, ixs_html_plural(group->n));
    else
        ixs_sentence_add(sentence, "on no branch: %zu mode%s", group->n, ixs_html_plural(group->n));
    add_exponents(sentence, d, group, "fwhm", "FWHM");
    add_exponents(sentence, d, group, "omega0", "Ω₀");
    add_laws(sentence, d, group);
    add_crossing(sentence, d, group, false);
    add_crossing(sentence, d, group, true);
    ixs_html_item(out, "%s", sentence);
}

static void say_groups(FILE *out, const struct ixs_dispersion *d)
{
    size_t groups[MOST_MODES], n = 0, told = 0;
    int64_t nseries = ixs_thermal_nseries(d);
    for (int64_t s = 1; s <= nseries && n < MOST_MODES; s++)
        groups[n++] = group_of(d, branch_of(d, s));
    for (size_t branch = 0; branch <= d->nbranches && told < MOST_GROUPS; branch++) {
        struct group group = {.n = 0};
        for (size_t i = 0; i < n; i++)
            if (groups[i] == branch)
                group.series[group.n++] = (int64_t)i + 1;
        if (group.n == 0)
            continue;
        say_group(out, d, branch, &group);
        told++;
    }
}

/* ---- all of it ------------------------------------------------------------------------------- */

static bool is_first(const struct ixs_dispersion *d, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (fabs(d->thermal[k].temperature - d->thermal[i].temperature) < 5)
            return false;
    return true;
}

static void say_followed(FILE *out, const struct ixs_dispersion *d)
{
    static const struct {
        const char *told, *words;
    } kinds[] = {{"limit", "widths that are limits"},
                 {"relaxation", "told by their relaxation alone"},
                 {"outlier", "left out as outliers"},
                 {"nothing", "tell nothing"}};
    double coldest = INFINITY, warmest = -INFINITY;
    char sentence[IXS_SENTENCE] = "";
    size_t temperatures = 0;
    for (size_t i = 0; i < d->nthermal; i++) {
        coldest = fmin(coldest, d->thermal[i].temperature);
        warmest = fmax(warmest, d->thermal[i].temperature);
        temperatures += is_first(d, i);
    }
    ixs_sentence_add(sentence,
                     "%" PRId64 " modes were followed through %zu temperatures from %.4g to %.4g K",
                     ixs_thermal_nseries(d), temperatures, coldest, warmest);
    for (size_t k = 0; k < IXS_COUNT(kinds); k++) {
        size_t count = 0;
        for (size_t i = 0; i < d->nthermal; i++)
            count += strcmp(d->thermal[i].told, kinds[k].told) == 0;
        if (count > 0)
            ixs_sentence_add(sentence, "; %zu of %zu %s", count, d->nthermal, kinds[k].words);
    }
    ixs_html_item(out, "%s", sentence);
}

void ixs_report_thermal_words(FILE *out, const struct ixs_dispersion *d)
{
    char sentence[IXS_SENTENCE];
    fputs("<ul>\n", out);
    say_followed(out, d);
    say_groups(out, d);
    if (ixs_thermal_kappa_law(d, sentence))
        ixs_html_item(out, "%s", sentence);
    for (size_t at = 0; ixs_thermal_remark(d, &at, sentence);)
        ixs_html_item(out, "%s", sentence);
    fputs("</ul>\n", out);
}
