/* SPDX-License-Identifier: GPL-3.0-or-later
 * The posterior of a fit by Markov chains, with the priors of models/fit/prior.h, and its evidence
 * without Laplace's approximation. An ensemble of walkers moves by stretches (Goodman & Weare,
 * Commun. Appl. Math. Comput. Sci. 5, 65, 2010) and differences (ter Braak, Stat. Comput. 16, 239,
 * 2006); modes stay in the order of their energies.
 */
#ifndef IXS_MODELS_EVIDENCE_SAMPLE_H
#define IXS_MODELS_EVIDENCE_SAMPLE_H

#include "models/fit/fit.h"

#include <stdint.h>

struct ixs_sample_rules {
    uint64_t seed, index; /* of the random numbers: a run, a spectrum in it */
    double draws;         /* effective draws wanted of each parameter */
    int rounds;           /* given up after so many, each as long as all before; 0: 7 */
};

/* Of the model that an answer (with numbers in it) says of its task; walkers begin about its
 * minimum. The answer's response_errors are in sd, lo and hi. */
IXS_MUST_CHECK bool ixs_sample_run(struct ixs_sample *out, struct ixs_fit_space *space,
                                   const struct ixs_fit_task *task,
                                   const struct ixs_fit_answer *answer,
                                   const struct ixs_sample_rules *rules, struct ixs_err *err);

/* ln of the evidence by stepping stones (Xie, Lewis, Fan, Kuo & Chen, Syst. Biol. 60, 150, 2011): a
 * ladder of ensembles from the prior to the posterior, of modes that can be seen; its error from
 * parts of the run. */
IXS_MUST_CHECK bool ixs_sample_evidence(double *evidence, double *error,
                                        struct ixs_fit_space *space,
                                        const struct ixs_fit_task *task,
                                        const struct ixs_fit_answer *answer, size_t steps,
                                        uint64_t seed, struct ixs_err *err);

#endif
