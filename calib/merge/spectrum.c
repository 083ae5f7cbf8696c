/* SPDX-License-Identifier: GPL-3.0-or-later
 * The row of a merged spectrum: means by exposure of what its scans have, and what each brought.
 */
#include "calib/merge/parts.h"

#include "base/array.h"
#include "base/path.h"
#include "calib/instrument/quality.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double disagree = 1e-4;      /* chance below which a scan differs */
static const double far_off = 5.0;        /* errors */
static const double telling_scale = 0.03; /* normalisation is not better than this */
static const double telling_shift = 0.05; /* meV */
static const double left_out_share = 0.5; /* of the points: what remains is not to be trusted */

size_t ixs_merge_count(const struct ixs_merging *merging, size_t group)
{
    size_t count = 0;
    for (size_t i = merging->heads[group]; i < merging->nmembers; i++)
        count += merging->members[i].group == group && !merging->members[i].repeated;
    return count;
}

/* ---- MERGED -----------------------------------------------------------------------------------
 */

static void count_point(struct ixs_merged *row, const struct ixs_merge_member *member, size_t i,
                        double reference)
{
    const struct ixs_point *point = &member->points[i];
    enum ixs_repeats_mark mark = member->mark[i];
    row->flagged += ixs_flags_bar(point->flags);
    row->spikes += mark == IXS_REPEATS_HIGH;
    row->dips += mark == IXS_REPEATS_LOW;
    row->lost += mark == IXS_REPEATS_LOST;
    if (ixs_flags_bar(point->flags) || mark != IXS_REPEATS_GOOD)
        return;
    row->used++;
    row->counts += point->counts;
    row->exposure += point->exposure * reference;
}

static const char *status_of(const struct ixs_merged *row, const struct ixs_merge_member *member,
                             size_t count)
{
    if (count == 1)
        return "single";
    if (strcmp(member->row->statist, "POISSON") != 0)
        return "not-compared";
    if (row->p_value < disagree)
        return "differs";
    if (fabs(row->scale - 1.0) > fmax(far_off * row->scale_err, telling_scale))
        return "scale";
    if (fabs(row->own_shift) > fmax(far_off * row->own_shift_err, telling_shift))
        return "shift";
    return "good";
}

static void fill_merged(struct ixs_merged *row, const struct ixs_merging *merging,
                        const struct ixs_merge_member *member, size_t count)
{
    const struct ixs_repeats_agreement *agreement = &member->agreement;
    bool alone = count == 1;
    *row = (struct ixs_merged){.zero = member->row->zero,
                               .zero_err = member->row->zero_err,
                               .shift = member->shift,
                               .shift_err = member->shift_err,
                               .own_shift = agreement->own_shift,
                               .own_shift_err = agreement->own_shift_err,
                               .scale = alone ? NAN : agreement->scale,
                               .scale_err = alone ? NAN : agreement->scale_err,
                               .deviance = alone ? NAN : agreement->deviance,
                               .dof = alone ? NAN : agreement->dof,
                               .p_value = alone ? NAN : agreement->p_value,
                               .npoints = (int64_t)member->npoints};
    ixs_copy(row->analyzer, sizeof row->analyzer, member->row->analyzer);
    ixs_copy(row->scans, sizeof row->scans, member->row->scans);
    ixs_copy(row->source, sizeof row->source, ixs_base_name(merging->inputs[member->input].path));
    for (size_t i = 0; i < member->npoints; i++)
        count_point(row, member, i, ixs_merge_reference(merging, member->input));
    ixs_copy(row->status, sizeof row->status, status_of(row, member, count));
}

/* ---- the names of scans ------------------------------------------------------------------------
 */

static int by_number(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* Adds the numbers of "12,14-16". */
static void read_scans(const char *text, size_t most, int64_t *numbers, size_t *n)
{
    char *end;
    for (long long from = strtoll(text, &end, 10); end != text; from = strtoll(text, &end, 10)) {
        long long to = from;
        if (*end == '-')
            to = strtoll(end + 1, &end, 10);
        for (; from <= to && *n < most; from++)
            numbers[(*n)++] = from;
        text = *end == ',' ? end + 1 : end;
        if (*end != ',')
            return;
    }
}

/* "12,14-16"; what finds no room is an ellipsis. */
static void write_scans(char *room, size_t size, size_t n, int64_t *numbers)
{
    size_t length = 0, count = 0;
    qsort(numbers, n, sizeof *numbers, by_number);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || numbers[i] != numbers[i - 1])
            numbers[count++] = numbers[i];
    room[0] = '\0';
    for (size_t i = 0, last; i < count; i = last + 1) {
        char one[48];
        for (last = i; last + 1 < count && numbers[last + 1] == numbers[last] + 1;)
            last++;
        last = last == i + 1 ? i : last; /* two are no range */
        // cppcheck-suppress duplicateExpressionTernary; it reads to the first PRId64 alone
        snprintf(one, sizeof one, last > i ? "%s%" PRId64 "-%" PRId64 : "%s%" PRId64,
                 i > 0 ? "," : "", numbers[i], numbers[last]);
        bool fits = length + strlen(one) + (last + 1 < count ? 4 : 0) < size;
        length += (size_t)snprintf(room + length, size - length, "%s", fits ? one : ",...");
        if (!fits)
            return;
    }
}

