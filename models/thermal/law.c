/* SPDX-License-Identifier: GPL-3.0-or-later
 * Laws of OMEGA0 and FWHM against temperature, what follows from them, and with what error.
 */
#include "models/thermal/thermal.h"

#include "base/array.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *word;
    bool rest, three, four;
} laws[] = {
    [IXS_THERMAL_CONSTANT] = {"constant", true, false, false},
    [IXS_THERMAL_THREE] = {"three", false, true, false},
    [IXS_THERMAL_THREE_REST] = {"three+rest", true, true, false},
    [IXS_THERMAL_FOUR] = {"four", false, false, true},
    [IXS_THERMAL_FOUR_REST] = {"four+rest", true, false, true},
    [IXS_THERMAL_THREE_FOUR] = {"three+four", false, true, true},
    [IXS_THERMAL_ALL] = {"three+four+rest", true, true, true},
    [IXS_THERMAL_POWER] = {"power", false, false, false},
    [IXS_THERMAL_CHOOSE] = {"choose", false, false, false},
};

const char *ixs_thermal_word(enum ixs_thermal_law law)
{
    return laws[law].word;
}

bool ixs_thermal_find(const char *word, enum ixs_thermal_law *law)
{
    for (size_t i = 0; i < IXS_COUNT(laws); i++)
        if (strcmp(laws[i].word, word) == 0) {
            *law = (enum ixs_thermal_law)i;
            return true;
        }
    return false;
}

size_t ixs_thermal_terms(enum ixs_thermal_law law)
{
    if (law == IXS_THERMAL_POWER)
        return 2;
    return (size_t)laws[law].rest + (size_t)laws[law].three + (size_t)laws[law].four;
}

static double occupation(double energy, double kelvin)
{
    return 1.0 / expm1(energy / (IXS_BOLTZMANN * kelvin));
}

static double law_value(const struct ixs_thermal_fit *fit, enum ixs_thermal_law law,
                        const double *p, double kelvin)
{
    double sum = 0.0;
    if (law == IXS_THERMAL_POWER)
        return p[0] * pow(kelvin / fit->kelvin_ref, p[1]);
    if (laws[law].rest)
        sum += *p++;
    if (laws[law].three)
        sum += *p++ * (1.0 + 2.0 * occupation(fit->omega_ref / 2.0, kelvin));
    if (laws[law].four) {
        double n = occupation(fit->omega_ref / 3.0, kelvin);
        sum += *p * (1.0 + 3.0 * n + 3.0 * n * n);
    }
    return sum;
}

double ixs_thermal_omega(const struct ixs_thermal_fit *fit, const double *p, double kelvin)
{
    return law_value(fit, fit->omega_law, p ? p : fit->p, kelvin);
}

double ixs_thermal_width(const struct ixs_thermal_fit *fit, const double *p, double kelvin)
{
    return law_value(fit, fit->width_law, (p ? p : fit->p) + ixs_thermal_terms(fit->omega_law),
                     kelvin);
}

/* A step of a hundredth of the error: over it all that is asked for is straight. */
void ixs_thermal_slopes(const struct ixs_thermal_fit *fit, ixs_thermal_figure *figure,
                        const void *context, double slopes[IXS_THERMAL_MOST])
{
    double p[IXS_THERMAL_MOST];
    memcpy(p, fit->p, sizeof p);
    for (size_t k = 0; k < fit->nparameters; k++) {
        double step = 0.01 * sqrt(fit->cov[k * fit->nparameters + k]);
        p[k] = fit->p[k] + step;
        double above = figure(context, fit, p);
        p[k] = fit->p[k] - step;
        slopes[k] = step > 0.0 ? (above - figure(context, fit, p)) / (2.0 * step) : 0.0;
        p[k] = fit->p[k];
    }
}

double ixs_thermal_error(const struct ixs_thermal_fit *fit, ixs_thermal_figure *figure,
                         const void *context)
{
    double slopes[IXS_THERMAL_MOST], variance = 0.0;
    ixs_thermal_slopes(fit, figure, context, slopes);
    for (size_t i = 0; i < fit->nparameters; i++)
        for (size_t k = 0; k < fit->nparameters; k++)
            variance += slopes[i] * fit->cov[i * fit->nparameters + k] * slopes[k];
    return sqrt(fmax(variance, 0.0));
}

static double omega_at(const void *kelvin, const struct ixs_thermal_fit *fit, const double *p)
{
    return ixs_thermal_omega(fit, p, *(const double *)kelvin);
}

static double width_at(const void *kelvin, const struct ixs_thermal_fit *fit, const double *p)
{
    return ixs_thermal_width(fit, p, *(const double *)kelvin);
}

static double ratio_at(const void *kelvin, const struct ixs_thermal_fit *fit, const double *p)
{
    return width_at(kelvin, fit, p) / omega_at(kelvin, fit, p);
}

double ixs_thermal_omega_error(const struct ixs_thermal_fit *fit, double kelvin)
{
    return ixs_thermal_error(fit, omega_at, &kelvin);
}

double ixs_thermal_width_error(const struct ixs_thermal_fit *fit, double kelvin)
{
    return ixs_thermal_error(fit, width_at, &kelvin);
}

double ixs_thermal_ratio_error(const struct ixs_thermal_fit *fit, double kelvin)
{
    return ixs_thermal_error(fit, ratio_at, &kelvin);
}

static double excess(const struct ixs_thermal_fit *fit, double ratio, double kelvin)
{
    return ixs_thermal_width(fit, NULL, kelvin) - ratio * ixs_thermal_omega(fit, NULL, kelvin);
}

/* dT = -d(FWHM/OMEGA0) / (d(FWHM/OMEGA0)/dT). */
static double crossing_error(const struct ixs_thermal_fit *fit, double kelvin)
{
    double warmer = 1.001 * kelvin, colder = 0.999 * kelvin;
    double slope =
        (ratio_at(&warmer, fit, fit->p) - ratio_at(&colder, fit, fit->p)) / (warmer - colder);
    return ixs_thermal_ratio_error(fit, kelvin) / fabs(slope);
}

bool ixs_thermal_crossing(const struct ixs_thermal_fit *fit, double ratio, double lo, double hi,
                          double *kelvin, double *error)
{
    enum { STEPS = 400 };
    double low = lo, high = lo;
    bool below = excess(fit, ratio, lo) < 0.0, found = false;
    for (int i = 1; i <= STEPS && !found; i++) {
        low = high;
        high = lo + (hi - lo) * i / STEPS;
        found = (excess(fit, ratio, high) < 0.0) != below;
    }
    for (int i = 0; found && i < 60; i++) {
        double middle = 0.5 * (low + high);
        if ((excess(fit, ratio, middle) < 0.0) == below)
            low = middle;
        else
            high = middle;
    }
    *kelvin = found ? high : (double)NAN;
    *error = found ? crossing_error(fit, high) : (double)NAN;
    return found;
}
