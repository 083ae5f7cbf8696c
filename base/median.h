/* SPDX-License-Identifier: GPL-3.0-or-later
 * The median.
 */
#ifndef IXS_BASE_MEDIAN_H
#define IXS_BASE_MEDIAN_H

#include <stddef.h>

/* Of `values` [n], which get sorted and hold no NaN; the mean of the middle two of an even number,
 * NaN of none. */
double ixs_median(size_t n, double *values);

#endif