void ixs_merge_scans(const struct ixs_merging *merging, size_t group, size_t size, char *room)
{
    int64_t numbers[512];
    size_t n = 0;
    for (size_t i = merging->heads[group]; i < merging->nmembers; i++)
        if (merging->members[i].group == group && !merging->members[i].repeated)
            read_scans(merging->members[i].row->scans, IXS_COUNT(numbers), numbers, &n);
    if (n > 0)
        write_scans(room, size, n, numbers);
    else
        ixs_copy(room, size, merging->members[merging->heads[group]].row->scans);
}

/* ---- means -------------------------------------------------------------------------------------
 */

struct mean {
    double sum, weight;
};

static void weigh(struct mean *mean, double value, double weight)
{
    mean->sum += weight * value;
    mean->weight += weight;
}

static double value_of(const struct mean *mean, double otherwise)
{
    return mean->weight > 0.0 && isfinite(mean->sum) ? mean->sum / mean->weight : otherwise;
}

struct averaged { /* a column that is averaged by exposure, or its inverse: a factor in it */
    size_t offset;
    bool factor;
};

#define AVERAGED(member, factor)                                                                   \
    {                                                                                              \
        offsetof(struct ixs_spectrum, member), factor                                              \
    }
static const struct averaged averaged[] = {
    AVERAGED(temperature, false), AVERAGED(two_theta, false), AVERAGED(gamma, false),
    AVERAGED(q, false),           AVERAGED(q_width, false),   AVERAGED(h, false),
    AVERAGED(k, false),           AVERAGED(l, false),         AVERAGED(q_h, false),
    AVERAGED(q_k, false),         AVERAGED(q_l, false),       AVERAGED(q_reduced, false),
    AVERAGED(q_angle, false),     AVERAGED(efficiency, true), AVERAGED(polarization, true),
    AVERAGED(form_factor, true),  AVERAGED(absorption, true),
};

static double *column_of(struct ixs_spectrum *row, size_t offset)
{
    return (double *)(void *)((char *)row + offset);
}

static double read_column(const struct ixs_spectrum *row, size_t offset)
{
    double value;
    memcpy(&value, (const char *)row + offset, sizeof value);
    return value;
}

static void average(struct ixs_spectrum *out, const struct ixs_merging *merging, size_t group,
                    const struct ixs_merged *rows)
{
    for (size_t c = 0; c < IXS_COUNT(averaged); c++) {
        struct mean mean = {0.0, 0.0};
        const struct ixs_merged *row = rows;
        double *place = column_of(out, averaged[c].offset);
        for (size_t i = merging->heads[group]; i < merging->nmembers; i++) {
            const struct ixs_merge_member *member = &merging->members[i];
            if (member->group != group || member->repeated)
                continue;
            double value = read_column(member->row, averaged[c].offset);
            weigh(&mean, averaged[c].factor ? 1.0 / value : value, (row++)->exposure);
        }
        double found = value_of(&mean, NAN);
        if (isfinite(found))
            *place = averaged[c].factor ? 1.0 / found : found;
    }
}

/* Standard error of the mean of shifts, by their own scatter. */
static double scatter_of(size_t n, const struct ixs_merged *rows)
{
    double mean = 0.0, sum = 0.0;
    for (size_t i = 0; i < n; i++)
        mean += rows[i].shift / (double)n;
    for (size_t i = 0; i < n; i++)
        sum += (rows[i].shift - mean) * (rows[i].shift - mean);
    return sqrt(sum / (double)(n * (n - 1)));
}

/* The zero that is taken off all in all. Scans whose zero is not known are aligned with those whose
 * is. The error is as if those of all scans were one: what calibration has in common does not
 * become less by repeating; nor is it less than the scans' own scatter leaves of their mean. */
