/* SPDX-License-Identifier: GPL-3.0-or-later
 * Thermal conductivity of modes, its covariance between temperatures and its exponent.
 */
#include "models/thermal/kappa.h"

#include "base/array.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>

/* k (J/K, exact) x (km/s)^2 ps / Angstrom^3 in W/m/K. */
static const double unit = 13.80649;

/* ---- shells ---------------------------------------------------------------------------------- */

/* Nearest other q of the branch on that side; modes at the same q share a shell by their order. */
static double neighbour(size_t n, const struct ixs_kappa_mode *modes, size_t i, bool outside)
{
    double nearest = outside ? INFINITY : -INFINITY;
    for (size_t k = 0; k < n; k++) {
        if (k == i || modes[k].branch != modes[i].branch)
            continue;
        double q = modes[k].q;
        bool beyond = q > modes[i].q || (!(q < modes[i].q) && k > i);
        if (beyond == outside)
            nearest = outside ? fmin(nearest, q) : fmax(nearest, q);
    }
    return nearest;
}

void ixs_kappa_shells(size_t n, struct ixs_kappa_mode *modes, double q_zone)
{
    for (size_t i = 0; i < n; i++) {
        double inner = neighbour(n, modes, i, false), outer = neighbour(n, modes, i, true);
        modes[i].q_lo = isfinite(inner) ? 0.5 * (inner + modes[i].q) : 0.0;
        modes[i].q_hi = isfinite(outer) ? 0.5 * (outer + modes[i].q) : q_zone;
        modes[i].q_lo = fmin(modes[i].q_lo, q_zone);
        modes[i].q_hi = fmin(modes[i].q_hi, q_zone);
    }
}

/* ---- one mode -------------------------------------------------------------------------------- */

double ixs_kappa_heat(double omega, double kelvin)
{
    double x = omega / (IXS_BOLTZMANN * kelvin);
    double half = 0.5 * x / sinh(0.5 * x);
    return omega > 0.0 ? half * half : 1.0;
}

static double share(const struct ixs_kappa_mode *mode, const double *p, double kelvin, double width)
{
    double omega = ixs_thermal_omega(mode->fit, p, kelvin);
    double before = ixs_thermal_omega(mode->fit, p, mode->velocity_kelvin);
    double velocity = mode->velocity * omega / before;
    double shell = (pow(mode->q_hi, 3.0) - pow(mode->q_lo, 3.0)) / 3.0;
    return unit / (6.0 * IXS_PI * IXS_PI) * shell * ixs_kappa_heat(omega, kelvin) * velocity *
           velocity * IXS_HBAR / width;
}

double ixs_kappa_share(const struct ixs_kappa_mode *mode, const double *p, double kelvin)
{
    return share(mode, p, kelvin, ixs_thermal_width(mode->fit, p, kelvin));
}

double ixs_kappa_share_of(const struct ixs_kappa_mode *mode, double kelvin, double width)
{
    return share(mode, NULL, kelvin, width);
}

struct place {
    const struct ixs_kappa_mode *mode;
    double kelvin;
};

static double share_at(const void *context, const struct ixs_thermal_fit *fit, const double *p)
{
    const struct place *place = context;
    (void)fit;
    return ixs_kappa_share(place->mode, p, place->kelvin);
}

/* By the error of its velocity. */
static double by_velocity(const struct ixs_kappa_mode *mode, double kelvin)
{
    double error = mode->velocity_err > 0.0 ? mode->velocity_err : 0.0;
    if (!(mode->velocity > 0.0))
        return 0.0;
    return 2.0 * ixs_kappa_share(mode, NULL, kelvin) * error / mode->velocity;
}

double ixs_kappa_share_error(const struct ixs_kappa_mode *mode, double kelvin)
{
    struct place place = {mode, kelvin};
    return hypot(ixs_thermal_error(mode->fit, share_at, &place), by_velocity(mode, kelvin));
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* Slopes of a mode's share by the parameters of its laws, [n][IXS_THERMAL_MOST]. */
static void slopes_of(const struct ixs_kappa_mode *mode, size_t n, const double *kelvin,
                      double *slopes)
{
    for (size_t i = 0; i < n; i++) {
        struct place place = {mode, kelvin[i]};
        ixs_thermal_slopes(mode->fit, share_at, &place, slopes + i * IXS_THERMAL_MOST);
    }
}

/* cov [a][b] of parameters of two modes (or one and the same), carried on by their slopes. */
static void add_laws(size_t n, const double *one, const double *other, size_t a, size_t b,
                     const double *cov, double *covariance)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            for (size_t c = 0; c < a * b; c++)
                covariance[i * n + k] += one[i * IXS_THERMAL_MOST + c / b] * cov[c] *
                                         other[k * IXS_THERMAL_MOST + c % b];
}

