/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rows of an archive as spectra. With f = INTENSITY x MONITOR / COUNTS of the archive,
 *   EXPOSURE = monitor/(reference f), so that COUNTS/EXPOSURE = intensity x reference, count/s;
 * f holds the efficiency of the analyzer. Where the counts are not known EXPOSURE is 1 and the
 * archive's own figures stand.
 */
#include "calib/archive/parts.h"

#include "base/array.h"
#include "base/median.h"
#include "calib/instrument/quality.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double usual_fwhm = 1.5;  /* meV, of a line searched for where none is known */
static const double usual_share = 0.6; /* of it: the narrowest true feature */

/* ---- columns to a trace -----------------------------------------------------------------------
 */

/* Index into a row, or -1. */
static long place_of(const struct ixs_archive_rows *rows, const struct ixs_archive_column *column)
{
    if (column->number > 0)
        return column->number <= (int64_t)rows->width ? (long)column->number - 1 : -1;
    for (size_t i = 0; i < rows->width; i++)
        if (strcmp(rows->labels + 25 * i, column->label) == 0)
            return (long)i;
    return -1;
}

static bool check_columns(const struct ixs_archive_rows *rows,
                          const struct ixs_archive_place *place, struct ixs_err *err)
{
    for (size_t c = 0; c < place->form->ncolumns; c++) {
        const struct ixs_archive_column *column = &place->form->columns[c];
        if (place_of(rows, column) >= 0)
            continue;
        if (column->number > 0)
            return ixs_fail_at(err, IXS_INPUT, place->path, 0,
                               "found %zu columns, expected column %" PRId64, rows->width,
                               column->number);
        return ixs_fail_at(err, IXS_INPUT, place->path, 0,
                           "found no column labelled %s above the rows, expected one",
                           column->label);
    }
    return true;
}

static void fill_role(struct ixs_archive_trace *trace, const struct ixs_archive_rows *rows,
                      const struct ixs_archive_column *column)
{
    size_t place = (size_t)place_of(rows, column);
    double *value = trace->all + 2 * trace->n * (size_t)column->role, *half = value + trace->n;
    for (size_t i = 0; i < trace->n; i++) {
        value[i] = rows->value[i * rows->width + place] * column->scale;
        half[i] = rows->half[i * rows->width + place] * fabs(column->scale);
    }
    trace->value[column->role] = value;
    trace->half[column->role] = half;
}

/* The columns of one analyzer and those common to all. */
static bool make_trace(struct ixs_archive_trace *trace, const struct ixs_archive_rows *rows,
                       const struct ixs_archive_form *form, const char *analyzer,
                       struct ixs_err *err)
{
    *trace = (struct ixs_archive_trace){.n = rows->nrows};
    ixs_copy(trace->analyzer, sizeof trace->analyzer, analyzer);
    if (!IXS_NEW(trace->all, 2 * trace->n * IXS_ARCHIVE_NROLES, err))
        return false;
    for (size_t c = 0; c < form->ncolumns; c++)
        if (form->columns[c].analyzer[0] == '\0' ||
            strcmp(form->columns[c].analyzer, analyzer) == 0)
            fill_role(trace, rows, &form->columns[c]);
    return true;
}

/* ---- one spectrum -----------------------------------------------------------------------------
 */

static double at(const struct ixs_archive_trace *trace, enum ixs_archive_role role, size_t i)
{
    return trace->value[role] != NULL ? trace->value[role][i] : NAN;
}

static double time_at(const struct ixs_archive_making *making, size_t i)
{
    double time = at(making->trace, IXS_ARCHIVE_TIME, i);
    return isfinite(time) ? time : IXS_ARCHIVE_FACT(making, time);
}

/* Seconds at the reference rate of the monitor; without a monitor what intensity and error tell,
 * y/error^2 = N/(y ...) = 1/(f/m), and error = f/m of a point without counts. */
static double exposure_at(const struct ixs_archive_making *making, size_t i)
{
    const struct ixs_archive_trace *trace = making->trace;
    double monitor = at(trace, IXS_ARCHIVE_MONITOR, i), y = at(trace, IXS_ARCHIVE_INTENSITY, i);
    double error = at(trace, IXS_ARCHIVE_ERROR, i);
    if (trace->value[IXS_ARCHIVE_MONITOR] != NULL)
        return monitor / (making->reference * making->factor);
    if (trace->value[IXS_ARCHIVE_INTENSITY] == NULL)
        return isfinite(time_at(making, i)) ? time_at(making, i) / making->factor : 1.0;
    return y > 0.0 ? making->counts.counts[i] / y : 1.0 / error;
}

static void fill_counted(struct ixs_point *point, const struct ixs_archive_making *making, size_t i)
{
    point->counts = making->counts.counts[i];
    point->exposure = exposure_at(making, i);
    point->flags |= making->counts.flags[i];
    if (!(point->exposure > 0.0) || !isfinite(point->exposure))
        point->flags |= IXS_FLAG_MONITOR;
    point->intensity = point->counts / point->exposure;
    point->error = sqrt(fmax(point->counts, 1.0)) / point->exposure;
}

