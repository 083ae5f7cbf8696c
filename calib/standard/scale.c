/* SPDX-License-Identifier: GPL-3.0-or-later
 * The energy scale from lines of known energy: true = SCALE x axis - ZERO. The zeros come from the
 * elastic lines, so that a wrong scale cannot hide in them:
 *   found_k - zeros - drift = known_k/SCALE,
 * by generalized least squares over scans and lines k, the drift of a scan being common to its
 * lines. An error of what is known is common to all and added at the end.
 */
#include "calib/standard/parts.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

struct place { /* one line in one scan, the mean of its analyzers */
    size_t scan;
    double known, known_err; /* meV */
    double found, variance;  /* meV, zeros and drift taken off */
    double weight;
};

static double square(double x)
{
    return isfinite(x) ? x * x : 0.0;
}

static struct place *place_of(struct place *list, size_t *n, const struct ixs_trace *trace)
{
    for (size_t k = 0; k < *n; k++)
        if (list[k].scan == trace->scan && list[k].known == trace->energy_known)
            return &list[k];
    list[*n] = (struct place){
        .scan = trace->scan, .known = trace->energy_known, .known_err = trace->energy_error};
    return &list[(*n)++];
}

static size_t gather(const struct ixs_standard *standard, struct place *list)
{
    size_t n = 0;
    for (size_t t = 0; t < standard->traces.count; t++) {
        const struct ixs_trace *trace = &standard->traces.list[t];
        const struct ixs_standard_result *result = &standard->results[trace->analyzer];
        if (!trace->known || !trace->found || trace->energy_known == 0.0)
            continue;
        double variance = square(trace->core.zero_err) + square(result->own_err) +
                          square(standard->keys.own_scatter);
        struct place *place = place_of(list, &n, trace);
        place->found += (trace->core.zero - result->zero) / variance;
        place->weight += 1.0 / variance;
    }
    for (size_t k = 0; k < n; k++) {
        list[k].found /= list[k].weight;
        list[k].variance = 1.0 / list[k].weight;
    }
    return n;
}

/* ---- one number ------------------------------------------------------------------------------ */

/* Lines of one scan share its drift: C = diag(v) + d 1 1', inverted by Sherman and Morrison. */
static void add_scan(const struct place *list, size_t n, size_t scan, double drift, double spread,
                     double sums[2])
{
    double one = 0.0, known = 0.0, found = 0.0, square_sum = 0.0, cross = 0.0;
    for (size_t k = 0; k < n; k++) {
        if (list[k].scan != scan)
            continue;
        double weight = 1.0 / list[k].variance, miss = list[k].found - drift;
        one += weight;
        known += weight * list[k].known;
        found += weight * miss;
        square_sum += weight * list[k].known * list[k].known;
        cross += weight * list[k].known * miss;
    }
    double shrink = spread / (1.0 + spread * one);
    sums[0] += square_sum - shrink * known * known;
    sums[1] += cross - shrink * known * found;
}

static double known_error(const struct place *list, size_t n)
{
    double worst = 0.0;
    for (size_t k = 0; k < n; k++)
        worst = fmax(worst, list[k].known_err / fabs(list[k].known));
    return worst;
}

static void solve(struct ixs_standard *standard, const struct place *list, size_t n,
                  struct ixs_standard_room *room)
{
    double sums[2] = {0.0, 0.0};
    for (size_t k = 0; k < n; k++) {
        bool first = true;
        for (size_t before = 0; before < k; before++)
            first = first && list[before].scan != list[k].scan;
        if (!first)
            continue;
        double drift, spread;
        ixs_standard_foretell(standard, list[k].scan, room, &drift, &spread);
        add_scan(list, n, list[k].scan, drift, spread, sums);
    }
    double slope = sums[1] / sums[0], error = sqrt(1.0 / sums[0]) / slope;
    if (!(slope > 0.0) || !isfinite(error))
        return;
    standard->keys.scale = 1.0 / slope;
    standard->keys.scale_err = hypot(error, known_error(list, n)) / slope;
}

bool ixs_standard_scale(struct ixs_standard *standard, struct ixs_err *err)
{
    struct place *list = NULL;
    struct ixs_standard_room room = {0};
    bool ok = IXS_NEW(list, standard->traces.count, err) && ixs_standard_room(&room, standard, err);
    standard->keys.scale = standard->keys.scale_err = NAN;
    size_t n = ok ? gather(standard, list) : 0;
    if (n > 0)
        solve(standard, list, n, &room);
    free(list);
    ixs_standard_room_dispose(&room);
    return ok;
}
