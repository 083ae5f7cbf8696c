/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the rows of SPECTRA must agree on. INTENSITY = (COUNTS - DARK) / EXPOSURE.
 */
#include "view/check/check.h"

#include "products/spectra.h"
#include "products/words.h"

#include <math.h>
#include <string.h>

static void check_number(struct ixs_complaints *complaints, const struct ixs_spectra *spectra,
                         const char *table, size_t row, int64_t number)
{
    if (ixs_spectra_find(spectra, number) == NULL)
        ixs_complain(complaints, table, row, "found SPECTRUM %lld, expected one of SPECTRA",
                     (long long)number);
}

static void check_spectrum(struct ixs_complaints *complaints, const struct ixs_spectra *spectra,
                           size_t i)
{
    const struct ixs_spectrum *row = &spectra->spectra[i];
    size_t n = 0;
    (void)ixs_spectra_points(spectra, row->spectrum, &n);
    ixs_check_word(complaints, "SPECTRA", i + 1, "STATIST", row->statist, IXS_WORDS_STATIST);
    ixs_check_word(complaints, "SPECTRA", i + 1, "QUALITY", row->quality, IXS_WORDS_QUALITY);
    ixs_check_word(complaints, "SPECTRA", i + 1, "RESPONSE", row->response, IXS_WORDS_RESPONSE);
    if (row->elastic_status[0] != '\0')
        ixs_check_word(complaints, "SPECTRA", i + 1, "ELASTIC_STATUS", row->elastic_status,
                       IXS_WORDS_ELASTIC);
    ixs_check_range(complaints, "SPECTRA", i + 1, "TEMPERATURE", row->temperature, 0.0, INFINITY);
    ixs_check_range(complaints, "SPECTRA", i + 1, "ZERO_ERR", row->zero_err, 0.0, INFINITY);
    if (ixs_spectra_find(spectra, row->spectrum) != row)
        ixs_complain(complaints, "SPECTRA", i + 1, "found SPECTRUM %lld twice, expected it once",
                     (long long)row->spectrum);
    if (row->npoints != (int64_t)n)
        ixs_complain(complaints, "SPECTRA", i + 1,
                     "found NPTS %lld, expected the %zu rows of POINTS", (long long)row->npoints,
                     n);
}

static void check_values(struct ixs_complaints *complaints, size_t row,
                         const struct ixs_point *point)
{
    double intensity = (point->counts - point->dark) / point->exposure;
    if (!isfinite(point->energy))
        ixs_complain(complaints, "POINTS", row, "found no ENERGY, expected one or a flag");
    if (!(point->exposure > 0.0))
        ixs_complain(complaints, "POINTS", row, "found EXPOSURE %g, expected > 0 or a flag",
                     point->exposure);
    if (!(point->counts >= 0.0))
        ixs_complain(complaints, "POINTS", row, "found COUNTS %g, expected >= 0 or a flag",
                     point->counts);
    else if (!(fabs(point->intensity - intensity) <= 1e-9 * (fabs(intensity) + point->error)))
        ixs_complain(complaints, "POINTS", row,
                     "found INTENSITY %.9g, expected (COUNTS - DARK) / EXPOSURE = %.9g",
                     point->intensity, intensity);
}

static int64_t known_flags(void)
{
    int64_t known = 0;
    for (size_t i = 0; i < ixs_flag_nwords; i++)
        known |= ixs_flag_words[i].bit;
    return known;
}

