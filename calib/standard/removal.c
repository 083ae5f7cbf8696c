/* SPDX-License-Identifier: GPL-3.0-or-later
 * Taking the sample's inelastic part off the responses: whether the scans tell it, the joint fit's
 * data and starts, and what comes of it. Scans at one temperature alone do not tell it, for R and
 * R + x (R x S) fit them alike; then a stated prior is used, or nothing is taken off.
 */
#include "calib/standard/removal.h"

#include "base/array.h"
#include "models/fit/deviance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double same_kelvin = 1;   /* K */
static const double apart = 1.2;       /* ratio of temperatures that tell a sample's part */
static const double some_share = 0.05; /* inelastic over elastic area, to begin with */
static const double some_waller = 0.1; /* 2W of the hottest scan at the largest Q, to begin with */
static const double even = 0.3;        /* relative, of efficiencies beside 1 */
static const double fine = 8;          /* steps of the grid in a response's width */

enum { few_parts = 2 };

static bool useful(const struct ixs_standard *standard, const struct ixs_trace *trace)
{
    return trace->lit && standard->results[trace->analyzer].calibrated && trace->kelvin > 0 &&
           trace->q > 0 && trace->core.area > 0 && isfinite(trace->core.zero);
}

/* The prior stated for the sample of a trace, or NULL. */
static const struct ixs_reference *prior_of(const struct ixs_standard *standard,
                                            const struct ixs_trace *trace)
{
    const struct ixs_standard_task *task = standard->task;
    const struct ixs_reference *stated =
        ixs_experiment_reference(task->experiment, task->scans[trace->scan].keys.scan);
    return stated != NULL && stated->inelastic >= 0 && stated->inelastic_err > 0 ? stated : NULL;
}

/* joint: the temperatures of some sample tell; prior: one is stated; none. */
static enum ixs_removal decide(const struct ixs_standard *standard)
{
    enum ixs_removal removal = IXS_REMOVAL_NONE;
    const struct ixs_traces *traces = &standard->traces;
    if (!standard->task->inelastic)
        return IXS_REMOVAL_NONE;
    for (size_t t = 0; t < traces->count; t++) {
        const struct ixs_trace *trace = &traces->list[t];
        if (!useful(standard, trace))
            continue;
        if (prior_of(standard, trace) != NULL)
            removal = IXS_REMOVAL_PRIOR;
        for (size_t u = 0; u < t; u++) {
            const struct ixs_trace *other = &traces->list[u];
            if (useful(standard, other) && strcmp(other->sample, trace->sample) == 0 &&
                fmax(other->kelvin, trace->kelvin) > apart * fmin(other->kelvin, trace->kelvin))
                return IXS_REMOVAL_JOINT;
        }
    }
    return removal;
}

/* ---- groups ---------------------------------------------------------------------------------- */

struct setup { /* while the joint fit is made */
    struct ixs_standard *standard;
    struct ixs_joint *joint;
    enum ixs_removal removal;
    char (*samples)[25]; /* [nsamples] */
};

static bool takes(const struct setup *setup, const struct ixs_trace *trace)
{
    return useful(setup->standard, trace) &&
           (setup->removal == IXS_REMOVAL_JOINT || trace->shaping);
}

static size_t sample_of(struct setup *setup, const struct ixs_trace *trace)
{
    struct ixs_joint *joint = setup->joint;
    size_t s = 0;
    while (s < joint->nsamples && strcmp(setup->samples[s], trace->sample) != 0)
        s++;
    if (s == joint->nsamples)
        memcpy(setup->samples[joint->nsamples++], trace->sample, sizeof trace->sample);
    return s;
}

static size_t group_of(struct setup *setup, const struct ixs_trace *trace)
{
    struct ixs_joint *joint = setup->joint;
    size_t g = 0, s = sample_of(setup, trace);
    while (g < joint->ngroups && (joint->groups[g].sample != s ||
                                  fabs(joint->groups[g].kelvin - trace->kelvin) > same_kelvin))
        g++;
    if (g == joint->ngroups)
        joint->groups[joint->ngroups++] =
            (struct ixs_joint_group){.sample = s, .kelvin = trace->kelvin};
    return g;
}

/* ---- one analyzer ---------------------------------------------------------------------------- */

