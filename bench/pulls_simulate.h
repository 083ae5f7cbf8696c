/* SPDX-License-Identifier: GPL-3.0-or-later
 * Simulated spectra with known truth, for checking what the fit says of itself (bench/plain.h).
 */
#ifndef IXS_BENCH_PULLS_SIMULATE_H
#define IXS_BENCH_PULLS_SIMULATE_H

#include "models/fit/fit.h"

#include "base/err.h"

#include <stdint.h>

enum { PULLS_POINTS = 111, PULLS_MODES = 4 };

struct pulls_kind { /* of spectra: how many modes, how far apart at least */
    size_t most_modes;
    double gap;         /* meV */
    double least, most; /* highest counts of each mode, log-uniform */
};

struct pulls_mode {
    double omega0, fwhm, strength, peak; /* peak: counts at the Stokes line's highest point */
};

struct pulls_truth {
    size_t nmodes;
    struct pulls_mode modes[PULLS_MODES]; /* by energy */
    double zero, elastic, background;
};

struct pulls_spectrum {
    struct pulls_truth truth;
    double energy[PULLS_POINTS], counts[PULLS_POINTS], exposure[PULLS_POINTS], dark[PULLS_POINTS];
};

extern const struct ixs_response pulls_response; /* FWHM 1.5 meV, asymmetric, with tails */
#define PULLS_KELVIN 300.0
#define PULLS_ZERO_ERR 0.1 /* meV: the zero is off by so much (rms), and the fit is told so */

/* Spectrum number `index` of a seed: always the same. */
IXS_MUST_CHECK bool pulls_simulate(struct pulls_spectrum *out, const struct pulls_kind *kind,
                                   uint64_t seed, uint64_t index, struct ixs_err *err);

/* The fit of a spectrum, as a user asks for it who knows the zero to PULLS_ZERO_ERR. */
struct ixs_fit_task pulls_task(const struct pulls_spectrum *spectrum);

#endif
