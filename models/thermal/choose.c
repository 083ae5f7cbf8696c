/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which laws: AICc of each pair; and a power through values alone.
 */
#include "models/thermal/thermal.h"

#include "base/array.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static bool is_possible(const struct ixs_thermal_fit *fit)
{
    size_t first = ixs_thermal_terms(fit->omega_law);
    for (size_t k = first; k < fit->nparameters; k++)
        if (fit->p[k] < 0.0 && fit->width_law != IXS_THERMAL_POWER)
            return false;
    return true;
}

bool ixs_thermal_choose(size_t n, const struct ixs_thermal_point *points,
                        enum ixs_thermal_law omega_law, enum ixs_thermal_law width_law,
                        struct ixs_thermal_fit *out)
{
    static const enum ixs_thermal_law energies[] = {IXS_THERMAL_CONSTANT, IXS_THERMAL_THREE_REST,
                                                    IXS_THERMAL_FOUR_REST, IXS_THERMAL_POWER};
    static const enum ixs_thermal_law widths[] = {
        IXS_THERMAL_CONSTANT,   IXS_THERMAL_THREE,     IXS_THERMAL_FOUR, IXS_THERMAL_THREE_REST,
        IXS_THERMAL_THREE_FOUR, IXS_THERMAL_FOUR_REST, IXS_THERMAL_POWER};
    bool any_omega = omega_law == IXS_THERMAL_CHOOSE, any_width = width_law == IXS_THERMAL_CHOOSE;
    bool found = false;
    *out = (struct ixs_thermal_fit){0};
    for (size_t e = 0; e < (any_omega ? IXS_COUNT(energies) : 1); e++)
        for (size_t w = 0; w < (any_width ? IXS_COUNT(widths) : 1); w++) {
            struct ixs_thermal_fit fit;
            if (!ixs_thermal_fit(n, points, any_omega ? energies[e] : omega_law,
                                 any_width ? widths[w] : width_law, &fit) ||
                (any_width && !is_possible(&fit)) || (found && fit.aicc >= out->aicc))
                continue;
            *out = fit;
            found = true;
        }
    return found;
}

bool ixs_thermal_carry(size_t n, const struct ixs_thermal_point *points,
                       enum ixs_thermal_law omega_law, struct ixs_thermal_fit *out)
{
    static const enum ixs_thermal_law others[] = {IXS_THERMAL_THREE_REST, IXS_THERMAL_FOUR_REST,
                                                  IXS_THERMAL_THREE_FOUR, IXS_THERMAL_ALL};
    const double holds = 0.01;
    if (omega_law == IXS_THERMAL_CONSTANT || omega_law == IXS_THERMAL_CHOOSE)
        omega_law = IXS_THERMAL_POWER;
    bool found = ixs_thermal_fit(n, points, omega_law, IXS_THERMAL_POWER, out);
    if (!found && n > 0 && points[0].kin != NULL)
        found = ixs_thermal_fit(n, points, IXS_THERMAL_CONSTANT, IXS_THERMAL_POWER, out) ||
                ixs_thermal_fit(n, points, omega_law, IXS_THERMAL_CONSTANT, out) ||
                ixs_thermal_fit(n, points, IXS_THERMAL_CONSTANT, IXS_THERMAL_CONSTANT, out);
    for (size_t k = 0; k < IXS_COUNT(others) && found && out->p_value < holds; k++) {
        struct ixs_thermal_fit fit;
        if (ixs_thermal_fit(n, points, out->omega_law, others[k], &fit) && is_possible(&fit) &&
            fit.aicc < out->aicc)
            *out = fit;
    }
    return found;
}

bool ixs_thermal_trim(size_t n, struct ixs_thermal_point *points, enum ixs_thermal_law omega_law,
                      struct ixs_thermal_fit *out)
{
    enum { FEWEST = 5 };
    const double fails = 0.001, holds = 0.01;
    struct ixs_thermal_fit best = *out;
    size_t farthest = n, told = 0;
    for (size_t i = 0; i < n; i++)
        told += points[i].told != IXS_THERMAL_NOTHING;
    for (size_t i = 0; i < n && told >= FEWEST && out->p_value < fails; i++) {
        struct ixs_thermal_fit fit;
        enum ixs_thermal_told before = points[i].told;
        if (before == IXS_THERMAL_NOTHING)
            continue;
        points[i].told = IXS_THERMAL_OUTLIER;
        if (ixs_thermal_carry(n, points, omega_law, &fit) && fit.chi2 < best.chi2) {
            best = fit;
            farthest = i;
        }
        points[i].told = before;
    }
    if (farthest == n || !(best.p_value > holds))
        return false;
    points[farthest].told = IXS_THERMAL_OUTLIER;
    *out = best;
    return true;
}

/* A straight line through ln value against ln T. */
bool ixs_thermal_power(size_t n, const double *kelvin, const double *value, const double *lo,
                       const double *hi, struct ixs_thermal_power *out)
{
    double w = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
    *out = (struct ixs_thermal_power){.dof = (long)n - 2};
    for (int centred = 0; centred < 2; centred++) {
        double middle = centred ? x / w : 0.0;
        w = x = y = xx = xy = 0.0;
        out->kelvin_ref = exp(middle);
        for (size_t i = 0; i < n; i++) {
            double s = 0.5 * log(hi[i] / lo[i]), u = log(kelvin[i]) - middle, v = log(value[i]);
            w += 1.0 / (s * s);
            x += u / (s * s);
            y += v / (s * s);
            xx += u * u / (s * s);
            xy += u * v / (s * s);
        }
    }
    if (n < 2 || !(xx > 0.0) || !isfinite(w))
        return false;
    out->value = exp(y / w);
    out->value_err = out->value / sqrt(w);
    out->exponent = xy / xx;
    out->exponent_err = 1.0 / sqrt(xx);
    for (size_t i = 0; i < n; i++) {
        double s = 0.5 * log(hi[i] / lo[i]);
        double law = y / w + out->exponent * log(kelvin[i] / out->kelvin_ref);
        out->chi2 += pow((log(value[i]) - law) / s, 2.0);
    }
    out->p_value = n > 2 ? gsl_cdf_chisq_Q(out->chi2, (double)out->dof) : (double)NAN;
    return true;
}
