/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where the zeros have wandered to when a scan began, foretold from the scans that told it.
 */
#include "calib/energy/energy.h"
#include "calib/standard/parts.h"

#include "models/numerics/level.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double hour = 3600.0; /* s */

struct datum {
    double time, value, error;
};

static int by_time(const void *a, const void *b)
{
    double one = ((const struct datum *)a)->time, other = ((const struct datum *)b)->time;
    return (one > other) - (one < other);
}

/* A walk in meV an hour's root, a scatter in meV. */
static struct ixs_level level_of(double walk, double scatter)
{
    return (struct ixs_level){walk * walk / hour, scatter * scatter};
}

/* The level that n data tell at a time; the scatter of one scan is in the variance. room[3 n]. */
static void foretell(struct ixs_level level, size_t n, struct datum *data, double *room,
                     double time, double *value, double *variance)
{
    size_t count = 0;
    *value = *variance = 0.0;
    if (!isfinite(level.walk) || !isfinite(level.scatter))
        return;
    qsort(data, n, sizeof *data, by_time);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(data[i].time + data[i].value + data[i].error))
            continue;
        room[count] = data[i].time;
        room[n + count] = data[i].value;
        room[2 * n + count++] = data[i].error;
    }
    const struct ixs_level_series series = {count, room, room + n, room + 2 * n};
    ixs_level_at(&level, &series, time, value, variance);
    *variance += level.scatter;
    if (isfinite(*variance))
        return;
    *value = 0.0; /* an analyzer that no elastic line told of */
    *variance = 0.0;
}

static size_t common_of(const struct ixs_calib *calib, struct datum *data)
{
    for (size_t i = 0; i < calib->ndrift; i++)
        data[i] =
            (struct datum){calib->drift[i].time, calib->drift[i].origin + calib->drift[i].e_origin,
                           calib->drift[i].origin_err};
    return calib->ndrift;
}

static size_t own_of(const struct ixs_calib *calib, const char *analyzer, struct datum *data)
{
    size_t n = 0;
    for (size_t i = 0; i < calib->nlines; i++)
        if (calib->lines[i].known == 0.0 && strcmp(calib->lines[i].analyzer, analyzer) == 0)
            data[n++] = (struct datum){calib->lines[i].time, calib->lines[i].residual,
                                       calib->lines[i].found_err};
    return n;
}

bool ixs_energy_drift(struct ixs_energy_drift *out, const struct ixs_calib *calib,
                      const struct ixs_instrument *instrument, const char *date,
                      struct ixs_err *err)
{
    *out = (struct ixs_energy_drift){.told = false};
    double time = calib != NULL ? ixs_standard_clock(date) - calib->keys.epoch : (double)NAN;
    if (calib == NULL || !isfinite(time) || !(calib->keys.walk > 0.0 || calib->keys.scatter > 0.0))
        return true;
    struct datum *data = NULL;
    double *room = NULL;
    size_t most = calib->ndrift + calib->nlines;
    bool ok = IXS_NEW(data, most, err) && IXS_NEW(room, 3 * most, err);
    out->told = ok && calib->ndrift > 0;
    if (out->told)
        foretell(level_of(calib->keys.walk, calib->keys.scatter), common_of(calib, data), data,
                 room, time, &out->common, &out->common_variance);
    for (size_t a = 0; out->told && a < instrument->nanalyzers; a++)
        foretell(level_of(calib->keys.own_walk, calib->keys.own_scatter),
                 own_of(calib, instrument->analyzers[a].name, data), data, room, time, &out->own[a],
                 &out->own_variance[a]);
    free(data);
    free(room);
    return ok;
}
