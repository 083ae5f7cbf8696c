/* SPDX-License-Identifier: GPL-3.0-or-later
 * The counts behind the figures of an archive. With y = f N/m and error = y/sqrt(N), N counts at
 * monitor m and f one factor for the analyzer,
 *   N = (y/error)^2 = y m/f,
 * and each rounded figure leaves an interval for N. A point whose intervals have one whole number
 * in common is known exactly. That all of them have one is taken as proof that the errors were
 * those of counting: rounded figures of anything else would seldom do so.
 */
#include "calib/archive/parts.h"

#include "base/array.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double proof = -14.0; /* ln of the chance of a coincidence: 1e-6 */

struct interval {
    double lo, hi;
};
static const struct interval anything = {0.0, INFINITY};

static struct interval meet(struct interval one, struct interval other)
{
    return (struct interval){fmax(one.lo, other.lo), fmin(one.hi, other.hi)};
}

/* The smallest whole number inside, and how many there are. */
static double whole_in(struct interval interval, double *count)
{
    double first = ceil(interval.lo);
    *count = interval.hi >= first ? floor(interval.hi) - first + 1.0 : 0.0;
    return first;
}

/* (y/error)^2 of rounded figures; nothing is told where one is missing. */
static struct interval from_pair(const struct ixs_archive_trace *trace, enum ixs_archive_role role,
                                 size_t i)
{
    const double *value = trace->value[role], *error = trace->value[role + 1];
    if (value == NULL || error == NULL || !(value[i] >= 0.0) || !(error[i] > 0.0))
        return anything;
    if (value[i] == 0.0 && role == IXS_ARCHIVE_INTENSITY)
        return (struct interval){0.0, 0.0};
    if (value[i] == 0.0)
        return anything;
    double dy = trace->half[role][i], de = trace->half[role + 1][i];
    if (!(dy < value[i]) || !(de < error[i]))
        return anything;
    double lo = (value[i] - dy) / (error[i] + de), hi = (value[i] + dy) / (error[i] - de);
    return (struct interval){lo * lo, hi * hi};
}

static struct interval from_pairs(const struct ixs_archive_trace *trace, size_t i)
{
    static const enum ixs_archive_role roles[] = {IXS_ARCHIVE_INTENSITY, IXS_ARCHIVE_UNIT,
                                                  IXS_ARCHIVE_BALANCED};
    struct interval all = anything;
    for (size_t r = 0; r < IXS_COUNT(roles); r++)
        all = meet(all, from_pair(trace, roles[r], i));
    return all;
}

/* y m, empty where either is missing. */
static bool product_of(const struct ixs_archive_trace *trace, size_t i, struct interval *out)
{
    const double *y = trace->value[IXS_ARCHIVE_INTENSITY];
    const double *m = trace->value[IXS_ARCHIVE_MONITOR];
    if (m == NULL || !(y[i] > 0.0) || !(m[i] > 0.0))
        return false;
    double dy = trace->half[IXS_ARCHIVE_INTENSITY][i], dm = trace->half[IXS_ARCHIVE_MONITOR][i];
    *out = (struct interval){(y[i] - dy) * (m[i] - dm), (y[i] + dy) * (m[i] + dm)};
    return out->lo > 0.0;
}

/* f = y m/N of all points known exactly; false where they have none in common. */
static bool find_factor(const struct ixs_archive_trace *trace, const struct interval *counts,
                        struct interval *factor)
{
    *factor = anything;
    for (size_t i = 0; i < trace->n; i++) {
        struct interval product;
        double number, first = whole_in(counts[i], &number);
        if (number == 1.0 && first > 0.0 && product_of(trace, i, &product))
            *factor = meet(*factor, (struct interval){product.lo / first, product.hi / first});
    }
    return isfinite(factor->hi) && factor->lo <= factor->hi;
}

static void use_factor(const struct ixs_archive_trace *trace, struct interval factor,
                       struct interval *counts)
{
    for (size_t i = 0; i < trace->n; i++) {
        struct interval product, both;
        double number;
        if (!product_of(trace, i, &product))
            continue;
        both = meet(counts[i], (struct interval){product.lo / factor.hi, product.hi / factor.lo});
        whole_in(both, &number);
        if (number >= 1.0)
            counts[i] = both;
    }
}

/* Whether the errors are those of counting. */
static bool is_counting(const struct ixs_archive_trace *trace, const struct interval *counts)
{
    double chance = 0.0;
    size_t against = 0, seen = 0;
    for (size_t i = 0; i < trace->n; i++) {
        double number, width = counts[i].hi - counts[i].lo;
        if (!(counts[i].hi > 0.0) || !(width < 1.0))
            continue;
        whole_in(counts[i], &number);
        seen++;
        if (number == 0.0)
            against++;
        else
            chance += log(fmax(width, 1e-6));
    }
    return chance < proof && against * 50 <= seen;
}

static void settle(struct ixs_archive_counts *out, size_t i, struct interval interval)
{
    double number, first = whole_in(interval, &number);
    double middle = 0.5 * (interval.lo + interval.hi);
    if (number == 1.0) {
        out->counts[i] = first;
        out->nexact++;
    } else if (number > 1.0 && isfinite(interval.hi)) {
        out->counts[i] = round(middle);
        out->flags[i] = IXS_FLAG_INEXACT;
        out->ninexact++;
    } else {
        out->counts[i] = NAN;
        out->flags[i] = IXS_FLAG_COUNTS;
    }
}