/* Modes whose laws vary together. */
static void add_kin(size_t nmodes, const struct ixs_kappa_mode *modes, size_t n,
                    const double *slopes, const struct ixs_kappa_kin *kin, double *covariance)
{
    double cov[IXS_THERMAL_MOST * IXS_THERMAL_MOST];
    size_t each = n * IXS_THERMAL_MOST;
    for (size_t s = 0; kin != NULL && s < nmodes; s++)
        for (size_t t = 0; t < nmodes; t++) {
            if (s == t)
                continue;
            kin->between(kin->context, s, t, cov);
            add_laws(n, slopes + s * each, slopes + t * each, modes[s].fit->nparameters,
                     modes[t].fit->nparameters, cov, covariance);
        }
}

/* One number says how far off the velocities of a branch are. */
static void add_velocities(size_t nmodes, const struct ixs_kappa_mode *modes, size_t first,
                           size_t n, const double *kelvin, double *covariance)
{
    for (size_t s = 0; s < first; s++)
        if (modes[s].branch == modes[first].branch)
            return;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            double one = 0.0, other = 0.0;
            for (size_t s = first; s < nmodes; s++) {
                if (modes[s].branch != modes[first].branch)
                    continue;
                one += by_velocity(&modes[s], kelvin[i]);
                other += by_velocity(&modes[s], kelvin[k]);
            }
            covariance[i * n + k] += one * other;
        }
}

bool ixs_kappa_sum(size_t nmodes, const struct ixs_kappa_mode *modes, size_t n,
                   const double *kelvin, const struct ixs_kappa_kin *kin, struct ixs_kappa *out,
                   struct ixs_err *err)
{
    double *slopes = NULL;
    size_t each = n * IXS_THERMAL_MOST;
    *out = (struct ixs_kappa){.n = n};
    bool ok = IXS_NEW(out->kappa, n, err) && IXS_NEW(out->covariance, n * n, err) &&
              IXS_NEW(slopes, nmodes * each, err);
    for (size_t s = 0; ok && s < nmodes; s++) {
        const struct ixs_thermal_fit *fit = modes[s].fit;
        double *own = slopes + s * each;
        for (size_t i = 0; i < n; i++)
            out->kappa[i] += ixs_kappa_share(&modes[s], NULL, kelvin[i]);
        slopes_of(&modes[s], n, kelvin, own);
        add_laws(n, own, own, fit->nparameters, fit->nparameters, fit->cov, out->covariance);
        add_velocities(nmodes, modes, s, n, kelvin, out->covariance);
    }
    if (ok)
        add_kin(nmodes, modes, n, slopes, kin, out->covariance);
    free(slopes);
    return ok;
}

void ixs_kappa_dispose(struct ixs_kappa *kappa)
{
    free(kappa->kappa);
    free(kappa->covariance);
    *kappa = (struct ixs_kappa){0};
}

void ixs_kappa_exponent(const struct ixs_kappa *kappa, const double *kelvin, double *exponent,
                        double *error)
{
    double mean = 0.0, square = 0.0, slope = 0.0, variance = 0.0;
    for (size_t i = 0; i < kappa->n; i++)
        mean += log(kelvin[i]) / (double)kappa->n;
    for (size_t i = 0; i < kappa->n; i++)
        square += pow(log(kelvin[i]) - mean, 2.0);
    for (size_t i = 0; i < kappa->n; i++) {
        double weight = (log(kelvin[i]) - mean) / square;
        slope += weight * log(kappa->kappa[i]);
        for (size_t k = 0; k < kappa->n; k++)
            variance += weight * (log(kelvin[k]) - mean) / square *
                        kappa->covariance[i * kappa->n + k] / (kappa->kappa[i] * kappa->kappa[k]);
    }
    *exponent = square > 0.0 ? slope : (double)NAN;
    *error = square > 0.0 ? sqrt(fmax(variance, 0.0)) : (double)NAN;
}
