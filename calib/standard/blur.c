/* SPDX-License-Identifier: GPL-3.0-or-later
 * The profile of an analyzer convolved with the spectra of the samples, by the trapezoid rule on a
 * grid that is fine beside the response: for smooth functions that vanish at the ends it converges
 * exponentially. Read by cubic interpolation.
 */
#include "calib/standard/joint.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double *blurred(const struct ixs_joint *joint, const struct ixs_joint_block *block,
                       size_t group, size_t order)
{
    size_t columns = block->profile.n + IXS_DENSITY_N;
    return block->blurred + (group * joint->norders + order) * columns * block->nx;
}

const double *ixs_joint_blurred(const struct ixs_joint *joint, const struct ixs_joint_block *block,
                                size_t group, size_t order)
{
    return blurred(joint, block, group, order);
}

bool ixs_joint_block_room(struct ixs_joint_block *block, const struct ixs_joint *joint,
                          struct ixs_err *err)
{
    double lo = INFINITY, hi = -INFINITY, step = joint->grid.step;
    size_t half = joint->grid.ne / 2, n = block->profile.n;
    for (size_t t = 0; t < block->ntraces; t++) { /* energies on the axis of the first trace */
        const struct ixs_trace *trace = block->traces[t];
        double shift = trace->apex - block->traces[0]->apex;
        for (size_t i = 0; i < trace->npoints; i++) {
            lo = fmin(lo, trace->energy[i] - shift);
            hi = fmax(hi, trace->energy[i] - shift);
        }
    }
    lo -= 1;
    hi += 1;
    block->nx = (size_t)ceil((hi - lo) / step) + 4;
    block->lo = lo - step * (double)half;
    return IXS_NEW(block->profiles, (n + 1) * (block->nx + joint->grid.ne), err) &&
           IXS_NEW(block->blurred,
                   joint->ngroups * joint->norders * (n + IXS_DENSITY_N) * block->nx, err);
}

void ixs_joint_block_dispose(struct ixs_joint_block *block)
{
    void *owned[] = {block->traces, block->group, block->counts,   block->share,  block->p,
                     block->lower,  block->upper, block->profiles, block->blurred};
    for (size_t k = 0; k < IXS_COUNT(owned); k++)
        free(owned[k]);
}

/* out[x] = Int spectrum(e) profile(x - e) de; four energies at a time, for the memory's sake. */
static void convolve(const struct ixs_joint_grid *grid, const double *spectrum,
                     const double *profile, size_t nx, double *restrict out)
{
    size_t i = 0, last = grid->ne - 1;
    memset(out, 0, nx * sizeof *out);
    for (; i + 4 <= grid->ne; i += 4) {
        const double *from = profile + (last - i), *s = spectrum + i;
        double a = grid->step * s[0], b = grid->step * s[1], c = grid->step * s[2],
               d = grid->step * s[3];
        for (size_t x = 0; x < nx; x++)
            out[x] += (a * from[x] + b * (from - 1)[x]) + (c * (from - 2)[x] + d * (from - 3)[x]);
    }
    for (; i < grid->ne; i++)
        for (size_t x = 0; x < nx; x++)
            out[x] += grid->step * spectrum[i] * profile[last - i + x];
}

static void tabulate(const struct ixs_joint *joint, struct ixs_joint_block *block,
                     const double *own)
{
    size_t n = block->profile.n, m = block->nx + joint->grid.ne;
    double by[IXS_PROFILE_MOST], slope;
    for (size_t i = 0; i < m; i++) {
        double energy = block->lo + joint->grid.step * (double)i;
        block->profiles[n * m + i] = ixs_profile_at(&block->profile, own, energy, by, &slope);
        for (size_t k = 0; k < n; k++)
            block->profiles[k * m + i] = by[k];
    }
}

double ixs_joint_area(const struct ixs_joint_block *block, const double *own, double *by)
{
    double area = 0;
    memset(by, 0, block->profile.n * sizeof *by);
    for (size_t k = 0; k < block->profile.nparts; k++) {
        by[4 * k] = 1;
        area += own[4 * k];
    }
    return area;
}

static bool used(const struct ixs_joint_block *block, size_t group)
{
    for (size_t t = 0; t < block->ntraces; t++)
        if (block->group[t] == group)
            return true;
    return false;
}

void ixs_joint_blur(const struct ixs_joint *joint, struct ixs_joint_block *block, const double *own,
                    bool slopes)
{
    size_t n = block->profile.n, nx = block->nx, m = nx + joint->grid.ne;
    if (!joint->inelastic)
        return;
    tabulate(joint, block, own);
    for (size_t g = 0; g < joint->ngroups; g++)
        for (size_t order = 0; used(block, g) && order < joint->norders; order++) {
            const struct ixs_joint_group *group = &joint->groups[g];
            double *out = blurred(joint, block, g, order);
            if (!slopes) {
                convolve(&joint->grid, group->spectrum[order], block->profiles + n * m, nx, out);
                continue;
            }
            for (size_t k = 0; k < n; k++)
                convolve(&joint->grid, group->spectrum[order], block->profiles + k * m, nx,
                         out + k * nx);
            for (size_t j = 0; j < IXS_DENSITY_N && !joint->given; j++)
                convolve(&joint->grid, group->by[order] + j * joint->grid.ne,
                         block->profiles + n * m, nx, out + (n + j) * nx);
        }
}

void ixs_joint_reading_at(const struct ixs_joint *joint, const struct ixs_joint_block *block,
                          double energy, struct ixs_joint_reading *out)
{
    double step = joint->grid.step;
    double place = (energy - block->lo) / step - (double)(joint->grid.ne - 1) * 0.5;
    double most = (double)block->nx - 3;
    double whole = fmin(fmax(floor(place), 1), most), t = fmin(fmax(place - whole, -1), 2);
    out->at = (size_t)whole - 1;
    const double weight[4] = {-t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2,
                              -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6};
    const double slope[4] = {-(3 * t * t - 6 * t + 2) / 6, (3 * t * t - 4 * t - 1) / 2,
                             -(3 * t * t - 2 * t - 2) / 2, (3 * t * t - 1) / 6};
    for (size_t k = 0; k < 4; k++) {
        out->weight[k] = weight[k];
        out->slope[k] = slope[k] / step;
    }
}
