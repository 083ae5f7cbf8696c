/* SPDX-License-Identifier: GPL-3.0-or-later
 * The model of the joint fit, with its derivatives, and its priors. Own parameters of an analyzer:
 * those of its profile (area and zero of its first trace in it), a flat background for each trace,
 * ratio of area and shift of zero for each further one, ln e_a.
 */
#include "calib/standard/joint.h"

#include <math.h>
#include <string.h>

size_t ixs_joint_ground(const struct ixs_joint_block *block, size_t trace)
{
    return block->profile.n + trace;
}

size_t ixs_joint_ratio(const struct ixs_joint_block *block, size_t trace)
{
    return block->profile.n + block->ntraces + 2 * (trace - 1);
}

size_t ixs_joint_efficiency(const struct ixs_joint_block *block)
{
    return block->profile.n + 3 * block->ntraces - 2;
}

size_t ixs_joint_nown(const struct ixs_joint_block *block)
{
    return ixs_joint_efficiency(block) + 1;
}

void ixs_joint_prepare(void *context, const double *common)
{
    struct ixs_joint *joint = context;
    for (size_t g = 0; joint->inelastic && g < joint->ngroups; g++)
        ixs_joint_group_fill(&joint->groups[g], &joint->grid, joint->norders,
                             common + joint->groups[g].sample * IXS_SAMPLE_N);
}

/* ---- one trace ------------------------------------------------------------------------------- */

struct law { /* B of one trace in each order, and what it depends on */
    size_t group;
    double by_waller[IXS_DENSITY_ORDERS], amplitude[IXS_DENSITY_ORDERS];
    double q2, waller;
};

static struct law law_of(const struct ixs_joint *joint, const struct ixs_joint_block *block,
                         size_t trace, const double *own, const double *common)
{
    struct law law = {.group = block->group[trace]};
    const struct ixs_joint_group *group = &joint->groups[law.group];
    const double *sample = common + group->sample * IXS_SAMPLE_N;
    law.q2 = block->traces[trace]->q * block->traces[trace]->q;
    law.waller = sample[IXS_SAMPLE_WALLER];
    double b = exp(sample[IXS_SAMPLE_SCALE] + own[ixs_joint_efficiency(block)] -
                   law.waller * law.q2 * group->area);
    law.amplitude[0] = b * law.q2;
    law.by_waller[0] = -law.amplitude[0] * law.q2 * group->area;
    law.amplitude[1] = b * law.q2 * law.q2 * law.waller / 2;
    law.by_waller[1] = b * law.q2 * law.q2 / 2 * (1 - law.waller * law.q2 * group->area);
    return law;
}

struct site { /* one point while it is evaluated */
    const struct ixs_joint *joint;
    const struct ixs_joint_block *block;
    size_t trace, at; /* at: number of the point in the block */
    double exposure, energy;
    double *jacobian; /* NULL: value alone */
    double area, *area_by;
};

static double *column(const struct site *site, size_t k)
{
    return site->jacobian + k * site->block->npoints + site->at;
}

static double read_column(const struct ixs_joint_reading *reading, const double *table,
                          const double weight[4])
{
    double sum = 0;
    for (size_t k = 0; k < 4; k++)
        sum += weight[k] * table[reading->at + k];
    return sum;
}

/* Adds the derivatives of amplitude x blurred/area in one order; returns d value/d energy. */
static double add_slopes(const struct site *site, const struct law *law, size_t order,
                         const struct ixs_joint_reading *reading, const double *own, double *value)
{
    const struct ixs_joint_block *block = site->block;
    const double *table = ixs_joint_blurred(site->joint, block, law->group, order);
    const struct ixs_joint_group *group = &site->joint->groups[law->group];
    size_t n = block->profile.n, common = ixs_joint_nown(block) + group->sample * IXS_SAMPLE_N;
    double scale = law->amplitude[order] / site->area, sum = 0, slope = 0;
    for (size_t k = 0; k < n; k++) {
        double by = read_column(reading, table + k * block->nx, reading->weight);
        double of = k % 4 == 0 ? own[k] : 0;
        sum += of * by;
        slope += of * read_column(reading, table + k * block->nx, reading->slope);
        *column(site, k) += site->exposure * scale * by;
    }
    *value = scale * sum;
    for (size_t k = 0; k < n; k++)
        *column(site, k) -= site->exposure * *value * site->area_by[k] / site->area;
    for (size_t j = 0; j < IXS_DENSITY_N && !site->joint->given; j++) {
        double by = scale * read_column(reading, table + (n + j) * block->nx, reading->weight);
        *column(site, common + j) +=
            site->exposure * (by - law->waller * law->q2 * group->area_by[j] * *value);
    }
    *column(site, ixs_joint_efficiency(block)) += site->exposure * *value;
    *column(site, common + IXS_SAMPLE_SCALE) += site->exposure * *value;
    *column(site, common + IXS_SAMPLE_WALLER) +=
        site->exposure * law->by_waller[order] * sum / site->area;
    return scale * slope;
}

/* count/s of the inelastic part; its slope in *slope. */
static double inelastic(const struct site *site, const struct law *law, const double *own,
                        double *slope)
{
    struct ixs_joint_reading reading;
    double sum = 0;
    *slope = 0;
    ixs_joint_reading_at(site->joint, site->block, site->energy, &reading);
    for (size_t order = 0; order < site->joint->norders; order++) {
        double value;
        if (site->jacobian != NULL) {
            *slope += add_slopes(site, law, order, &reading, own, &value);
        } else {
            const double *table = ixs_joint_blurred(site->joint, site->block, law->group, order);
            value =
                law->amplitude[order] / site->area * read_column(&reading, table, reading.weight);
        }
        sum += value;
    }
    return sum;
}

