/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a scan looks good for. A glass lights many analyzers at once, each with its resolution line
 * and little else; a crystal lights one, near a Bragg point (HERIX: all 30 scans of a plexiglas run
 * light three analyzers or more, none of 74 scans of a crystal more than one).
 */
#include "calib/plan/plan.h"

#include "base/array.h"
#include "base/median.h"
#include "calib/energy/axis.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    double least_peak;   /* counts */
    double above_median; /* times */
    double share;        /* of the counts within `reach` of the peak */
    double reach;        /* meV, where the instrument states no FWHM */
    double reach_in_fwhm;
    size_t least_lit;     /* analyzers */
    double least_seconds; /* a point of a phonon scan */
    double least_range;   /* meV, of an energy scan */
    size_t least_points;
} rules = {300, 10, 0.8, 4.0, 2.6, 2, 5.0, 1.0, 10};

static double value_at(const struct ixs_raw *raw, size_t i, long column)
{
    return raw->values[i * raw->nlabels + (size_t)column];
}

/* Has this analyzer one line of the width of a response, and little beside it? room[npoints]. */
static bool lit(const struct ixs_raw *raw, const struct ixs_axis *axis, long column, double *room)
{
    const struct ixs_instrument *instrument = axis->instrument;
    size_t top = 0, n = 0;
    double sum = 0, near = 0, most = 0;
    double reach = isnan(instrument->fwhm) ? rules.reach : rules.reach_in_fwhm * instrument->fwhm;
    for (size_t i = 0; i < raw->npoints; i++)
        if (value_at(raw, i, column) > most)
            most = value_at(raw, top = i, column);
    for (size_t i = 0; i < raw->npoints; i++) {
        double counts = value_at(raw, i, column);
        double away = ixs_axis_energy(axis, &raw->values[i * raw->nlabels]) -
                      ixs_axis_energy(axis, &raw->values[top * raw->nlabels]);
        if (isnan(counts))
            continue;
        room[n++] = counts;
        sum += counts;
        near += fabs(away) <= reach ? counts : 0;
    }
    return n > 0 && most >= rules.least_peak && near >= rules.share * sum &&
           most >= rules.above_median * ixs_median(n, room);
}

static size_t count_lit(const struct ixs_raw *raw, const struct ixs_axis *axis, double *room)
{
    size_t count = 0;
    for (size_t a = 0; a < axis->instrument->nanalyzers; a++) {
        struct ixs_axis own = *axis;
        long column = ixs_raw_label(raw, axis->instrument->analyzers[a].name);
        ixs_axis_choose(&own, raw, &axis->instrument->analyzers[a]);
        count += column >= 0 && lit(raw, &own, column, room);
    }
    return count;
}

/* Counting time of a point, s: the typical one of the column, else what #T states; NaN if the scan
 * does not tell. */
static double seconds_of(const struct ixs_raw *raw, const struct ixs_instrument *instrument,
                         double *room)
{
    long column = ixs_raw_label(raw, instrument->time);
    size_t n = 0;
    for (size_t i = 0; column >= 0 && i < raw->npoints; i++)
        if (!isnan(value_at(raw, i, column)))
            room[n++] = value_at(raw, i, column);
    if (n > 0)
        return ixs_median(n, room);
    return raw->keys.preset > 0 ? raw->keys.preset : NAN;
}

static bool has_analyzer(const struct ixs_raw *raw, const struct ixs_instrument *instrument)
{
    for (size_t a = 0; a < instrument->nanalyzers; a++)
        if (ixs_raw_label(raw, instrument->analyzers[a].name) >= 0)
            return true;
    return false;
}

/* A scan of the energy that broke off at once has not moved it yet. */
static bool scans_energy(struct ixs_axis *axis, const struct ixs_raw *raw,
                         const struct ixs_instrument *instrument)
{
    struct ixs_err none = IXS_ERR_NONE;
    double low, high;
    if (!ixs_axis_open(axis, raw, "", instrument, &none))
        return false;
    ixs_axis_range(axis, raw, &low, &high);
    return high - low >= rules.least_range ||
           (axis->column == 0 && raw->npoints < rules.least_points);
}

const char ixs_role_no_energy[] = "no energy scan";

struct opinion {
    enum ixs_role role;
    char *why; /* [121] */
};

static void because(struct opinion *opinion, enum ixs_role role, const char *reason)
{
    opinion->role = role;
    ixs_copy(opinion->why, 121, reason);
}

static void judge_energy_scan(struct opinion *opinion, const struct ixs_raw *raw,
                              const struct ixs_axis *axis, double *room)
{
    size_t nlit = count_lit(raw, axis, room);
    double seconds = seconds_of(raw, axis->instrument, room);
    if (nlit >= rules.least_lit) {
        opinion->role = IXS_ROLE_REFERENCE;
        snprintf(opinion->why, 121, "%zu analyzers see one line and little else", nlit);
    } else if (seconds < rules.least_seconds) {
        opinion->role = IXS_ROLE_OTHER;
        snprintf(opinion->why, 121, "%g s a point: a search, not a spectrum", seconds);
    } else {
        because(opinion, IXS_ROLE_PHONON,
                nlit == 1 ? "an energy scan; one analyzer sees an elastic line" : "an energy scan");
    }
}

static void judge(struct opinion *opinion, const struct ixs_raw *raw,
                  const struct ixs_instrument *instrument, double *room)
{
    struct ixs_axis axis;
    opinion->role = IXS_ROLE_OTHER;
    if (raw->npoints == 0)
        because(opinion, IXS_ROLE_OTHER, "no points");
    else if (!scans_energy(&axis, raw, instrument))
        because(opinion, IXS_ROLE_OTHER, ixs_role_no_energy);
    else if (!has_analyzer(raw, instrument))
        because(opinion, IXS_ROLE_OTHER, "no analyzer was recorded");
    else if (raw->npoints < rules.least_points)
        snprintf(opinion->why, 121, "%zu points are too few", raw->npoints);
    else
        judge_energy_scan(opinion, raw, &axis, room);
}

// NOLINTNEXTLINE(readability-non-const-parameter): filled through the opinion
bool ixs_role_guess(enum ixs_role *role, char why[121], const struct ixs_raw *raw,
                    const struct ixs_instrument *instrument, struct ixs_err *err)
{
    struct opinion opinion = {.why = why};
    double *room = NULL;
    if (!IXS_NEW(room, raw->npoints, err))
        return false;
    judge(&opinion, raw, instrument, room);
    free(room);
    *role = opinion.role;
    return true;
}