static void fill_stated(struct ixs_point *point, const struct ixs_archive_making *making, size_t i)
{
    point->counts = NAN;
    point->exposure = 1.0;
    point->intensity = at(making->trace, IXS_ARCHIVE_INTENSITY, i);
    point->error = at(making->trace, IXS_ARCHIVE_ERROR, i);
    if (!isfinite(point->intensity))
        point->flags |= IXS_FLAG_COUNTS;
    if (!(point->error > 0.0) || !isfinite(point->error))
        point->flags |= IXS_FLAG_ERROR;
}

static void fill_point(struct ixs_point *point, const struct ixs_archive_making *making,
                       const struct ixs_spectrum *spectrum, size_t i)
{
    *point = (struct ixs_point){.spectrum = spectrum->spectrum, .scan = making->place->scan};
    point->point = (int64_t)i + 1;
    point->time = time_at(making, i);
    point->exposure_err = NAN;
    point->energy_raw = at(making->trace, IXS_ARCHIVE_ENERGY, i);
    point->energy = point->energy_raw - making->zero;
    point->elastic = point->elastic_err = point->inelastic = point->inelastic_err = NAN;
    point->subtracted = point->subtracted_err = NAN;
    ixs_copy(point->analyzer, sizeof point->analyzer, spectrum->analyzer);
    if (!isfinite(point->energy))
        point->flags |= IXS_FLAG_ENERGY;
    if (making->counts.known)
        fill_counted(point, making, i);
    else
        fill_stated(point, making, i);
    if (ixs_experiment_excludes(making->task->experiment, making->place->scan, 1,
                                spectrum->analyzer, point->point, point->energy_raw))
        point->flags |= IXS_FLAG_EXCLUDED;
}

/* ---- the row of SPECTRA -----------------------------------------------------------------------
 */

static void fill_temperature(struct ixs_spectra *out, struct ixs_spectrum *spectrum,
                             const struct ixs_archive_making *making)
{
    const struct ixs_experiment *experiment = making->task->experiment;
    double balanced = ixs_archive_temperature(making->trace);
    const char *from = "";
    spectrum->temperature_err = NAN;
    if (isfinite(experiment->temperature)) {
        spectrum->temperature = experiment->temperature;
        spectrum->temperature_err = experiment->temperature_error;
        from = "experiment";
    } else if (isfinite(balanced)) {
        spectrum->temperature = balanced;
        from = "ytc/y of the archive";
    } else {
        spectrum->temperature = IXS_ARCHIVE_FACT(making, temperature);
        spectrum->temperature_err = IXS_ARCHIVE_FACT(making, temperature_err);
        from = isfinite(spectrum->temperature) ? "table" : "";
    }
    ixs_copy(out->keys.temp_from, sizeof out->keys.temp_from, from);
}

static void find_zero(struct ixs_archive_making *making, const char *name)
{
    const struct ixs_stated_zero *stated =
        ixs_experiment_zero(making->task->experiment, making->place->scan, name);
    making->zero = 0.0;
    making->zero_err = NAN;
    if (stated != NULL) {
        making->zero = stated->zero;
        making->zero_err = stated->error;
    } else if (making->analyzer != NULL && isfinite(making->analyzer->zero)) {
        making->zero = making->analyzer->zero;
        making->zero_err = making->analyzer->zero_err;
    }
}

static void fill_spectrum(struct ixs_spectra *out, struct ixs_spectrum *spectrum,
                          const struct ixs_archive_making *making)
{
    spectrum->npoints = (int64_t)making->trace->n;
    if (making->place->scan > 0)
        snprintf(spectrum->scans, sizeof spectrum->scans, "%" PRId64, making->place->scan);
    ixs_copy(spectrum->statist, sizeof spectrum->statist,
             making->counts.known ? "POISSON" : "GAUSSIAN");
    ixs_copy(spectrum->response, sizeof spectrum->response, "none");
    spectrum->zero = making->zero;
    spectrum->zero_err = making->zero_err;
    spectrum->scale_err = NAN;
    spectrum->efficiency = 1.0 / making->factor;
    spectrum->polarization = spectrum->form_factor = spectrum->absorption = 1.0;
    ixs_spectrum_without_elastic(spectrum);
    fill_temperature(out, spectrum, making);
    ixs_archive_momentum(spectrum, making);
}

/* Stated, else the median of the points: per second, or per point where no time is known. */
static bool find_reference(struct ixs_archive_making *making, const struct ixs_spectra *out,
                           struct ixs_err *err)
{
    const struct ixs_archive_trace *trace = making->trace;
    double *rates = NULL;
    size_t n = 0;
    making->reference =
        out->nspectra > 0 ? out->keys.reference : making->task->experiment->instrument.reference;
    if (!isfinite(making->reference))
        making->reference = IXS_ARCHIVE_FACT(making, reference);
    if (isfinite(making->reference) || trace->value[IXS_ARCHIVE_MONITOR] == NULL)
        return true;
    if (!IXS_NEW(rates, trace->n, err))
        return false;
    for (size_t i = 0; i < trace->n; i++) {
        double time = time_at(making, i);
        double rate = trace->value[IXS_ARCHIVE_MONITOR][i] / (isfinite(time) ? time : 1.0);
        if (rate > 0.0 && isfinite(rate))
            rates[n++] = rate;
    }
    making->reference = ixs_median(n, rates);
    free(rates);
    return true;
}

