/* SPDX-License-Identifier: GPL-3.0-or-later
 * Over which energies the slits spread each mode: the slope of its dispersion times the width in Q.
 */
#include "calib/fitting/acceptance.h"

#include "base/units.h"

#include <math.h>
#include <string.h>

static const double same_q = 0.05;   /* of the width: no neighbour */
static const double same_mode = 0.5; /* of the higher energy: farther is another mode */

void ixs_fitting_accept(struct ixs_fitting *rules, bool neighbours, double velocity, bool exact)
{
    rules->exact_response = exact;
    rules->velocity = velocity;
    rules->acceptance = neighbours     ? IXS_FITTING_NEIGHBOURS
                        : velocity > 0 ? IXS_FITTING_VELOCITY
                                       : IXS_FITTING_POINT;
}

/* hbar v: meV Angstrom per km/s. */
static double slope_of(double velocity)
{
    return 10.0 * IXS_HBAR * velocity;
}

double ixs_fitting_spread(const struct ixs_spectrum *spectrum, double velocity)
{
    double spread = fabs(slope_of(velocity)) * spectrum->q_width;
    return isfinite(spread) ? spread : 0.0;
}

static bool fitted(const struct ixs_fit_answer *answer)
{
    return answer->status == IXS_FIT_GOOD || answer->status == IXS_FIT_BOUND ||
           answer->status == IXS_FIT_POOR;
}

/* The spectrum of the same scan that is next in Q on one side; nspectra: none. */
static size_t neighbour(const struct ixs_spectra *spectra, const struct ixs_fit_answer *answers,
                        size_t i, bool above)
{
    const struct ixs_spectrum *from = &spectra->spectra[i];
    size_t best = spectra->nspectra;
    double least = INFINITY;
    for (size_t k = 0; k < spectra->nspectra; k++) {
        const struct ixs_spectrum *to = &spectra->spectra[k];
        double step = above ? to->q - from->q : from->q - to->q;
        if (step > same_q * from->q_width && step < least && fitted(&answers[k]) &&
            answers[k].nmodes > 0 && strcmp(to->scans, from->scans) == 0) {
            least = step;
            best = k;
        }
    }
    return best;
}

/* dE/dQ between a mode and the nearest one of another spectrum; NaN: there is none. */
static double slope_to(const struct ixs_spectrum *from, double omega0,
                       const struct ixs_spectrum *to, const struct ixs_fit_answer *answer)
{
    double nearest = NAN;
    for (size_t k = 0; k < answer->nmodes; k++)
        if (!(fabs(answer->lines[k].omega0 - omega0) >= fabs(nearest - omega0)))
            nearest = answer->lines[k].omega0;
    if (!(fabs(nearest - omega0) < same_mode * fmax(omega0, nearest)))
        return NAN;
    return (nearest - omega0) / (to->q - from->q);
}

static double mean_of(double a, double b)
{
    return isnan(a) ? b : isnan(b) ? a : 0.5 * (a + b);
}

bool ixs_fitting_spreads(double *spreads, const struct ixs_spectra *spectra,
                         const struct ixs_fit_answer *answers)
{
    bool any = false;
    for (size_t i = 0; i < spectra->nspectra; i++) {
        const struct ixs_spectrum *spectrum = &spectra->spectra[i];
        size_t ends[2] = {neighbour(spectra, answers, i, false),
                          neighbour(spectra, answers, i, true)};
        for (size_t k = 0; k < answers[i].nmodes && fitted(&answers[i]); k++) {
            double slopes[2] = {NAN, NAN};
            for (int side = 0; side < 2; side++)
                if (ends[side] < spectra->nspectra)
                    slopes[side] = slope_to(spectrum, answers[i].lines[k].omega0,
                                            &spectra->spectra[ends[side]], &answers[ends[side]]);
            double spread = fabs(mean_of(slopes[0], slopes[1])) * spectrum->q_width;
            spreads[i * IXS_MODEL_MOST_MODES + k] = isfinite(spread) ? spread : 0.0;
            any = any || spread > 0.0;
        }
    }
    return any;
}
