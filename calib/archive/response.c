/* SPDX-License-Identifier: GPL-3.0-or-later
 * The response of an analyzer from an archived spectrum of a reference sample, as the beamline
 * takes it to be:
 *   y(E) = y0 + A [eta L(E - c; w) + (1 - eta) G(E - c; w)],
 * by likelihood of the counts, by chi squared of stated errors, or by unweighted least squares, the
 * errors then from what is left over.
 */
#include "calib/archive/response.h"

#include "calib/standard/parts.h"
#include "models/fit/solve.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AREA, CENTER, WIDTH, SHARE, GROUND, NVALUES };

static const double least_width = 1e-3; /* meV */

struct trace { /* the usable points of one spectrum; owns `energy` */
    size_t n;
    double *energy, *figure, *exposure, *inverse_variance, *error;
    bool counted; /* by the counts: inverse_variance is not used */
};

static void model(void *context, const double *p, double *mu, double *jacobian)
{
    const struct trace *trace = context;
    const struct ixs_response_part part = {1.0, p[CENTER], p[WIDTH], p[SHARE]};
    size_t n = trace->n;
    for (size_t i = 0; i < n; i++) {
        double by_center, by_width, by_share, x = trace->exposure[i];
        double value =
            ixs_response_part_value(&part, trace->energy[i], &by_center, &by_width, &by_share);
        mu[i] = x * (p[AREA] * value + p[GROUND]);
        if (jacobian == NULL)
            continue;
        jacobian[AREA * n + i] = x * value;
        jacobian[CENTER * n + i] = x * p[AREA] * by_center;
        jacobian[WIDTH * n + i] = x * p[AREA] * by_width;
        jacobian[SHARE * n + i] = x * p[AREA] * by_share;
        jacobian[GROUND * n + i] = x;
    }
}

/* ---- points ------------------------------------------------------------------------------------
 */

static bool usable(const struct ixs_point *point, bool counted)
{
    return !ixs_flags_bar(point->flags) && isfinite(point->energy) && isfinite(point->intensity) &&
           point->error > 0 && isfinite(point->error) && (!counted || point->counts >= 0);
}

static bool gather(struct trace *out, const struct ixs_spectra *spectra,
                   const struct ixs_spectrum *spectrum, bool unweighted, struct ixs_err *err)
{
    size_t n;
    const struct ixs_point *points = ixs_spectra_points(spectra, spectrum->spectrum, &n);
    out->counted = !unweighted && strcmp(spectrum->statist, "POISSON") == 0;
    if (!IXS_NEW(out->energy, 5 * n, err))
        return false;
    out->figure = out->energy + n;
    out->exposure = out->energy + 2 * n;
    out->inverse_variance = out->energy + 3 * n;
    out->error = out->energy + 4 * n;
    for (size_t i = 0; i < n; i++) {
        if (!usable(&points[i], out->counted))
            continue;
        size_t k = out->n++;
        out->energy[k] = points[i].energy;
        out->figure[k] = out->counted ? points[i].counts : points[i].intensity;
        out->exposure[k] = out->counted ? points[i].exposure : 1.0;
        out->error[k] = points[i].error;
        out->inverse_variance[k] = 1.0 / (points[i].error * points[i].error);
    }
    return true;
}

/* ---- the fit ------------------------------------------------------------------------------------
 */

static double rate(const struct trace *trace, size_t i)
{
    return trace->figure[i] / trace->exposure[i];
}

