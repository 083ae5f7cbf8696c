/* SPDX-License-Identifier: GPL-3.0-or-later
 * A sample in a cell, and the cell alone: one truth a case, many draws of its counts, each treated
 * in several ways. Line shapes are those of bench/plain.h; what the cell scatters is none of the
 * fit's own shapes.
 */
#ifndef IXS_BENCH_BACKGROUND_H
#define IXS_BENCH_BACKGROUND_H

#include "models/fit/fit.h"

#include "base/err.h"

#include <stdint.h>

enum { BACKGROUND_POINTS = 111, BACKGROUND_CELL = 93, BACKGROUND_TABLE = 3051 };

/* 300 K, -20 .. 35 meV in steps of 0.5 meV, response of 1.5 meV with tails, zeros known to 0.05
 * meV each. One mode at 10 meV of FWHM 2 meV; elastic line as high as it. */
struct background_case {
    const char *name;
    double peak;   /* counts at the mode's highest point, without the cell */
    double height; /* of the cell's bump near the mode, over `peak`, in the spectrum */
    double sharp;  /* share of the bump that is a line no wider than the response, at 13 meV */
    double time;   /* of the cell's scan over that of the sample */
    double known;  /* relative error of the transmission */
    bool hard;     /* held to no bound: printed as measured */
    /* Filled: counts/s on a fine grid, of the sample and of the cell. */
    double sample[BACKGROUND_TABLE], cell[BACKGROUND_TABLE], strength;
};

struct background_draw { /* the cell on the energies of the sample, and on others */
    double energy[BACKGROUND_POINTS], exposure[BACKGROUND_POINTS], counts[BACKGROUND_POINTS];
    double same[BACKGROUND_POINTS],
        share[BACKGROUND_POINTS]; /* expected counts of the cell in the sample */
    double other_energy[BACKGROUND_CELL], other_exposure[BACKGROUND_CELL], other[BACKGROUND_CELL];
    double cell_exposure[BACKGROUND_POINTS];
    double scale; /* transmission as it was measured */
};

#define BACKGROUND_KELVIN 300.0
#define BACKGROUND_ZERO_ERR 0.05
#define BACKGROUND_SCALE 0.8
#define BACKGROUND_OMEGA0 10.0
#define BACKGROUND_FWHM 2.0
extern const struct ixs_response background_response;

IXS_MUST_CHECK bool background_expect(struct background_case *out, struct ixs_err *err);
void background_draw(struct background_draw *out, const struct background_case *truth,
                     uint64_t seed, uint64_t index);

/* One way of treating the cell: fills the answer's status, errors and first mode. */
typedef bool background_treat(struct ixs_fit_space *space, const struct background_draw *draw,
                              struct ixs_fit_answer *answer, struct ixs_err *err);
background_treat background_joint; /* as ixs-fit does, cell at other energies */
background_treat background_known; /* what the cell adds is known exactly: nobody can do better */
background_treat background_subtract; /* rates subtracted, Gaussian errors */
background_treat background_profile;  /* a rate of the cell at each point: the W statistic */

#endif
