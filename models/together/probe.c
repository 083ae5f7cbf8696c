/* SPDX-License-Identifier: GPL-3.0-or-later
 * Profile likelihood of one source of spectra fitted together.
 */
#include "models/together/probe.h"

#include "base/array.h"
#include "models/numerics/cholesky.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ITERATIONS = 30 };
static const double tolerance = 0.02;

void ixs_probe_dispose(struct ixs_probe *probe)
{
    void *owned[] = {probe->which, probe->shared, probe->place, probe->uses,   probe->blocks,
                     probe->p,     probe->lower,  probe->upper, probe->best,   probe->direction,
                     probe->last,  probe->rest,   probe->slope, probe->common, probe->room};
    for (size_t k = 0; k < IXS_COUNT(owned); k++)
        free(owned[k]);
    ixs_arrow_free(probe->arrow);
}

/* ---- what is looked at ----------------------------------------------------------------------- */

/* As ixs_arrow_whole. */
static double cost(void *context, size_t block, size_t worker, const double *own,
                   const double *common, double *gradient, double *curvature)
{
    struct ixs_probe *probe = context;
    (void)worker; /* one alone */
    for (size_t j = 0; j < probe->m; j++)
        probe->common[probe->shared[j]] = common[j];
    return ixs_together_cost(probe->space, probe->fit, probe->which[block], own, probe->common,
                             gradient, curvature);
}

/* As ixs_arrow_prior: of the shared ones, by all that is not looked at. */
static double rest(void *context, long block, const double *p, double *gradient, double *curvature)
{
    const struct ixs_probe *probe = context;
    size_t m = probe->m;
    double sum = 0.0;
    (void)block;
    for (size_t i = 0; i < m; i++) {
        double off = p[i] - probe->best[probe->nown + i], slope = probe->slope[i];
        for (size_t j = 0; j < m; j++)
            slope += probe->rest[i * m + j] * (p[j] - probe->best[probe->nown + j]);
        sum += off * (slope + probe->slope[i]);
        if (gradient != NULL && curvature != NULL) {
            gradient[i] += slope;
            for (size_t j = 0; j < m; j++)
                curvature[i * m + j] += probe->rest[i * m + j];
        }
    }
    return sum;
}

/* Whether a spectrum uses a shared source. */
static bool uses(const struct ixs_together_spectrum *spectrum, size_t shared)
{
    for (size_t j = 0; j < spectrum->nuses; j++)
        if (spectrum->uses[j] == shared)
            return true;
    return false;
}

/* The spectra that know of the source at `at`, and what they share. */
static bool find_spectra(struct ixs_probe *probe, size_t at, struct ixs_err *err)
{
    const struct ixs_together_space *space = probe->space;
    const struct ixs_together *together = space->problem;
    size_t nuses = 0;
    if (!IXS_NEW(probe->which, together->nspectra, err) ||
        !IXS_NEW(probe->shared, together->nshared, err) ||
        !IXS_NEW(probe->place, together->nshared, err))
        return false;
    for (size_t b = 0; b < together->nspectra; b++) {
        const struct ixs_together_spectrum *spectrum = &together->spectra[b];
        size_t first = (size_t)(space->blocks[b].p - space->p);
        bool knows = at < space->nown ? at >= first && at < first + spectrum->nown
                                      : uses(spectrum, at - space->nown);
        if (!knows)
            continue;
        if (at < space->nown)
            probe->held = at - first;
        probe->which[probe->n++] = b;
        probe->nown += spectrum->nown;
        nuses += spectrum->nuses;
        for (size_t j = 0; j < spectrum->nuses; j++) {
            size_t *place = &probe->place[spectrum->uses[j]];
            if (*place > 0)
                continue;
            probe->shared[probe->m] = spectrum->uses[j];
            *place = ++probe->m;
        }
    }
    if (at >= space->nown)
        probe->held = probe->nown + probe->place[at - space->nown] - 1;
    probe->all = probe->nown + probe->m;
    return IXS_NEW(probe->uses, nuses, err) && IXS_NEW(probe->blocks, probe->n, err);
}

static void take(struct ixs_probe *probe, size_t to, size_t from, bool held)
{
    const struct ixs_together_space *space = probe->space;
    probe->p[to] = probe->best[to] = space->p[from];
    probe->lower[to] = held ? space->p[from] : space->lower[from];
    probe->upper[to] = held ? space->p[from] : space->upper[from];
}

