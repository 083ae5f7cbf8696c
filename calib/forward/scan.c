/* SPDX-License-Identifier: GPL-3.0-or-later
 * One simulated scan: what each analyzer looks at, where the motor goes, what the beam does, and
 * the counts that are drawn.
 */
#include "calib/forward/forward.h"

#include "base/array.h"
#include "base/parallel.h"
#include "base/units.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <string.h>

static const double settling = 0.386;    /* s a point, beside its counting time */
static const double rocking = 0.04;      /* deg, rms: of an alignment scan */
static const double least_energy = 0.05; /* meV */
static const double least_width = 1e-3;  /* meV */
static const double motor_digits = 1e-4; /* motor units, as positions are written */

/* A mixing of three numbers into 32 bits (Steele, Lea, Flood, OOPSLA 2014, splitmix64's finalizer),
 * so that neighbouring seeds and scans have nothing in common. */
uint32_t ixs_forward_seed(int64_t seed, size_t scan, enum ixs_forward_stream stream)
{
    uint64_t x = (uint64_t)seed * 0x9e3779b97f4a7c15u + (uint64_t)scan * 8u + (uint64_t)stream + 1u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)(x ^ (x >> 31));
}

static bool begin_stream(gsl_rng **out, int64_t seed, size_t scan, enum ixs_forward_stream stream,
                         struct ixs_err *err)
{
    *out = gsl_rng_alloc(gsl_rng_mt19937);
    if (*out == NULL)
        return ixs_fail(err, IXS_OUTPUT, "no memory for random numbers");
    gsl_rng_set(*out, ixs_forward_seed(seed, scan, stream));
    return true;
}

/* ---- what an analyzer looks at --------------------------------------------------------------- */

static double log_uniform(const gsl_rng *random, double lo, double hi)
{
    return lo * pow(hi / lo, gsl_rng_uniform(random));
}

/* Energies in meV: hbar v q; sine: hbar v (2 z/pi) sin(pi q / 2 z), of slope v at q = 0. */
static double branch_energy(const struct ixs_forward_branch *branch, double q)
{
    const double slope = IXS_MEV_A_PER_KM_S * branch->velocity;
    double energy = slope * q;
    if (strcmp(branch->law, "sine") == 0)
        energy = slope * 2.0 * branch->zone / IXS_PI * sin(0.5 * IXS_PI * q / branch->zone);
    else if (strcmp(branch->law, "optic") == 0)
        energy = branch->energy + branch->curvature * q * q;
    return fmax(fabs(energy), least_energy);
}

/* (T/reference)^power. */
static double warmed(const struct ixs_forward_branch *branch, double power, double kelvin)
{
    return branch->reference > 0 ? pow(kelvin / branch->reference, power) : 1.0;
}

static void branch_mode(const struct ixs_forward_branch *branch, double q, double kelvin,
                        const gsl_rng *random, struct ixs_forward_mode *mode)
{
    ixs_copy(mode->branch, sizeof mode->branch, branch->name);
    if (strcmp(branch->law, "random") == 0) {
        mode->omega0 = gsl_ran_flat(random, branch->energy_lo, branch->energy_hi);
        mode->fwhm = log_uniform(random, branch->width_lo, branch->width_hi);
        mode->strength = log_uniform(random, branch->strength_lo, branch->strength_hi);
        return;
    }
    mode->omega0 = branch_energy(branch, q) * warmed(branch, branch->energy_power, kelvin);
    mode->fwhm = fmax((branch->width + branch->slope * pow(q, branch->power)) *
                          warmed(branch, branch->width_power, kelvin),
                      least_width);
    mode->strength = branch->strength;
    if (strcmp(branch->strength_law, "inverse") == 0)
        mode->strength /= mode->omega0;
}

/* The reference sample: elastic light about its structure factor peak. */
static double standard_area(const struct ixs_forward *forward, double q)
{
    const double x =
        forward->standard_width > 0 ? (q - forward->standard_q) / forward->standard_width : 0.0;
    return forward->standard *
           (forward->standard_floor + (1.0 - forward->standard_floor) * exp(-0.5 * x * x));
}

