/* SPDX-License-Identifier: GPL-3.0-or-later
 * One part more for a response in the joint fit, where the scans together demand it: each analyzer
 * by itself, the samples given. Chosen by QAICc as in standard_choose.c.
 */
#include "calib/standard/removal.h"

#include "base/array.h"
#include "base/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK = 10, ALL_THE_WAY = 60 }; /* iterations */

struct enriching { /* borrowed; of all threads */
    const struct ixs_joint *joint;
    const struct ixs_arrow *space; /* after a run */
    bool *changed;                 /* [nblocks] */
};

struct richer { /* one analyzer with one part more; owns its arrays */
    struct ixs_joint joint;
    struct ixs_joint_block block;
    double *best;
    double deviance;
    bool found;
};

/* Shares with the block what does not depend on the number of parts. */
static bool richer_make(struct richer *richer, const struct ixs_joint *joint,
                        const struct ixs_joint_block *block, struct ixs_err *err)
{
    richer->joint = *joint;
    richer->joint.blocks = &richer->block;
    richer->joint.nblocks = 1;
    richer->joint.given = true;
    richer->block = *block;
    richer->block.profile.nparts++;
    richer->block.profile.n += 4;
    richer->block.p = richer->block.lower = richer->block.upper = NULL;
    richer->block.profiles = richer->block.blurred = NULL;
    size_t n = ixs_joint_nown(&richer->block);
    return IXS_NEW(richer->block.p, n, err) && IXS_NEW(richer->block.lower, n, err) &&
           IXS_NEW(richer->block.upper, n, err) && IXS_NEW(richer->best, n, err) &&
           ixs_joint_block_room(&richer->block, &richer->joint, err);
}

static void richer_dispose(struct richer *richer)
{
    void *owned[] = {richer->block.p,        richer->block.lower,   richer->block.upper,
                     richer->block.profiles, richer->block.blurred, richer->best};
    for (size_t k = 0; k < IXS_COUNT(owned); k++)
        free(owned[k]);
}

/* Old values with room for a part behind those there are. */
static void spread(size_t parts, size_t n, const double *from, const double part[4], double *to)
{
    memcpy(to, from, 4 * parts * sizeof *to);
    memcpy(to + 4 * parts, part, 4 * sizeof *to);
    memcpy(to + 4 * parts + 4, from + 4 * parts, (n - 4 * parts) * sizeof *to);
}

static void start(struct richer *richer, const struct ixs_joint_block *block, double width,
                  size_t place)
{
    size_t parts = block->profile.nparts, n = ixs_joint_nown(block);
    double range = block->upper[2], area = 0, part[4];
    double center = ixs_shape_place(parts, block->p, width, place, block->floor, part, &area);
    spread(parts, n, block->p, part, richer->block.p);
    for (size_t k = 0; k < parts; k++)
        richer->block.p[4 * k] *= 1 - part[0] / area;
    spread(parts, n, block->lower, (double[]){0, center - range / 3, block->floor, 0},
           richer->block.lower);
    spread(parts, n, block->upper, (double[]){INFINITY, center + range / 3, range, 1},
           richer->block.upper);
}

static bool attempt(struct richer *richer, size_t most_iterations, struct ixs_err *err)
{
    struct ixs_joint_block *block = &richer->block;
    struct ixs_arrow *space = NULL;
    struct ixs_arrow_result result;
    struct ixs_arrow_block one = ixs_joint_arrow_block(block);
    struct ixs_arrow_problem problem = ixs_joint_problem(&richer->joint, &one, 1);
    problem.lower = problem.upper = problem.common; /* the samples are given */
    problem.prepare = NULL;
    problem.most_iterations = most_iterations;
    bool ok = ixs_arrow_new(&space, &problem, err) && ixs_arrow_run(space, &problem, &result, err);
    double deviance = ok ? ixs_arrow_deviance(space, 0) : NAN;
    ixs_arrow_free(space);
    if (!ok && err->code == IXS_BUG) { /* singular: this start leads nowhere */
        ixs_err_clear(err);
        return true;
    }
    if (!ok || !(deviance < richer->deviance))
        return ok;
    richer->found = true;
    richer->deviance = deviance;
    memcpy(richer->best, block->p, one.nown * sizeof *block->p);
    return true;
}

/* The richer block takes the place of the old one. */
static void replace(struct ixs_joint_block *block, struct richer *richer)
{
    struct ixs_joint_block old = *block;
    memcpy(richer->block.p, richer->best, ixs_joint_nown(&richer->block) * sizeof *richer->best);
    *block = richer->block;
    richer->block.p = old.p;
    richer->block.lower = old.lower;
    richer->block.upper = old.upper;
    richer->block.profiles = old.profiles;
    richer->block.blurred = old.blurred;
}

static bool worth(const struct ixs_joint_block *block, double before, double after)
{
    double n = (double)block->npoints, k = (double)ixs_joint_nown(block);
    double excess = fmax(1, after / (n - k - 4));
    double price = 2 * (k + 4) * n / (n - k - 5) - 2 * k * n / (n - k - 1);
    return (before - after) / excess > price + 2;
}

static bool enrich(void *context, size_t b, size_t worker, struct ixs_err *err)
{
    const struct enriching *enriching = context;
    const struct ixs_joint *joint = enriching->joint;
    struct ixs_joint_block *block = &joint->blocks[b];
    struct richer richer = {0};
    struct ixs_response response;
    struct ixs_shape_data data = {.nparts = block->profile.nparts, .ntraces = 1};
    double before = ixs_arrow_deviance(enriching->space, b);
    (void)worker;
    if (block->profile.nparts >= joint->most_parts)
        return true;
    richer.deviance = before;
    ixs_shape_response(&data, block->p, &response);
    double width = ixs_response_fwhm(&response);
    bool ok = richer_make(&richer, joint, block, err);
    for (size_t place = 0; ok && place < ixs_shape_places(); place++) {
        start(&richer, block, width, place);
        ok = attempt(&richer, LOOK, err);
    }
    if (ok && richer.found) { /* only the most promising goes all the way */
        memcpy(richer.block.p, richer.best, ixs_joint_nown(&richer.block) * sizeof *richer.best);
        ok = attempt(&richer, ALL_THE_WAY, err);
    }
    if (ok && richer.found && worth(block, before, richer.deviance)) {
        replace(block, &richer);
        enriching->changed[b] = true;
    }
    richer_dispose(&richer);
    return ok;
}

bool ixs_joint_enrich(struct ixs_joint *joint, const struct ixs_arrow *space, size_t threads,
                      bool *changed, struct ixs_err *err)
{
    struct enriching enriching = {.joint = joint, .space = space};
    bool ok = IXS_NEW(enriching.changed, joint->nblocks, err) &&
              ixs_parallel(joint->nblocks, threads, enrich, &enriching, err);
    *changed = false;
    for (size_t b = 0; ok && b < joint->nblocks; b++)
        *changed = *changed || enriching.changed[b];
    free(enriching.changed);
    return ok;
}
