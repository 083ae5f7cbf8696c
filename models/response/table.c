/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tabulated responses. The coefficients of a periodic cubic spline from its values: the recursive
 * filter of Unser, Aldroubi & Eden, IEEE Trans. Signal Process. 41, 834 (1993), pole sqrt(3) - 2.
 */
#include "models/response/table.h"

#include "base/units.h"

#include <math.h>
#include <string.h>

enum { PANELS = 480 }; /* of Simpson's rule */

struct place { /* the four coefficients that matter at one theta */
    size_t node[4];
    double weight[4], slope[4]; /* slope: by theta */
};

static double spacing(const struct ixs_response_table *table)
{
    return 2.0 * IXS_PI / (double)table->n;
}

static struct place find(const struct ixs_response_table *table, double theta)
{
    double at = (theta + IXS_PI) / spacing(table) - 0.5, whole = floor(at), t = at - whole;
    double s = 1.0 - t, per = 1.0 / spacing(table);
    size_t first = (size_t)(whole + (double)table->n - 1.0);
    struct place out = {
        .weight = {s * s * s / 6.0, (4.0 - 6.0 * t * t + 3.0 * t * t * t) / 6.0,
                   (4.0 - 6.0 * s * s + 3.0 * s * s * s) / 6.0, t * t * t / 6.0},
        .slope = {-0.5 * s * s * per, (1.5 * t * t - 2.0 * t) * per, -(1.5 * s * s - 2.0 * s) * per,
                  0.5 * t * t * per},
    };
    for (size_t k = 0; k < 4; k++)
        out.node[k] = (first + k) % table->n;
    return out;
}

static double read(const struct ixs_response_table *table, const struct place *place,
                   const double weight[4])
{
    double sum = 0.0;
    for (size_t k = 0; k < 4; k++)
        sum += weight[k] * table->coefficient[place->node[k]];
    return sum;
}

double ixs_response_table_value(const struct ixs_response_table *table, double energy,
                                double *slope, double *by)
{
    double x = energy - table->center, square = x * x + table->scale * table->scale;
    if (by)
        memset(by, 0, table->n * sizeof *by);
    if (isnan(x)) {
        if (slope)
            *slope = NAN;
        return NAN;
    }
    struct place place = find(table, 2.0 * atan(x / table->scale));
    double value = exp(read(table, &place, place.weight)) / square;
    if (slope)
        *slope = value * 2.0 * (read(table, &place, place.slope) * table->scale - x) / square;
    for (size_t k = 0; by && k < 4; k++)
        by[place.node[k]] += place.weight[k] * value;
    return value;
}

double ixs_response_table_integral(const struct ixs_response_table *table, double lo, double hi,
                                   int moment, double *by)
{
    double from = 2.0 * atan((lo - table->center) / table->scale);
    double to = 2.0 * atan((hi - table->center) / table->scale), sum = 0.0;
    double step = (to - from) / PANELS;
    if (by)
        memset(by, 0, table->n * sizeof *by);
    if (isnan(step))
        return NAN;
    for (size_t i = 0; i <= PANELS; i++) { /* dE = (x^2 + scale^2)/(2 scale) d theta */
        double theta = from + step * (double)i, weight = i % 2 == 1 ? 4.0 : 2.0;
        struct place place = find(table, theta);
        if (i == 0 || i == PANELS)
            weight = 1.0;
        double value = weight * step / 6.0 / table->scale * exp(read(table, &place, place.weight)) *
                       (moment > 0 ? table->scale * tan(0.5 * theta) : 1.0);
        sum += value;
        for (size_t k = 0; by && k < 4; k++)
            by[place.node[k]] += place.weight[k] * value;
    }
    return sum;
}

double ixs_response_table_node(const struct ixs_response_table *table, size_t j)
{
    double theta = ((double)j + 0.5) * spacing(table) - IXS_PI;
    return table->center + table->scale * tan(0.5 * theta);
}

/* ln of what the spline is divided by at a node. */
static double log_square(const struct ixs_response_table *table, size_t j)
{
    double x = ixs_response_table_node(table, j) - table->center;
    return log(x * x + table->scale * table->scale);
}

void ixs_response_table_logs(const struct ixs_response_table *table, double *logs)
{
    memcpy(logs, table->coefficient, table->n * sizeof *logs);
    ixs_spline_values(table->n, logs);
    for (size_t j = 0; j < table->n; j++)
        logs[j] -= log_square(table, j);
}

void ixs_response_table_set(struct ixs_response_table *table, const double *logs)
{
    for (size_t j = 0; j < table->n; j++)
        table->coefficient[j] = logs[j] + log_square(table, j);
    ixs_spline_coefficients(table->n, table->coefficient);
}

void ixs_response_table_stretch(const struct ixs_response_table *table, double scatter, double *by)
{
    for (size_t j = 0; j < table->n; j++) { /* ln R(E/s)/s at the nodes */
        double energy = ixs_response_table_node(table, j), slope;
        double value = ixs_response_table_value(table, energy, &slope, NULL);
        by[j] = -scatter * (1.0 + energy * slope / value);
    }
    ixs_spline_coefficients(table->n, by);
}

void ixs_spline_values(size_t n, double *x)
{
    double first = x[0], before = x[n - 1];
    for (size_t j = 0; j < n; j++) {
        double here = x[j], next = j + 1 < n ? x[j + 1] : first;
        x[j] = (before + 4.0 * here + next) / 6.0;
        before = here;
    }
}

void ixs_spline_coefficients(size_t n, double *x)
{
    const double pole = sqrt(3.0) - 2.0, all = 1.0 - pow(pole, (double)n);
    double sum = 0.0, power = 1.0;
    for (size_t k = 0; k < n; k++, power *= pole)
        sum += power * 6.0 * x[(n - k) % n];
    x[0] = sum / all;
    for (size_t j = 1; j < n; j++)
        x[j] = 6.0 * x[j] + pole * x[j - 1];
    sum = 0.0;
    power = 1.0;
    for (size_t k = 0; k < n; k++, power *= pole)
        sum += power * x[(n - 1 + k) % n];
    double last = -pole * sum / all;
    for (size_t j = n - 1; j-- > 0;) {
        double here = x[j];
        x[j + 1] = last;
        last = pole * (last - here);
    }
    x[0] = last;
}

void ixs_spline_covariance(size_t n, double *covariance, void (*turn)(size_t, double *))
{
    double column[IXS_RESPONSE_NODES];
    for (size_t i = 0; i < n; i++)
        turn(n, covariance + i * n);
    for (size_t j = 0; j < n; j++) {
        for (size_t i = 0; i < n; i++)
            column[i] = covariance[i * n + j];
        turn(n, column);
        for (size_t i = 0; i < n; i++)
            covariance[i * n + j] = column[i];
    }
}
