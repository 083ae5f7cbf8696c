/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which spectrum of the cell belongs to which of the sample: of the same analyzer, at the same |Q|.
 * Exposures of both are brought to one measure: that of the sample's product, without what is the
 * sample's alone (form factor, absorption of the slab), which comes into SCALE.
 */
#include "calib/background/background.h"

#include "base/array.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double half_acceptance = 0.5, near_enough = 0.05; /* 1/Angstrom, without one */
static const double other_slits = 0.1;                         /* relative, of Q_WIDTH */

struct joining {
    const struct ixs_background_job *job;
    const struct ixs_background_input *cell; /* the one that is looked at */
    size_t capacity;
};

static double tolerance(const struct ixs_background_rules *rules,
                        const struct ixs_spectrum *spectrum)
{
    if (!isnan(rules->momentum))
        return rules->momentum;
    return spectrum->q_width > 0 ? half_acceptance * spectrum->q_width : near_enough;
}

static bool is_same(const struct joining *join, const struct ixs_spectrum *spectrum,
                    const struct ixs_spectrum *of_cell)
{
    return strcmp(spectrum->analyzer, of_cell->analyzer) == 0 &&
           fabs(spectrum->q - of_cell->q) <= tolerance(join->job->rules, spectrum) &&
           strcmp(of_cell->quality, "masked") != 0 && strcmp(of_cell->quality, "bursts") != 0;
}

/* What is not the same, of what should be. */
static void tell_differences(const struct joining *join, const struct ixs_spectrum *a,
                             const struct ixs_spectrum *b)
{
    const char *path = join->cell->path;
    if (fabs(a->temperature - b->temperature) > join->job->rules->temperature)
        ixs_note(join->job->notes, path, 0, "%s: the cell was at %.4g K, the sample at %.4g K",
                 a->analyzer, b->temperature, a->temperature);
    if (fabs(a->q_width - b->q_width) > other_slits * a->q_width)
        ixs_note(join->job->notes, path, 0,
                 "%s: the cell was seen through other slits: Q_WIDTH %.3g, the sample's %.3g",
                 a->analyzer, b->q_width, a->q_width);
    if (fabs(a->efficiency - b->efficiency) > 1e-6 * fabs(a->efficiency))
        ixs_note(join->job->notes, path, 0,
                 "%s: another EFFICIENCY of the analyzer, %.4g beside %.4g: by another CALIB",
                 a->analyzer, b->efficiency, a->efficiency);
}

static double known(double factor)
{
    return factor > 0 && isfinite(factor) ? factor : 1.0;
}

/* Seconds of the sample's measure for one of the cell's. */
static double measure(const struct joining *join, const struct ixs_spectrum *a,
                      const struct ixs_spectrum *b)
{
    return known(join->cell->spectra->keys.reference) / known(join->job->sample->keys.reference) *
           known(a->efficiency) / known(b->efficiency) /
           (known(b->form_factor) * known(b->absorption));
}

static bool add_rows(struct joining *join, const struct ixs_spectrum *spectrum,
                     const struct ixs_spectrum *of_cell, struct ixs_err *err)
{
    struct ixs_spectra *out = join->job->sample;
    size_t n = 0;
    double factor = measure(join, spectrum, of_cell), error = 0;
    double share = ixs_background_share(join->job->rules, spectrum->q, out->keys.lambda, &error);
    double own = known(spectrum->form_factor) * known(spectrum->absorption);
    const struct ixs_point *points = ixs_spectra_points(join->cell->spectra, of_cell->spectrum, &n);
    if (!isfinite(share))
        return ixs_fail_at(err, IXS_USAGE, join->job->path, 0,
                           "%s: found no transmission of the sample, expected --transmission, "
                           "<cell transmission=\"...\"> or a <slab> across the beam",
                           spectrum->analyzer);
    for (size_t i = 0; i < n; i++) {
        if (!IXS_MORE(out->backgrounds, &join->capacity, out->nbackgrounds, err))
            return false;
        out->backgrounds[out->nbackgrounds++] =
            (struct ixs_background){.spectrum = spectrum->spectrum,
                                    .energy = points[i].energy,
                                    .counts = points[i].counts,
                                    .exposure = factor * points[i].exposure,
                                    .dark = points[i].dark,
                                    .scale = share / own,
                                    .scale_err = error / own,
                                    .zero_err = of_cell->zero_err,
                                    .scan = points[i].scan,
                                    .point = points[i].point,
                                    .flags = points[i].flags};
    }
    tell_differences(join, spectrum, of_cell);
    return true;
}

