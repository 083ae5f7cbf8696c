/* SPDX-License-Identifier: GPL-3.0-or-later
 * Information criteria.
 */
#include "models/evidence/select.h"

#include <math.h>

double ixs_select_aicc(double deviance, size_t npoints, size_t nparameters)
{
    double n = (double)npoints, k = (double)nparameters;
    if (n <= k + 1.0)
        return INFINITY;
    return deviance + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0);
}

double ixs_select_bic(double deviance, size_t npoints, size_t nparameters)
{
    return deviance + (double)nparameters * log((double)npoints);
}

double ixs_select_cost(double aicc, size_t nmodes, double places)
{
    return aicc + 2.0 * (double)nmodes * log(fmax(places, 1.0));
}
