/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether two spectra are repeats of each other.
 */
#include "calib/merge/merge.h"

#include "base/array.h"
#include "base/units.h"
#include "models/crystal/lattice.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const double most_kelvin = 2.0, kelvin_share = 0.01;
static const double other_width = 0.05;  /* relative: slits were moved */
static const double other_factor = 1e-6; /* relative: another calibration */

struct pair {
    const struct ixs_spectrum *a, *b;
    const struct ixs_spectra *of_a, *of_b;
    const struct ixs_merge_rules *rules;
    struct ixs_merge_difference *why;
};

static bool differ(const struct pair *pair, const char *format, ...) IXS_PRINTF(2, 3);

/* Always false. */
static bool differ(const struct pair *pair, const char *format, ...)
{
    if (pair->why != NULL) {
        va_list list;
        va_start(list, format);
        vsnprintf(pair->why->text, sizeof pair->why->text, format, list);
        va_end(list);
    }
    return false;
}

/* Both known and far from each other, or only one known. */
static bool apart(double a, double b, double most)
{
    return isfinite(a) != isfinite(b) || fabs(a - b) > most;
}

static bool same_beamtime(const struct pair *pair)
{
    const struct ixs_spectra *a = pair->of_a, *b = pair->of_b;
    if (strcmp(a->keys.origin, b->keys.origin) != 0)
        return differ(pair, "beamtime: %.70s and %.70s", a->keys.origin, b->keys.origin);
    if (strcmp(a->identity.object, b->identity.object) != 0)
        return differ(pair, "sample: %s and %s", a->identity.object, b->identity.object);
    if (strcmp(a->keys.monitor, b->keys.monitor) != 0)
        return differ(pair, "monitor: %s and %s", a->keys.monitor, b->keys.monitor);
    return true;
}

static bool same_calibration(const struct pair *pair)
{
    const struct ixs_spectrum *a = pair->a, *b = pair->b;
    if (strcmp(a->statist, b->statist) != 0)
        return differ(pair, "STATIST: %s and %s", a->statist, b->statist);
    if (strcmp(a->statist, "POISSON") != 0 && !pair->rules->side_by_side)
        return differ(pair, "STATIST: %s: without counts there is nothing to sum", a->statist);
    if (strcmp(a->response, b->response) != 0)
        return differ(pair, "calibration: response %s and %s", a->response, b->response);
    if (apart(a->efficiency, b->efficiency, other_factor * fabs(a->efficiency)))
        return differ(pair, "calibration: efficiency %.6g and %.6g", a->efficiency, b->efficiency);
    return true;
}

static bool same_temperature(const struct pair *pair)
{
    double a = pair->a->temperature, b = pair->b->temperature, most = pair->rules->temperature;
    if (isnan(most))
        most = fmin(most_kelvin, kelvin_share * fmax(a, b));
    if (!apart(a, b, most))
        return true;
    if (isfinite(a) && isfinite(b))
        return differ(pair, "temperature: %.6g and %.6g K, more than %.2g apart", a, b, most);
    return differ(pair, "temperature: known of one alone");
}

/* 1/Angstrom, between the two; by |Q| where there is no crystal. */
static double distance(const struct pair *pair, bool *crystal)
{
    const struct ixs_spectrum *a = pair->a, *b = pair->b;
    double metric[9], hkl[3] = {a->h - b->h, a->k - b->k, a->l - b->l}, q[3];
    *crystal =
        isfinite(hkl[0] + hkl[1] + hkl[2]) && ixs_lattice_b(pair->of_a->keys.lattice, metric);
    if (!*crystal)
        return fabs(a->q - b->q);
    ixs_matrix_apply(metric, hkl, q);
    return sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2]);
}

/* A plan asks of every pair of scans, and most are far apart: the distance is at least
 * 2 pi |difference of h| / a (a Q = 2 pi h), and so on, which needs no metric. */
static bool surely_far(const struct pair *pair)
{
    const struct ixs_spectrum *a = pair->a, *b = pair->b;
    const double *edges = pair->of_a->keys.lattice;
    double most = pair->rules->momentum / (2.0 * IXS_PI);
    return fabs(a->h - b->h) > most * edges[0] || fabs(a->k - b->k) > most * edges[1] ||
           fabs(a->l - b->l) > most * edges[2];
}

static bool same_momentum(const struct pair *pair)
{
    const struct ixs_spectrum *a = pair->a, *b = pair->b;
    bool crystal;
    double away = distance(pair, &crystal);
    if (!isfinite(a->q) && !isfinite(b->q))
        return true;
    if (away <= pair->rules->momentum)
        return true;
    if (crystal)
        return differ(pair, "Q: (%.3f %.3f %.3f) and (%.3f %.3f %.3f), %.4f 1/Angstrom apart", a->h,
                      a->k, a->l, b->h, b->k, b->l, away);
    return differ(pair, "Q: %.4f and %.4f 1/Angstrom", a->q, b->q);
}

static bool same_opening(const struct pair *pair)
{
    const struct ixs_spectrum *a = pair->a, *b = pair->b;
    bool masked = strcmp(a->quality, "masked") == 0;
    if (masked != (strcmp(b->quality, "masked") == 0))
        return differ(pair, "slits: masked in one alone");
    if (apart(a->q_width, b->q_width, other_width * fabs(a->q_width)))
        return differ(pair, "slits: Q_WIDTH %.4f and %.4f 1/Angstrom", a->q_width, b->q_width);
    return true;
}

bool ixs_merge_alike(const struct ixs_spectrum *a, const struct ixs_spectra *of_a,
                     const struct ixs_spectrum *b, const struct ixs_spectra *of_b,
                     const struct ixs_merge_rules *rules, struct ixs_merge_difference *why)
{
    static bool (*const same[])(const struct pair *) = {
        same_beamtime, same_momentum, same_temperature, same_opening, same_calibration};
    const struct pair pair = {a, b, of_a, of_b, rules, why};
    int passed = 0;
    if (why == NULL && surely_far(&pair))
        return false;
    if (why != NULL)
        why->text[0] = '\0';
    while (passed < (int)IXS_COUNT(same) && same[passed](&pair))
        passed++;
    if (why != NULL)
        why->passed = passed;
    return passed == (int)IXS_COUNT(same);
}
