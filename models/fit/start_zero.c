/* SPDX-License-Identifier: GPL-3.0-or-later
 * Candidates for an unknown zero: peaks of the smoothed spectrum, and middles of pairs of peaks
 * whose heights can be those of a Stokes and an anti-Stokes line, I(-E)/I(E) = exp(-E/kT).
 */
#include "models/fit/start_inside.h"

#include "base/units.h"

#include <math.h>

enum { PEAKS = 6 };

struct peak {
    double energy, rate, noise;
};

/* Rate smoothed with a Gaussian of the response's width, and its counting error. */
static void smooth(struct ixs_start *start, const struct ixs_model_points *points)
{
    double sigma = start->fwhm / IXS_FWHM_PER_SIGMA;
    for (size_t i = 0; i < points->n; i++) {
        double counts = 0.0, exposure = 0.0, variance = 0.0;
        for (size_t k = 0; k < points->n; k++) {
            double d = (points->energy[k] - points->energy[i]) / sigma, w = exp(-0.5 * d * d);
            counts += w * points->counts[k];
            exposure += w * points->exposure[k];
            variance += w * w * points->counts[k];
        }
        start->smooth[i] = counts / exposure;
        start->noise[i] = sqrt(fmax(variance, 1.0)) / exposure;
    }
}

/* Indices of the points by energy (insertion: spectra are mostly in order). */
static void sort_energies(struct ixs_start *start, const struct ixs_model_points *points)
{
    for (size_t i = 0; i < points->n; i++) {
        size_t k = i;
        for (; k > 0 && points->energy[start->order[k - 1]] > points->energy[i]; k--)
            start->order[k] = start->order[k - 1];
        start->order[k] = i;
    }
}

/* Highest peaks, highest first. */
static size_t find_peaks(const struct ixs_start *start, const struct ixs_model_points *points,
                         struct peak *peaks)
{
    size_t found = 0;
    for (size_t k = 0; k < points->n; k++) {
        size_t i = start->order[k];
        double here = start->smooth[i];
        if ((k > 0 && start->smooth[start->order[k - 1]] >= here) ||
            (k + 1 < points->n && start->smooth[start->order[k + 1]] > here))
            continue;
        if (found == PEAKS && here <= peaks[found - 1].rate)
            continue;
        size_t at = found < PEAKS ? found++ : found - 1;
        for (; at > 0 && peaks[at - 1].rate < here; at--)
            peaks[at] = peaks[at - 1];
        peaks[at] = (struct peak){points->energy[i], here, start->noise[i]};
    }
    return found;
}

/* Whether two peaks can be one mode's lines: ratio right within 4 errors and a quarter. */
static bool can_pair(const struct peak *a, const struct peak *b, double kt)
{
    const struct peak *up = a->energy > b->energy ? a : b, *down = up == a ? b : a;
    double half = 0.5 * (up->energy - down->energy);
    double expected = isnan(kt) ? up->rate : up->rate * exp(-half / kt);
    double slack = 4.0 * hypot(up->noise, down->noise) + 0.25 * expected;
    return half > 0.0 && fabs(down->rate - expected) < slack;
}

size_t ixs_start_zeros(struct ixs_start *start, const struct ixs_model *model,
                       const double range[2], double zeros[IXS_START_MOST])
{
    struct peak peaks[PEAKS];
    size_t n = 0;
    smooth(start, &model->points);
    sort_energies(start, &model->points);
    size_t npeaks = find_peaks(start, &model->points, peaks);
    for (size_t a = 0; a < npeaks; a++) {
        if (peaks[a].energy >= range[0] && peaks[a].energy <= range[1])
            zeros[n++] = peaks[a].energy;
        for (size_t b = 0; b < a; b++) {
            double middle = 0.5 * (peaks[a].energy + peaks[b].energy);
            if (n < IXS_START_MOST && middle >= range[0] && middle <= range[1] &&
                can_pair(&peaks[a], &peaks[b], model->bose.kt))
                zeros[n++] = middle;
        }
    }
    return n;
}
