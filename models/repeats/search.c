/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where scans stand, roughly, when little is known beforehand.
 */
#include "models/repeats/inside.h"

#include <math.h>

static const double steps_per_fwhm = 4.0;

double ixs_repeats_prior(const struct ixs_repeats *repeats, size_t scan)
{
    double error = repeats->prior[scan];
    return fmax(isnan(error) ? repeats->most_shift : error * repeats->drift, 1e-6);
}

double ixs_repeats_narrowest(const struct ixs_repeats *repeats)
{
    double fwhm = INFINITY;
    for (size_t a = 0; a < repeats->nseries; a++)
        fwhm = fmin(fwhm, repeats->series[a].fwhm);
    return fwhm;
}

/* Minus the logarithm of the likelihood of a scan at a shift, its scale free. */
static double unlikely(const struct ixs_repeats_space *space, size_t scan, double shift)
{
    const struct ixs_repeats_series *series = space->series;
    double sum = 0.0, counts = 0.0, total = 0.0;
    for (size_t i = 0; i < series->n; i++) {
        struct ixs_freeform_rate at;
        if (series->scan[i] != scan || series->mark[i] != IXS_REPEATS_GOOD)
            continue;
        ixs_freeform_at(&space->form, series->energy[i] - shift, &at);
        double mu = fmax(series->exposure[i] * at.rate + series->dark[i], 1e-9);
        sum -= series->counts[i] * log(mu);
        counts += series->counts[i];
        total += mu;
    }
    return counts > 0.0 ? sum - counts * log(counts / total) : 0.0;
}

/* The scans come one by one; each is put where those before it have it likeliest. */
void ixs_repeats_search(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces)
{
    double step = ixs_repeats_narrowest(repeats) / steps_per_fwhm;
    for (size_t s = 1; s < repeats->nscans; s++) {
        double best = INFINITY,
               reach = fmin(3.0 * ixs_repeats_prior(repeats, s), repeats->most_shift);
        if (reach < 2.0 * step)
            continue;
        for (size_t a = 0; a < repeats->nseries; a++)
            ixs_repeats_fit_first(&spaces[a], s);
        for (double shift = -reach; shift <= reach; shift += step) {
            double sum = 0.5 * pow(shift / ixs_repeats_prior(repeats, s), 2.0);
            double place = repeats->shift[0] + shift;
            for (size_t a = 0; a < repeats->nseries; a++)
                sum += unlikely(&spaces[a], s, place);
            if (sum < best) {
                best = sum;
                repeats->shift[s] = place;
            }
        }
    }
}
