/* SPDX-License-Identifier: GPL-3.0-or-later
 * The joint fit run, and what it gives: responses with their errors, each scan's elastic and
 * inelastic part, the densities of the samples.
 */
#include "calib/standard/removal.h"

#include "base/array.h"
#include "models/fit/deviance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ITERATIONS = 200, DENSITY_ROWS = 60 };

struct outcome { /* of one analyzer */
    const struct ixs_joint *joint;
    const struct ixs_joint_block *block;
    const double *mu, *covariance; /* covariance [nown + ncommon]^2, not enlarged */
    size_t size;
    double excess;
};

/* Elastic line, background, zero and area of each trace; its inelastic counts. */
static bool take_traces(const struct outcome *outcome, const struct ixs_shape *shape, double zero,
                        struct ixs_err *err)
{
    const struct ixs_joint_block *block = outcome->block;
    size_t at = 0;
    double area = 0;
    for (size_t k = 0; k < block->profile.nparts; k++)
        area += block->p[4 * k];
    for (size_t t = 0; t < block->ntraces; t++) {
        struct ixs_trace *trace = block->traces[t];
        const double *p = t > 0 ? block->p + ixs_joint_ratio(block, t) : (double[]){1, 0};
        trace->shape =
            (struct ixs_trace_fit){.zero = zero + p[1], .area = p[0] * area, .stretch = 1};
        trace->shape.background = block->p[ixs_joint_ground(block, t)];
        trace->shaping = true;
        free(trace->inelastic);
        trace->inelastic = NULL;
        if (!IXS_NEW(trace->inelastic, trace->npoints, err))
            return false;
        for (size_t i = 0; i < trace->npoints; i++, at++) {
            double whole = outcome->mu[at] / block->share[at];
            trace->inelastic[i] = fmax(0, whole - ixs_shape_expected(shape, trace, i));
        }
    }
    return true;
}

/* Shares of the inelastic part with their errors. */
static bool take_shares(const struct outcome *outcome, struct ixs_err *err)
{
    const struct ixs_joint_block *block = outcome->block;
    double *by = NULL;
    if (!IXS_NEW(by, outcome->size, err))
        return false;
    for (size_t t = 0; t < block->ntraces; t++) {
        struct ixs_trace *trace = block->traces[t];
        double variance = 0;
        trace->share =
            ixs_joint_share(outcome->joint, block, t, block->p, outcome->joint->common, by);
        for (size_t i = 0; i < outcome->size; i++)
            for (size_t j = 0; j < outcome->size; j++)
                variance += by[i] * outcome->covariance[i * outcome->size + j] * by[j];
        trace->share_err = trace->share * sqrt(outcome->excess * variance);
    }
    free(by);
    return true;
}

static bool take_errors(const struct outcome *outcome, struct ixs_shape *shape, struct ixs_err *err)
{
    const struct ixs_joint_block *block = outcome->block;
    struct ixs_shape_data data = {.nparts = block->profile.nparts, .ntraces = 1};
    size_t n = ixs_shape_count(&data);
    double *covariance = NULL;
    if (!IXS_NEW(covariance, n * n, err))
        return false;
    for (size_t i = 0; i < block->profile.n; i++)
        memcpy(covariance + i * n, outcome->covariance + i * outcome->size,
               block->profile.n * sizeof *covariance);
    bool ok = ixs_shape_errors(shape, &data, block->p, covariance, err);
    free(covariance);
    return ok;
}

static bool take_block(struct ixs_standard *standard, const struct ixs_arrow *space,
                       const struct outcome *start, size_t b, struct ixs_err *err)
{
    struct outcome outcome = *start;
    const struct ixs_joint_block *block = outcome.block = &start->joint->blocks[b];
    struct ixs_shape *shape = &standard->results[block->analyzer].shape;
    struct ixs_shape_data data = {.nparts = block->profile.nparts, .ntraces = 1};
    double deviance = ixs_arrow_deviance(space, b);
    outcome.mu = ixs_arrow_expected(space, b);
    shape->dof = (long)block->npoints - (long)ixs_joint_nown(block);
    shape->excess = outcome.excess = shape->dof > 0 ? fmax(1, deviance / (double)shape->dof) : 1;
    double zero = ixs_shape_response(&data, block->p, &shape->response);
    shape->fwhm = ixs_response_fwhm(&shape->response);
    bool ok = take_traces(&outcome, shape, zero, err) && take_shares(&outcome, err) &&
              take_errors(&outcome, shape, err);
    shape->deviance = 0;
    for (size_t t = 0; ok && t < block->ntraces; t++)
        shape->deviance += ixs_shape_deviance(shape, block->traces[t]);
    return ok;
}

struct ixs_arrow_block ixs_joint_arrow_block(struct ixs_joint_block *block)
{
    return (struct ixs_arrow_block){.nown = ixs_joint_nown(block),
                                    .ndata = block->npoints,
                                    .counts = block->counts,
                                    .p = block->p,
                                    .lower = block->lower,
                                    .upper = block->upper};
}