/* Interpolated counts scatter less than the test for bursts takes for granted. */
static bool judge(struct ixs_spectrum *spectrum, struct ixs_point *points,
                  const struct ixs_archive_making *making, struct ixs_err *err)
{
    const struct ixs_instrument *instrument = &making->task->experiment->instrument;
    double fwhm = isfinite(instrument->fwhm) ? instrument->fwhm : usual_fwhm;
    double narrowest = isfinite(instrument->narrowest) ? instrument->narrowest : usual_share * fwhm;
    const char *word = "good";
    if (making->counts.known && making->counts.ninterpolated == 0 &&
        !ixs_quality_word((size_t)spectrum->npoints, points, narrowest, fwhm, &word, err))
        return false;
    ixs_copy(spectrum->quality, sizeof spectrum->quality, word);
    return true;
}

/* As the table renames it; else as the instrument calls it, be it by its place: ID28's sixth
 * analyzer, a6, is counted by deta7. */
static const char *name_of(const struct ixs_archive_making *making)
{
    const struct ixs_instrument *instrument = &making->task->experiment->instrument;
    const char *name = making->trace->analyzer;
    char number[25];
    if (making->analyzer != NULL && making->analyzer->is[0] != '\0')
        return making->analyzer->is;
    if (ixs_instrument_find(instrument, name) != NULL)
        return name;
    for (size_t i = 0; i < instrument->nanalyzers; i++) {
        snprintf(number, sizeof number, "a%g", instrument->analyzers[i].position);
        if (strcmp(number, name) == 0)
            return instrument->analyzers[i].name;
    }
    return name;
}

static bool add_spectrum(struct ixs_spectra *out, struct ixs_archive_making *making,
                         struct ixs_err *err)
{
    size_t spectra = out->nspectra, points = out->npoints, n = making->trace->n;
    const char *name = name_of(making);
    if (!ixs_grow(&out->spectra, &spectra, out->nspectra + 1, sizeof *out->spectra, err) ||
        !ixs_grow(&out->points, &points, out->npoints + n, sizeof *out->points, err) ||
        !find_reference(making, out, err))
        return false;
    struct ixs_spectrum *spectrum = &out->spectra[out->nspectra];
    spectrum->spectrum = (int64_t)out->nspectra + 1;
    ixs_copy(spectrum->analyzer, sizeof spectrum->analyzer, name);
    find_zero(making, name);
    fill_spectrum(out, spectrum, making);
    for (size_t i = 0; i < n; i++)
        fill_point(&out->points[out->npoints + i], making, spectrum, i);
    out->keys.reference = making->reference;
    out->nspectra++;
    out->npoints += n;
    return judge(spectrum, &out->points[out->npoints - n], making, err);
}

static bool add_analyzer(struct ixs_spectra *out, const struct ixs_archive_rows *rows,
                         const struct ixs_archive_place *place, const struct ixs_archive_task *task,
                         const char *name, struct ixs_err *err)
{
    struct ixs_archive_trace trace = {0};
    struct ixs_archive_making making = {
        .trace = &trace, .place = place, .task = task, .factor = 1.0};
    making.analyzer = ixs_archive_analyzer(place->script, name);
    if (making.analyzer == NULL)
        making.analyzer = ixs_archive_analyzer(&place->form->facts, name);
    bool ok = make_trace(&trace, rows, place->form, name, err) &&
              (place->form->as_stated || ixs_archive_counts(&making.counts, &trace, err));
    if (ok && isfinite(making.counts.factor) && making.counts.factor > 0.0)
        making.factor = making.counts.factor;
    else if (ok && making.analyzer != NULL && isfinite(making.analyzer->efficiency))
        making.factor = 1.0 / making.analyzer->efficiency;
    ok = ok && add_spectrum(out, &making, err);
    ixs_archive_counts_dispose(&making.counts);
    free(trace.all);
    return ok;
}

/* Whether this column is the first that names its analyzer. */
static bool names_another(const struct ixs_archive_form *form, size_t c)
{
    for (size_t i = 0; i < c; i++)
        if (strcmp(form->columns[i].analyzer, form->columns[c].analyzer) == 0)
            return false;
    return form->columns[c].analyzer[0] != '\0';
}

bool ixs_archive_add(struct ixs_spectra *out, const struct ixs_archive_rows *rows,
                     const struct ixs_archive_place *place, const struct ixs_archive_task *task,
                     struct ixs_err *err)
{
    const struct ixs_archive_form *form = place->form;
    bool named = false, ok = check_columns(rows, place, err);
    for (size_t c = 0; ok && c < form->ncolumns; c++)
        if (names_another(form, c)) {
            named = true;
            ok = add_analyzer(out, rows, place, task, form->columns[c].analyzer, err);
        }
    if (ok && !named)
        ok = add_analyzer(out, rows, place, task, place->analyzer, err);
    return ok;
}
