/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is said of a resolution function in one number: area, centroid, full width, tails.
 */
#include "models/response/table.h"

#include "base/units.h"

#include <math.h>

/* Area and first moment about its own centre of a part of unit weight, from -infinity to x. For the
 * Lorentzian's moment only differences mean something. */
static double part_area(const struct ixs_response_part *part, double x)
{
    double sigma = part->fwhm / IXS_FWHM_PER_SIGMA, g = 0.5 * part->fwhm;
    double gauss = 0.5 * erfc(-x / (sigma * sqrt(2.0)));
    double lorentz = 0.5 + atan(x / g) / IXS_PI;
    return part->eta * lorentz + (1.0 - part->eta) * gauss;
}

static double part_moment(const struct ixs_response_part *part, double x)
{
    double sigma = part->fwhm / IXS_FWHM_PER_SIGMA, g = 0.5 * part->fwhm;
    double gauss = -sigma / sqrt(2.0 * IXS_PI) * exp(-0.5 * x * x / (sigma * sigma));
    double lorentz = 0.5 * g / IXS_PI * log(x * x + g * g);
    return part->eta * lorentz + (1.0 - part->eta) * gauss;
}

double ixs_response_area(const struct ixs_response *response, double lo, double hi)
{
    double sum = 0.0;
    if (response->table.n > 0)
        return ixs_response_table_integral(&response->table, lo, hi, 0, NULL);
    for (size_t k = 0; k < response->nparts; k++) {
        const struct ixs_response_part *part = &response->parts[k];
        sum += part->weight *
               (part_area(part, hi - part->center) - part_area(part, lo - part->center));
    }
    return sum;
}

static double window_mean(const struct ixs_response *response, double lo, double hi)
{
    double moment = 0.0;
    if (response->table.n > 0)
        return response->table.center +
               ixs_response_table_integral(&response->table, lo, hi, 1, NULL) /
                   ixs_response_area(response, lo, hi);
    for (size_t k = 0; k < response->nparts; k++) {
        const struct ixs_response_part *part = &response->parts[k];
        double a = lo - part->center, b = hi - part->center;
        moment += part->weight * (part_moment(part, b) - part_moment(part, a) +
                                  part->center * (part_area(part, b) - part_area(part, a)));
    }
    return moment / ixs_response_area(response, lo, hi);
}

double ixs_response_centroid(const struct ixs_response *response, double range)
{
    double mean = response->table.center;
    for (size_t k = 0; k < response->nparts; k++)
        mean += response->parts[k].weight * response->parts[k].center;
    for (int round = 0; round < 100; round++) {
        double before = mean;
        mean = window_mean(response, before - range, before + range);
        if (fabs(mean - before) < 1e-13 * range)
            break;
    }
    return mean;
}

void ixs_response_centre(struct ixs_response *response)
{
    double mean = ixs_response_centroid(response, 10.0);
    for (size_t k = 0; k < response->nparts; k++)
        response->parts[k].center -= mean;
    if (response->table.n > 0)
        response->table.center -= mean;
}

double ixs_response_tail10(const struct ixs_response *response, double lo, double hi)
{
    double inside = ixs_response_area(response, fmax(lo, -10.0), fmin(hi, 10.0));
    return 1.0 - inside / ixs_response_area(response, lo, hi);
}

/* Width of the finest feature that it can have. */
static double narrowest(const struct ixs_response *response)
{
    double least = response->parts[0].fwhm;
    if (response->table.n > 0)
        return IXS_PI * response->table.scale / (double)response->table.n;
    for (size_t k = 1; k < response->nparts; k++)
        least = fmin(least, response->parts[k].fwhm);
    return least;
}

/* Energy of the highest point: the best of a fine walk, then golden-section steps. */
static double summit(const struct ixs_response *response, double step)
{
    const struct ixs_response_table *table = &response->table;
    double lo = response->parts[0].center, hi = lo;
    if (table->n > 0) {
        lo = table->center - table->scale;
        hi = table->center + table->scale;
    }
    for (size_t k = 1; k < response->nparts; k++) {
        lo = fmin(lo, response->parts[k].center);
        hi = fmax(hi, response->parts[k].center);
    }
    double best = lo, height = ixs_response_value(response, lo);
    size_t n = (size_t)((hi - lo) / step) + 1;
    for (size_t i = 0; i <= n; i++) {
        double x = lo + (hi - lo) * (double)i / (double)n, y = ixs_response_value(response, x);
        if (y > height) {
            best = x;
            height = y;
        }
    }
    double a = best - step, b = best + step, ratio = 0.5 * (sqrt(5.0) - 1.0);
    for (int round = 0; round < 60; round++) {
        double left = b - ratio * (b - a), right = a + ratio * (b - a);
        if (ixs_response_value(response, left) > ixs_response_value(response, right))
            b = right;
        else
            a = left;
    }
    return 0.5 * (a + b);
}

/* Outermost energy on one side (step's sign) where R falls to `level`. */
static double edge(const struct ixs_response *response, double from, double step, double level)
{
    double far = from, last = from;
    for (int i = 0; i < 4000 && ixs_response_value(response, far) > 0.5 * level; i++) {
        far += step;
        if (ixs_response_value(response, far) >= level)
            last = far;
    }
    double near = last;
    far = last + step;
    for (int round = 0; round < 60; round++) {
        double middle = 0.5 * (near + far);
        if (ixs_response_value(response, middle) >= level)
            near = middle;
        else
            far = middle;
    }
    return 0.5 * (near + far);
}

double ixs_response_fwhm(const struct ixs_response *response)
{
    double step = 0.05 * narrowest(response), top = summit(response, step);
    double level = 0.5 * ixs_response_value(response, top);
    return edge(response, top, step, level) - edge(response, top, -step, level);
}
