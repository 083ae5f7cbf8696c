/* SPDX-License-Identifier: GPL-3.0-or-later
 * Temperature series: one draw is a crystal with five modes at six temperatures, from widths that
 * are not resolved to overdamped ones. Held against truth: exponents of OMEGA0, FWHM and
 * RELAXATION, where the mode passes into overdamping, thermal conductivity and its exponent.
 */
#include "bench/chance.h"
#include "bench/tally.h"

#include "base/array.h"
#include "base/units.h"
#include "models/thermal/kappa.h"

#include <math.h>
#include <stdio.h>

enum { TEMPERATURES = 6, MODES = 5 };
static const double kelvins[TEMPERATURES] = {100, 150, 200, 300, 400, 500};
static const double highest = 500.0; /* counts */

static const struct {
    double q;              /* 1/Angstrom */
    double omega0, shrink; /* meV at 300 K, exponent */
    double fwhm, growth;   /* meV at 300 K, exponent */
    double velocity;       /* km/s at 100 K */
    size_t branch;
} truths[MODES] = {
    {0.2, 4.0, -0.03, 0.6, 1.3, 2.9, 1},  {0.4, 7.0, -0.03, 1.5, 1.2, 2.4, 1},
    {0.6, 9.0, -0.04, 3.0, 1.1, 1.6, 1},  {0.8, 10.0, -0.04, 6.0, 1.0, 0.6, 1},
    {0.5, 4.0, -0.10, 8.0, 1.25, 0.8, 2},
};
static const double q_zone = 0.9, velocity_error = 0.03;

static double true_omega(size_t m, double kelvin)
{
    return truths[m].omega0 * pow(kelvin / 300.0, truths[m].shrink);
}

static double true_width(size_t m, double kelvin)
{
    return truths[m].fwhm * pow(kelvin / 300.0, truths[m].growth);
}

static size_t list_thermal(struct coverage_cell *cells)
{
    for (size_t m = 0; m < MODES; m++)
        for (size_t t = 0; t < TEMPERATURES; t++)
            cells[m * TEMPERATURES + t] =
                (struct coverage_cell){.nmodes = 1,
                                       .kelvin = kelvins[t],
                                       .omega0 = {true_omega(m, kelvins[t])},
                                       .fwhm = {true_width(m, kelvins[t])},
                                       .peak = highest};
    return (size_t)MODES * TEMPERATURES;
}

/* By hand: shells of q between the neighbours' middles, in SI. */
static double true_kappa(double kelvin)
{
    static const double ends[MODES][2] = {{0, 0.3}, {0.3, 0.5}, {0.5, 0.7}, {0.7, 0.9}, {0, 0.9}};
    const double boltzmann = 1.380649e-23, meV = 1.602176634e-22, hbar = 1.054571817e-34;
    double sum = 0.0;
    for (size_t m = 0; m < MODES; m++) {
        double x = true_omega(m, kelvin) * meV / (boltzmann * kelvin);
        double heat = boltzmann * x * x * exp(x) / pow(exp(x) - 1.0, 2.0);
        double v = 1e3 * truths[m].velocity * true_omega(m, kelvin) / true_omega(m, kelvins[0]);
        double tau = hbar / (true_width(m, kelvin) * meV);
        double shell = 4.0 * IXS_PI / 3.0 * (pow(ends[m][1], 3.0) - pow(ends[m][0], 3.0)) * 1e30;
        sum += shell / pow(2.0 * IXS_PI, 3.0) * heat * v * v * tau / 3.0;
    }
    return sum;
}

static double true_exponent(void)
{
    double x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
    for (size_t t = 0; t < TEMPERATURES; t++) {
        double u = log(kelvins[t]), v = log(true_kappa(kelvins[t]));
        x += u / TEMPERATURES;
        y += v / TEMPERATURES;
        xx += u * u / TEMPERATURES;
        xy += u * v / TEMPERATURES;
    }
    return (xy - x * y) / (xx - x * x);
}