static size_t take_traces(struct setup *setup, struct ixs_joint_block *block)
{
    struct ixs_traces *traces = &setup->standard->traces;
    size_t n = 0;
    for (size_t t = 0; t < traces->count; t++) {
        struct ixs_trace *trace = &traces->list[t];
        if (trace->analyzer != block->analyzer || !takes(setup, trace))
            continue;
        block->traces[n++] = trace;
        block->npoints += trace->npoints;
        const struct ixs_trace *first = block->traces[0];
        if ((trace->shaping && !first->shaping) ||
            (trace->shaping == first->shaping && trace->peak > first->peak)) {
            block->traces[n - 1] = block->traces[0];
            block->traces[0] = trace;
        }
    }
    return n;
}

static void start_block(struct ixs_joint_block *block, const struct ixs_shape *shape)
{
    const struct ixs_trace *first = block->traces[0];
    size_t n = ixs_joint_nown(block);
    for (size_t k = 0; k < n; k++) {
        block->lower[k] = -INFINITY;
        block->upper[k] = INFINITY;
    }
    for (size_t k = 0; k < block->profile.nparts; k++) {
        const struct ixs_response_part *part = &shape->response.parts[k];
        double *p = block->p + 4 * k, *lower = block->lower + 4 * k, *upper = block->upper + 4 * k;
        p[0] = part->weight * first->core.area;
        p[1] = part->center + first->core.zero;
        p[2] = part->fwhm;
        p[3] = part->eta;
        lower[0] = lower[3] = 0;
        upper[3] = 1;
        lower[2] = block->floor;
        upper[2] = 0.5 * (shape->highest - shape->lowest);
    }
    for (size_t t = 0; t < block->ntraces; t++) {
        block->p[ixs_joint_ground(block, t)] =
            block->traces[t]->shaping ? block->traces[t]->shape.background : 0.01;
        block->lower[ixs_joint_ground(block, t)] = 0;
        if (t == 0)
            continue;
        double *p = block->p + ixs_joint_ratio(block, t);
        p[0] = block->traces[t]->core.area / first->core.area;
        p[1] = block->traces[t]->core.zero - first->core.zero;
        block->lower[ixs_joint_ratio(block, t)] = 0;
    }
    block->efficiency_err = even;
}

/* Counts as a fit sees them that allows for the jitter of the axis. */
static void weigh(struct ixs_joint_block *block, double jitter)
{
    size_t at = 0;
    double by[IXS_PROFILE_MOST], slope;
    for (size_t t = 0; t < block->ntraces; t++) {
        const struct ixs_trace *trace = block->traces[t];
        const double *p = t > 0 ? block->p + ixs_joint_ratio(block, t) : (double[]){1, 0};
        double ground = block->p[ixs_joint_ground(block, t)];
        for (size_t i = 0; i < trace->npoints; i++, at++) {
            double x = trace->exposure[i];
            double line =
                ixs_profile_at(&block->profile, block->p, trace->energy[i] - p[1], by, &slope);
            struct ixs_jitter_point point = {.mu = fmax(x * (p[0] * line + ground), 1e-4),
                                             .slope = x * p[0] * slope,
                                             .left = ixs_trace_left(trace, i)};
            block->share[at] = jitter > 0 ? 1 / ixs_jitter_inflation(&point, jitter) : 1;
            block->counts[at] = block->share[at] * trace->counts[i];
        }
    }
}

/* The joint fit begins with few parts, which the sample's light has no share in yet, and gets more
 * where all scans together demand them. */
static bool begin_simply(struct ixs_shape *shape, const struct ixs_standard *standard,
                         const struct ixs_joint_block *block, struct ixs_err *err)
{
    struct ixs_shape_task task = {
        .most = few_parts, .jitter = standard->jitter, .floor = block->floor};
    struct ixs_shape simple;
    if (!IXS_NEW(task.traces, block->ntraces, err))
        return false;
    for (size_t t = 0; t < block->ntraces; t++)
        if (block->traces[t]->shaping)
            task.traces[task.ntraces++] = block->traces[t];
    bool found = ixs_shape_fit(&simple, &task, err);
    free(task.traces);
    if (found)
        *shape = simple;
    return err->code == IXS_OK;
}

