/* SPDX-License-Identifier: GPL-3.0-or-later
 * The truth of bench/background.h and its draws.
 */
#include "bench/background.h"

#include "bench/chance.h"
#include "bench/plain.h"

#include <math.h>

static const double from = -23.0, fine = 0.02, kt = 25.85; /* meV */
static const double time_of_scan = 100.0;                  /* s, exposure of a point */

const struct ixs_response background_response = {
    .nparts = 2, .parts = {{0.85, -0.05, 1.46, 0.2}, {0.15, 0.2833333333333333, 2.4, 0.7}}};

/* A glass: broad humps at both sides with detailed balance, and maybe a sharp line. */
static double cell_shape(const struct background_case *truth, double energy)
{
    double hump = exp(energy / (2.0 * kt)) * (exp(-0.5 * pow((energy - 9.0) / 3.5, 2.0)) +
                                              exp(-0.5 * pow((energy + 9.0) / 3.5, 2.0)));
    double line = plain_response(&background_response, energy - 13.0) +
                  exp(-13.0 / kt) * plain_response(&background_response, energy + 13.0);
    return (1.0 - truth->sharp) * hump +
           truth->sharp * line / plain_response(&background_response, 0.0);
}

bool background_expect(struct background_case *out, struct ixs_err *err)
{
    const double shape[2] = {BACKGROUND_OMEGA0, BACKGROUND_FWHM}, grid[2] = {from, fine};
    const double rate = out->peak / time_of_scan, top = plain_response(&background_response, 0.0);
    double highest = 0.0;
    if (!plain_convolve(out->sample, &background_response, shape, BACKGROUND_KELVIN,
                        BACKGROUND_TABLE, grid, err))
        return false;
    for (size_t i = 0; i < BACKGROUND_TABLE; i++)
        highest = fmax(highest, out->sample[i]);
    out->strength = rate / highest;
    for (size_t i = 0; i < BACKGROUND_TABLE; i++) {
        double energy = from + fine * (double)i;
        double elastic = rate * plain_response(&background_response, energy) / top;
        out->sample[i] = out->strength * out->sample[i] + elastic + 0.02 * rate;
        out->cell[i] = (out->height * rate * cell_shape(out, energy) + elastic + 0.02 * rate) /
                       BACKGROUND_SCALE;
    }
    return true;
}

static double at(const double *table, double energy)
{
    double x = (energy - from) / fine;
    size_t i = (size_t)x;
    return table[i] + (x - (double)i) * (table[i + 1] - table[i]);
}

void background_draw(struct background_draw *out, const struct background_case *truth,
                     uint64_t seed, uint64_t index)
{
    uint64_t state = ixs_chance_state(seed, index);
    const double zero = BACKGROUND_ZERO_ERR * ixs_chance_normal(&state);
    const double other = BACKGROUND_ZERO_ERR * ixs_chance_normal(&state);
    out->scale = BACKGROUND_SCALE * (1.0 + truth->known * ixs_chance_normal(&state));
    for (int i = 0; i < BACKGROUND_POINTS; i++) {
        double energy = out->energy[i] = -20.0 + 0.5 * i;
        out->exposure[i] = time_of_scan * chance_between(&state, 0.9, 1.1);
        out->cell_exposure[i] = truth->time * time_of_scan;
        out->share[i] = out->exposure[i] * BACKGROUND_SCALE * at(truth->cell, energy - zero);
        out->counts[i] = chance_poisson(
            &state, out->exposure[i] * at(truth->sample, energy - zero) + out->share[i]);
        out->same[i] =
            chance_poisson(&state, out->cell_exposure[i] * at(truth->cell, energy - zero));
    }
    for (int j = 0; j < BACKGROUND_CELL; j++) {
        out->other_energy[j] = -20.2 + 0.6 * j;
        out->other_exposure[j] = truth->time * time_of_scan * 0.6 / 0.5;
        out->other[j] = chance_poisson(&state, out->other_exposure[j] *
                                                   at(truth->cell, out->other_energy[j] - other));
    }
}
