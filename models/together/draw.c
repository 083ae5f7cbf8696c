/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parametric bootstrap of spectra fitted together (Efron & Tibshirani, An Introduction to the
 * Bootstrap, 1993): all of them are drawn anew, and what is known beforehand too, since that is
 * another measurement.
 */
#include "models/together/inside.h"

#include "base/array.h"
#include "base/parallel.h"
#include "models/numerics/chance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct copy { /* of a problem, on one thread: what is drawn goes here; owns its arrays */
    struct ixs_together together;
    struct ixs_together_spectrum *spectra; /* [nspectra] */
    struct ixs_together_piece *pieces;     /* of all spectra */
    struct ixs_together_source *own, *shared;
    double *counts; /* of all pieces */
    struct ixs_together_space space;
    bool made;
};

struct draws { /* owns its arrays */
    const struct ixs_together *from;
    const struct ixs_bootstrap_rules *rules;
    size_t nown, npieces, npoints, threads;
    double *expected;    /* [npoints] */
    struct copy *copies; /* [threads] */
    double *values;      /* [nown + nshared][draws] */
    double *deviances;   /* [nspectra][draws] */
    bool *fitted;        /* [draws] */
};

/* ---- copies ---------------------------------------------------------------------------------- */

static void copy_dispose(struct copy *copy)
{
    free(copy->spectra);
    free(copy->pieces);
    free(copy->own);
    free(copy->shared);
    free(copy->counts);
    ixs_together_dispose(&copy->space);
    *copy = (struct copy){0};
}

static void copy_spectrum(struct copy *copy, size_t b, size_t piece, size_t own, size_t *point)
{
    struct ixs_together_spectrum *spectrum = &copy->spectra[b];
    struct ixs_together_piece *pieces = copy->pieces + piece;
    memcpy(pieces, spectrum->pieces, spectrum->npieces * sizeof *pieces);
    memcpy(copy->own + own, spectrum->own, spectrum->nown * sizeof *copy->own);
    for (size_t i = 0; i < spectrum->npieces; i++) {
        struct ixs_fit_task *task = &pieces[i].task;
        memcpy(copy->counts + *point, task->points.counts, task->points.n * sizeof(double));
        task->points.counts = copy->counts + *point;
        *point += task->points.n;
    }
    spectrum->pieces = pieces;
    spectrum->own = copy->own + own;
}

/* Its start is the minimum, its bounds those of the data as they are. */
static bool copy_make(struct copy *copy, const struct draws *draws, struct ixs_err *err)
{
    const struct ixs_together *from = draws->from;
    size_t piece = 0, own = 0, point = 0;
    if (!IXS_NEW(copy->spectra, from->nspectra, err) ||
        !IXS_NEW(copy->pieces, draws->npieces, err) || !IXS_NEW(copy->own, draws->nown, err) ||
        !IXS_NEW(copy->shared, from->nshared, err) || !IXS_NEW(copy->counts, draws->npoints, err))
        return false;
    memcpy(copy->spectra, from->spectra, from->nspectra * sizeof *copy->spectra);
    memcpy(copy->shared, from->shared, from->nshared * sizeof *copy->shared);
    for (size_t b = 0; b < from->nspectra; b++) {
        copy_spectrum(copy, b, piece, own, &point);
        piece += from->spectra[b].npieces;
        own += from->spectra[b].nown;
    }
    copy->together =
        (struct ixs_together){from->nspectra, from->nshared, copy->spectra, copy->shared, 1, true};
    return ixs_together_make(&copy->space, &copy->together, err) &&
           ixs_together_begin(&copy->space, err) && ixs_together_ready(&copy->space, err);
}

/* A half-made one must not wait for the next draw. */
static bool copy_ready(struct copy *copy, const struct draws *draws, struct ixs_err *err)
{
    if (!copy->made) {
        copy->made = copy_make(copy, draws, err);
        if (!copy->made)
            copy_dispose(copy);
    }
    return copy->made;
}

/* ---- one draw -------------------------------------------------------------------------------- */

static void draw_prior(struct ixs_together_source *source, uint64_t *state)
{
    if (source->sigma > 0.0)
        source->mean = source->value + source->sigma * ixs_chance_normal(state);
}

