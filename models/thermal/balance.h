/* SPDX-License-Identifier: GPL-3.0-or-later
 * The temperature at which Stokes and anti-Stokes sides balance: the fit with its temperature free,
 * through the response, by profile likelihood in 1/T (in which ln of the ratio of the sides is
 * linear). A check of the thermometer, so nothing of it enters the fit.
 */
#ifndef IXS_MODELS_THERMAL_BALANCE_H
#define IXS_MODELS_THERMAL_BALANCE_H

#include "models/response/uncertain.h"

struct ixs_balance {
    double kelvin, err;        /* NaN: not told, see reason; err is half the interval */
    double lo, hi;             /* 68 % */
    const char *reason;        /* why there is none, "" if there is one */
    double stokes, antistokes; /* expected counts of inelastic scattering on either side, at |E|
                                  that both sides reach, beyond the elastic line */
};

/* Right after ixs_fit_run or ixs_elastic_judge; the answer is that of this task. Where its
 * temperature is not known the search begins at 300 K. The errors of the response (n = 0: none) are
 * in those of T: the shift by each direction, as the likelihood's second derivatives have it. */
void ixs_balance_read(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                      const struct ixs_uncertain *uncertain, const struct ixs_fit_answer *answer,
                      struct ixs_balance *out);

#endif