/* A line on the lowest of three neighbours together; its area by trapezoids. */
static void start(const struct trace *trace, double *p)
{
    double ground = INFINITY, area = 0.0;
    size_t top = 0;
    for (size_t i = 0; i < trace->n; i++) {
        top = rate(trace, i) > rate(trace, top) ? i : top;
        if (i >= 2)
            ground = fmin(ground, (rate(trace, i) + rate(trace, i - 1) + rate(trace, i - 2)) / 3.0);
    }
    for (size_t i = 1; i < trace->n; i++)
        area += 0.5 * (rate(trace, i) + rate(trace, i - 1) - 2.0 * ground) *
                (trace->energy[i] - trace->energy[i - 1]);
    area = fmax(fabs(area), 1e-300);
    p[AREA] = area;
    p[CENTER] = trace->energy[top];
    p[WIDTH] = fmax(0.8 * area / (rate(trace, top) - ground), 10.0 * least_width);
    p[SHARE] = 0.5;
    p[GROUND] = ground;
}

struct found { /* of one spectrum */
    double p[NVALUES], covariance[NVALUES * NVALUES];
    struct ixs_solve_result result;
    double excess; /* of the variance: errors are enlarged by its root */
};

static bool solve(struct ixs_solve *space, struct trace *trace, struct found *found)
{
    double lower[NVALUES] = {0.0, -INFINITY, least_width, 0.0, trace->counted ? 0.0 : -INFINITY};
    double upper[NVALUES] = {INFINITY, INFINITY, INFINITY, 1.0, INFINITY};
    struct ixs_solve_problem problem = {.nparameters = NVALUES,
                                        .ndata = trace->n,
                                        .counts = trace->figure,
                                        .model = model,
                                        .context = trace,
                                        .lower = lower,
                                        .upper = upper};
    enum ixs_solve_state states[NVALUES];
    problem.inverse_variance = trace->counted ? NULL : trace->inverse_variance;
    ixs_solve_run(space, &problem, &IXS_SOLVE_RULES, found->p, &found->result);
    ixs_solve_covariance(space, &problem, found->p, found->covariance, states);
    return found->result.converged && found->result.dof > 0;
}

/* Least squares without weights: all errors are one, and what is left over tells it. */
static bool solve_unweighted(struct ixs_solve *space, struct trace *trace, struct found *found)
{
    double error = rate(trace, 0);
    for (size_t i = 0; i < trace->n; i++)
        error = fmax(error, 0.01 * fabs(rate(trace, i)));
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < trace->n; i++)
            trace->inverse_variance[i] = 1.0 / (error * error);
        if (!solve(space, trace, found))
            return false;
        error *= sqrt(fmax(found->result.deviance / (double)found->result.dof, 1e-20));
    }
    return true;
}

static bool fit(struct found *found, struct trace *trace, bool unweighted, bool *well,
                struct ixs_err *err)
{
    struct ixs_solve *space = NULL;
    *well = false;
    if (trace->n <= NVALUES)
        return true;
    bool ok = ixs_solve_new(&space, NVALUES, trace->n, err);
    if (ok) {
        start(trace, found->p);
        *well = unweighted ? solve_unweighted(space, trace, found) : solve(space, trace, found);
        found->excess = fmax(1.0, found->result.deviance / (double)found->result.dof);
    }
    ixs_solve_free(space);
    return ok;
}

/* ---- into CALIB ---------------------------------------------------------------------------------
 */

static double error_of(const struct found *found, size_t k)
{
    return sqrt(found->excess * found->covariance[k * NVALUES + k]);
}

/* The response about its centre; the weight is 1 and has no error. */
static void shape_of(struct ixs_shape *out, const struct found *found)
{
    static const size_t values[4] = {AREA, CENTER, WIDTH, SHARE};
    const double *p = found->p;
    *out = (struct ixs_shape){.response.nparts = 1};
    out->response.parts[0] = (struct ixs_response_part){1.0, 0.0, p[WIDTH], p[SHARE]};
    for (size_t i = 1; i < 4; i++)
        for (size_t j = 1; j < 4; j++)
            out->covariance[i][j] =
                found->excess * found->covariance[values[i] * NVALUES + values[j]];
}

