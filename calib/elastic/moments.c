/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moments of a spectrum, its absolute scale by the f-sum rule
 *   Int E S(Q,E) dE = hbar^2 Q^2 / 2 M
 * (Placzek; Lovesey, Theory of Neutron Scattering, 1984, ch. 1), and the temperature of detailed
 * balance beside the thermometer's.
 *
 * Over the points a moment is Sum_i w_i E_i^k x rate by the trapezoid rule, through the response:
 * the response's own first moment and what lies beyond the scan are in it. Over all energies,
 * without the response, it is the fit's (models/line/moments.h). That both agree is what the pulls
 * tell: over the same points, by the same rule, the fit less the data.
 */
#include "calib/elastic/parts.h"

#include "base/array.h"
#include "base/units.h"
#include "models/line/moments.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { P = IXS_MODEL_MOST_PARAMETERS };
static const double amu = 931494.10242e6; /* meV/c^2: CODATA 2018, 931.494 102 42(28) MeV */
static const double hbar_c = IXS_HC * 1e6 / (2.0 * IXS_PI); /* meV Angstrom */
static const double most_truncated = 0.5, disagree = 3.0;

struct sums {  /* of one power of E over the points */
    double *a; /* [n] weight x E^k / exposure */
    double value, err, pull;
};

static double quadratic(const struct ixs_elastic_fit *fit, const double *by)
{
    return pow(ixs_carry_error(&fit->carry, NULL, by), 2.0);
}

/* What the response's errors do to a sum of which only the parameters know. */
static double with_shifts(const struct ixs_elastic_fit *fit, const double *by, double variance)
{
    for (size_t l = 0; l < fit->nshifts; l++) {
        double change = 0.0;
        for (size_t k = 0; k < fit->carry.p; k++)
            change += by[k] * fit->shifts[l].by[k];
        variance += change * change;
    }
    return sqrt(variance);
}

/* Sum of a_i (N_i - dark - exposure (elastic + background)), and the pull of N less mu. */
static void sum_range(const struct ixs_elastic_fit *fit, struct sums *sums)
{
    const struct ixs_model_points *points = &fit->seen->task->points;
    const struct ixs_carry *carry = &fit->carry;
    double by[P] = {0}, all[P] = {0}, rest = 0.0;
    sums->value = 0.0;
    for (size_t i = 0; i < points->n; i++) {
        struct ixs_elastic_point at;
        double b = sums->a[i] * points->exposure[i], dark = points->dark ? points->dark[i] : 0.0;
        ixs_elastic_point(fit, points->energy[i], &at);
        sums->value += sums->a[i] * (points->counts[i] - dark) - b * (at.elastic + at.background);
        by[IXS_MODEL_ELASTIC] -= b * at.response;
        by[IXS_MODEL_ZERO] += b * fit->answer->parameters[IXS_MODEL_ELASTIC] * at.slope;
        ixs_elastic_background_slopes(fit, points->energy[i], -b, by);
        rest += sums->a[i] * (points->counts[i] - carry->mu[i]);
        for (size_t k = 0; k < carry->p; k++)
            all[k] -= sums->a[i] * carry->jacobian[k * carry->stride + i];
    }
    double error = ixs_carry_error(carry, sums->a, by);
    double more = ixs_elastic_more(fit) * by[IXS_MODEL_ELASTIC];
    sums->err = with_shifts(fit, by, error * error + more * more);
    sums->pull = rest / ixs_carry_error(carry, sums->a, all);
}

static bool range_moments(const struct ixs_elastic_fit *fit, struct ixs_sqw_moments *row,
                          struct ixs_err *err)
{
    const struct ixs_model_points *points = &fit->seen->task->points;
    double *weight = NULL, zero = fit->answer->zero;
    size_t *order = NULL, n = points->n;
    struct sums zeroth = {0}, first = {0};
    bool ok = IXS_NEW(weight, 3 * n, err) && IXS_NEW(order, n, err);
    if (ok) {
        zeroth.a = weight + n;
        first.a = weight + 2 * n;
        ixs_moments_weights(n, points->energy, order, weight);
        row->e_lo = points->energy[order[0]] - zero;
        row->e_hi = points->energy[order[n - 1]] - zero;
        for (size_t i = 0; i < n; i++) {
            zeroth.a[i] = weight[i] / points->exposure[i];
            first.a[i] = zeroth.a[i] * (points->energy[i] - zero);
        }
        sum_range(fit, &zeroth);
        sum_range(fit, &first);
        row->zeroth_range = zeroth.value;
        row->zeroth_range_err = zeroth.err;
        row->zeroth_pull = zeroth.pull;
        row->first_range = first.value;
        row->first_range_err = first.err;
        row->first_pull = first.pull;
    }
    free(weight);
    free(order);
    return ok;
}