/* ---- pulls ----------------------------------------------------------------------------------- */

enum figure { OMEGA, WIDTH, RATE, CROSSING, KAPPA_COLD, KAPPA_HOT, EXPONENT, FIGURES };
static const char *const names[FIGURES] = {
    "exponent of OMEGA0", "exponent of FWHM", "exponent of RELAXATION", "T_OVERDAMPED",
    "kappa at 100 K",     "kappa at 500 K",   "exponent of kappa"};

struct pulls {
    size_t n, failed, beyond; /* beyond three */
    double sum, square, error;
};

static void pull(struct pulls *pulls, double value, double truth, double error)
{
    double x = (value - truth) / error;
    if (!isfinite(x)) {
        pulls->failed++;
        return;
    }
    pulls->n++;
    pulls->sum += x;
    pulls->square += x * x;
    pulls->error += error;
    pulls->beyond += fabs(x) > 3.0;
}

static struct ixs_thermal_point point_of(const struct coverage_mode *mode, double kelvin)
{
    const struct ixs_fit_line *line = &mode->line;
    struct ixs_thermal_point point = {.kelvin = kelvin,
                                      .omega0 = line->omega0,
                                      .omega0_err = line->omega0_err,
                                      .fwhm = line->fwhm,
                                      .fwhm_err = line->fwhm_err,
                                      .fwhm_lo = line->fwhm_lo,
                                      .fwhm_hi = line->fwhm_hi,
                                      .correlation = mode->correlation,
                                      .relaxation = line->relaxation,
                                      .relaxation_lo = line->relaxation_lo,
                                      .relaxation_hi = line->relaxation_hi,
                                      .unresolved = line->regime == IXS_FIT_UNRESOLVED};
    ixs_thermal_tell(&point);
    return point;
}

static void pull_rates(struct pulls *pulls, size_t m, const struct ixs_thermal_point *points)
{
    double value[TEMPERATURES], lo[TEMPERATURES], hi[TEMPERATURES];
    struct ixs_thermal_power power;
    for (size_t t = 0; t < TEMPERATURES; t++) {
        value[t] = points[t].relaxation;
        lo[t] = points[t].relaxation_lo;
        hi[t] = points[t].relaxation_hi;
    }
    if (m != MODES - 1) /* of the others it is not told at each temperature */
        return;
    bool ok = ixs_thermal_power(TEMPERATURES, kelvins, value, lo, hi, &power);
    pull(&pulls[RATE], ok ? power.exponent : NAN, 2.0 * truths[m].shrink - truths[m].growth,
         power.exponent_err);
}

/* False if no laws were found. */
static bool fit_mode(const struct coverage *coverage, size_t draw, size_t m, struct pulls *pulls,
                     struct ixs_thermal_fit *carried)
{
    struct ixs_thermal_point points[TEMPERATURES];
    struct ixs_thermal_fit chosen, by_omega;
    double crossing, error,
        at = 300.0 * pow(2.0 * truths[m].omega0 / truths[m].fwhm,
                         1.0 / (truths[m].growth - truths[m].shrink));
    for (size_t t = 0; t < TEMPERATURES; t++)
        points[t] = point_of(tally_mode(coverage, m * TEMPERATURES + t, draw, 0), kelvins[t]);
    if (!ixs_thermal_choose(TEMPERATURES, points, IXS_THERMAL_CHOOSE, IXS_THERMAL_CHOOSE,
                            &chosen) ||
        !ixs_thermal_carry(TEMPERATURES, points, chosen.omega_law, carried) ||
        !ixs_thermal_fit(TEMPERATURES, points, IXS_THERMAL_POWER, IXS_THERMAL_POWER, &by_omega))
        return false;
    pull(&pulls[OMEGA], by_omega.p[1], truths[m].shrink, sqrt(by_omega.cov[1 * 4 + 1]));
    pull(&pulls[WIDTH], by_omega.p[3], truths[m].growth, sqrt(by_omega.cov[3 * 4 + 3]));
    pull_rates(pulls, m, points);
    if (m == MODES - 1 && ixs_thermal_crossing(carried, 2.0, 50.0, 750.0, &crossing, &error))
        pull(&pulls[CROSSING], crossing, at, error);
    return true;
}