/* Values, bounds and blocks; shared ones at a bound stay there. */
static void copy(struct ixs_probe *probe)
{
    const struct ixs_together_space *space = probe->space;
    const enum ixs_solve_state *states = ixs_arrow_common_states(space->arrow);
    size_t at = 0, used = 0;
    for (size_t i = 0; i < probe->n; i++) {
        const struct ixs_together_spectrum *spectrum = &space->problem->spectra[probe->which[i]];
        size_t *list = probe->uses + used;
        probe->blocks[i] = (struct ixs_arrow_block){.nown = spectrum->nown,
                                                    .p = probe->p + at,
                                                    .lower = probe->lower + at,
                                                    .upper = probe->upper + at,
                                                    .nuses = spectrum->nuses,
                                                    .uses = list};
        for (size_t j = 0; j < spectrum->nuses; j++)
            list[j] = probe->place[spectrum->uses[j]] - 1;
        for (size_t k = 0; k < spectrum->nown; k++)
            take(probe, at + k, ixs_together_place(space, probe->which[i], k), false);
        at += spectrum->nown;
        used += spectrum->nuses;
    }
    for (size_t j = 0; j < probe->m; j++)
        take(probe, at + j, space->nown + probe->shared[j],
             at + j != probe->held && states[probe->shared[j]] != IXS_SOLVE_FREE);
    memcpy(probe->common, space->p + space->nown, space->problem->nshared * sizeof *probe->common);
}

/* ---- what is not ----------------------------------------------------------------------------- */

/* Root of the product of the variances of two shared ones; 0 if one of them is held. */
static double scale_of(const struct ixs_probe *probe, size_t i, size_t j)
{
    const struct ixs_arrow *arrow = probe->space->arrow;
    const enum ixs_solve_state *states = ixs_arrow_common_states(arrow);
    size_t one = probe->shared[i], other = probe->shared[j];
    if (states[one] != IXS_SOLVE_FREE || states[other] != IXS_SOLVE_FREE)
        return 0.0;
    return sqrt(ixs_arrow_common_covariance(arrow, one, one) *
                ixs_arrow_common_covariance(arrow, other, other));
}

/* All that is said of the shared ones: the inverse of their covariance, 0 of those that are held.
 * room: [m (m + 1)]. */
static void invert_covariance(struct ixs_probe *probe)
{
    size_t m = probe->m;
    double *factor = probe->room, *column = probe->room + m * m;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++) {
            double scale = scale_of(probe, i, j);
            double both = ixs_arrow_common_covariance(probe->space->arrow, probe->shared[i],
                                                      probe->shared[j]);
            factor[i * m + j] = scale > 0.0 ? both / scale : i == j ? 1.0 : 0.0;
        }
    bool regular = ixs_cholesky(m, factor, 0.0) == m;
    for (size_t j = 0; j < m && regular; j++) {
        memset(column, 0, m * sizeof *column);
        column[j] = 1.0;
        ixs_cholesky_solve(m, factor, column);
        for (size_t i = 0; i < m; i++) {
            double scale = scale_of(probe, i, j);
            probe->rest[i * m + j] = scale > 0.0 ? column[i] / scale : 0.0;
        }
    }
}

/* Takes what the spectra that are looked at say themselves off what all say. */
static void take_off(struct ixs_probe *probe, size_t i)
{
    const struct ixs_arrow *arrow = probe->space->arrow;
    const enum ixs_solve_state *states = ixs_arrow_common_states(arrow);
    const struct ixs_arrow_block *block = &probe->blocks[i];
    size_t m = probe->m, n = block->nuses;
    double *left = probe->room, *slope = probe->room + n * n;
    ixs_arrow_alone(arrow, probe->which[i], left, slope);
    for (size_t j = 0; j < n; j++) {
        size_t one = block->uses[j];
        if (states[probe->shared[one]] != IXS_SOLVE_FREE)
            continue;
        probe->slope[one] -= slope[j];
        for (size_t k = 0; k < n; k++)
            if (states[probe->shared[block->uses[k]]] == IXS_SOLVE_FREE)
                probe->rest[one * m + block->uses[k]] -= left[j * n + k];
    }
}

/* A shared source at its bound is pushed there by its spectra, which are all looked at; by its
 * prior the rest of it. */
static void mind_prior(struct ixs_probe *probe)
{
    if (probe->held < probe->nown || !(probe->best[probe->held] <= probe->lower[probe->held]))
        return;
    size_t j = probe->held - probe->nown;
    const struct ixs_together_source *source = &probe->space->problem->shared[probe->shared[j]];
    double known = source->sigma > 0.0 ? 1.0 / (source->sigma * source->sigma) : 0.0;
    probe->slope[j] = known > 0.0 ? (probe->best[probe->held] - source->mean) * known : 0.0;
}