static void take_zero(struct ixs_spectrum *out, size_t n, const struct ixs_merged *rows)
{
    struct mean zero = {0.0, 0.0}, error = {0.0, 0.0};
    bool all = true;
    for (size_t i = 0; i < n; i++) {
        weigh(&zero, rows[i].zero + rows[i].shift + rows[i].own_shift, rows[i].exposure);
        all = all && isfinite(rows[i].zero_err);
        if (rows[i].zero_err > 0.0)
            weigh(&error, rows[i].zero_err, 1.0 / (rows[i].zero_err * rows[i].zero_err));
        else if (rows[i].zero_err == 0.0)
            weigh(&error, 0.0, 1e300);
    }
    out->zero = value_of(&zero, out->zero);
    out->zero_err = value_of(&error, NAN);
    if (all)
        out->zero_err = fmax(out->zero_err, scatter_of(n, rows));
}

/* Errors are the largest of any scan, and for the temperature at least half its range. */
static void take_errors(struct ixs_spectrum *out, const struct ixs_merging *merging, size_t group)
{
    double coldest = INFINITY, hottest = -INFINITY;
    for (size_t i = merging->heads[group]; i < merging->nmembers; i++) {
        const struct ixs_spectrum *row = merging->members[i].row;
        if (merging->members[i].group != group || merging->members[i].repeated)
            continue;
        coldest = fmin(coldest, row->temperature);
        hottest = fmax(hottest, row->temperature);
        out->temperature_err = fmax(out->temperature_err, row->temperature_err);
        out->scale_err = fmax(out->scale_err, row->scale_err);
    }
    if (hottest > coldest)
        out->temperature_err = fmax(out->temperature_err, 0.5 * (hottest - coldest));
}

/* ---- quality -----------------------------------------------------------------------------------
 */

/* By the points that are kept: bursts that other scans showed are no blemish of the rest. */
static bool judge(struct ixs_spectrum *spectrum, size_t n, struct ixs_point *points, bool several,
                  const struct ixs_merge_rules *rules, struct ixs_err *err)
{
    double narrowest = ixs_merge_narrowest(rules, spectrum->analyzer);
    double fwhm = ixs_merge_fwhm(rules, spectrum->analyzer);
    struct ixs_point *kept = NULL;
    const char *word = "";
    size_t count = 0;
    if (strcmp(spectrum->statist, "POISSON") != 0)
        return true;
    if (!several)
        return true;
    if (!IXS_NEW(kept, n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!ixs_flags_bar(points[i].flags))
            kept[count++] = points[i];
    bool ok = ixs_quality_word(count, kept, narrowest, fwhm, &word, err);
    for (size_t i = 0, k = 0; ok && i < n; i++)
        if (!ixs_flags_bar(points[i].flags))
            points[i].flags = kept[k++].flags;
    if ((double)count < left_out_share * (double)n)
        word = "bursts";
    else if (strcmp(word, "good") == 0 && (strcmp(spectrum->quality, "masked") == 0 ||
                                           strcmp(spectrum->quality, "uncalibrated") == 0))
        word = spectrum->quality;
    if (ok && word != spectrum->quality)
        ixs_copy(spectrum->quality, sizeof spectrum->quality, word);
    free(kept);
    return ok;
}

bool ixs_merge_spectrum(struct ixs_spectra *out, const struct ixs_merging *merging, size_t group,
                        struct ixs_err *err)
{
    const struct ixs_merge_member *head = &merging->members[merging->heads[group]];
    struct ixs_spectrum *row = &out->spectra[out->nspectra];
    struct ixs_point *points = out->points + out->npoints;
    struct ixs_merged *rows = out->merged + out->nmerged;
    size_t count = ixs_merge_count(merging, group), n = 0;
    *row = *head->row;
    row->spectrum = (int64_t)++out->nspectra;
    ixs_spectrum_without_elastic(row);
    for (size_t i = merging->heads[group]; i < merging->nmembers; i++)
        if (merging->members[i].group == group && !merging->members[i].repeated) {
            fill_merged(&rows[n], merging, &merging->members[i], count);
            rows[n++].spectrum = row->spectrum;
        }
    out->nmerged += n;
    if (count > 1) {
        ixs_merge_scans(merging, group, sizeof row->scans, row->scans);
        average(row, merging, group, rows);
        take_zero(row, n, rows);
        take_errors(row, merging, group);
    }
    size_t npoints = ixs_merge_points(points, merging, group);
    row->npoints = (int64_t)npoints;
    out->npoints += npoints;
    for (size_t i = 0; i < npoints; i++)
        points[i].spectrum = row->spectrum;
    return judge(row, npoints, points, count > 1, merging->rules, err);
}