static void recover(struct ixs_archive_counts *out, const struct ixs_archive_trace *trace,
                    struct interval *counts)
{
    struct interval factor;
    for (size_t i = 0; i < trace->n; i++)
        counts[i] = from_pairs(trace, i);
    out->known = is_counting(trace, counts);
    if (!out->known)
        return;
    if (find_factor(trace, counts, &factor)) {
        use_factor(trace, factor, counts);
        if (find_factor(trace, counts, &factor)) /* sharper: more points are known now */
            use_factor(trace, factor, counts);
        out->factor = 0.5 * (factor.lo + factor.hi);
    }
    for (size_t i = 0; i < trace->n; i++)
        settle(out, i, counts[i]);
}

/* ---- counts that the archive states ---------------------------------------------------------- */

/* Digits that the column is written with: 5 for 21.396 and 5743.9. */
static double resolution(const struct ixs_archive_trace *trace)
{
    const double *counts = trace->value[IXS_ARCHIVE_COUNTS];
    const double *half = trace->half[IXS_ARCHIVE_COUNTS];
    double digits = 0.0;
    for (size_t i = 0; i < trace->n; i++)
        if (counts[i] >= 1.0 && half[i] < 0.5)
            digits = fmax(digits, round(log10(0.5 / half[i])) + floor(log10(counts[i])) + 1.0);
    return digits;
}

/* Where some counts are not whole the archive has interpolated, and a figure too long to show a
 * fraction may be so too. */
static void take_stated(struct ixs_archive_counts *out, const struct ixs_archive_trace *trace)
{
    const double *counts = trace->value[IXS_ARCHIVE_COUNTS];
    double digits = resolution(trace);
    for (size_t i = 0; i < trace->n; i++)
        out->ninterpolated += counts[i] >= 0.0 && counts[i] != floor(counts[i]);
    bool some = out->ninterpolated > 0;
    for (size_t i = 0; i < trace->n; i++) {
        bool hidden = some && counts[i] >= 1.0 && floor(log10(counts[i])) + 1.0 >= digits;
        bool whole = counts[i] == floor(counts[i]);
        out->counts[i] = counts[i];
        if (!(counts[i] >= 0.0 && counts[i] < 1e15))
            out->flags[i] = IXS_FLAG_COUNTS;
        else if (!whole || hidden)
            out->flags[i] = IXS_FLAG_INTERPOLATED;
        out->nexact += out->flags[i] == 0;
        out->ninterpolated += whole && out->flags[i] == IXS_FLAG_INTERPOLATED;
    }
    out->known = true;
}

bool ixs_archive_counts(struct ixs_archive_counts *out, const struct ixs_archive_trace *trace,
                        struct ixs_err *err)
{
    struct interval *counts = NULL;
    *out = (struct ixs_archive_counts){.factor = NAN};
    bool ok = IXS_NEW(counts, trace->n, err) && IXS_NEW(out->counts, trace->n, err) &&
              IXS_NEW(out->flags, trace->n, err);
    if (ok && trace->value[IXS_ARCHIVE_COUNTS] != NULL)
        take_stated(out, trace);
    else if (ok && trace->value[IXS_ARCHIVE_INTENSITY] != NULL)
        recover(out, trace, counts);
    free(counts);
    return ok;
}

void ixs_archive_counts_dispose(struct ixs_archive_counts *counts)
{
    free(counts->counts);
    free(counts->flags);
    *counts = (struct ixs_archive_counts){0};
}

/* ---- temperature ----------------------------------------------------------------------------- */

/* Of one point: 1 - exp(-E/kT) = r for E > 0, exp(-E/kT) - 1 = r for E < 0. */
static double kelvin_of(double energy, double ratio)
{
    double argument = energy > 0.0 ? -log1p(-ratio) : log1p(ratio);
    return fabs(energy) / (IXS_BOLTZMANN * argument);
}

double ixs_archive_temperature(const struct ixs_archive_trace *trace)
{
    const double *energy = trace->value[IXS_ARCHIVE_ENERGY];
    const double *y = trace->value[IXS_ARCHIVE_INTENSITY];
    const double *balanced = trace->value[IXS_ARCHIVE_BALANCED];
    struct interval kelvin = anything;
    if (energy == NULL || y == NULL || balanced == NULL)
        return NAN;
    for (size_t i = 0; i < trace->n; i++) {
        double dy = trace->half[IXS_ARCHIVE_INTENSITY][i];
        double db = trace->half[IXS_ARCHIVE_BALANCED][i];
        if (!(y[i] > dy) || !(balanced[i] > db) || !(fabs(energy[i]) > 0.0))
            continue;
        double most = (balanced[i] + db) / (y[i] - dy), least = (balanced[i] - db) / (y[i] + dy);
        struct interval here = {kelvin_of(energy[i], most), kelvin_of(energy[i], least)};
        if (isfinite(here.lo) && isfinite(here.hi))
            kelvin = meet(kelvin, here);
    }
    return isfinite(kelvin.hi) && kelvin.lo <= kelvin.hi ? 0.5 * (kelvin.lo + kelvin.hi) : NAN;
}
