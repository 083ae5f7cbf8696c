/* SPDX-License-Identifier: GPL-3.0-or-later
 * The response as a sum of K pseudo-Voigts, fitted to several traces at once:
 *   N_i ~ Poisson(exposure_i [area_s Sum_k weight_k PV(E_i - zero_s - center_k; fwhm_k, eta_k)
 *                             + background_s])
 * with one shape for all traces s and each its own zero, area and background. Here: the model with
 * its slopes, its starts, and one fit with a given K.
 *
 * Parameters: area, center, fwhm, eta of each part as the first trace has them; then background_s
 * of each trace; then area and zero of each further trace beside the first, and, where traces have
 * wings that the first has not, their area.
 */
#include "calib/standard/shape.h"

#include "base/array.h"
#include "models/fit/deviance.h"

#include <math.h>
#include <string.h>

static size_t ground_at(const struct ixs_shape_data *data, size_t trace)
{
    return 4 * data->nparts + trace;
}

static size_t beside(const struct ixs_shape_data *data)
{
    return data->wings != NULL ? 3 : 2;
}

static size_t ratio_at(const struct ixs_shape_data *data, size_t trace)
{
    return 4 * data->nparts + data->ntraces + beside(data) * (trace - 1);
}

size_t ixs_shape_count(const struct ixs_shape_data *data)
{
    return 4 * data->nparts + data->ntraces + beside(data) * (data->ntraces - 1);
}

struct point { /* one point with what its trace adds */
    size_t index;
    double energy, exposure, ratio;
    size_t ground, ratio_at; /* parameter numbers; ratio_at 0: the first trace has none */
};

static double add_part(const double *p, const struct point *point, size_t n, double *jacobian,
                       size_t k, double *by_shift)
{
    struct ixs_response_part part = {1, p[4 * k + 1], p[4 * k + 2], p[4 * k + 3]};
    double by[3], area = point->exposure * point->ratio;
    double value = ixs_response_part_value(&part, point->energy, &by[0], &by[1], &by[2]);
    if (jacobian != NULL) {
        jacobian[(4 * k) * n + point->index] = area * value;
        for (size_t j = 0; j < 3; j++)
            jacobian[(4 * k + 1 + j) * n + point->index] = area * p[4 * k] * by[j];
        *by_shift += area * p[4 * k] * by[0];
    }
    return p[4 * k] * value;
}

/* Rate of the wings. */
static double add_wing(const struct ixs_shape_data *data, const double *p,
                       const struct point *point, double *jacobian)
{
    double slope, part = p[point->ratio_at + 2];
    double value = ixs_curve_value(data->wings, point->energy - data->place, &slope);
    if (jacobian != NULL) {
        jacobian[(point->ratio_at + 1) * data->npoints + point->index] -=
            point->exposure * part * slope;
        jacobian[(point->ratio_at + 2) * data->npoints + point->index] = point->exposure * value;
    }
    return part * value;
}

static double evaluate(const struct ixs_shape_data *data, const double *p,
                       const struct point *point, double *jacobian)
{
    double value = 0, by_shift = 0;
    size_t n = data->npoints;
    for (size_t k = 0; k < data->nparts; k++)
        value += add_part(p, point, n, jacobian, k, &by_shift);
    if (jacobian != NULL) {
        jacobian[point->ground * n + point->index] = point->exposure;
        if (point->ratio_at != 0) {
            jacobian[point->ratio_at * n + point->index] = point->exposure * value;
            jacobian[(point->ratio_at + 1) * n + point->index] = by_shift;
        }
    }
    double more =
        data->wings != NULL && point->ratio_at != 0 ? add_wing(data, p, point, jacobian) : 0;
    return point->exposure * (point->ratio * value + more + p[point->ground]);
}

