/* SPDX-License-Identifier: GPL-3.0-or-later
 * Silicon, forwards: the temperature difference that a monochromator must have for an energy, and
 * the energy that it then gives. By quadrature and iteration, sharing no code with models/silicon.
 */
#include "calib/forward/forward.h"

#include "base/units.h"

#include <math.h>
#include <string.h>

static const double lattice_kelvin = 295.65; /* K, of IXS_SILICON_A */
static const double no_steeper = 10.0;       /* K, a bracket of what beamlines do */

double ixs_forward_expansion(const struct ixs_forward_thermal *thermal, double kelvin)
{
    if (!thermal->okada)
        return thermal->scale * (thermal->alpha + thermal->slope * (kelvin - thermal->at));
    const double bent = 3.725 * (1.0 - exp(-5.88e-3 * (kelvin - 124.0)));
    return thermal->scale * 1e-6 * (bent + 5.548e-4 * kelvin);
}

/* Simpson's rule: alpha is all but straight over a scan. */
static double strain(const struct ixs_forward_thermal *thermal, double from, double to)
{
    enum { PANELS = 8 };
    const double step = (to - from) / PANELS;
    double sum = 0.0;
    for (int i = 0; i < PANELS; i++) {
        const double at = from + i * step;
        sum += ixs_forward_expansion(thermal, at) +
               4.0 * ixs_forward_expansion(thermal, at + 0.5 * step) +
               ixs_forward_expansion(thermal, at + step);
    }
    return sum * step / 6.0;
}

double ixs_forward_transfer(const struct ixs_forward_thermal *thermal, double difference)
{
    const double *m = thermal->reflection;
    const double a = IXS_SILICON_A * exp(strain(thermal, lattice_kelvin, thermal->kelvin));
    const double out = 1e6 * IXS_HC * sqrt(m[0] * m[0] + m[1] * m[1] + m[2] * m[2]) / (2.0 * a);
    const double in = out * exp(strain(thermal, thermal->kelvin - difference, thermal->kelvin));
    return in - out;
}

double ixs_forward_difference(const struct ixs_forward_thermal *thermal, double energy)
{
    double lo = -no_steeper, hi = no_steeper;
    for (int round = 0; round < 60; round++) {
        const double middle = 0.5 * (lo + hi);
        if (ixs_forward_transfer(thermal, middle) < energy)
            lo = middle;
        else
            hi = middle;
    }
    return 0.5 * (lo + hi);
}
