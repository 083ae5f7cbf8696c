/* SPDX-License-Identifier: GPL-3.0-or-later
 * Repeated scans of one setting compared with each other: where each stands on the energy axis,
 * whether they agree, and which points do not. Nothing is taken for granted of the spectrum but
 * that no feature is narrower than the response allows (models/response/freeform.h). With one scan
 * only, each point is compared with its neighbours.
 */
#ifndef IXS_MODELS_REPEATS_REPEATS_H
#define IXS_MODELS_REPEATS_REPEATS_H

#include "base/err.h"

#include <stdint.h>

enum ixs_repeats_mark {
    IXS_REPEATS_GOOD,
    IXS_REPEATS_HIGH, /* more counts than all the others allow */
    IXS_REPEATS_LOW,  /* fewer */
    IXS_REPEATS_LOST, /* fewer, in all analyzers at once */
};

struct ixs_repeats_agreement {       /* of one scan of one analyzer with the others */
    double scale, scale_err;         /* its rates over those of all; 1: the same */
    double own_shift, own_shift_err; /* meV, beside the shift of its scan: to be taken off too */
    double deviance, dof, p_value;   /* of the points that are good; p NaN: too few */
    size_t used;
};

struct ixs_repeats_series { /* all points of one analyzer; the caller's arrays */
    size_t n;
    const double *energy; /* meV, before any shift */
    const double *counts, *exposure, *dark;
    const double *noise; /* standard error of the exposure, relative; 0: none */
    const size_t *scan;  /* 0 .. nscans - 1 */
    const size_t *row;   /* numbers the points that were counted at once; 0 .. nrows - 1 */
    double fwhm;         /* meV, the narrowest true feature */
    uint8_t *mark;       /* [n] out: enum ixs_repeats_mark */
    double *foretold;    /* [n] out: expected counts as all other points tell them */
    struct ixs_repeats_agreement *agreement; /* [nscans] out */
};

struct ixs_repeats {
    size_t nscans, nseries, nrows;
    struct ixs_repeats_series *series;
    const double *prior; /* [nscans] meV, error of a scan's zero beforehand; NaN: flat */
    double most_shift;   /* meV, where the prior is flat; 0: nothing is shifted */
    double own;          /* meV, rms, of what an analyzer drifts by itself from scan to scan */
    double jitter;       /* meV, rms, of each point's energy */
    double high, low;    /* chances below which a good point would be so high, so low */
    double lost;         /* the same for all analyzers at once; 0: not looked at */
    bool all_points;     /* none is marked */
    size_t threads;      /* analyzers at once; 0: as many as there are processors */
    double drift; /* out: scans lie so many times farther apart than priors say; 1: they do not */
    double *shift, *shift_err; /* [nscans] out, meV: to be taken off the energies; against
                                  their mean by prior, for counts tell no more */
};
/* Together they cost fewer than one good point in a thousand (tests/test_repeats.c). */
#define IXS_REPEATS                                                                                \
    ((struct ixs_repeats){                                                                         \
        .most_shift = 2.0, .own = 0.03, .jitter = 0.02, .high = 6e-4, .low = 1e-4, .lost = 1e-6})

IXS_MUST_CHECK bool ixs_repeats_join(struct ixs_repeats *repeats, struct ixs_err *err);

#endif