static void add_covariance(struct ixs_calib *out, const char *analyzer,
                           const struct ixs_shape *shape)
{
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j <= i; j++) {
            struct ixs_calib_covariance *row = &out->covariances[out->ncovariances++];
            *row = (struct ixs_calib_covariance){.row = (int64_t)i + 1,
                                                 .column = (int64_t)j + 1,
                                                 .covariance = shape->covariance[i][j]};
            ixs_copy(row->analyzer, sizeof row->analyzer, analyzer);
        }
}

static void add_measured(struct ixs_calib *out, const struct ixs_spectrum *spectrum,
                         const struct trace *trace, const struct found *found,
                         const struct ixs_shape *shape)
{
    const double *p = found->p;
    long scan = strtol(spectrum->scans, NULL, 10);
    for (size_t i = 0; i < trace->n; i++) {
        struct ixs_calib_response *row = &out->response[out->nresponse++];
        double energy = trace->energy[i] - p[CENTER];
        double value = ixs_response_value(&shape->response, energy);
        *row = (struct ixs_calib_response){
            .scan = scan > 0 ? scan : 1, /* 0 is the curve on a grid */
            .energy = energy,
            .counts = trace->counted ? trace->figure[i] : NAN,
            .expected = trace->counted ? trace->exposure[i] * (p[AREA] * value + p[GROUND]) : NAN,
            .response = value,
            .response_err = ixs_shape_error(shape, energy),
            .measured = (rate(trace, i) - p[GROUND]) / p[AREA],
            .measured_err = trace->error[i] / p[AREA]};
        ixs_copy(row->analyzer, sizeof row->analyzer, spectrum->analyzer);
    }
}

static void describe(struct ixs_calib_analyzer *row, const struct ixs_spectrum *spectrum,
                     const struct trace *trace, const struct found *found,
                     const struct ixs_response *response)
{
    const double *p = found->p;
    row->zero = p[CENTER] + spectrum->zero;
    row->zero_err = error_of(found, CENTER);
    row->fwhm = p[WIDTH];
    row->fwhm_err = error_of(found, WIDTH);
    row->e_lo = INFINITY;
    row->e_hi = -INFINITY;
    for (size_t i = 0; i < trace->n; i++) {
        row->e_lo = fmin(row->e_lo, trace->energy[i] - p[CENTER]);
        row->e_hi = fmax(row->e_hi, trace->energy[i] - p[CENTER]);
        if (trace->counted)
            row->peak = fmax(row->peak, trace->figure[i]);
    }
    row->tail10 = ixs_response_tail10(response, row->e_lo, row->e_hi);
    row->deviance = found->result.deviance;
    row->dof = found->result.dof;
    row->ncomponents = 1;
    ixs_copy(row->form, sizeof row->form, "single");
    ixs_copy(row->scan, sizeof row->scan, spectrum->scans);
}

static void add_response(struct ixs_calib *out, const struct ixs_spectrum *spectrum,
                         const struct trace *trace, const struct found *found)
{
    struct ixs_shape shape;
    double variance[4];
    shape_of(&shape, found);
    for (size_t k = 0; k < 4; k++)
        variance[k] = shape.covariance[k][k];
    struct ixs_calib_analyzer *row = &out->analyzers[out->nanalyzers - 1];
    describe(row, spectrum, trace, found, &shape.response);
    out->components[out->ncomponents++] =
        ixs_standard_component(spectrum->analyzer, 0, &shape.response.parts[0], variance);
    add_covariance(out, spectrum->analyzer, &shape);
    add_measured(out, spectrum, trace, found, &shape);
    ixs_standard_curve(out, spectrum->analyzer, &shape, fmax(-row->e_lo, row->e_hi));
}

