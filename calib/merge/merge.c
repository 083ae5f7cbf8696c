/* SPDX-License-Identifier: GPL-3.0-or-later
 * Repeated scans of one setting to one spectrum for each analyzer.
 */
#include "calib/merge/merge.h"

#include "base/array.h"
#include "calib/merge/parts.h"
#include "calib/instrument/quality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double ixs_merge_fwhm(const struct ixs_merge_rules *rules, const char *analyzer)
{
    const struct ixs_calib_analyzer *row =
        rules->calib != NULL ? ixs_calib_find(rules->calib, analyzer) : NULL;
    double fwhm, narrowest;
    if (row != NULL && row->fwhm > 0.0)
        return row->fwhm;
    ixs_quality_widths(rules->instrument, analyzer, &fwhm, &narrowest);
    return fwhm;
}

double ixs_merge_narrowest(const struct ixs_merge_rules *rules, const char *analyzer)
{
    double fwhm, narrowest;
    ixs_quality_widths(rules->instrument, analyzer, &fwhm, &narrowest);
    if (isfinite(rules->narrowest))
        return rules->narrowest;
    return fmin(narrowest, narrowest / fwhm * ixs_merge_fwhm(rules, analyzer));
}

static bool sum_all(struct ixs_spectra *out, const struct ixs_merging *merging, size_t *doubts,
                    struct ixs_err *err)
{
    static const char *const doubtful[] = {"differs", "scale", "shift"};
    size_t npoints = 0;
    for (size_t i = 0; i < merging->nmembers; i++)
        npoints += merging->members[i].npoints;
    out->identity = merging->inputs[0].spectra->identity;
    out->keys = merging->inputs[0].spectra->keys;
    bool ok = IXS_NEW(out->spectra, merging->ngroups, err) &&
              IXS_NEW(out->points, 2 * npoints, err) && /* twice: sums need room aside */
              IXS_NEW(out->merged, merging->nmembers, err);
    for (size_t g = 0; ok && g < merging->ngroups; g++)
        ok = ixs_merge_spectrum(out, merging, g, err);
    *doubts = 0;
    for (size_t i = 0; ok && i < out->nmerged; i++)
        for (size_t k = 0; k < IXS_COUNT(doubtful); k++)
            *doubts += strcmp(out->merged[i].status, doubtful[k]) == 0;
    return ok;
}

/* What a cell adds to one scan is not what it adds to another. */
static bool check_cells(const struct ixs_merging *merging, struct ixs_err *err)
{
    for (size_t i = 0; i < merging->ninputs; i++)
        if (merging->inputs[i].spectra->nbackgrounds > 0)
            return ixs_fail_at(err, IXS_INPUT, merging->inputs[i].path, 0,
                               "found BACKGROUND, expected spectra before ixs-background: merge "
                               "first");
    return true;
}

bool ixs_merge(struct ixs_spectra *out, size_t ninputs, const struct ixs_merge_input *inputs,
               const struct ixs_merge_rules *rules, size_t *doubts, struct ixs_notes *notes,
               struct ixs_err *err)
{
    struct ixs_merging merging = {.ninputs = ninputs, .inputs = inputs, .rules = rules};
    bool ok = check_cells(&merging, err) && ixs_merge_group(&merging, err);
    for (size_t s = 0; ok && s < merging.nscans; s++)
        if (merging.scans[s].lot == s)
            ok = ixs_merge_compare(&merging, s, err);
    ok = ok && sum_all(out, &merging, doubts, err);
    if (ok)
        ixs_merge_tell(&merging, out, notes);
    free(merging.members);
    free(merging.scans);
    free(merging.heads);
    free(merging.marks);
    return ok;
}
