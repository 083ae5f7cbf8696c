/* SPDX-License-Identifier: GPL-3.0-or-later
 * The damped oscillator itself, and its convolution at one energy. Formulas: CONTRACT.md 4; the
 * area from the sum over imaginary frequencies, Int S dE = (2 A kT/O) [1 + 2 O^2 Sum_n 1/(nu_n^2 +
 * G nu_n + O^2)],  nu_n = 2 pi n kT.
 */
#include "models/line/dho.h"

#include "base/units.h"

#include <math.h>

double ixs_dho_chi(const struct ixs_dho *mode, double energy)
{
    double o = mode->omega0, g = mode->fwhm, e = energy;
    double d = (e - o) * (e + o);
    return mode->strength * (2.0 * o * g / IXS_PI) * e / (d * d + g * g * e * e);
}

double ixs_dho_value(const struct ixs_dho *mode, double kelvin, double energy)
{
    const double shape[IXS_LINE_SHAPES] = {mode->omega0, mode->fwhm};
    return mode->strength * ixs_line_value(IXS_LINE_DHO, shape, kelvin, energy);
}

/* Int from `from` to infinity of 1/(x^2 + G x + O^2). */
static double far_integral(double omega0, double fwhm, double from)
{
    double square = (omega0 - 0.5 * fwhm) * (omega0 + 0.5 * fwhm), y = from + 0.5 * fwhm;
    double w = sqrt(fabs(square));
    if (w < 1e-6 * y)
        return 1.0 / y - square / (3.0 * y * y * y);
    return square > 0.0 ? atan2(w, y) / w : atanh(w / y) / w;
}

double ixs_dho_area(const struct ixs_dho *mode, double kelvin)
{
    enum { DIRECT = 200 };
    double o = mode->omega0, g = mode->fwhm, sum = 0.0;
    if (!(kelvin > 0.0))
        return mode->strength;
    double kt = IXS_BOLTZMANN * kelvin, step = 2.0 * IXS_PI * kt;
    for (int n = DIRECT; n > 0; n--) {
        double nu = step * n;
        sum += 1.0 / (nu * nu + g * nu + o * o);
    }
    /* the rest by the midpoint rule and its first Euler-Maclaurin term */
    double from = step * (DIRECT + 0.5), d = from * from + g * from + o * o;
    sum += far_integral(o, g, from) / step - step * (2.0 * from + g) / (24.0 * d * d);
    return 2.0 * mode->strength * (kt / o + 2.0 * kt * o * sum);
}

double ixs_dho_damped(const struct ixs_dho *mode)
{
    double square = (mode->omega0 - 0.5 * mode->fwhm) * (mode->omega0 + 0.5 * mode->fwhm);
    return square > 0.0 ? sqrt(square) : 0.0;
}

struct sums {
    double value, by_energy, by_shape[IXS_LINE_SHAPES];
};

static void add_term(struct sums *sum, const struct ixs_line_term *t, double complex w,
                     double complex slope)
{
    sum->value += creal(t->weight * w);
    sum->by_energy += creal(t->weight * slope);
    for (int s = 0; s < IXS_LINE_SHAPES; s++)
        sum->by_shape[s] += creal(t->weight_by[s] * w - t->weight * t->place_by[s] * slope);
}

double ixs_dho_convolved(const struct ixs_dho *mode, const struct ixs_bose *bose,
                         const struct ixs_response *response, double energy, double *slopes)
{
    const double shape[IXS_LINE_SHAPES] = {mode->omega0, mode->fwhm};
    struct ixs_line all;
    struct sums sum = {0};
    double complex slope;
    ixs_line_expand(&all, IXS_LINE_DHO, shape, bose);
    for (size_t t = 0; t < all.nterms; t++) {
        double complex w = ixs_response_cauchy(response, energy - all.terms[t].place, &slope);
        add_term(&sum, &all.terms[t], w, slope);
    }
    for (size_t j = 0; j < bose->npoles; j++) {
        double complex w = ixs_response_cauchy(response, ixs_complex(energy, bose->nu[j]), &slope);
        sum.value += all.bose[j] * creal(w);
        sum.by_energy += all.bose[j] * creal(slope);
        for (int s = 0; s < IXS_LINE_SHAPES; s++)
            sum.by_shape[s] += all.bose_by[s][j] * creal(w);
    }
    if (slopes) {
        slopes[0] = mode->strength * sum.by_energy;
        slopes[1] = mode->strength * sum.by_shape[0];
        slopes[2] = mode->strength * sum.by_shape[1];
        slopes[3] = sum.value;
    }
    return mode->strength * sum.value;
}
