/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the rows of RAW, CALIB and DISPERSION must agree on.
 */
#include "view/check/check.h"

#include "products/calibration.h"
#include "products/dispersion.h"
#include "products/raw.h"
#include "products/words.h"

#include <math.h>
#include <string.h>

void ixs_check_raw(struct ixs_complaints *complaints, const struct ixs_raw *raw)
{
    size_t missing = 0;
    for (size_t i = 0; i < raw->npoints * raw->nlabels; i++)
        missing += isnan(raw->values[i]) ? 1 : 0;
    if (raw->keys.npoints != (int64_t)raw->npoints)
        ixs_complain(complaints, "SCAN", 0, "found NPTS %lld, expected the number of rows, %zu",
                     (long long)raw->keys.npoints, raw->npoints);
    if (raw->keys.nmissing != (int64_t)missing)
        ixs_complain(complaints, "SCAN", 0,
                     "found NMISSING %lld, expected the number of missing values, %zu",
                     (long long)raw->keys.nmissing, missing);
    if (raw->keys.order < 1)
        ixs_complain(complaints, "SCAN", 0, "found SCANORD %lld, expected 1 or more",
                     (long long)raw->keys.order);
    ixs_check_word(complaints, "SCAN", 0, "ENDED", raw->keys.ended, IXS_WORDS_ENDED);
    if (strcmp(raw->keys.ended, "EMPTY") == 0 && raw->npoints > 0)
        ixs_complain(complaints, "SCAN", 0, "found ENDED 'EMPTY' with %zu rows, expected none",
                     raw->npoints);
}

static void check_analyzer(struct ixs_complaints *complaints, const struct ixs_calib *calib,
                           size_t i)
{
    const struct ixs_calib_analyzer *row = &calib->analyzers[i];
    bool calibrated = strcmp(row->quality, "uncalibrated") != 0;
    size_t count = 0;
    const struct ixs_calib_component *parts = ixs_calib_response_of(calib, row->analyzer, &count);
    double sum = 0.0;
    for (size_t k = 0; k < count; k++)
        sum += parts[k].weight;
    ixs_check_word(complaints, "ANALYZERS", i + 1, "QUALITY", row->quality, IXS_WORDS_CALIBRATED);
    ixs_check_range(complaints, "ANALYZERS", i + 1, "TAIL10", row->tail10, 0.0, 1.0);
    ixs_check_range(complaints, "ANALYZERS", i + 1, "DARK_RATE", row->dark_rate, 0.0, INFINITY);
    if (ixs_calib_find(calib, row->analyzer) != row)
        ixs_complain(complaints, "ANALYZERS", i + 1, "found ANALYZER '%s' twice, expected it once",
                     row->analyzer);
    if (calibrated && !(row->fwhm > 0.0))
        ixs_complain(complaints, "ANALYZERS", i + 1,
                     "found FWHM %g with QUALITY '%s', expected > 0", row->fwhm, row->quality);
    size_t nodes;
    if (calibrated && count == 0 && ixs_calib_table_of(calib, row->analyzer, &nodes) == NULL)
        ixs_complain(complaints, "ANALYZERS", i + 1,
                     "found no response of '%s' with QUALITY '%s', expected rows of RESOLUTION or "
                     "RESOLUTION_TABLE",
                     row->analyzer, row->quality);
    if (row->ncomponents != (int64_t)count)
        ixs_complain(complaints, "ANALYZERS", i + 1,
                     "found NCOMPONENTS %lld of '%s', expected its %zu rows of RESOLUTION",
                     (long long)row->ncomponents, row->analyzer, count);
    if (count > 0 && fabs(sum - 1.0) > 1e-6)
        ixs_complain(complaints, "RESOLUTION", 0,
                     "found weights of '%s' that add up to %.9g, "
                     "expected 1",
                     row->analyzer, sum);
}

static void check_owner(struct ixs_complaints *complaints, const struct ixs_calib *calib,
                        const char *table, size_t row, const char *analyzer)
{
    if (ixs_calib_find(calib, analyzer) == NULL)
        ixs_complain(complaints, table, row, "found ANALYZER '%s', expected one of ANALYZERS",
                     analyzer);
}

