/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a spectrum's counts tell of the analyzer before anything is fitted.
 */
#include "calib/instrument/quality.h"

#include "base/array.h"
#include "models/numerics/surprise.h"

#include <math.h>
#include <stdlib.h>

static const double four_ln2 = 2.7725887222397811;

struct limit {     /* when a point is too high for a spectrum */
    double factor; /* times the bound */
    double chance;
};
static const struct limit burst_limit = {2.0, 1e-6}, rough_limit = {1.0, 1e-3};
static const double signal_limit = 25.0;
static const double usual_fwhm = 1.5;  /* meV, of a line searched for where no response is known */
static const double usual_share = 0.6; /* of it: the narrowest true feature */

static double known(double value, double otherwise)
{
    return isfinite(value) ? value : otherwise;
}

void ixs_quality_widths(const struct ixs_instrument *instrument, const char *analyzer, double *fwhm,
                        double *narrowest)
{
    const struct ixs_analyzer *place =
        instrument != NULL ? ixs_instrument_find(instrument, analyzer) : NULL;
    double common = instrument != NULL ? known(instrument->fwhm, usual_fwhm) : usual_fwhm;
    *fwhm = known(place != NULL ? place->fwhm : NAN, common);
    *narrowest = known(instrument != NULL ? instrument->narrowest : NAN, usual_share * *fwhm);
}

/* The neighbour of i that is `steps` usable points away in direction +1 or -1; n if none. */
static size_t neighbour(size_t n, const struct ixs_point *points, size_t i, int direction,
                        int steps)
{
    for (size_t j = i; (direction > 0 ? j + 1 < n : j > 0);) {
        j = direction > 0 ? j + 1 : j - 1;
        if (!ixs_flags_bar(points[j].flags) && --steps == 0)
            return j;
    }
    return n;
}

/* Chance of at least `counts` where the mean is a sum of c[k] times the means of two points that
 * had seen[k] counts (half a count added to each, as Jeffreys' prior does). */
static double chance(double counts, const double seen[2], const double c[2])
{
    double mean = c[0] * (seen[0] + 0.5) + c[1] * (seen[1] + 0.5);
    double variance = c[0] * c[0] * (seen[0] + 0.5) + c[1] * c[1] * (seen[1] + 0.5);
    return ixs_surprise_high(counts, mean, variance);
}

static double growth(double distance, double narrowest)
{
    double ratio = distance / narrowest;
    return exp(fmin(four_ln2 * ratio * ratio, 50.0));
}

static bool exceeds(size_t n, const struct ixs_point *points, size_t i, int steps, double narrowest,
                    const struct limit *limit)
{
    size_t before = neighbour(n, points, i, -1, steps), after = neighbour(n, points, i, 1, steps);
    if (before == n || after == n)
        return false;
    const struct ixs_point *p = &points[i], *side[2] = {&points[before], &points[after]};
    double a = p->energy - side[0]->energy, b = side[1]->energy - p->energy;
    if (!(a * b > 0.0))
        return false;
    double seen[2], c[2] = {b / (a + b) * growth(a, narrowest), a / (a + b) * growth(b, narrowest)};
    for (int k = 0; k < 2; k++) {
        seen[k] = side[k]->counts;
        c[k] *= p->exposure / side[k]->exposure;
    }
    return p->counts > limit->factor * (c[0] * seen[0] + c[1] * seen[1]) &&
           chance(p->counts, seen, c) < limit->chance;
}

static bool stands_out(size_t n, const struct ixs_point *points, size_t i, double narrowest,
                       const struct limit *limit)
{
    return !ixs_flags_bar(points[i].flags) && (exceeds(n, points, i, 1, narrowest, limit) ||
                                               exceeds(n, points, i, 2, narrowest, limit));
}

size_t ixs_quality_bursts(size_t n, struct ixs_point *points, double narrowest)
{
    size_t found = 0, before;
    do {
        before = found;
        for (size_t i = 0; i < n; i++)
            if (stands_out(n, points, i, narrowest, &burst_limit)) {
                points[i].flags |= IXS_FLAG_BURST;
                found++;
            }
    } while (found > before);
    return found;
}

size_t ixs_quality_rough(size_t n, const struct ixs_point *points, double narrowest)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        found += stands_out(n, points, i, narrowest, &rough_limit);
    return found;
}

/* ---- is there a line? ------------------------------------------------------------------------ */

