/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fitted modes held against true ones: who belongs to whom, pulls, coverage, a table with bounds.
 *
 * Matching: pairs of a true and a fitted mode are taken nearest first, one to one, as long as they
 * are within 1.5 meV + FWHM/2 (true). A true mode without a partner is missed, a fitted one is
 * invented. A missed mode counts as outside of every interval, and as an infinite pull of
 * alternating sign.
 *
 * Pulls: of OMEGA0 (fit - truth)/OMEGA0_ERR; of ln FWHM, ln(fit/truth) over the distance in ln FWHM
 * from the fit to FWHM_LO or FWHM_HI, whichever lies on the truth's side (where an end of that is
 * 0, in FWHM itself). Within one error: the truth lies in FWHM_LO .. FWHM_HI.
 */
#ifndef IXS_BENCH_JUDGE_H
#define IXS_BENCH_JUDGE_H

#include "base/err.h"

enum { JUDGE_MODES = 6 }; /* in one spectrum */

struct judge_mode { /* meV; of a true mode only omega0 and fwhm */
    double omega0, omega0_err, fwhm, fwhm_err, fwhm_lo, fwhm_hi, fwhm_ul90;
};

struct judge_record { /* one true mode */
    bool chosen;      /* its spectrum's number of modes was chosen, not given */
    bool missed;
    struct judge_mode truth, fit;
    double pull_omega0, pull_width, pull_curvature;
    bool inside_width, inside_limit;
};

/* Pairs the modes of one spectrum: fills records[ntrue], returns the number of invented modes. */
size_t judge_match(size_t ntrue, const struct judge_mode *truth, size_t nfit,
                   const struct judge_mode *fit, bool chosen, struct judge_record *records);

/* Prints the table; *good tells whether every bound is kept. invented[0]: number given, [1]:
 * chosen. The bounds are widened by `slack` standard errors of n modes: 0 for a full run (the share
 * within one error has two even then), 2 for a small slice of it. */
IXS_MUST_CHECK bool judge_report(size_t n, const struct judge_record *records,
                                 const size_t invented[2], double slack, bool *good,
                                 struct ixs_err *err);

#endif