void ixs_shape_model(void *context, const double *p, double *mu, double *jacobian)
{
    const struct ixs_shape_data *data = context;
    size_t i = 0;
    if (jacobian != NULL)
        memset(jacobian + 4 * data->nparts * data->npoints, 0,
               (ixs_shape_count(data) - 4 * data->nparts) * data->npoints * sizeof *jacobian);
    for (size_t s = 0; s < data->ntraces; s++) {
        const struct ixs_trace *trace = data->traces[s];
        struct point point = {.ratio = 1, .ground = ground_at(data, s)};
        double shift = 0;
        if (s > 0) {
            point.ratio_at = ratio_at(data, s);
            point.ratio = p[point.ratio_at];
            shift = p[point.ratio_at + 1];
        }
        for (size_t j = 0; j < trace->npoints; j++, i++) {
            point.index = i;
            point.energy = trace->energy[j] - shift;
            point.exposure = trace->exposure[j] * data->share[i];
            mu[i] = evaluate(data, p, &point, jacobian);
        }
    }
}

void ixs_shape_bounds(const struct ixs_shape_data *data, double *lower, double *upper)
{
    const struct ixs_trace *first = data->traces[0];
    for (size_t k = 0; k < data->nparts; k++) {
        const double least[4] = {0, first->apex - data->range / 6, data->floor, 0};
        const double most[4] = {INFINITY, first->apex + data->range / 6, data->range / 2, 1};
        memcpy(lower + 4 * k, least, sizeof least);
        memcpy(upper + 4 * k, most, sizeof most);
    }
    for (size_t k = 4 * data->nparts; k < ixs_shape_count(data); k++) {
        lower[k] = 0;
        upper[k] = INFINITY;
    }
    for (size_t s = 1; s < data->ntraces; s++)
        for (size_t k = 1; k < beside(data); k++)
            lower[ratio_at(data, s) + k] = -INFINITY;
}

/* Area of a trace over its lowest point rate, by the trapezoid rule of its median step. */
static double rough_area(const struct ixs_trace *trace, double ground)
{
    double sum = 0;
    for (size_t i = 0; i < trace->npoints; i++)
        sum += trace->counts[i] / trace->exposure[i] - ground;
    return sum * trace->step;
}

static double rough_ground(const struct ixs_trace *trace)
{
    double least = INFINITY;
    for (size_t i = 2; i < trace->npoints; i++) {
        double counts = trace->counts[i] + trace->counts[i - 1] + trace->counts[i - 2];
        double exposure = trace->exposure[i] + trace->exposure[i - 1] + trace->exposure[i - 2];
        least = fmin(least, counts / exposure);
    }
    return least;
}

void ixs_shape_start(const struct ixs_shape_data *data, double *p)
{
    const struct ixs_trace *first = data->traces[0];
    double ground = rough_ground(first), area = rough_area(first, ground);
    p[0] = area;
    p[1] = first->apex;
    p[2] = fmax(0.8 * area / first->brightness, 1.5 * data->floor);
    p[3] = 0.4;
    for (size_t s = 0; s < data->ntraces; s++)
        p[ground_at(data, s)] = rough_ground(data->traces[s]) + 0.01 * ground;
    for (size_t s = 1; s < data->ntraces; s++) {
        p[ratio_at(data, s)] = data->traces[s]->brightness / first->brightness;
        p[ratio_at(data, s) + 1] = data->traces[s]->apex - first->apex;
    }
}

/* Places for one more part, in widths of the whole line: beside the centre, width, share. */
static const struct {
    double offset, width, share;
} places[] = {
    {0, 0.5, 0.3},   {0.4, 0.6, 0.2},  {-0.4, 0.6, 0.2}, {0, 4, 0.05},
    {0.8, 0.5, 0.1}, {-0.8, 0.5, 0.1}, {0, 10, 0.03},    {0.3, 1, 0.5},
};

size_t ixs_shape_places(void)
{
    return IXS_COUNT(places);
}

double ixs_shape_place(size_t nparts, const double *p, double width, size_t place, double floor,
                       double part[4], double *area)
{
    double sum = 0, center = 0;
    for (size_t k = 0; k < nparts; k++) {
        sum += p[4 * k];
        center += p[4 * k] * p[4 * k + 1];
    }
    part[0] = places[place].share * sum;
    part[1] = center / sum + places[place].offset * width;
    part[2] = fmax(places[place].width * width, 1.1 * floor);
    part[3] = 0.3;
    *area = sum;
    return center / sum;
}

