/* SPDX-License-Identifier: GPL-3.0-or-later
 * The errors of a tabulated response. Of unit area and centred on its centroid, it changes with the
 * fitted coefficients c as
 *   d ln R(E) = Sum_j [B_j(E) - a_j + (R'/R)(E) m_j] dc_j,   a_j = d ln area/dc_j, m_j = d
 * centroid/ dc_j, which is a spline again as good as the table is.
 */
#include "calib/standard/smooth.h"

#include "base/array.h"
#include "models/response/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = IXS_RESPONSE_NODES, WIDTH = 0, CENTER, SHARE, NEXTRAS };

static const double range = 10; /* meV, of the centroid */
static const double tiny = 1e-3;

/* (R'/R) at the nodes, as coefficients. */
static void shifted(const struct ixs_response_table *table, double *out)
{
    for (size_t j = 0; j < NODES; j++) {
        double slope, value = ixs_response_table_value(table, ixs_response_table_node(table, j),
                                                       &slope, NULL);
        out[j] = slope / value;
    }
    ixs_spline_coefficients(NODES, out);
}

/* out = P C P^T with the projection above; room [NODES][NODES]. */
static void project(const struct ixs_response_table *table, size_t size, const double *covariance,
                    double *projection, struct ixs_shape *out)
{
    double area[NODES], window[NODES], moment[NODES], ride[NODES];
    ixs_response_table_integral(table, -INFINITY, INFINITY, 0, area);
    double within = ixs_response_table_integral(table, -range, range, 0, window);
    ixs_response_table_integral(table, -range, range, 1, moment);
    shifted(table, ride);
    for (size_t j = 0; j < NODES; j++) /* moments are about table->center, the centroid is at 0 */
        moment[j] = (moment[j] + table->center * window[j]) / within;
    for (size_t i = 0; i < NODES; i++)
        for (size_t j = 0; j < NODES; j++)
            projection[i * NODES + j] = (i == j) - area[j] + ride[i] * moment[j];
    for (size_t i = 0; i < NODES; i++) {
        double row[NODES] = {0};
        for (size_t k = 0; k < NODES; k++)
            for (size_t l = 0; l < NODES; l++)
                row[l] += projection[i * NODES + k] * covariance[k * size + l];
        for (size_t j = 0; j < NODES; j++) {
            double sum = 0;
            for (size_t l = 0; l < NODES; l++)
                sum += row[l] * projection[j * NODES + l];
            out->covariance[i][j] = out->excess * sum;
        }
    }
}

/* Inelastic over elastic light of a trace at an energy beside its zero; that of the last point
 * beyond its ends. */
static double inelastic_at(const struct ixs_shape *shape, const struct ixs_trace *trace,
                           double energy)
{
    size_t best = 0;
    for (size_t i = 0; i < trace->npoints; i++)
        if (fabs(trace->energy[i] - trace->shape.zero - energy) <
            fabs(trace->energy[best] - trace->shape.zero - energy))
            best = i;
    double line = trace->exposure[best] * trace->shape.area *
                  ixs_response_value(&shape->response, trace->energy[best] - trace->shape.zero);
    return trace->inelastic[best] / line;
}

/* The sample's part may be larger or smaller than what was taken off. */
static void add_share(struct ixs_shape *shape, const struct ixs_trace *trace)
{
    const struct ixs_response_table *table = &shape->response.table;
    double by[NODES], area[NODES], mean = 0;
    if (trace->inelastic == NULL || !(trace->share > 0) || !isfinite(trace->share_err))
        return;
    for (size_t j = 0; j < NODES; j++)
        by[j] = -trace->share_err / trace->share *
                inelastic_at(shape, trace, ixs_response_table_node(table, j));
    ixs_spline_coefficients(NODES, by);
    ixs_response_table_integral(table, -INFINITY, INFINITY, 0, area);
    for (size_t j = 0; j < NODES; j++)
        mean += area[j] * by[j];
    for (size_t i = 0; i < NODES; i++)
        for (size_t j = 0; j < NODES; j++)
            shape->covariance[i][j] += (by[i] - mean) * (by[j] - mean);
}

static void extras_of(const struct ixs_response *response, double window, double *out)
{
    out[WIDTH] = ixs_response_fwhm(response);
    out[CENTER] = ixs_response_centroid(response, window);
    out[SHARE] = log(ixs_response_area(response, -window, window));
}

static double error_of(const struct ixs_shape *shape, const double *slopes)
{
    double variance = 0;
    for (size_t i = 0; i < NODES; i++)
        for (size_t j = 0; j < NODES; j++)
            variance += slopes[i] * shape->covariance[i][j] * slopes[j];
    return sqrt(fmax(variance, 0));
}

static void carry_over(struct ixs_shape *shape)
{
    double slopes[NEXTRAS][NODES] = {{0}}, up[NEXTRAS], down[NEXTRAS];
    double window = IXS_CORE_REACH * shape->fwhm;
    for (size_t j = 0; j < NODES; j++) {
        struct ixs_response more, less;
        double by[IXS_RESPONSE_VALUES] = {0};
        by[j] = 1;
        if (!ixs_response_move(&more, &shape->response, by, tiny) ||
            !ixs_response_move(&less, &shape->response, by, -tiny))
            continue;
        extras_of(&more, window, up);
        extras_of(&less, window, down);
        for (size_t k = 0; k < NEXTRAS; k++)
            slopes[k][j] = (up[k] - down[k]) / (2 * tiny);
    }
    shape->fwhm_err = error_of(shape, slopes[WIDTH]);
    shape->center_err = error_of(shape, slopes[CENTER]);
    shape->share_err = error_of(shape, slopes[SHARE]);
}

bool ixs_smooth_errors(struct ixs_shape *shape, const struct ixs_trace *first, size_t size,
                       const double *covariance, struct ixs_err *err)
{
    double *projection = NULL;
    if (!IXS_NEW(projection, (size_t)NODES * NODES, err))
        return false;
    project(&shape->response.table, size, covariance, projection, shape);
    add_share(shape, first);
    carry_over(shape);
    free(projection);
    return true;
}
