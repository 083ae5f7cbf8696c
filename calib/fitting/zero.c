/* SPDX-License-Identifier: GPL-3.0-or-later
 * The zeros of one scan compared with each other, robustly.
 */
#include "calib/fitting/zero.h"

#include "base/median.h"

#include <math.h>
#include <string.h>

enum { MOST_OTHERS = 128, FEWEST_OTHERS = 3 };
static const double least_spread = 1.5; /* meV */
static const double far_off = 4;        /* spreads */

/* One that lies at the end of its scan has no error: it needs a guide, but is none. */
static bool asks(const struct ixs_spectrum *spectrum, const struct ixs_fit_answer *answer)
{
    return isnan(spectrum->zero_err) && answer->nparameters > 0 && !isnan(answer->zero);
}

static bool tells(const struct ixs_spectrum *spectrum, const struct ixs_fit_answer *answer)
{
    return asks(spectrum, answer) && answer->zero_err > 0 &&
           (answer->status == IXS_FIT_GOOD || answer->status == IXS_FIT_BOUND ||
            answer->status == IXS_FIT_POOR);
}

static size_t gather(const struct ixs_spectra *spectra, const struct ixs_fit_answer *answers,
                     size_t self, double *zeros)
{
    size_t n = 0;
    for (size_t i = 0; i < spectra->nspectra && n < MOST_OTHERS; i++)
        if (i != self && tells(&spectra->spectra[i], &answers[i]) &&
            strcmp(spectra->spectra[i].scans, spectra->spectra[self].scans) == 0)
            zeros[n++] = answers[i].zero + spectra->spectra[i].zero;
    return n;
}

static struct ixs_fitting_guide guide_for(const struct ixs_spectra *spectra,
                                          const struct ixs_fit_answer *answers, size_t self)
{
    struct ixs_fitting_guide guide = {false, 0, 0};
    double zeros[MOST_OTHERS];
    size_t n =
        asks(&spectra->spectra[self], &answers[self]) ? gather(spectra, answers, self, zeros) : 0;
    if (n < FEWEST_OTHERS)
        return guide;
    double middle = ixs_median(n, zeros);
    for (size_t i = 0; i < n; i++)
        zeros[i] = fabs(zeros[i] - middle);
    guide.spread = fmax(least_spread, 1.4826 * ixs_median(n, zeros));
    guide.zero = middle - spectra->spectra[self].zero;
    guide.wanted = fabs(answers[self].zero - guide.zero) > far_off * guide.spread;
    return guide;
}

bool ixs_fitting_guides(struct ixs_fitting_guide *guides, const struct ixs_spectra *spectra,
                        const struct ixs_fit_answer *answers)
{
    bool any = false;
    for (size_t i = 0; i < spectra->nspectra; i++) {
        guides[i] = guide_for(spectra, answers, i);
        any = any || guides[i].wanted;
    }
    return any;
}