/* M1/RECOIL, and S(Q) = (M0 + elastic) / SCALE with what the two have in common. */
static void put_scale(const struct ixs_elastic_fit *fit, const struct ixs_moments *moments,
                      struct ixs_sqw_moments *row)
{
    double by[P] = {0};
    row->recoil = hbar_c * hbar_c * row->q * row->q / (2.0 * row->mass * amu);
    if (!(row->recoil > 0.0) || !(row->first > 0.0) || !(row->truncated < most_truncated))
        return;
    row->scale = row->first / row->recoil;
    row->scale_err = row->first_err / row->recoil;
    if (fit->elastic.status == IXS_ELASTIC_INSEPARABLE)
        return;
    row->structure = (row->zeroth + fit->elastic.area) / row->scale;
    for (size_t k = 0; k < fit->carry.p; k++)
        by[k] = (moments->zeroth_by[k] + (k == IXS_MODEL_ELASTIC) -
                 row->structure * moments->first_by[k] / row->recoil) /
                row->scale;
    row->structure_err = with_shifts(fit, by, quadratic(fit, by));
}

static void fit_moments(const struct ixs_elastic_fit *fit, struct ixs_sqw_moments *row)
{
    struct ixs_moments moments;
    ixs_moments_of(fit->answer, fit->seen->task->kelvin, fit->seen->task->transforms->fwhm,
                   fmax(-row->e_lo, row->e_hi), &moments);
    row->zeroth = moments.zeroth;
    row->first = moments.first;
    row->truncated = moments.truncated;
    double more = ixs_elastic_more(fit); /* what is not elastic is inelastic */
    row->zeroth_err =
        isnan(row->zeroth)
            ? NAN
            : with_shifts(fit, moments.zeroth_by, quadratic(fit, moments.zeroth_by) + more * more);
    row->first_err = isnan(row->first)
                         ? NAN
                         : with_shifts(fit, moments.first_by, quadratic(fit, moments.first_by));
    put_scale(fit, &moments, row);
}

/* In 1/T, in which the likelihood is most nearly a parabola. */
static void put_balance(const struct ixs_elastic_fit *fit, struct ixs_sqw_moments *row)
{
    struct ixs_balance reading;
    ixs_balance_read(fit->seen->space, fit->seen->task, &fit->seen->response->uncertain,
                     fit->answer, &reading);
    row->balance = reading.kelvin;
    row->balance_err = reading.err;
    row->balance_lo = reading.lo;
    row->balance_hi = reading.hi;
    if (reading.reason[0] != '\0')
        snprintf(row->note, sizeof row->note, "no BALANCE: %s", reading.reason);
    if (!(reading.kelvin > 0.0) || !(row->temperature > 0.0))
        return;
    double end = row->temperature > reading.kelvin ? reading.hi : reading.lo;
    double sigma = fabs(1.0 / end - 1.0 / reading.kelvin);
    double own = row->temperature_err > 0.0 ? row->temperature_err : 0.0;
    sigma = hypot(sigma, own / (row->temperature * row->temperature));
    row->balance_pull = (1.0 / row->temperature - 1.0 / reading.kelvin) / sigma;
    if (fabs(row->balance_pull) > disagree)
        snprintf(row->note, sizeof row->note,
                 "BALANCE %.4g K and TEMPERATURE %.4g K are %.1f errors apart", reading.kelvin,
                 row->temperature, fabs(row->balance_pull));
}

static void explain(struct ixs_sqw_moments *row)
{
    if (row->note[0] != '\0' || isfinite(row->scale))
        return;
    if (isnan(row->first))
        snprintf(row->note, sizeof row->note, "no M1: the fit does not tell it");
    else if (isfinite(row->mass) && row->truncated >= most_truncated)
        snprintf(row->note, sizeof row->note, "no SCALE: %.0f %% of M1 lie beyond the scan",
                 100.0 * row->truncated);
}

bool ixs_elastic_moments(const struct ixs_elastic_fit *fit, const struct ixs_spectrum *spectrum,
                         double mass, struct ixs_sqw_moments *row, struct ixs_err *err)
{
    *row = (struct ixs_sqw_moments){.spectrum = spectrum->spectrum,
                                    .q = spectrum->q,
                                    .temperature = spectrum->temperature,
                                    .temperature_err = spectrum->temperature_err,
                                    .balance_pull = NAN,
                                    .mass = mass,
                                    .scale = NAN,
                                    .scale_err = NAN,
                                    .structure = NAN,
                                    .structure_err = NAN};
    ixs_copy(row->analyzer, sizeof row->analyzer, spectrum->analyzer);
    if (!range_moments(fit, row, err))
        return false;
    fit_moments(fit, row);
    put_balance(fit, row);
    explain(row);
    return true;
}
