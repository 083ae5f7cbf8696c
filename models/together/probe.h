/* SPDX-License-Identifier: GPL-3.0-or-later
 * Profile likelihood of one source of spectra fitted together. It minimises again all that the
 * spectra which know of the source have, own and shared; what all other spectra, and the priors,
 * say of what those share is the parabola about the minimum that they leave when all else is
 * eliminated. So a profile costs as much as the spectra that it is about.
 */
#ifndef IXS_MODELS_TOGETHER_PROBE_H
#define IXS_MODELS_TOGETHER_PROBE_H

#include "models/together/inside.h"

struct ixs_probe { /* stays where it was made; owns its arrays */
    struct ixs_together_space *space;
    struct ixs_fit_space *fit;
    size_t n, m;    /* spectra that know of the source, shared ones that these use */
    size_t *which;  /* [n] */
    size_t *shared; /* [m] */
    size_t *place;  /* [nshared] 1 + where a shared one stands among those; 0: nowhere */
    size_t *uses;   /* of all blocks */
    struct ixs_arrow_block *blocks; /* [n] */
    size_t nown, all;               /* of these spectra; and with [m] */
    double *p, *lower, *upper;      /* [all] the shared ones last */
    double *best, *direction, *last;
    double *rest, *slope; /* [m^2], [m]: half curvature and half gradient of all that is not looked
                             at */
    double *common;       /* [nshared] as the spectra expect them */
    double *room;         /* of covariances */
    size_t held;
    double sigma, objective;
    bool risen, failed;
    struct ixs_arrow_problem problem;
    struct ixs_arrow *arrow;
    struct ixs_err *err;
};

/* Of source number `at` of all; space, fit and err are set. At the minimum, the arrow settled. */
IXS_MUST_CHECK bool ixs_probe_make(struct ixs_probe *probe, size_t at, struct ixs_err *err);
void ixs_probe_dispose(struct ixs_probe *probe);

/* Least objective with the source at `value`, less the minimum; >= 0. As ixs_rise. */
double ixs_probe_rise(void *context, double value);

#endif