static void draw(struct copy *copy, const struct draws *draws, size_t d)
{
    const struct ixs_together *from = draws->from;
    uint64_t state = ixs_chance_state(draws->rules->seed, (draws->rules->index << 32) + d);
    struct ixs_together_space *space = &copy->space;
    size_t at = 0;
    for (size_t b = 0; b < from->nspectra; b++)
        for (size_t i = 0; i < from->spectra[b].npieces; i++) {
            const struct ixs_fit_task *task = &from->spectra[b].pieces[i].task;
            ixs_bootstrap_counts(task, draws->expected + at, &state, copy->counts + at);
            at += task->points.n;
        }
    for (size_t k = 0; k < draws->nown; k++) {
        draw_prior(&copy->own[k], &state);
        space->p[k] = copy->own[k].value;
    }
    for (size_t k = 0; k < from->nshared; k++) {
        draw_prior(&copy->shared[k], &state);
        space->p[draws->nown + k] = copy->shared[k].value;
    }
}

static double prior_cost(size_t n, const struct ixs_together_source *sources, const double *p)
{
    double sum = 0.0;
    for (size_t k = 0; k < n; k++)
        if (sources[k].sigma > 0.0)
            sum += pow((p[k] - sources[k].mean) / sources[k].sigma, 2.0);
    return sum;
}

/* As ixs_job_run. */
static bool run(void *context, size_t d, size_t worker, struct ixs_err *err)
{
    struct draws *draws = context;
    struct copy *copy = &draws->copies[worker];
    struct ixs_together_space *space = &copy->space;
    size_t all = draws->nown + draws->from->nshared, most = draws->rules->draws;
    if (!copy_ready(copy, draws, err))
        return false;
    draw(copy, draws, d);
    if (!ixs_arrow_run(space->arrow, &space->minimum, &space->end, err))
        return false;
    draws->fitted[d] = space->end.converged;
    for (size_t k = 0; k < all; k++)
        draws->values[k * most + d] = space->p[k];
    for (size_t b = 0; b < draws->from->nspectra; b++) {
        const struct ixs_together_spectrum *spectrum = &copy->spectra[b];
        draws->deviances[b * most + d] =
            ixs_arrow_cost(space->arrow, b) -
            prior_cost(spectrum->nown, spectrum->own, space->blocks[b].p);
    }
    return true;
}

/* ---- all of them ----------------------------------------------------------------------------- */

static bool expect(struct draws *draws, struct ixs_err *err)
{
    const struct ixs_together *from = draws->from;
    struct ixs_fit_space *space = NULL;
    double *common = NULL, *own = NULL, parameters[IXS_FIT_P];
    size_t most = 1, at = 0;
    for (size_t b = 0; b < from->nspectra; b++) {
        const struct ixs_together_spectrum *spectrum = &from->spectra[b];
        draws->nown += spectrum->nown;
        draws->npieces += spectrum->npieces;
        for (size_t i = 0; i < spectrum->npieces; i++) {
            size_t n = spectrum->pieces[i].task.points.n;
            draws->npoints += n;
            most = n > most ? n : most;
        }
    }
    bool ok = ixs_fit_space_new(&space, most, err) && IXS_NEW(common, from->nshared, err) &&
              IXS_NEW(own, draws->nown, err) && IXS_NEW(draws->expected, draws->npoints, err);
    for (size_t k = 0; ok && k < from->nshared; k++)
        common[k] = from->shared[k].value;
    for (size_t b = 0; ok && b < from->nspectra; b++) {
        const struct ixs_together_spectrum *spectrum = &from->spectra[b];
        for (size_t k = 0; k < spectrum->nown; k++)
            own[k] = spectrum->own[k].value;
        for (size_t i = 0; i < spectrum->npieces; i++) {
            const struct ixs_together_piece *piece = &spectrum->pieces[i];
            ixs_together_parameters(spectrum, piece, own, common, parameters);
            ixs_bootstrap_expect(space, &piece->task, parameters, draws->expected + at);
            at += piece->task.points.n;
        }
    }
    ixs_fit_space_free(space);
    free(common);
    free(own);
    return ok;
}

/* The draws that could be fitted, in front. */
static size_t keep(const struct draws *draws, double *values)
{
    size_t n = 0;
    for (size_t d = 0; d < draws->rules->draws; d++)
        if (draws->fitted[d])
            values[n++] = values[d];
    return n;
}

static double share_above(size_t n, const double *values, double value)
{
    double above = 0.0;
    for (size_t d = 0; d < n; d++)
        above += values[d] >= value;
    return above / fmax(1.0, (double)n);
}