static bool make_room(struct ixs_calib *out, const struct ixs_spectra *spectra, struct ixs_err *err)
{
    size_t n = spectra->nspectra, analyzers = out->nanalyzers, components = out->ncomponents;
    size_t covariances = out->ncovariances, rows = out->nresponse;
    size_t curve = n * ixs_standard_curve_rows();
    return ixs_grow(&out->analyzers, &analyzers, analyzers + n, sizeof *out->analyzers, err) &&
           ixs_grow(&out->components, &components, components + n, sizeof *out->components, err) &&
           ixs_grow(&out->covariances, &covariances, covariances + 10 * n, sizeof *out->covariances,
                    err) &&
           ixs_grow(&out->response, &rows, rows + spectra->npoints + curve, sizeof *out->response,
                    err);
}

static bool add_spectrum(struct ixs_calib *out, const struct ixs_spectra *spectra,
                         const struct ixs_spectrum *spectrum,
                         const struct ixs_archive_responses *how, struct ixs_err *err)
{
    struct ixs_analyzer nothing = {.dark_rate = NAN, .dead_time = NAN};
    struct trace trace = {0};
    struct found found = {0};
    bool well, ok;
    if (ixs_calib_find(out, spectrum->analyzer) != NULL)
        return ixs_fail(err, IXS_USAGE,
                        "found analyzer %s a second time, expected one spectrum of each",
                        spectrum->analyzer);
    ixs_copy(nothing.name, sizeof nothing.name, spectrum->analyzer);
    struct ixs_calib_analyzer *row = &out->analyzers[out->nanalyzers++];
    *row = ixs_standard_row(&nothing);
    ok = gather(&trace, spectra, spectrum, how->unweighted, err) &&
         fit(&found, &trace, how->unweighted, &well, err);
    if (ok) {
        ixs_copy(row->quality, sizeof row->quality, well ? "good" : "uncalibrated");
        ixs_copy(row->reason, sizeof row->reason, well ? "" : "no line could be fitted");
    }
    if (ok && well)
        add_response(out, spectrum, &trace, &found);
    free(trace.energy);
    return ok;
}

static void no_keys(struct ixs_calib_keys *keys)
{
    keys->origin_scatter = keys->width_scatter = keys->efficiency_scatter = keys->jitter = NAN;
    keys->prior = keys->prior_err = NAN;
    keys->fading = keys->fading_err = keys->widening = keys->widening_err = NAN;
    ixs_copy(keys->center, sizeof keys->center, "centroid within +-10 meV");
    ixs_copy(keys->removal, sizeof keys->removal, "none");
}

static bool add_product(struct ixs_calib *out, const char *path,
                        const struct ixs_archive_responses *how, struct ixs_err *err)
{
    struct ixs_spectra spectra = {0};
    bool ok = ixs_spectra_read(&spectra, path, how->reading, how->provenance, err) &&
              make_room(out, &spectra, err);
    if (ok && out->nanalyzers == 0) {
        no_keys(&out->keys);
        out->identity = spectra.identity;
        ixs_copy(out->identity.kind, sizeof out->identity.kind, "CALIB");
        ixs_copy(out->keys.beamtimes, sizeof out->keys.beamtimes, spectra.keys.origin);
    }
    for (size_t i = 0; ok && i < spectra.nspectra; i++)
        ok =
            add_spectrum(out, &spectra, &spectra.spectra[i], how, err) || ixs_in_file(err, path, 0);
    ixs_spectra_dispose(&spectra);
    return ok;
}

static bool is_spectra(const char *path, const struct ixs_reading *how, bool *is,
                       struct ixs_err *err)
{
    char kind[16] = "";
    bool ok = ixs_product_kind(kind, path, how, err);
    *is = strcmp(kind, "SPECTRA") == 0;
    return ok;
}

bool ixs_archive_responses(struct ixs_calib *out, const struct ixs_archive_responses *how,
                           bool *taken, struct ixs_err *err)
{
    *taken = false;
    bool ok = how->npaths == 0 || is_spectra(how->paths[0], how->reading, taken, err);
    for (size_t i = 0; ok && *taken && i < how->npaths; i++)
        ok = add_product(out, how->paths[i], how, err);
    return ok;
}
