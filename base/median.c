/* SPDX-License-Identifier: GPL-3.0-or-later
 * The median.
 */
#include "base/median.h"

#include <math.h>
#include <stdlib.h>

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

double ixs_median(size_t n, double *values)
{
    if (n == 0)
        return NAN;
    qsort(values, n, sizeof *values, by_size);
    return 0.5 * (values[(n - 1) / 2] + values[n / 2]);
}