/* Of parameter k of a spectrum, from what its sources are in each draw. */
static void measure_parameter(const struct draws *draws, size_t b, size_t first, size_t k, size_t n,
                              double *room)
{
    const struct ixs_together_spectrum *spectrum = &draws->from->spectra[b];
    const struct ixs_together_piece *piece = &spectrum->pieces[0];
    struct ixs_fit_answer *answer = spectrum->answer;
    enum ixs_solve_state state = answer->states[k];
    const struct ixs_bootstrap_of of = {answer->parameters[k], answer->response_errors[k],
                                        state == IXS_SOLVE_FREE || state == IXS_SOLVE_SHARED ||
                                            state == IXS_SOLVE_TIED};
    for (size_t d = 0; d < n; d++)
        room[d] = piece->offset[k];
    for (size_t t = 0; t < piece->nterms; t++) {
        const struct ixs_together_term *term = &piece->terms[t];
        if (term->parameter != k)
            continue;
        size_t at = term->source < spectrum->nown
                        ? first + term->source
                        : draws->nown + spectrum->uses[term->source - spectrum->nown];
        for (size_t d = 0; d < n; d++)
            room[d] += term->factor * draws->values[at * draws->rules->draws + d];
    }
    ixs_bootstrap_measure(n, room, &of, &answer->bootstrap.figures[k]);
}

static void measure_source(const struct draws *draws, size_t at, size_t n, double *room,
                           struct ixs_together_source *source)
{
    const struct ixs_bootstrap_of of = {source->value, source->response_error,
                                        source->state == IXS_SOLVE_FREE};
    memcpy(room, draws->values + at * draws->rules->draws, n * sizeof *room);
    ixs_bootstrap_measure(n, room, &of, &source->bootstrap);
}

/* Of all, from n draws. */
static void measure(const struct draws *draws, size_t n, double *room)
{
    const struct ixs_together *from = draws->from;
    size_t first = 0;
    for (size_t b = 0; b < from->nspectra; b++) {
        const struct ixs_together_spectrum *spectrum = &from->spectra[b];
        struct ixs_fit_answer *answer = spectrum->answer;
        answer->bootstrap.draws = n;
        answer->bootstrap.p_value =
            share_above(n, draws->deviances + b * draws->rules->draws, answer->deviance);
        for (size_t k = 0; n > 1 && k < answer->nparameters; k++)
            measure_parameter(draws, b, first, k, n, room);
        for (size_t k = 0; n > 1 && k < spectrum->nown; k++)
            measure_source(draws, first + k, n, room, &spectrum->own[k]);
        first += spectrum->nown;
    }
    for (size_t k = 0; n > 1 && k < from->nshared; k++)
        measure_source(draws, draws->nown + k, n, room, &from->shared[k]);
}

/* Sums over the spectra, into room. */
static void sum_deviances(const struct draws *draws, size_t n, double *room)
{
    for (size_t d = 0; d < n; d++) {
        room[d] = 0.0;
        for (size_t b = 0; b < draws->from->nspectra; b++)
            room[d] += draws->deviances[b * draws->rules->draws + d];
    }
}

static void dispose(struct draws *draws)
{
    for (size_t i = 0; draws->copies != NULL && i < draws->threads; i++)
        copy_dispose(&draws->copies[i]);
    free(draws->copies);
    free(draws->expected);
    free(draws->values);
    free(draws->deviances);
    free(draws->fitted);
}

bool ixs_together_bootstrap(const struct ixs_together *together,
                            const struct ixs_bootstrap_rules *rules,
                            struct ixs_together_result *result, struct ixs_err *err)
{
    struct draws draws = {
        .from = together, .rules = rules, .threads = ixs_parallel_threads(together->threads)};
    size_t most = rules->draws, n = 0;
    double *room = NULL;
    bool ok = expect(&draws, err) && IXS_NEW(draws.copies, draws.threads, err) &&
              IXS_NEW(draws.values, (draws.nown + together->nshared) * most, err) &&
              IXS_NEW(draws.deviances, together->nspectra * most, err) &&
              IXS_NEW(draws.fitted, most, err) && IXS_NEW(room, most, err) &&
              ixs_parallel(most, draws.threads, run, &draws, err);
    for (size_t k = 0; ok && k < draws.nown + together->nshared; k++)
        n = keep(&draws, draws.values + k * most);
    for (size_t b = 0; ok && b < together->nspectra; b++)
        n = keep(&draws, draws.deviances + b * most);
    if (ok) {
        measure(&draws, n, room);
        sum_deviances(&draws, n, room);
        result->draws = n;
        result->bootstrap_p_value = share_above(n, room, result->deviance);
    }
    free(room);
    dispose(&draws);
    return ok;
}
