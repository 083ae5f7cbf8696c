/* SPDX-License-Identifier: GPL-3.0-or-later
 * The comparison's spectra as tasks of the fit engine: the settings that are timed and those whose
 * exactness is tested are these.
 */
#ifndef IXS_BENCH_PEERS_OURS_TASK_H
#define IXS_BENCH_PEERS_OURS_TASK_H

#include "bench/peers/spectra.h"

#include "models/fit/fit.h"

struct ours { /* owns its arrays and the engine's workspace */
    double *exposure;
    struct ixs_response responses[PEERS_ANALYZERS];
    struct ixs_transforms transforms[PEERS_ANALYZERS];
    struct ixs_fit_space *space;
};

void ours_prepare(struct ours *ours,
                  const struct peers_set *set); /* ends the program if it cannot */
void ours_dispose(struct ours *ours);

/* Fits a spectrum from `start` (PEERS_PARAMETERS as in spectra.h). */
void ours_fit(struct ours *ours, const struct peers_set *set, const struct peers_spectrum *spectrum,
              const double *start, struct ixs_fit_answer *answer);

/* Expected counts [npoints] as that fit computes them, at parameters of the comparison. */
void ours_model(const struct ours *ours, const struct peers_set *set,
                const struct peers_spectrum *spectrum, const double *parameters, double *mu);

/* Between the engine's parameters and those of the comparison: STRENGTH = A O/(2 kT), FWHM = 2 G.
 */
void ours_from_peers(size_t nmodes, const double *peers, double *ours);
void ours_to_peers(size_t nmodes, const double *ours, double *peers);

#endif
