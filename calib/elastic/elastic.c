/* SPDX-License-Identifier: GPL-3.0-or-later
 * The views of one product: each spectrum's rows as its fit is seen.
 */
#include "calib/elastic/parts.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool ixs_elastic_begin(struct ixs_elastic_views *views, struct ixs_spectra *spectra, double mass,
                       struct ixs_err *err)
{
    *views = (struct ixs_elastic_views){.spectra = spectra, .mass = mass};
    free(spectra->sqw);
    free(spectra->moments);
    spectra->sqw = NULL;
    spectra->moments = NULL;
    spectra->nsqw = spectra->nmoments = 0;
    for (size_t i = 0; i < spectra->nspectra; i++)
        ixs_spectrum_without_elastic(&spectra->spectra[i]);
    for (size_t k = 0; k < spectra->npoints; k++) {
        struct ixs_point *point = &spectra->points[k];
        point->elastic = point->elastic_err = point->inelastic = point->inelastic_err = NAN;
        point->flags &= ~(int64_t)IXS_FLAG_ELASTIC;
    }
    if (!IXS_NEW(spectra->sqw, spectra->npoints, err) ||
        !IXS_NEW(spectra->moments, spectra->nspectra, err))
        return false;
    spectra->nsqw = spectra->npoints;
    spectra->nmoments = spectra->nspectra;
    return true;
}

bool ixs_elastic_sample(struct ixs_elastic_views *views, const char *path,
                        struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_experiment experiment = {0};
    if (isfinite(views->mass) || path == NULL)
        return true;
    bool ok = ixs_experiment_read(&experiment, path, NULL, NULL, err);
    for (size_t i = 0; ok && i < experiment.nscatterers; i++)
        views->scatterers[views->nscatterers++] = experiment.scatterers[i];
    ok = ok && (views->nscatterers == 0 || ixs_experiment_witness(&experiment, provenance, err));
    ixs_experiment_dispose(&experiment);
    return ok;
}

static double mass_of(const struct ixs_elastic_views *views, double q)
{
    return isfinite(views->mass) ? views->mass
                                 : ixs_scatterers_mass(views->nscatterers, views->scatterers, q);
}

/* Of a spectrum that is looked at again nothing is left. */
static void clear(struct ixs_spectra *spectra, size_t first, size_t n, size_t index)
{
    memset(spectra->sqw + first, 0, n * sizeof *spectra->sqw);
    memset(&spectra->moments[index], 0, sizeof spectra->moments[index]);
    ixs_spectrum_without_elastic(&spectra->spectra[index]);
}

static void tell_area(struct ixs_spectrum *spectrum, const struct ixs_elastic *elastic)
{
    bool told = elastic->status != IXS_ELASTIC_INSEPARABLE;
    spectrum->elastic = told ? elastic->area : NAN;
    spectrum->elastic_err = told ? elastic->err : NAN;
    spectrum->elastic_lo = elastic->lo;
    spectrum->elastic_hi = elastic->hi;
    spectrum->elastic_ul90 = elastic->ul90;
    spectrum->central = elastic->central;
    spectrum->central_err = elastic->central_err;
    ixs_copy(spectrum->elastic_status, sizeof spectrum->elastic_status,
             ixs_elastic_status_word(elastic->status));
}

/* Interval and errors with what the response adds to the variance of the area. */
static void widen(struct ixs_elastic *elastic, double more)
{
    elastic->err = hypot(elastic->err, more);
    elastic->lo = fmax(0.0, elastic->area - hypot(elastic->area - elastic->lo, more));
    elastic->hi = elastic->area + hypot(elastic->hi - elastic->area, more);
    elastic->ul90 = elastic->area + hypot(elastic->ul90 - elastic->area, 1.2816 * more);
    elastic->central_err = hypot(elastic->central_err, more);
}

static double response_error(const struct ixs_elastic_fit *fit)
{
    double sum = 0.0;
    for (size_t l = 0; l < fit->nshifts; l++)
        sum += fit->shifts[l].by[IXS_MODEL_ELASTIC] * fit->shifts[l].by[IXS_MODEL_ELASTIC];
    return sqrt(sum);
}

bool ixs_elastic_look(void *context, const struct ixs_fitting_seen *seen,
                      struct ixs_fit_answer *answer, struct ixs_err *err)
{
    const struct ixs_elastic_views *views = context;
    struct ixs_spectra *spectra = views->spectra;
    struct ixs_spectrum *spectrum = &spectra->spectra[seen->index];
    struct ixs_elastic_fit fit = {0};
    struct ixs_elastic elastic;
    size_t n = 0;
    const struct ixs_point *found = ixs_spectra_points(spectra, spectrum->spectrum, &n);
    size_t first = found != NULL ? (size_t)(found - spectra->points) : 0;
    clear(spectra, first, n, seen->index);
    ixs_elastic_judge(seen->space, seen->task, answer, &elastic);
    if (elastic.status == IXS_ELASTIC_UNKNOWN || n == 0)
        return tell_area(spectrum, &elastic), true;
    bool ok = ixs_elastic_fit_make(&fit, seen, answer, &elastic, err);
    if (ok) {
        widen(&fit.elastic, response_error(&fit));
        tell_area(spectrum, &fit.elastic);
        ixs_elastic_subtract(&fit, spectrum, n, spectra->points + first, spectra->sqw + first);
        ok = ixs_elastic_moments(&fit, spectrum, mass_of(views, spectrum->q),
                                 &spectra->moments[seen->index], err);
    }
    ixs_elastic_fit_dispose(&fit);
    return ok;
}

void ixs_elastic_end(struct ixs_elastic_views *views)
{
    struct ixs_spectra *spectra = views->spectra;
    size_t nsqw = 0, nmoments = 0;
    for (size_t i = 0; i < spectra->nsqw; i++)
        if (spectra->sqw[i].spectrum > 0)
            spectra->sqw[nsqw++] = spectra->sqw[i];
    for (size_t i = 0; i < spectra->nmoments; i++)
        if (spectra->moments[i].spectrum > 0)
            spectra->moments[nmoments++] = spectra->moments[i];
    spectra->nsqw = nsqw;
    spectra->nmoments = nmoments;
}