struct line { /* rate of point i = level + height shape[i] */
    double level, height;
    const double *shape; /* [n] exp(-4 ln2 (E - center)^2 / fwhm^2) */
};

static double deviance(size_t n, const struct ixs_point *points, const struct line *line)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        if (ixs_flags_bar(points[i].flags))
            continue;
        double rate = line->level + line->height * line->shape[i];
        double mean = points[i].exposure * rate + points[i].dark, counts = points[i].counts;
        sum += mean - counts + (counts > 0.0 ? counts * log(counts / mean) : 0.0);
    }
    return 2.0 * sum;
}

/* One step of expectation maximization (Dempster, Laird & Rubin 1977, J. R. Stat. Soc. B 39, 1):
 * never makes the likelihood smaller and never a component negative. */
static void step(size_t n, const struct ixs_point *points, struct line *line)
{
    double level = 0.0, height = 0.0, level_exposure = 0.0, height_exposure = 0.0;
    for (size_t i = 0; i < n; i++) {
        const struct ixs_point *p = &points[i];
        if (ixs_flags_bar(p->flags))
            continue;
        double shape = line->shape[i];
        double mean = p->exposure * (line->level + line->height * shape) + p->dark;
        double share = mean > 0.0 ? p->counts * p->exposure / mean : 0.0;
        level += share * line->level;
        height += share * line->height * shape;
        level_exposure += p->exposure;
        height_exposure += p->exposure * shape;
    }
    line->level = fmax(level / level_exposure, 1e-12);
    line->height = height / fmax(height_exposure, 1e-12);
}

static double fitted_deviance(size_t n, const struct ixs_point *points, struct line line)
{
    for (int i = 0; i < 40; i++)
        step(n, points, &line);
    return deviance(n, points, &line);
}

static double mean_rate(size_t n, const struct ixs_point *points)
{
    double counts = 0.0, exposure = 0.0;
    for (size_t i = 0; i < n; i++)
        if (!ixs_flags_bar(points[i].flags)) {
            counts += points[i].counts;
            exposure += points[i].exposure;
        }
    return exposure > 0.0 ? counts / exposure : 0.0;
}

static void put_line(size_t n, const struct ixs_point *points, double center, double fwhm,
                     double *shape)
{
    for (size_t i = 0; i < n; i++) {
        double away = (points[i].energy - center) / fwhm;
        shape[i] = !ixs_flags_bar(points[i].flags) ? exp(-four_ln2 * away * away) : 0.0;
    }
}

bool ixs_quality_signal(size_t n, const struct ixs_point *points, double fwhm, double enough,
                        double *ratio, struct ixs_err *err)
{
    double rate = mean_rate(n, points), *shape = NULL;
    *ratio = 0.0;
    if (!(rate > 0.0))
        return true;
    if (!IXS_NEW(shape, n, err))
        return false;
    double flat = fitted_deviance(n, points, (struct line){rate, 0.0, shape});
    for (double width = fwhm; width < 10.0 * fwhm; width *= 3.0) {
        double last = INFINITY; /* energy of the last place tried */
        for (size_t i = 0; i < n && *ratio <= enough; i++) {
            if (ixs_flags_bar(points[i].flags) || fabs(points[i].energy - last) < width / 4.0)
                continue;
            last = points[i].energy;
            put_line(n, points, last, width, shape);
            *ratio =
                fmax(*ratio, flat - fitted_deviance(n, points, (struct line){rate, rate, shape}));
        }
    }
    free(shape);
    return true;
}

static double sum_counts(size_t n, const struct ixs_point *points, int64_t flags)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        if ((points[i].flags & ~(int64_t)IXS_FLAGS_TOLD) == flags)
            sum += points[i].counts;
    return sum;
}

bool ixs_quality_word(size_t n, struct ixs_point *points, double narrowest, double fwhm,
                      const char **word, struct ixs_err *err)
{
    size_t bursts = ixs_quality_bursts(n, points, narrowest);
    size_t odd = bursts + ixs_quality_rough(n, points, narrowest);
    bool mostly = bursts > 0 && sum_counts(n, points, IXS_FLAG_BURST) >= sum_counts(n, points, 0);
    double ratio = 0.0;
    *word = "bursts";
    if (mostly || (odd >= 3 && 100 * odd >= 3 * n))
        return true;
    if (!ixs_quality_signal(n, points, fwhm, signal_limit, &ratio, err))
        return false;
    *word = ratio < signal_limit ? "no-signal" : "good";
    return true;
}