static double evaluate(const struct site *site, const struct law *law, const double *own)
{
    const struct ixs_joint_block *block = site->block;
    double by[IXS_PROFILE_MOST], slope, rise = 0, x = site->exposure;
    double ratio = site->trace > 0 ? own[ixs_joint_ratio(block, site->trace)] : 1;
    double line = ixs_profile_at(&block->profile, own, site->energy, by, &slope);
    double more = site->joint->inelastic ? inelastic(site, law, own, &rise) : 0;
    double ground = own[ixs_joint_ground(block, site->trace)];
    if (site->jacobian != NULL) {
        for (size_t k = 0; k < block->profile.n; k++)
            *column(site, k) += x * ratio * by[k];
        *column(site, ixs_joint_ground(block, site->trace)) = x;
        if (site->trace > 0) {
            *column(site, ixs_joint_ratio(block, site->trace)) = x * line;
            *column(site, ixs_joint_ratio(block, site->trace) + 1) = -x * (ratio * slope + rise);
        }
    }
    return x * (ratio * line + more + ground);
}

void ixs_joint_model(void *context, size_t index, const double *own, const double *common,
                     double *mu, double *jacobian)
{
    const struct ixs_joint *joint = context;
    struct ixs_joint_block *block = &joint->blocks[index];
    size_t columns = ixs_joint_nown(block) + joint->nsamples * IXS_SAMPLE_N;
    double area_by[IXS_PROFILE_MOST];
    struct site site = {.joint = joint, .block = block, .jacobian = jacobian, .area_by = area_by};
    ixs_joint_blur(joint, block, own, jacobian != NULL);
    if (joint->inelastic)
        site.area = ixs_joint_area(block, own, area_by);
    if (jacobian != NULL)
        memset(jacobian, 0, columns * block->npoints * sizeof *jacobian);
    for (size_t t = 0; t < block->ntraces; t++) {
        const struct ixs_trace *trace = block->traces[t];
        double shift = t > 0 ? own[ixs_joint_ratio(block, t) + 1] : 0;
        struct law law = {0};
        if (joint->inelastic)
            law = law_of(joint, block, t, own, common);
        site.trace = t;
        for (size_t i = 0; i < trace->npoints; i++, site.at++) {
            site.exposure = trace->exposure[i] * block->share[site.at];
            site.energy = trace->energy[i] - shift;
            mu[site.at] = evaluate(&site, &law, own);
        }
    }
}

/* ---- priors ---------------------------------------------------------------------------------- */

static double gaussian(double p, double mean, double sigma, double *gradient, double *curvature)
{
    double miss = (p - mean) / sigma;
    if (!(sigma > 0))
        return 0;
    if (gradient != NULL && curvature != NULL) {
        *gradient += miss / sigma;
        *curvature += 1 / (sigma * sigma);
    }
    return miss * miss;
}

static double common_prior(const struct ixs_joint *joint, const double *p, double *gradient,
                           double *curvature)
{
    size_t stride = joint->nsamples * IXS_SAMPLE_N;
    double sum = 0;
    for (size_t s = 0; s < joint->nsamples; s++) {
        size_t at = s * IXS_SAMPLE_N, scale = at + IXS_SAMPLE_SCALE;
        double *g = gradient == NULL ? NULL : gradient + at;
        double *c = curvature == NULL ? NULL : curvature + at * stride + at;
        sum += ixs_density_prior(stride, p + at, g, c);
        sum += gaussian(p[scale], joint->scale_prior[2 * s], joint->scale_prior[2 * s + 1],
                        gradient == NULL ? NULL : gradient + scale,
                        curvature == NULL ? NULL : curvature + scale * stride + scale);
    }
    return sum;
}

double ixs_joint_prior(void *context, long index, const double *p, double *gradient,
                       double *curvature)
{
    const struct ixs_joint *joint = context;
    if (index == IXS_ARROW_SHARED)
        return joint->inelastic ? common_prior(joint, p, gradient, curvature) : 0;
    const struct ixs_joint_block *block = &joint->blocks[index];
    size_t k = ixs_joint_efficiency(block), n = ixs_joint_nown(block);
    return gaussian(p[k], 0, block->efficiency_err, gradient == NULL ? NULL : gradient + k,
                    curvature == NULL ? NULL : curvature + k * n + k);
}

double ixs_joint_share(const struct ixs_joint *joint, const struct ixs_joint_block *block,
                       size_t trace, const double *own, const double *common, double *by)
{
    const struct law law = law_of(joint, block, trace, own, common);
    const struct ixs_joint_group *group = &joint->groups[law.group];
    double area_by[IXS_PROFILE_MOST], area = ixs_joint_area(block, own, area_by);
    size_t nown = ixs_joint_nown(block), at = nown + group->sample * IXS_SAMPLE_N;
    double ratio = trace > 0 ? own[ixs_joint_ratio(block, trace)] : 1;
    double more = joint->norders > 1 ? law.waller * law.q2 * group->area / 2 : 0; /* two phonons */
    if (by != NULL) {
        memset(by, 0, (nown + joint->nsamples * IXS_SAMPLE_N) * sizeof *by);
        for (size_t k = 0; k < block->profile.n; k++)
            by[k] = -area_by[k] / area;
        if (trace > 0)
            by[ixs_joint_ratio(block, trace)] = -1 / ratio;
        by[ixs_joint_efficiency(block)] = by[at + IXS_SAMPLE_SCALE] = 1;
        by[at + IXS_SAMPLE_WALLER] = -law.q2 * group->area;
        for (size_t j = 0; j < IXS_DENSITY_N; j++)
            by[at + j] = (1 / group->area - law.waller * law.q2) * group->area_by[j];
    }
    return law.amplitude[0] * group->area * (1 + more) / (area * ratio);
}