/* Where everything goes when the source goes on by 1, and its error. */
static void aim_by_covariance(struct ixs_probe *probe)
{
    size_t at = 0;
    for (size_t i = 0; i < probe->n; i++) {
        const struct ixs_arrow_block *block = &probe->blocks[i];
        size_t n = block->nown, all = n + block->nuses, own = probe->held - at, column = all;
        ixs_arrow_covariance(probe->space->arrow, probe->which[i], probe->room);
        if (probe->held < probe->nown)
            column = own;
        for (size_t j = 0; j < block->nuses && probe->held >= probe->nown; j++)
            if (probe->nown + block->uses[j] == probe->held)
                column = n + j;
        double variance = probe->room[column * (all + 1)];
        probe->sigma = variance > 0.0 ? sqrt(variance) : (double)NAN;
        for (size_t k = 0; k < all; k++) {
            double slope = probe->room[k * all + column] / variance;
            size_t to = k < n ? at + k : probe->nown + block->uses[k - n];
            probe->direction[to] = to != probe->held && isfinite(slope) ? slope : 0.0;
        }
        at += n;
    }
}

bool ixs_probe_make(struct ixs_probe *probe, size_t at, struct ixs_err *err)
{
    const struct ixs_together *together = probe->space->problem;
    if (!find_spectra(probe, at, err))
        return false;
    size_t m = probe->m, most = m;
    for (size_t i = 0; i < probe->n; i++) {
        const struct ixs_together_spectrum *spectrum = &together->spectra[probe->which[i]];
        size_t all = spectrum->nown + spectrum->nuses;
        most = all > most ? all : most;
    }
    if (!IXS_NEW(probe->p, probe->all, err) || !IXS_NEW(probe->lower, probe->all, err) ||
        !IXS_NEW(probe->upper, probe->all, err) || !IXS_NEW(probe->best, probe->all, err) ||
        !IXS_NEW(probe->direction, probe->all, err) || !IXS_NEW(probe->last, probe->all, err) ||
        !IXS_NEW(probe->rest, m * m, err) || !IXS_NEW(probe->slope, m, err) ||
        !IXS_NEW(probe->common, together->nshared, err) ||
        !IXS_NEW(probe->room, most * (most + 1), err))
        return false;
    copy(probe);
    invert_covariance(probe);
    for (size_t i = 0; i < probe->n; i++) {
        take_off(probe, i);
        probe->objective += ixs_arrow_cost(probe->space->arrow, probe->which[i]);
    }
    mind_prior(probe);
    aim_by_covariance(probe);
    probe->problem = (struct ixs_arrow_problem){.nblocks = probe->n,
                                                .ncommon = m,
                                                .blocks = probe->blocks,
                                                .common = probe->p + probe->nown,
                                                .lower = probe->lower + probe->nown,
                                                .upper = probe->upper + probe->nown,
                                                .whole = cost,
                                                .prior = rest,
                                                .context = probe,
                                                .threads = 1,
                                                .most_iterations = MOST_ITERATIONS,
                                                .tolerance = tolerance,
                                                .brief = true};
    return ixs_arrow_new(&probe->arrow, &probe->problem, err);
}

/* ---- rise ------------------------------------------------------------------------------------ */

/* Where to look: on from the last minimum found on this side, else as the curvature tells. */
static void aim(struct ixs_probe *probe, double value)
{
    double best = probe->best[probe->held], last = probe->last[probe->held];
    bool on = probe->risen && (value - best) * (last - best) > 0.0;
    for (size_t l = 0; l < probe->all; l++) {
        double slope = on ? (probe->last[l] - probe->best[l]) / (last - best) : probe->direction[l];
        double to = probe->best[l] + slope * (value - best);
        probe->p[l] = l == probe->held ? value : fmin(fmax(to, probe->lower[l]), probe->upper[l]);
    }
}

double ixs_probe_rise(void *context, double value)
{
    struct ixs_probe *probe = context;
    struct ixs_arrow_result result;
    size_t held = probe->held;
    double lower = probe->lower[held], upper = probe->upper[held];
    aim(probe, value);
    probe->lower[held] = probe->upper[held] = value;
    bool ok = ixs_arrow_run(probe->arrow, &probe->problem, &result, probe->err);
    probe->lower[held] = lower;
    probe->upper[held] = upper;
    probe->failed = probe->failed || !ok;
    if (!ok)
        return INFINITY;
    memcpy(probe->last, probe->p, probe->all * sizeof *probe->p);
    probe->risen = true;
    return fmax(0.0, result.objective - result.left - probe->objective);
}
