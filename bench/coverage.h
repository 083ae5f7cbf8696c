/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cells of simulated spectra: one truth, many draws of its counts, each fitted as ixs-fit does for
 * a user who gives the number of modes. What is said of bias, intervals and limits is then counted.
 */
#ifndef IXS_BENCH_COVERAGE_H
#define IXS_BENCH_COVERAGE_H

#include "models/fit/fit.h"

#include "base/err.h"

#include <stdint.h>

enum { COVERAGE_POINTS = 201, COVERAGE_MODES = 2, COVERAGE_MOST_CELLS = 64 };

/* -40 .. 40 meV, a response of FWHM 1.5 meV with tails; elastic line and each mode's
 * highest point have `peak` counts, the background 3 % of that. The zero is known to 0.1 meV. */
struct coverage_cell {
    size_t nmodes;
    bool chosen;   /* the fit chooses the number of modes; else it is given */
    double kelvin; /* 0: 300 */
    double omega0[COVERAGE_MODES], fwhm[COVERAGE_MODES], peak;
    size_t bootstrap; /* draws for each spectrum */
    double level;     /* of the background, of the highest point; 0: 0.03 */
    double mean;      /* counts a point on average, to which all is scaled; 0: as it is */
    double strength[COVERAGE_MODES]; /* filled, as is what follows */
    double energy[COVERAGE_POINTS], expected[COVERAGE_POINTS];
};

struct coverage_mode {  /* one fitted mode */
    bool missed;        /* the fit found another place for it */
    double likeliest;   /* its width at the maximum of the likelihood */
    double correlation; /* of its energy and its width */
    struct ixs_fit_line line;
    double values[3], errors[3], lower[3], upper[3]; /* of its parameters, as the solver has them */
    struct ixs_bootstrap_figure bootstrap[3];
};

struct coverage_draw {
    enum ixs_fit_status status;
    size_t nmodes; /* fitted */
    double p_value;
    struct coverage_mode modes[COVERAGE_MODES];
};

struct coverage { /* cells and the draws of each: draws[cell * ndraws + draw] */
    uint64_t seed;
    size_t ncells, ndraws;
    double slack; /* standard errors by which bounds are widened, those of all cells together by
                     half as many: 0 for a full run */
    struct coverage_cell *cells;
    struct coverage_draw *draws;
    struct ixs_fit_space **spaces;
    double *room; /* [2 * ndraws] */
};

/* The cells of a part ("widths", "overdamped", "close", "goodness", "thermal") and how its table is
 * printed. */
struct coverage_part {
    const char *name;
    size_t (*list)(struct coverage_cell *cells);     /* [COVERAGE_MOST_CELLS]; how many */
    bool (*report)(const struct coverage *coverage); /* whether every bound is kept */
};
extern const struct coverage_part coverage_widths, coverage_overdamped, coverage_close,
    coverage_goodness, coverage_thermal, coverage_foretold, coverage_intervals;

/* Expected counts of a cell. */
IXS_MUST_CHECK bool coverage_expect(struct coverage_cell *cell, struct ixs_err *err);

/* Errors that models/fit/predict.h foretells for a cell. */
IXS_MUST_CHECK bool coverage_predict(double *errors, struct ixs_fit_space *space,
                                     const struct coverage_cell *cell, struct ixs_err *err);

/* Draws and fits number `draw` of cell `cell`. */
IXS_MUST_CHECK bool coverage_fit(struct coverage *coverage, size_t cell, size_t draw, size_t worker,
                                 struct ixs_err *err);

#endif
