/* SPDX-License-Identifier: GPL-3.0-or-later
 * chain_judge [SLACK] < LIST: FIT products held against the truth of simulated beamtimes. LIST has
 * lines "given|chosen TRUTH.fits FIT.fits". Ends with 1 if a bound is missed.
 */
#include "bench/judge.h"

#include "base/array.h"
#include "products/fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
    struct judge_record *records;
    size_t n, capacity;
    size_t invented[2];
};

static bool same(const struct ixs_fit_identity *a, const struct ixs_fit_identity *b)
{
    return strcmp(a->analyzer, b->analyzer) == 0 && strcmp(a->scans, b->scans) == 0;
}

static size_t modes_of(const struct ixs_fit *fit, const struct ixs_fit_identity *id,
                       struct judge_mode *modes)
{
    size_t n = 0;
    for (size_t i = 0; i < fit->nmodes && n < JUDGE_MODES; i++) {
        const struct ixs_fit_mode *mode = &fit->modes[i];
        if (same(&mode->id, id))
            modes[n++] =
                (struct judge_mode){mode->omega0,  mode->omega0_err, mode->fwhm,     mode->fwhm_err,
                                    mode->fwhm_lo, mode->fwhm_hi,    mode->fwhm_ul90};
    }
    return n;
}

static bool compare(struct tally *tally, const struct ixs_fit *truth, const struct ixs_fit *fit,
                    bool chosen, struct ixs_err *err)
{
    struct judge_mode true_modes[JUDGE_MODES], fitted[JUDGE_MODES];
    for (size_t i = 0; i < fit->nspectra; i++) {
        size_t ntrue = modes_of(truth, &fit->spectra[i].id, true_modes);
        size_t nfit = modes_of(fit, &fit->spectra[i].id, fitted);
        if (!ixs_grow(&tally->records, &tally->capacity, tally->n + ntrue, sizeof *tally->records,
                      err))
            return false;
        tally->invented[chosen] +=
            judge_match(ntrue, true_modes, nfit, fitted, chosen, tally->records + tally->n);
        tally->n += ntrue;
    }
    return true;
}

static bool compare_files(struct tally *tally, const char *truth_path, const char *fit_path,
                          bool chosen, struct ixs_err *err)
{
    struct ixs_fit truth = {0}, fit = {0};
    const struct ixs_reading how = {0};
    bool ok = ixs_fit_read(&truth, truth_path, &how, NULL, err) &&
              ixs_fit_read(&fit, fit_path, &how, NULL, err) &&
              compare(tally, &truth, &fit, chosen, err);
    ixs_fit_dispose(&truth);
    ixs_fit_dispose(&fit);
    return ok;
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct tally tally = {0};
    char half[16], truth[512], fit[512];
    double slack = argc > 1 ? strtod(argv[1], NULL) : 0.0; /* standard errors, for a small slice */
    bool good = false, ok = true;
    while (ok && scanf("%15s %511s %511s", half, truth, fit) == 3)
        ok = compare_files(&tally, truth, fit, strcmp(half, "chosen") == 0, &err);
    ok = ok && judge_report(tally.n, tally.records, tally.invented, slack, &good, &err);
    if (!ok)
        fprintf(stderr, "%s: chain_judge: %s\n", err.where, err.text);
    free(tally.records);
    return ok ? !good : (int)err.code;
}