/* Hopping over a barrier (Arrhenius): the rate is the width. */
static struct ixs_forward_hopping hopping_at(const struct ixs_forward *forward, double kelvin)
{
    struct ixs_forward_hopping line = forward->hopping;
    if (forward->hopping_kelvin > 0)
        line.fwhm *=
            exp(forward->barrier / IXS_BOLTZMANN * (1.0 / forward->hopping_kelvin - 1.0 / kelvin));
    return line;
}

static void see_crystal(const struct ixs_forward *forward, double kelvin, const gsl_rng *random,
                        struct ixs_forward_site *site)
{
    const double far = site->q_reduced / forward->reach;
    site->elastic = forward->elastic + forward->diffuse / (1.0 + far * far);
    site->background = forward->background;
    site->cell = forward->cell.transmission;
    site->hopping = hopping_at(forward, kelvin);
    site->nmodes = forward->nbranches;
    for (size_t m = 0; m < forward->nbranches; m++)
        branch_mode(&forward->branches[m], site->q_reduced, kelvin, random, &site->modes[m]);
}

/* What is left when the scattered beam runs along the field, in the plane or across it. */
static double seen_of(const struct ixs_forward *forward, const struct ixs_forward_site *site)
{
    const double tth = site->two_theta * IXS_DEGREE, gam = site->gam * IXS_DEGREE;
    const double mu = forward->crystal.mu * IXS_DEGREE;
    const double along = sin(tth) * cos(gam);
    const double up = cos(tth) * cos(gam) * sin(mu) - sin(gam) * cos(mu);
    return 1.0 - forward->horizontal * along * along - (1.0 - forward->horizontal) * up * up;
}

static void look_at(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                    size_t a, const gsl_rng *random, struct ixs_forward_site *site)
{
    const struct ixs_forward_analyzer *analyzer = &forward->analyzers[a];
    const struct ixs_forward_crystal *crystal = &forward->crystal;
    ixs_forward_place(forward, shot, a, &site->two_theta, &site->gam);
    site->q = crystal->sixcircle ? 2.0 * IXS_PI / crystal->wavelength *
                                       ixs_forward_scattering(crystal, site->two_theta, site->gam)
                                 : 4.0 * IXS_PI / crystal->wavelength *
                                       fabs(sin(0.5 * site->two_theta * IXS_DEGREE));
    ixs_forward_hkl(crystal, site->two_theta, site->gam, &shot->at, site->hkl);
    site->q_reduced = ixs_forward_nearest(&forward->crystal, site->hkl, site->g);
    site->transmission = analyzer->transmission;
    if (strcmp(shot->plan->masked, analyzer->name) == 0)
        site->transmission = shot->plan->transmission;
    site->polarization = forward->polarization ? seen_of(forward, site) : 1.0;
    site->exposure = analyzer->efficiency * site->transmission * site->polarization;
    if (strcmp(shot->plan->kind, "cell") == 0)
        site->cell = 1.0;
    else if (strcmp(shot->plan->kind, "reference") == 0)
        site->elastic = standard_area(forward, site->q);
    else
        see_crystal(forward, shot->kelvin, random, site);
}

bool ixs_forward_look(const struct ixs_forward *forward, size_t scan, struct ixs_forward_shot *shot,
                      struct ixs_err *err)
{
    const size_t n = forward->nanalyzers;
    const struct ixs_forward_scan *plan = shot->plan;
    gsl_rng *random = NULL;
    bool ok = IXS_NEW(shot->sites, n, err) && IXS_NEW(shot->modes, n * forward->nbranches, err) &&
              begin_stream(&random, forward->seed, scan, IXS_STREAM_MODES, err);
    if (ok && strcmp(plan->kind, "reference") == 0)
        shot->at.tth = plan->tth;
    else if (ok)
        ok = ixs_forward_aim(&forward->crystal, (const double[3]){plan->h, plan->k, plan->l},
                             &shot->at, err);
    for (size_t a = 0; ok && a < n; a++) {
        shot->sites[a].modes = shot->modes + a * forward->nbranches;
        look_at(forward, shot, a, random, &shot->sites[a]);
    }
    if (ok)
        ixs_forward_hkl(&forward->crystal, shot->at.tth, forward->crystal.gam, &shot->at,
                        shot->hkl);
    if (random != NULL)
        gsl_rng_free(random);
    return ok;
}

/* ---- the energy axis ------------------------------------------------------------------------- */

static const double ice = 273.15; /* K */

