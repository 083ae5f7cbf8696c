/* SPDX-License-Identifier: GPL-3.0-or-later
 * Many spectra fitted together: each has parameters of its own, and some that it shares with
 * others. What is fitted are the sources; a parameter of a spectrum's model (models/fit/model.h) is
 *   offset + Sum factor x source
 * so that one may equal another, be a multiple of it or differ by a given amount, within a spectrum
 * and across spectra, and a zero may be its analyzer's and its scan's together. The minimum is
 * found by elimination spectrum by spectrum (models/together/arrow.h): time goes with the number of
 * spectra.
 */
#ifndef IXS_MODELS_TOGETHER_TOGETHER_H
#define IXS_MODELS_TOGETHER_TOGETHER_H

#include "models/evidence/bootstrap.h"
#include "models/response/uncertain.h"

struct ixs_together_source {
    double value;               /* start in, minimum out */
    double lower, upper;        /* NaN: as far as the parameters that follow it go */
    double mean, sigma;         /* Gaussian prior; sigma NaN: none */
    double error;               /* out, from the curvature and the errors of responses */
    double lo, hi;              /* out, 68 %: of energies, widths, and areas near 0 by profile */
    enum ixs_solve_state state; /* out */
    double response_error;      /* out, what an uncertain response adds */
    struct ixs_bootstrap_figure bootstrap; /* out, of ixs_together_bootstrap */
};

struct ixs_together_term {
    size_t parameter, source; /* sources: the spectrum's own, then those that it uses */
    double factor;
};

struct ixs_together_piece {   /* points of a spectrum with one model */
    struct ixs_fit_task task; /* nmodes given, transforms set. Priors of parameters do not count,
                                 sources have theirs; bounds do */
    double offset[IXS_MODEL_MOST_PARAMETERS];
    size_t nterms;
    const struct ixs_together_term *terms;
};

struct ixs_together_spectrum { /* all borrowed */
    size_t npieces;            /* 1, or one of each scan beside others: the first one's zero stands
                                  in the answer */
    const struct ixs_together_piece *pieces;
    size_t nown, nuses;
    struct ixs_together_source *own; /* [nown] */
    const size_t *uses;              /* [nuses], which of the shared ones, each once */
    double (*zeros)[2]; /* out, value and error of the zero of each piece; NULL: not wanted */
    const struct ixs_uncertain *uncertain; /* errors of the response, common to all spectra that
                                              point to the same; NULL: none */
    struct ixs_fit_answer *answer;
    double *common; /* out, covariance [answer->nparameters][nuses] of its parameters with the
                       shared sources that it uses; NULL: not wanted */
};

struct ixs_together { /* all borrowed */
    size_t nspectra, nshared;
    struct ixs_together_spectrum *spectra;
    struct ixs_together_source *shared; /* [nshared] */
    size_t threads;                     /* the result is the same for any number */
    bool quick;                         /* intervals from the curvature, not by profile */
};

struct ixs_together_result {
    enum ixs_fit_status status;
    char reason[81];
    double deviance, p_value; /* of all data */
    long dof;
    double aicc;      /* of all */
    double agreement; /* chance that spectra that share what is shared differ so much (Rao's score
                         test); NaN: nothing is shared */
    size_t iterations;
    size_t draws;             /* of a bootstrap that could be fitted; 0: none was asked for */
    double bootstrap_p_value; /* share of them with a larger deviance of all data */
};

/* Fills sources and answers. An answer's status is the whole's where that is worse. covariance
 * [nshared^2] of the shared sources; may be NULL. Fails if bounds leave a source no value. */
IXS_MUST_CHECK bool ixs_together_fit(const struct ixs_together *together,
                                     struct ixs_together_result *result, double *covariance,
                                     struct ixs_err *err);

/* Parametric bootstrap of all spectra together, after the fit: counts from what was fitted, what is
 * known beforehand from its error, fitted again from the same minimum. Into sources, answers and
 * result. A response is the same in all draws; its error is in the figures. */
IXS_MUST_CHECK bool ixs_together_bootstrap(const struct ixs_together *together,
                                           const struct ixs_bootstrap_rules *rules,
                                           struct ixs_together_result *result, struct ixs_err *err);

#endif