static void check_point(struct ixs_complaints *complaints, const struct ixs_spectra *spectra,
                        size_t i)
{
    const struct ixs_point *point = &spectra->points[i];
    const struct ixs_spectrum *owner = ixs_spectra_find(spectra, point->spectrum);
    check_number(complaints, spectra, "POINTS", i + 1, point->spectrum);
    if (owner == NULL)
        return;
    if (strcmp(owner->analyzer, point->analyzer) != 0)
        ixs_complain(complaints, "POINTS", i + 1,
                     "found ANALYZER '%s', expected '%s' of SPECTRUM %lld", point->analyzer,
                     owner->analyzer, (long long)point->spectrum);
    if (i > 0 && spectra->points[i - 1].spectrum > point->spectrum)
        ixs_complain(complaints, "POINTS", i + 1,
                     "found SPECTRUM %lld behind %lld, expected them in order",
                     (long long)point->spectrum, (long long)spectra->points[i - 1].spectrum);
    if ((point->flags & ~known_flags()) != 0)
        ixs_complain(complaints, "POINTS", i + 1, "found FLAGS %lld with an unknown bit",
                     (long long)point->flags);
    if (ixs_flags_bar(point->flags))
        return;
    if (strcmp(owner->statist, "POISSON") == 0)
        check_values(complaints, i + 1, point);
    else if (!isfinite(point->intensity) || !(point->error > 0.0))
        ixs_complain(complaints, "POINTS", i + 1,
                     "found INTENSITY %g and ERROR %g, expected both or a flag: STATIST is "
                     "GAUSSIAN",
                     point->intensity, point->error);
}

/* Rows of SQW and MOMENTS belong to a spectrum, and to one of its points. */
static void check_sqw(struct ixs_complaints *complaints, const struct ixs_spectra *spectra)
{
    for (size_t i = 0; i < spectra->nsqw; i++) {
        const struct ixs_sqw *row = &spectra->sqw[i];
        const struct ixs_spectrum *owner = ixs_spectra_find(spectra, row->spectrum);
        if (owner == NULL || row->point < 1 || row->point > owner->npoints)
            ixs_complain(complaints, "SQW", i + 1,
                         "found SPECTRUM %lld, POINT %lld, expected a point of POINTS",
                         (long long)row->spectrum, (long long)row->point);
    }
    for (size_t i = 0; i < spectra->nmoments; i++)
        check_number(complaints, spectra, "MOMENTS", i + 1, spectra->moments[i].spectrum);
}

static void check_merged(struct ixs_complaints *complaints, const struct ixs_spectra *spectra,
                         size_t i)
{
    const struct ixs_merged *row = &spectra->merged[i];
    const struct ixs_spectrum *owner = ixs_spectra_find(spectra, row->spectrum);
    int64_t left_out = row->flagged + row->spikes + row->dips + row->lost;
    ixs_check_word(complaints, "MERGED", i + 1, "STATUS", row->status, IXS_WORDS_MERGED);
    if (owner == NULL || strcmp(owner->analyzer, row->analyzer) != 0)
        ixs_complain(complaints, "MERGED", i + 1,
                     "found SPECTRUM %lld, expected one of SPECTRA, of ANALYZER '%s'",
                     (long long)row->spectrum, row->analyzer);
    if (row->used + left_out != row->npoints)
        ixs_complain(complaints, "MERGED", i + 1,
                     "found NPTS %lld, expected the %lld points used and %lld left out",
                     (long long)row->npoints, (long long)row->used, (long long)left_out);
}

static void check_background(struct ixs_complaints *complaints, const struct ixs_spectra *spectra,
                             size_t i)
{
    const struct ixs_background *row = &spectra->backgrounds[i];
    check_number(complaints, spectra, "BACKGROUND", i + 1, row->spectrum);
    if (!(row->scale >= 0.0) || !(row->scale_err >= 0.0))
        ixs_complain(complaints, "BACKGROUND", i + 1,
                     "found SCALE %g and SCALE_ERR %g, expected both >= 0", row->scale,
                     row->scale_err);
    if (!ixs_flags_bar(row->flags) && !(row->counts >= 0.0 && row->exposure > 0.0))
        ixs_complain(complaints, "BACKGROUND", i + 1,
                     "found COUNTS %g and EXPOSURE %g, expected >= 0 and > 0 or a flag",
                     row->counts, row->exposure);
}

void ixs_check_spectra(struct ixs_complaints *complaints, const struct ixs_spectra *spectra)
{
    for (size_t i = 0; i < spectra->nspectra; i++)
        check_spectrum(complaints, spectra, i);
    for (size_t i = 0; i < spectra->npoints; i++)
        check_point(complaints, spectra, i);
    check_sqw(complaints, spectra);
    for (size_t i = 0; i < spectra->nmerged; i++)
        check_merged(complaints, spectra, i);
    for (size_t i = 0; i < spectra->nbackgrounds; i++)
        check_background(complaints, spectra, i);
}