double ixs_forward_reading(const struct ixs_forward *forward, double axis, double e_origin)
{
    if (!forward->by_temperature)
        return (axis - e_origin) / forward->axis_scale + forward->axis_start;
    const double difference = ixs_forward_difference(&forward->thermal, axis);
    return forward->by_difference ? 1e3 * difference : forward->thermal.kelvin - ice - difference;
}

void ixs_forward_settle(const struct ixs_forward *forward, double reading, double e_origin,
                        struct ixs_forward_point *point)
{
    point->position = reading;
    point->axis = (reading - forward->axis_start) * forward->axis_scale + e_origin;
    if (!forward->by_temperature)
        return;
    point->difference =
        forward->by_difference ? 1e-3 * reading : forward->thermal.kelvin - ice - reading;
    point->axis = ixs_forward_transfer(&forward->thermal, point->difference);
}

double ixs_forward_energy(const struct ixs_forward *forward, size_t a,
                          const struct ixs_forward_point *point)
{
    const struct ixs_forward_analyzer *analyzer = &forward->analyzers[a];
    double axis = point->axis;
    if (forward->by_temperature && analyzer->warmer != 0.0)
        axis = ixs_forward_transfer(&forward->thermal, point->difference + analyzer->warmer);
    return axis - analyzer->zero - point->shift - analyzer->drift * point->clock / 3600.0;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool is_alignment(const struct ixs_forward_shot *shot)
{
    return strcmp(shot->plan->kind, "alignment") == 0;
}

double ixs_forward_duration(const struct ixs_forward_shot *shot)
{
    return (double)shot->npoints * (shot->time + settling);
}

static void place_motor(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                        size_t i, struct ixs_forward_point *point)
{
    const struct ixs_forward_scan *plan = shot->plan;
    const double wanted =
        plan->from + (plan->to - plan->from) * (double)i / (double)plan->intervals;
    if (is_alignment(shot)) {
        point->position = shot->at.phi + wanted;
        point->axis = shot->e_origin;
        return;
    }
    const double axis = forward->step > 0
                            ? forward->step * round((wanted + shot->e_origin) / forward->step)
                            : wanted + shot->e_origin;
    const double reading = ixs_forward_reading(forward, axis, shot->e_origin);
    ixs_forward_settle(forward, motor_digits * round(reading / motor_digits), shot->e_origin,
                       point);
}

static void run_beam(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                     const gsl_rng *random, struct ixs_forward_point *point)
{
    const double hours = point->clock / 3600.0;
    point->flux = forward->rate / forward->reference * exp(-forward->decay * hours) *
                  fmax(0.0, 1.0 + gsl_ran_gaussian(random, forward->flicker));
    const double mean = point->flux * forward->reference * shot->time *
                        fmax(0.0, 1.0 + gsl_ran_gaussian(random, forward->noise));
    point->monitor = (double)gsl_ran_poisson(random, mean);
}

static bool make_points(const struct ixs_forward *forward, size_t scan, const double drift[2],
                        struct ixs_forward_shot *shot, struct ixs_err *err)
{
    gsl_rng *beam = NULL, *axis = NULL;
    bool ok = IXS_NEW(shot->points, shot->npoints, err) &&
              begin_stream(&beam, forward->seed, scan, IXS_STREAM_BEAM, err) &&
              begin_stream(&axis, forward->seed, scan, IXS_STREAM_AXIS, err);
    for (size_t i = 0; ok && i < shot->npoints; i++) {
        struct ixs_forward_point *point = &shot->points[i];
        const double through = ((double)i + 0.5) / (double)shot->npoints;
        point->clock = shot->clock + (double)(i + 1) * (shot->time + settling);
        point->shift =
            drift[0] + (drift[1] - drift[0]) * through + gsl_ran_gaussian(axis, forward->jitter);
        place_motor(forward, shot, i, point);
        run_beam(forward, shot, beam, point);
    }
    if (beam != NULL)
        gsl_rng_free(beam);
    if (axis != NULL)
        gsl_rng_free(axis);
    return ok;
}

/* ---- counts ---------------------------------------------------------------------------------- */

/* A quick rocking scan at zero energy transfer: only the main analyzer sees the reflection, as
 * bright as the reference sample. */
static double aligned(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                      size_t analyzer, const struct ixs_forward_point *point)
{
    const double x = (point->position - shot->at.phi) / rocking;
    return analyzer == shot->plan->main_index ? forward->standard * exp(-0.5 * x * x) : 0.0;
}

/* count/s of the cell alone. The humps are not convolved: they are far wider than a response. */
static double cell_rate(const struct ixs_forward *forward, double kelvin,
                        const struct ixs_forward_response *response, double energy)
{
    const struct ixs_forward_cell *cell = &forward->cell;
    double sum = cell->background + cell->area * ixs_forward_response_at(response, energy);
    if (cell->width > 0)
        sum += cell->height * exp(energy / (2.0 * IXS_BOLTZMANN * kelvin)) *
               (exp(-0.5 * pow((energy - cell->energy) / cell->width, 2.0)) +
                exp(-0.5 * pow((energy + cell->energy) / cell->width, 2.0)));
    return sum;
}

static double intensity(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                        size_t a, const struct ixs_forward_point *point)
{
    const struct ixs_forward_site *site = &shot->sites[a];
    const struct ixs_forward_analyzer *analyzer = &forward->analyzers[a];
    if (is_alignment(shot))
        return aligned(forward, shot, a, point) + site->background;
    const double energy = ixs_forward_energy(forward, a, point);
    double sum =
        site->background + site->elastic * ixs_forward_response_at(&analyzer->response, energy);
    sum += ixs_forward_hopped(&site->hopping, shot->kelvin, &analyzer->response, energy);
    if (site->cell > 0)
        sum += site->cell * cell_rate(forward, shot->kelvin, &analyzer->response, energy);
    for (size_t m = 0; m < site->nmodes; m++)
        sum += ixs_forward_blurred(&site->modes[m], shot->kelvin, &analyzer->response, energy);
    return sum;
}

double ixs_forward_expected(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                            size_t a, const struct ixs_forward_point *point)
{
    const double exposure = shot->sites[a].exposure * point->flux * shot->time;
    const double dark = forward->analyzers[a].dark * shot->time;
    return exposure > 0 ? exposure * intensity(forward, shot, a, point) + dark : dark;
}

struct expectation {
    const struct ixs_forward *forward;
    const struct ixs_forward_shot *shot;
};

static bool expect_row(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    const struct expectation *in = context;
    const size_t n = in->forward->nanalyzers;
    (void)worker;
    (void)err;
    for (size_t a = 0; a < n; a++)
        in->shot->expected[index * n + a] =
            ixs_forward_expected(in->forward, in->shot, a, &in->shot->points[index]);
    return true;
}

static double burst(const struct ixs_forward_analyzer *analyzer, size_t scan, const gsl_rng *random)
{
    const double chance = gsl_rng_uniform(random);
    if (!(chance < analyzer->burst_chance) || (int64_t)scan + 1 < analyzer->burst_from)
        return 0.0;
    return (double)gsl_ran_poisson(random, gsl_ran_exponential(random, analyzer->burst_counts));
}

static bool draw_counts(const struct ixs_forward *forward, size_t scan,
                        struct ixs_forward_shot *shot, struct ixs_err *err)
{
    gsl_rng *random = NULL;
    const bool ok = begin_stream(&random, forward->seed, scan, IXS_STREAM_COUNTS, err);
    const size_t n = forward->nanalyzers;
    for (size_t i = 0; ok && i < shot->npoints * n; i++) {
        shot->counts[i] = (double)gsl_ran_poisson(random, shot->expected[i]);
        shot->bursts[i] = burst(&forward->analyzers[i % n], scan, random);
        shot->counts[i] += shot->bursts[i];
    }
    if (random != NULL)
        gsl_rng_free(random);
    return ok;
}

bool ixs_forward_measure(const struct ixs_forward *forward, size_t scan, const double drift[2],
                         struct ixs_forward_shot *shot, struct ixs_err *err)
{
    const size_t cells = shot->npoints * forward->nanalyzers;
    struct expectation expectation = {forward, shot};
    return make_points(forward, scan, drift, shot, err) && IXS_NEW(shot->expected, cells, err) &&
           IXS_NEW(shot->counts, cells, err) && IXS_NEW(shot->bursts, cells, err) &&
           ixs_parallel(shot->npoints, forward->threads, expect_row, &expectation, err) &&
           draw_counts(forward, scan, shot, err);
}
