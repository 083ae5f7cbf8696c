/* SPDX-License-Identifier: GPL-3.0-or-later
 * The evidence of a fit: the likelihood averaged over what was thought possible before
 * (models/fit/prior.h), by which numbers of modes are compared.
 *
 * By Laplace's approximation (Kass & Raftery, J. Am. Stat. Assoc. 90, 773, 1995) about the maximum
 * of the likelihood; what bounds cut off, and how a width's prior varies, is integrated along each
 * parameter; a parameter pressed against a bound counts by its slope there. It is relative to the
 * likelihood of expected counts that equal the counts: exp(-deviance/2).
 */
#ifndef IXS_MODELS_EVIDENCE_EVIDENCE_H
#define IXS_MODELS_EVIDENCE_EVIDENCE_H

#include "models/fit/fit_inside.h"

/* Logarithm of the evidence of a state with the covariance and states that the solver's last
 * ixs_solve_covariance gave there. */
double ixs_evidence(const struct ixs_fit_space *space, const struct ixs_fit_state *state,
                    const double *covariance, const enum ixs_solve_state *states);

/* What speaks for 0 .. reached modes, given the minima found with each number, whose evidence is
 * added up; numbers[reached + 1]. Before the data each number is half as probable as one less: of
 * all kinds of spectra together, that chooses the right number most often (bench/numbers). */
void ixs_evidence_numbers(struct ixs_fit_space *space, const struct ixs_fit_found *found,
                          size_t reached, struct ixs_fit_number *numbers);

#endif