struct ixs_arrow_problem ixs_joint_problem(struct ixs_joint *joint, struct ixs_arrow_block *blocks,
                                           size_t threads)
{
    return (struct ixs_arrow_problem){
        .nblocks = joint->nblocks,
        .ncommon = joint->nsamples * IXS_SAMPLE_N,
        .blocks = blocks,
        .common = joint->common,
        .lower = joint->lower,
        .upper = joint->upper,
        .model = ixs_joint_model,
        .prepare = ixs_joint_prepare,
        .prior = ixs_joint_prior,
        .context = joint,
        .threads = threads,
        .most_iterations = MOST_ITERATIONS,
        .tolerance = 1e-3,
    };
}

/* g(E) = E^2 h(E) of each sample, of unit area as far as the scans tell of it; its errors are those
 * of its form, the scale being taken up by b. covariance [size][size] of any block. */
static void take_density(struct ixs_standard *standard, const struct ixs_joint *joint, size_t s,
                         const char *name, const struct outcome *outcome, double last)
{
    const double *p = joint->common + s * IXS_SAMPLE_N;
    size_t at = outcome->size - (joint->nsamples - s) * IXS_SAMPLE_N;
    double area = 0, by[IXS_DENSITY_N], mean[IXS_DENSITY_N] = {0};
    for (size_t i = 1; i <= DENSITY_ROWS; i++) {
        double energy = last * (double)i / DENSITY_ROWS;
        double g = energy * energy * exp(ixs_density_log(&joint->grid, p, energy, by));
        area += g * last / DENSITY_ROWS;
        for (size_t j = 0; j < IXS_DENSITY_N; j++)
            mean[j] += g * by[j] * last / DENSITY_ROWS;
    }
    for (size_t i = 1; i <= DENSITY_ROWS; i++) {
        struct ixs_calib_density *row = &standard->density[standard->ndensity++];
        double variance = 0;
        row->energy = last * (double)i / DENSITY_ROWS;
        row->density = row->energy * row->energy / area *
                       exp(ixs_density_log(&joint->grid, p, row->energy, by));
        for (size_t j = 0; j < IXS_DENSITY_N; j++)
            for (size_t k = 0; k < IXS_DENSITY_N; k++)
                variance += (by[j] - mean[j] / area) * (by[k] - mean[k] / area) *
                            outcome->covariance[(at + j) * outcome->size + at + k];
        row->density_err = row->density * sqrt(fmax(variance, 0));
        ixs_copy(row->sample, sizeof row->sample, name);
    }
}

/* Results of all analyzers after a run; the samples' from the covariance of the last. */
static bool take(struct ixs_standard *standard, const struct ixs_joint *joint, char (*samples)[25],
                 const struct ixs_arrow *space, struct ixs_err *err)
{
    bool ok = IXS_NEW(standard->density, joint->nsamples * DENSITY_ROWS, err);
    size_t middle = joint->grid.ne / 2;
    double last = joint->grid.step * (double)middle - IXS_JOINT_BEYOND;
    for (size_t b = 0; ok && b < joint->nblocks; b++) {
        struct outcome outcome = {.joint = joint};
        double *covariance = NULL;
        outcome.size = ixs_joint_nown(&joint->blocks[b]) + joint->nsamples * IXS_SAMPLE_N;
        ok = IXS_NEW(covariance, outcome.size * outcome.size, err);
        outcome.covariance = covariance;
        if (ok)
            ixs_arrow_covariance(space, b, covariance);
        ok = ok && take_block(standard, space, &outcome, b, err);
        for (size_t s = 0; ok && b + 1 == joint->nblocks && s < joint->nsamples; s++)
            take_density(standard, joint, s, samples[s], &outcome, last);
        free(covariance);
    }
    return ok;
}

/* One fit; then results, or (changed) a part more somewhere, and again. */
static bool fit_once(struct ixs_standard *standard, struct ixs_joint *joint, char (*samples)[25],
                     bool *again, struct ixs_err *err)
{
    size_t threads = standard->task->threads;
    struct ixs_arrow *space = NULL;
    struct ixs_arrow_block *blocks = NULL;
    struct ixs_arrow_result result = {0};
    bool ok = IXS_NEW(blocks, joint->nblocks, err);
    for (size_t b = 0; ok && b < joint->nblocks; b++)
        blocks[b] = ixs_joint_arrow_block(&joint->blocks[b]);
    struct ixs_arrow_problem problem = ixs_joint_problem(joint, blocks, threads);
    ok = ok && ixs_arrow_new(&space, &problem, err) &&
         ixs_arrow_run(space, &problem, &result, err) &&
         (!*again || ixs_joint_enrich(joint, space, threads, again, err));
    if (ok && !*again)
        ok = take(standard, joint, samples, space, err);
    if (ok && !*again && !result.converged)
        ixs_note(standard->task->notes, NULL, 0,
                 "the joint fit of all reference scans did not converge within %d steps",
                 MOST_ITERATIONS);
    ixs_arrow_free(space);
    free(blocks);
    return ok;
}

bool ixs_joint_fit(struct ixs_standard *standard, struct ixs_joint *joint, char (*samples)[25],
                   struct ixs_err *err)
{
    bool ok = true, again = true;
    for (size_t round = 0; ok && again; round++) {
        again = round < IXS_SHAPE_MOST;
        ok = fit_once(standard, joint, samples, &again, err);
    }
    return ok;
}
