/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a fit tells of the elastic line: its area with an interval by profile likelihood, and
 * whether it is told apart from what stands under it (a quasi-elastic line, a low or overdamped
 * mode).
 *
 * A mode that the data do not demand may still be there, and then part of it is in the area. Where
 * the number of modes was chosen a fit with one more low mode is tried, and the interval is that of
 * the discrete profiling method (Dauncey, Kenzie, Wardle & Davies, JINST 10, P04015, 2015): the
 * union of both, each parameter more costing 1 in deviance.
 *
 * Not told apart: the deviance rises by less than 2.706 (90 %) without the elastic line, and by
 * less without the other; one line alone would do.
 */
#ifndef IXS_MODELS_FIT_ELASTIC_H
#define IXS_MODELS_FIT_ELASTIC_H

#include "models/fit/fit.h"

enum ixs_elastic_status {
    IXS_ELASTIC_UNKNOWN, /* nothing was fitted, or no minimum found */
    IXS_ELASTIC_GOOD,
    IXS_ELASTIC_LIMIT,       /* none need be there: an upper limit is all there is */
    IXS_ELASTIC_INSEPARABLE, /* from a quasi-elastic line or a mode: only their sum is known */
};
const char *ixs_elastic_status_word(enum ixs_elastic_status status);

enum { IXS_ELASTIC_ALONE = -2, IXS_ELASTIC_QUASIELASTIC = -1 }; /* else a mode, from 0 */

struct ixs_elastic { /* areas in meV count/s */
    enum ixs_elastic_status status;
    double area, err;              /* less the bias of its median; err is half the interval */
    double lo, hi;                 /* 68 %, cut at 0 */
    double ul90;                   /* 90 % upper limit */
    double central, central_err;   /* elastic line and partner as one elastic line; NaN: separate */
    int partner;                   /* what stands under the line: a mode or one of those above */
    double without, without_other; /* rises of the deviance without the one and the other */
};

/* Right after ixs_fit_run(space, task, answer). The answer becomes that with one more mode where
 * its corrected deviance is lower. */
void ixs_elastic_judge(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                       struct ixs_fit_answer *answer, struct ixs_elastic *out);

#endif