static void check_component(struct ixs_complaints *complaints, const struct ixs_calib *calib,
                            size_t i)
{
    const struct ixs_calib_component *row = &calib->components[i];
    ixs_check_range(complaints, "RESOLUTION", i + 1, "ETA", row->eta, 0.0, 1.0);
    if (!(row->fwhm > 0.0))
        ixs_complain(complaints, "RESOLUTION", i + 1, "found FWHM %g, expected > 0", row->fwhm);
    check_owner(complaints, calib, "RESOLUTION", i + 1, row->analyzer);
}

static void check_node(struct ixs_complaints *complaints, const struct ixs_calib *calib, size_t i)
{
    const struct ixs_calib_node *row = &calib->nodes[i];
    if (!(row->response > 0.0))
        ixs_complain(complaints, "RESOLUTION_TABLE", i + 1, "found RESPONSE %g, expected > 0",
                     row->response);
    if (!(row->scale > 0.0))
        ixs_complain(complaints, "RESOLUTION_TABLE", i + 1, "found SCALE %g, expected > 0",
                     row->scale);
    check_owner(complaints, calib, "RESOLUTION_TABLE", i + 1, row->analyzer);
}

void ixs_check_calib(struct ixs_complaints *complaints, const struct ixs_calib *calib)
{
    for (size_t i = 0; i < calib->nanalyzers; i++)
        check_analyzer(complaints, calib, i);
    for (size_t i = 0; i < calib->ncomponents; i++)
        check_component(complaints, calib, i);
    for (size_t i = 0; i < calib->nnodes; i++)
        check_node(complaints, calib, i);
    for (size_t i = 0; i < calib->ncovariances; i++)
        if (calib->covariances[i].column > calib->covariances[i].row)
            ixs_complain(complaints, "RESOLUTION_COV", i + 1,
                         "found COLUMN %lld right of ROW %lld, expected the lower triangle",
                         (long long)calib->covariances[i].column,
                         (long long)calib->covariances[i].row);
    for (size_t i = 0; i < calib->nresponse; i++)
        check_owner(complaints, calib, "RESPONSE", i + 1, calib->response[i].analyzer);
}

static size_t points_on(const struct ixs_dispersion *dispersion, int64_t branch)
{
    size_t count = 0;
    for (size_t i = 0; i < dispersion->npoints; i++)
        count += dispersion->points[i].branch == branch;
    return count;
}

static bool has_branch(const struct ixs_dispersion *dispersion, int64_t branch)
{
    for (size_t i = 0; i < dispersion->nbranches; i++)
        if (dispersion->branches[i].branch == branch)
            return true;
    return false;
}

void ixs_check_dispersion(struct ixs_complaints *complaints,
                          const struct ixs_dispersion *dispersion)
{
    ixs_check_thermal(complaints, dispersion);
    for (size_t i = 0; i < dispersion->npoints; i++) {
        const struct ixs_dispersion_point *row = &dispersion->points[i];
        ixs_check_word(complaints, "POINTS", i + 1, "REGIME", row->regime, IXS_WORDS_REGIME);
        ixs_check_range(complaints, "POINTS", i + 1, "OMEGA0", row->omega0, 0.0, INFINITY);
        ixs_check_range(complaints, "POINTS", i + 1, "FWHM", row->fwhm, 0.0, INFINITY);
        if (row->branch != 0 && !has_branch(dispersion, row->branch))
            ixs_complain(complaints, "POINTS", i + 1,
                         "found BRANCH %lld, expected 0 or one of BRANCHES",
                         (long long)row->branch);
    }
    for (size_t i = 0; i < dispersion->nbranches; i++) {
        const struct ixs_dispersion_branch *row = &dispersion->branches[i];
        size_t count = points_on(dispersion, row->branch);
        ixs_check_word(complaints, "BRANCHES", i + 1, "LAW", row->law, IXS_WORDS_LAW);
        if (row->npoints != (int64_t)count)
            ixs_complain(complaints, "BRANCHES", i + 1,
                         "found NPOINTS %lld, expected the %zu of POINTS", (long long)row->npoints,
                         count);
    }
}
