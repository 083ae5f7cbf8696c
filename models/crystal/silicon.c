/* SPDX-License-Identifier: GPL-3.0-or-later
 * Silicon's thermal expansion and backscattered energy.
 */
#include "models/crystal/silicon.h"

#include "base/units.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const double a_kelvin = 295.65; /* K, of IXS_SILICON_A */

/* Okada & Tokumaru: {height [1 - exp(-rate (T - start))] + linear T} 1e-6 */
static const double okada_height = 3.725e-6, okada_rate = 5.88e-3, okada_start = 124.0,
                    okada_linear = 5.548e-10;

bool ixs_silicon_named(struct ixs_silicon *out, const char *name)
{
    static const struct {
        const char *name;
        struct ixs_silicon law;
    } laws[] = {
        {"default", {IXS_SILICON_LINEAR, 2.581e-6, 0.002e-6, 0.0084e-6, 0.0008e-6, 295.65}},
        {"bergamin", {IXS_SILICON_LINEAR, 2.581e-6, 0.002e-6, 0.016e-6, 0.004e-6, 295.65}},
        {"okada", {IXS_SILICON_OKADA, (double)NAN, 0.2e-6, (double)NAN, 0.0, 295.65}},
        {"constant", {IXS_SILICON_LINEAR, 2.581e-6, (double)NAN, 0.0, 0.0, 295.65}},
        {"linear", {IXS_SILICON_LINEAR, 2.581e-6, (double)NAN, 0.0, 0.0, 295.65}},
    };
    for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++)
        if (strcmp(laws[i].name, name) == 0) {
            *out = laws[i].law;
            return true;
        }
    return false;
}

double ixs_silicon_alpha(const struct ixs_silicon *silicon, double kelvin)
{
    if (silicon->law == IXS_SILICON_LINEAR)
        return silicon->alpha + silicon->slope * (kelvin - silicon->kelvin);
    return -okada_height * expm1(-okada_rate * (kelvin - okada_start)) + okada_linear * kelvin;
}

double ixs_silicon_strain(const struct ixs_silicon *silicon, double from, double to)
{
    double step = to - from, middle = 0.5 * (from + to);
    if (silicon->law == IXS_SILICON_LINEAR)
        return step * ixs_silicon_alpha(silicon, middle);
    double at = exp(-okada_rate * (from - okada_start));
    return okada_height * (step + at * expm1(-okada_rate * step) / okada_rate) +
           okada_linear * step * middle;
}

double ixs_silicon_lattice(const struct ixs_silicon *silicon, double kelvin)
{
    return IXS_SILICON_A * exp(ixs_silicon_strain(silicon, a_kelvin, kelvin));
}

double ixs_silicon_energy(const struct ixs_silicon *silicon, const int hkl[3], double kelvin)
{
    double square = (double)(hkl[0] * hkl[0] + hkl[1] * hkl[1] + hkl[2] * hkl[2]);
    return 1e6 * IXS_HC * sqrt(square) / (2.0 * ixs_silicon_lattice(silicon, kelvin));
}

double ixs_silicon_transfer(const struct ixs_silicon *silicon, double reflected,
                            double monochromator, double analyzer)
{
    return reflected * expm1(ixs_silicon_strain(silicon, monochromator, analyzer));
}

double ixs_silicon_error(const struct ixs_silicon *silicon, double kelvin)
{
    double slope = silicon->slope_error * (kelvin - silicon->kelvin);
    return hypot(silicon->alpha_error, slope) / fabs(ixs_silicon_alpha(silicon, kelvin));
}