static bool make_block(struct setup *setup, struct ixs_joint_block *block, struct ixs_err *err)
{
    const struct ixs_standard *standard = setup->standard;
    struct ixs_shape shape = standard->results[block->analyzer].shape;
    if (!IXS_NEW(block->traces, standard->traces.count, err))
        return false;
    block->ntraces = take_traces(setup, block);
    block->floor = ixs_standard_floor(standard, block->ntraces, block->traces);
    if (setup->removal == IXS_REMOVAL_JOINT && shape.response.nparts > few_parts &&
        block->ntraces > 0 && !begin_simply(&shape, standard, block, err))
        return false;
    block->profile.nparts = shape.response.nparts;
    block->profile.n = 4 * block->profile.nparts;
    size_t n = ixs_joint_nown(block);
    if (!IXS_NEW(block->group, block->ntraces, err) || !IXS_NEW(block->p, n, err) ||
        !IXS_NEW(block->lower, n, err) || !IXS_NEW(block->upper, n, err) ||
        !IXS_NEW(block->counts, block->npoints, err) || !IXS_NEW(block->share, block->npoints, err))
        return false;
    for (size_t t = 0; t < block->ntraces; t++)
        block->group[t] = group_of(setup, block->traces[t]);
    start_block(block, &shape);
    weigh(block, isfinite(standard->jitter) ? standard->jitter : 0);
    return true;
}

/* ---- the samples ----------------------------------------------------------------------------- */

struct believed { /* of a sample, gathered over its traces */
    double most;  /* 1/Angstrom^2: Q^2 times the area of its density */
    double sum;   /* of the logarithms of b */
    double count;
    double spread; /* of ln b, where a prior is stated; NaN */
};

static void believe(struct believed *out, const struct ixs_standard *standard,
                    const struct ixs_trace *trace, double area)
{
    const struct ixs_reference *stated = prior_of(standard, trace);
    double q2 = trace->q * trace->q;
    double share = fmax(stated ? stated->inelastic : some_share, 1e-4);
    out->most = fmax(out->most, q2 * area);
    out->sum += log(share * trace->core.area / (q2 * area));
    out->count++;
    out->spread = stated ? stated->inelastic_err / share : NAN;
}

static void believe_all(struct believed *out, const struct setup *setup,
                        const struct ixs_joint_block *block, size_t sample)
{
    for (size_t t = 0; t < block->ntraces; t++) {
        const struct ixs_joint_group *group = &setup->joint->groups[block->group[t]];
        if (group->sample == sample)
            believe(out, setup->standard, block->traces[t], group->area);
    }
}

/* b from the share believed to begin with, or stated; w from a moderate Debye-Waller factor. */
static void start_sample(struct setup *setup, size_t s)
{
    struct ixs_joint *joint = setup->joint;
    struct believed believed = {.spread = NAN};
    double *p = joint->common + s * IXS_SAMPLE_N;
    ixs_density_start(&joint->grid, p);
    for (size_t g = 0; g < joint->ngroups; g++)
        if (joint->groups[g].sample == s)
            ixs_joint_group_fill(&joint->groups[g], &joint->grid, 1, p);
    for (size_t b = 0; b < joint->nblocks; b++)
        believe_all(&believed, setup, &joint->blocks[b], s);
    p[IXS_SAMPLE_SCALE] = believed.sum / believed.count;
    p[IXS_SAMPLE_WALLER] = setup->removal == IXS_REMOVAL_JOINT ? some_waller / believed.most : 0;
    for (size_t i = 0; i < setup->standard->task->experiment->nreferences; i++) {
        const struct ixs_reference *stated = &setup->standard->task->experiment->references[i];
        if (stated->inelastic_err > 0 && strcmp(stated->name, setup->samples[s]) == 0) {
            setup->standard->keys.prior = stated->inelastic;
            setup->standard->keys.prior_err = stated->inelastic_err;
        }
    }
    joint->scale_prior[2 * s] = p[IXS_SAMPLE_SCALE];
    joint->scale_prior[2 * s + 1] = believed.spread;
    for (size_t k = 0; k < IXS_SAMPLE_N; k++) { /* one temperature tells neither */
        bool free = setup->removal == IXS_REMOVAL_JOINT || k == IXS_SAMPLE_SCALE;
        joint->lower[s * IXS_SAMPLE_N + k] = free ? -INFINITY : p[k];
        joint->upper[s * IXS_SAMPLE_N + k] = free ? INFINITY : p[k];
    }
    if (setup->removal == IXS_REMOVAL_JOINT)
        joint->lower[s * IXS_SAMPLE_N + IXS_SAMPLE_WALLER] = 0;
}