void ixs_shape_more(const struct ixs_shape_data *data, const double *before, double width,
                    size_t place, double *p)
{
    size_t old = data->nparts - 1, k = 4 * old;
    double area;
    memcpy(p, before, k * sizeof *p);
    memcpy(p + k + 4, before + k, (ixs_shape_count(data) - k - 4) * sizeof *p);
    ixs_shape_place(old, before, width, place, data->floor, p + k, &area);
    for (size_t j = 0; j < old; j++)
        p[4 * j] *= 1 - places[place].share;
}

bool ixs_shape_admissible(const struct ixs_shape_data *data, const double *p,
                          const enum ixs_solve_state *states)
{
    double area = 0;
    for (size_t k = 0; k < data->nparts; k++)
        area += p[4 * k];
    for (size_t k = 0; k < data->nparts; k++) {
        if (states[4 * k + 2] == IXS_SOLVE_LOWER || states[4 * k + 1] == IXS_SOLVE_LOWER ||
            states[4 * k + 1] == IXS_SOLVE_UPPER || p[4 * k] < 1e-4 * area)
            return false;
        for (size_t j = 0; j < 4; j++)
            if (states[4 * k + j] == IXS_SOLVE_UNDETERMINED)
                return false;
    }
    return true;
}

double ixs_shape_response(const struct ixs_shape_data *data, const double *p,
                          struct ixs_response *out)
{
    double area = 0, center;
    *out = (struct ixs_response){.nparts = data->nparts};
    for (size_t k = 0; k < data->nparts; k++)
        area += p[4 * k];
    for (size_t k = 0; k < data->nparts; k++)
        out->parts[k] =
            (struct ixs_response_part){p[4 * k] / area, p[4 * k + 1], p[4 * k + 2], p[4 * k + 3]};
    center = out->parts[0].center;
    ixs_response_centre(out);
    return center - out->parts[0].center;
}

double ixs_shape_wing(const struct ixs_shape_data *data, const double *p, size_t s)
{
    return data->wings != NULL && s > 0 ? p[ratio_at(data, s) + 2] : 0;
}

void ixs_shape_from(const struct ixs_shape_data *data, const struct ixs_shape *shape, double *p)
{
    const struct ixs_trace_fit *first = &data->traces[0]->shape;
    for (size_t k = 0; k < data->nparts; k++) {
        const struct ixs_response_part *part = &shape->response.parts[k];
        const double own[4] = {part->weight * first->area, part->center + first->zero, part->fwhm,
                               part->eta};
        memcpy(p + 4 * k, own, sizeof own);
    }
    p[ground_at(data, 0)] = first->background;
    for (size_t s = 1; s < data->ntraces; s++) {
        const struct ixs_trace_fit *fit = &data->traces[s]->core;
        p[ground_at(data, s)] = rough_ground(data->traces[s]);
        p[ratio_at(data, s)] = fit->area / first->area;
        p[ratio_at(data, s) + 1] = fit->zero - first->zero;
        for (size_t k = 2; k < beside(data); k++)
            p[ratio_at(data, s) + k] = 0;
    }
}

void ixs_shape_trace(const struct ixs_shape_data *data, const double *p, size_t s,
                     struct ixs_trace_fit *out)
{
    struct ixs_response response;
    double area = 0, zero = ixs_shape_response(data, p, &response);
    for (size_t k = 0; k < data->nparts; k++)
        area += p[4 * k];
    *out = (struct ixs_trace_fit){.zero = zero, .area = area, .stretch = 1};
    out->background = p[ground_at(data, s)];
    if (s > 0) {
        out->area *= p[ratio_at(data, s)];
        out->zero += p[ratio_at(data, s) + 1];
    }
}

double ixs_shape_expected(const struct ixs_shape *shape, const struct ixs_trace *trace, size_t i)
{
    double r = ixs_response_value(&shape->response, trace->energy[i] - trace->shape.zero);
    double more = trace->inelastic != NULL ? trace->inelastic[i] : 0;
    return trace->exposure[i] * (trace->shape.area * r + trace->shape.background) + more;
}

double ixs_shape_deviance(const struct ixs_shape *shape, const struct ixs_trace *trace)
{
    double sum = 0;
    for (size_t i = 0; i < trace->npoints; i++)
        sum += ixs_deviance_point(trace->counts[i], ixs_shape_expected(shape, trace, i));
    return sum;
}