static bool fit_crystal(const struct coverage *coverage, size_t draw, struct pulls *pulls)
{
    struct ixs_err err = IXS_ERR_NONE;
    uint64_t state = ixs_chance_state(coverage->seed, 7000000 + draw);
    struct ixs_thermal_fit fits[MODES];
    struct ixs_kappa_mode modes[MODES];
    struct ixs_kappa kappa;
    double off[3] = {0.0, ixs_chance_normal(&state), ixs_chance_normal(&state)}, exponent, error;
    for (size_t m = 0; m < MODES; m++) {
        double v = truths[m].velocity * (1.0 + velocity_error * off[truths[m].branch]);
        if (!fit_mode(coverage, draw, m, pulls, &fits[m]))
            return false;
        modes[m] = (struct ixs_kappa_mode){.fit = &fits[m],
                                           .branch = truths[m].branch,
                                           .q = truths[m].q,
                                           .velocity = v,
                                           .velocity_err = velocity_error * v,
                                           .velocity_kelvin = kelvins[0]};
    }
    ixs_kappa_shells(MODES, modes, q_zone);
    bool ok = ixs_kappa_sum(MODES, modes, TEMPERATURES, kelvins, NULL, &kappa, &err);
    if (ok) {
        const size_t last = TEMPERATURES - 1;
        ixs_kappa_exponent(&kappa, kelvins, &exponent, &error);
        pull(&pulls[EXPONENT], exponent, true_exponent(), error);
        pull(&pulls[KAPPA_COLD], kappa.kappa[0], true_kappa(kelvins[0]), sqrt(kappa.covariance[0]));
        pull(&pulls[KAPPA_HOT], kappa.kappa[last], true_kappa(kelvins[last]),
             sqrt(kappa.covariance[last * TEMPERATURES + last]));
    }
    ixs_kappa_dispose(&kappa);
    return ok;
}

static bool report_figure(const struct coverage *coverage, enum figure figure,
                          const struct pulls *pulls)
{
    double n = (double)pulls->n, mean = pulls->sum / n;
    double width = sqrt(pulls->square / n - mean * mean), room = 1.0 / sqrt(n);
    bool good = fabs(mean) < 0.2 + coverage->slack * room &&
                fabs(width - 1.0) < 0.12 + coverage->slack * 0.7 * room &&
                pulls->failed * 50 <= pulls->n;
    printf("%-24s %6zu %6.2f +- %4.2f %6.2f +- %4.2f %9.3g %7.1f %7zu%s\n", names[figure], pulls->n,
           mean, room, width, 0.7 * room, pulls->error / n, 100.0 * (double)pulls->beyond / n,
           pulls->failed, good ? "" : " *");
    return good;
}

static bool report_thermal(const struct coverage *coverage)
{
    struct pulls pulls[FIGURES] = {{0}};
    size_t lost = 0;
    bool good = true;
    for (size_t d = 0; d < coverage->ndraws; d++)
        lost += !fit_crystal(coverage, d, pulls);
    printf(
        "thermal: %zu crystals of %d modes at %d temperatures, seed %llu; kappa %.3g .. %.3g "
        "W/m/K, exponent %.3f; %zu without laws; * beyond its bound\n"
        "                              n  pulls: mean      width        error  >3 (%%)  failed\n",
        coverage->ndraws, MODES, TEMPERATURES, (unsigned long long)coverage->seed,
        true_kappa(kelvins[0]), true_kappa(kelvins[TEMPERATURES - 1]), true_exponent(), lost);
    for (int f = 0; f < FIGURES; f++)
        good = report_figure(coverage, (enum figure)f, &pulls[f]) && good;
    return good && lost * 50 <= coverage->ndraws;
}

const struct coverage_part coverage_thermal = {"thermal", list_thermal, report_thermal};