static bool make_grid(struct setup *setup, struct ixs_err *err)
{
    const struct ixs_standard *standard = setup->standard;
    double width = INFINITY, far = 0;
    for (size_t b = 0; b < setup->joint->nblocks; b++) {
        const struct ixs_shape *shape = &standard->results[setup->joint->blocks[b].analyzer].shape;
        width = fmin(width, shape->fwhm);
        far = fmax(far, fmax(-shape->lowest, shape->highest));
    }
    return ixs_joint_grid_make(&setup->joint->grid, width / fine, far + IXS_JOINT_BEYOND, err);
}

static bool make_joint(struct setup *setup, struct ixs_err *err)
{
    struct ixs_joint *joint = setup->joint;
    size_t nanalyzers = setup->standard->task->experiment->instrument.nanalyzers;
    size_t ntraces = setup->standard->traces.count;
    joint->inelastic = true;
    joint->most_parts = setup->standard->task->form == IXS_STANDARD_SINGLE ? 1 : IXS_SHAPE_MOST;
    joint->norders = setup->standard->task->multiphonon ? 2 : 1;
    bool ok = IXS_NEW(joint->blocks, nanalyzers, err) && IXS_NEW(joint->groups, ntraces, err) &&
              IXS_NEW(setup->samples, ntraces, err);
    for (size_t a = 0; ok && a < nanalyzers; a++) {
        if (!setup->standard->results[a].calibrated)
            continue;
        joint->blocks[joint->nblocks].analyzer = a;
        ok = make_block(setup, &joint->blocks[joint->nblocks++], err);
        if (ok && joint->blocks[joint->nblocks - 1].ntraces == 0) {
            ixs_joint_block_dispose(&joint->blocks[--joint->nblocks]);
            joint->blocks[joint->nblocks] = (struct ixs_joint_block){0};
        }
    }
    size_t m = joint->nsamples * IXS_SAMPLE_N;
    ok = ok && make_grid(setup, err) && IXS_NEW(joint->common, m, err) &&
         IXS_NEW(joint->lower, m, err) && IXS_NEW(joint->upper, m, err) &&
         IXS_NEW(joint->scale_prior, 2 * joint->nsamples, err);
    for (size_t g = 0; ok && g < joint->ngroups; g++)
        ok = ixs_joint_group_make(&joint->groups[g], &joint->grid, joint->norders, err);
    for (size_t b = 0; ok && b < joint->nblocks; b++)
        ok = ixs_joint_block_room(&joint->blocks[b], joint, err);
    for (size_t s = 0; ok && s < joint->nsamples; s++)
        start_sample(setup, s);
    return ok;
}

void ixs_joint_dispose(struct ixs_joint *joint)
{
    for (size_t b = 0; joint->blocks != NULL && b < joint->nblocks; b++)
        ixs_joint_block_dispose(&joint->blocks[b]);
    for (size_t g = 0; joint->groups != NULL && g < joint->ngroups; g++)
        ixs_joint_group_dispose(&joint->groups[g]);
    ixs_joint_grid_dispose(&joint->grid);
    free(joint->blocks);
    free(joint->groups);
    free(joint->common);
    free(joint->lower);
    free(joint->upper);
    free(joint->scale_prior);
    *joint = (struct ixs_joint){0};
}

bool ixs_standard_remove(struct ixs_standard *standard, struct ixs_err *err)
{
    struct ixs_joint joint = {0};
    struct setup setup = {.standard = standard, .joint = &joint, .removal = decide(standard)};
    bool ok = true;
    standard->removal = setup.removal;
    if (setup.removal != IXS_REMOVAL_NONE)
        ok = make_joint(&setup, err) && ixs_joint_fit(standard, &joint, setup.samples, err);
    ixs_joint_dispose(&joint);
    free(setup.samples);
    return ok;
}
