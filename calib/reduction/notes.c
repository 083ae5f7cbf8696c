/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the reduction of one scan has to tell: exclusions, flags, qualities.
 */
#include "calib/reduction/parts.h"

#include "base/array.h"
#include "calib/instrument/acceptance.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double other_opening = 0.05; /* relative */

static void tell_qualities(const struct ixs_reducing *scan, size_t n,
                           const struct ixs_spectrum *spectra)
{
    static const char *const words[] = {"no-signal", "bursts", "masked", "uncalibrated"};
    for (size_t w = 0; w < IXS_COUNT(words); w++) {
        char names[256] = "";
        for (size_t i = 0; i < n; i++)
            if (strcmp(spectra[i].quality, words[w]) == 0) {
                size_t length = strlen(names);
                snprintf(names + length, sizeof names - length, " %s", spectra[i].analyzer);
            }
        if (names[0] != '\0')
            ixs_note(scan->notes, scan->path, 0, "scan %" PRId64 ", %s:%s", scan->raw->keys.scan,
                     words[w], names);
    }
}

static void tell_flags(const struct ixs_reducing *scan, size_t n, const struct ixs_point *points)
{
    for (size_t f = 0; f < ixs_flag_nwords; f++) {
        size_t count = 0, first = 0;
        for (size_t i = 0; i < n; i++)
            if ((points[i].flags & ixs_flag_words[f].bit) != 0 && count++ == 0)
                first = i;
        if (count > 0)
            ixs_note(scan->notes, scan->path, 0,
                     "scan %" PRId64 ": %zu of %zu points flagged %s, first %s point %" PRId64,
                     scan->raw->keys.scan, count, n, ixs_flag_words[f].word, points[first].analyzer,
                     points[first].point);
    }
}

static void tell_exclusions(const struct ixs_reducing *scan)
{
    const struct ixs_experiment *experiment = scan->how->experiment;
    for (size_t i = 0; i < experiment->nexclusions; i++) {
        const struct ixs_exclusion *one = &experiment->exclusions[i];
        if ((one->scan == 0 || one->scan == scan->raw->keys.scan) &&
            (one->order == 0 || one->order == scan->raw->keys.order))
            ixs_note(scan->notes, scan->path, 0, "excluded points%s%s: %s",
                     one->analyzer[0] ? " of " : "", one->analyzer, one->reason);
    }
}

/* A response of another beamtime, or a nominal one, brings no zero: the fit has to find it. */
static void tell_responses(const struct ixs_reducing *scan, size_t n,
                           const struct ixs_spectrum *spectra)
{
    size_t strange = 0, unknown = 0;
    for (size_t i = 0; i < n; i++) {
        strange += strcmp(spectra[i].response, "good") != 0;
        unknown += isnan(spectra[i].zero_err) ? 1 : 0;
    }
    if (strange > 0 && scan->how->calib != NULL)
        ixs_note(scan->notes, scan->path, 0,
                 "scan %" PRId64 ": response of another beamtime or nominal for %zu of %zu "
                 "analyzers, zero not known for %zu",
                 scan->raw->keys.scan, strange, n, unknown);
}

enum opening { MASK, SLIT_X, SLIT_Z, NOPENINGS };

/* As the scan has it, and as the response had it. */
static double opening_of(const struct ixs_reducing *scan, const struct ixs_analyzer *analyzer,
                         enum opening what, const struct ixs_calib_analyzer *row, double *then)
{
    const struct ixs_array *array = &scan->how->experiment->instrument.array;
    const double before[NOPENINGS] = {row->opening, row->slit_x, row->slit_z};
    *then = before[what];
    if (what == MASK)
        return analyzer->mask[0] ? ixs_raw_motor(scan->raw, analyzer->mask) : NAN;
    return what == SLIT_X ? ixs_acceptance_gap(&array->slit_x, analyzer->slit_x, scan->raw)
                          : ixs_acceptance_gap(&array->slit_z, analyzer->slit_z, scan->raw);
}

/* The response depends on which part of an analyzer is lit. */
static void tell_openings(const struct ixs_reducing *scan, enum opening what)
{
    static const char *const words[NOPENINGS] = {"", "a slit in x of", "a slit in z of"};
    const struct ixs_instrument *instrument = &scan->how->experiment->instrument;
    char first[160] = "";
    size_t others = 0;
    for (size_t a = 0; scan->how->calib != NULL && a < instrument->nanalyzers; a++) {
        const struct ixs_analyzer *analyzer = &instrument->analyzers[a];
        const struct ixs_calib_analyzer *row = ixs_calib_find(scan->how->calib, analyzer->name);
        double then, now = row != NULL ? opening_of(scan, analyzer, what, row, &then) : NAN;
        if (row == NULL || !(fabs(now - then) > other_opening * fabs(then)))
            continue;
        if (first[0] != '\0')
            others++;
        else
            snprintf(first, sizeof first, "%s is measured with %s %g%s, its response with %g",
                     analyzer->name, what == MASK ? analyzer->mask : words[what], now,
                     what == MASK ? "" : " mm", then);
    }
    if (others > 0)
        ixs_note(scan->notes, scan->path, 0, "scan %" PRId64 ": %s; so are %zu more analyzers",
                 scan->raw->keys.scan, first, others);
    else if (first[0] != '\0')
        ixs_note(scan->notes, scan->path, 0, "scan %" PRId64 ": %s", scan->raw->keys.scan, first);
}

void ixs_reduction_tell(const struct ixs_reducing *scan, const struct ixs_spectra *spectra,
                        size_t first_spectrum, size_t first_point)
{
    tell_exclusions(scan);
    for (enum opening what = MASK; what < NOPENINGS; what++)
        tell_openings(scan, what);
    tell_responses(scan, spectra->nspectra - first_spectrum, spectra->spectra + first_spectrum);
    tell_flags(scan, spectra->npoints - first_point, spectra->points + first_point);
    ixs_reduction_tell_monitor(scan, spectra->npoints - first_point, spectra->points + first_point);
    tell_qualities(scan, spectra->nspectra - first_spectrum, spectra->spectra + first_spectrum);
}