static bool check_statistics(const struct ixs_background_input *input,
                             const struct ixs_spectrum *row, struct ixs_err *err)
{
    return strcmp(row->statist, "GAUSSIAN") != 0 ||
           ixs_fail_at(err, IXS_INPUT, input->path, 0,
                       "%s: found STATIST GAUSSIAN, expected counts: without them there is "
                       "nothing to carry along",
                       row->analyzer);
}

/* The same zero error stands in all rows of a spectrum: the largest. */
static void level_zeros(struct ixs_background *rows, size_t n)
{
    double most = 0.0;
    for (size_t i = 0; i < n; i++)
        most = isnan(rows[i].zero_err) || rows[i].zero_err > most ? rows[i].zero_err : most;
    for (size_t i = 0; i < n; i++)
        rows[i].zero_err = most;
}

/* Points of the sample that lie beyond the cell's. */
static void tell_range(const struct joining *join, const struct ixs_spectrum *spectrum, size_t n,
                       const struct ixs_background *rows)
{
    double lo = INFINITY, hi = -INFINITY;
    size_t npoints = 0, beyond = 0;
    const struct ixs_point *points =
        ixs_spectra_points(join->job->sample, spectrum->spectrum, &npoints);
    for (size_t i = 0; i < n; i++) {
        lo = fmin(lo, rows[i].energy);
        hi = fmax(hi, rows[i].energy);
    }
    for (size_t i = 0; i < npoints; i++)
        beyond += points[i].energy < lo - 1.0 || points[i].energy > hi + 1.0;
    if (beyond > 0)
        ixs_note(join->job->notes, join->job->path, 0,
                 "%s: %zu points lie beyond the energies of the cell, %.4g .. %.4g meV",
                 spectrum->analyzer, beyond, lo, hi);
}

static bool join_one(struct joining *join, const struct ixs_spectrum *spectrum, struct ixs_err *err)
{
    size_t first = join->job->sample->nbackgrounds;
    const struct ixs_background_input sample = {join->job->path, join->job->sample};
    if (!check_statistics(&sample, spectrum, err))
        return false;
    for (size_t c = 0; c < join->job->ncells; c++) {
        join->cell = &join->job->cells[c];
        for (size_t i = 0; i < join->cell->spectra->nspectra; i++) {
            const struct ixs_spectrum *row = &join->cell->spectra->spectra[i];
            if (is_same(join, spectrum, row) &&
                (!check_statistics(join->cell, row, err) || !add_rows(join, spectrum, row, err)))
                return false;
        }
    }
    struct ixs_background *rows = join->job->sample->backgrounds + first;
    size_t n = join->job->sample->nbackgrounds - first;
    if (n > 0) {
        level_zeros(rows, n);
        tell_range(join, spectrum, n, rows);
    }
    return true;
}

/* Rates of two monitors cannot be compared. */
static bool check_cell(const struct ixs_background_job *job,
                       const struct ixs_background_input *cell, struct ixs_err *err)
{
    const char *a = job->sample->keys.monitor, *b = cell->spectra->keys.monitor;
    if (cell->spectra->nbackgrounds > 0)
        return ixs_fail_at(err, IXS_INPUT, cell->path, 0,
                           "found BACKGROUND in a product of the cell, expected the cell alone");
    return a[0] == '\0' || b[0] == '\0' || strcmp(a, b) == 0 ||
           ixs_fail_at(err, IXS_INPUT, cell->path, 0,
                       "found intensities for the monitor %s, expected %s as in %s", b, a,
                       job->path);
}

static void subtract_all(struct ixs_spectra *spectra)
{
    for (size_t i = 0; i < spectra->nspectra; i++) {
        size_t n = 0, npoints = 0;
        int64_t number = spectra->spectra[i].spectrum;
        const struct ixs_background *rows = ixs_spectra_background(spectra, number, &n);
        const struct ixs_point *points = ixs_spectra_points(spectra, number, &npoints);
        if (rows != NULL && points != NULL)
            ixs_background_subtract(npoints, spectra->points + (points - spectra->points), n, rows);
    }
}

bool ixs_background_join(const struct ixs_background_job *job, size_t *without, struct ixs_err *err)
{
    struct joining join = {.job = job};
    struct ixs_spectra *out = job->sample;
    *without = 0;
    if (out->nbackgrounds > 0)
        return ixs_fail_at(err, IXS_INPUT, job->path, 0,
                           "found BACKGROUND already, expected spectra before ixs-background");
    for (size_t c = 0; c < job->ncells; c++)
        if (!check_cell(job, &job->cells[c], err))
            return false;
    for (size_t i = 0; i < out->nspectra; i++) {
        size_t before = out->nbackgrounds;
        if (!join_one(&join, &out->spectra[i], err))
            return false;
        *without += out->nbackgrounds == before;
    }
    subtract_all(out);
    return true;
}
