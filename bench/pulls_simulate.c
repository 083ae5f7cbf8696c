/* SPDX-License-Identifier: GPL-3.0-or-later
 * Simulated spectra: 1 to 3 or 4 modes at 4 .. 25 meV, some meV apart, widths log-uniform 0.1 .. 4
 * meV and highest counts log-uniform 10 .. 300 each; elastic line 10 .. 300 counts, background 0.1
 * .. 3 counts a point; -20 .. 35 meV in steps of 0.5 meV; T = 300 K.
 */
#include "bench/pulls_simulate.h"

#include "bench/chance.h"
#include "bench/plain.h"

#include <math.h>
#include <stdlib.h>

const struct ixs_response pulls_response = {
    .nparts = 2, .parts = {{0.85, -0.05, 1.46, 0.2}, {0.15, 0.2833333333333333, 2.4, 0.7}}};

static const double first = -20.0, step = 0.5; /* meV */

static bool apart(const struct pulls_truth *truth, double gap)
{
    for (size_t k = 1; k < truth->nmodes; k++)
        if (truth->modes[k].omega0 - truth->modes[k - 1].omega0 < gap)
            return false;
    return true;
}

static int by_energy(const void *a, const void *b)
{
    const struct pulls_mode *x = a, *y = b;
    return x->omega0 < y->omega0 ? -1 : x->omega0 > y->omega0;
}

static void draw_truth(struct pulls_truth *truth, const struct pulls_kind *kind, uint64_t *state)
{
    truth->nmodes = 1 + (size_t)((double)kind->most_modes * ixs_chance_uniform(state));
    do {
        for (size_t k = 0; k < truth->nmodes; k++)
            truth->modes[k].omega0 = chance_between(state, 4.0, 25.0);
        qsort(truth->modes, truth->nmodes, sizeof truth->modes[0], by_energy);
    } while (!apart(truth, kind->gap));
    for (size_t k = 0; k < truth->nmodes; k++) {
        truth->modes[k].fwhm = chance_log_between(state, 0.1, 4.0);
        truth->modes[k].peak = chance_log_between(state, kind->least, kind->most);
    }
    truth->zero = PULLS_ZERO_ERR * ixs_chance_normal(state);
    truth->background = chance_log_between(state, 0.1, 3.0);
    truth->elastic = chance_log_between(state, 10.0, 300.0);
}

static bool add_mode(double *rate, struct pulls_mode *mode, double zero, double exposure,
                     struct ixs_err *err)
{
    double line[PULLS_POINTS], highest = 0.0;
    const double shape[2] = {mode->omega0, mode->fwhm}, grid[2] = {first - zero, step};
    if (!plain_convolve(line, &pulls_response, shape, PULLS_KELVIN, PULLS_POINTS, grid, err))
        return false;
    for (int i = 0; i < PULLS_POINTS; i++)
        highest = fmax(highest, line[i]);
    mode->strength = mode->peak / (exposure * highest);
    for (int i = 0; i < PULLS_POINTS; i++)
        rate[i] += mode->strength * line[i];
    return true;
}

bool pulls_simulate(struct pulls_spectrum *out, const struct pulls_kind *kind, uint64_t seed,
                    uint64_t index, struct ixs_err *err)
{
    uint64_t state = ixs_chance_state(seed, index);
    static const double exposure = 100.0;
    double rate[PULLS_POINTS];
    struct pulls_truth *truth = &out->truth;
    *out = (struct pulls_spectrum){0};
    draw_truth(truth, kind, &state);
    truth->background /= exposure;
    truth->elastic /= exposure * plain_response(&pulls_response, 0.0);
    for (int i = 0; i < PULLS_POINTS; i++) {
        out->energy[i] = first + step * i;
        rate[i] = truth->background +
                  truth->elastic * plain_response(&pulls_response, out->energy[i] - truth->zero);
    }
    for (size_t k = 0; k < truth->nmodes; k++)
        if (!add_mode(rate, &truth->modes[k], truth->zero, exposure, err))
            return false;
    for (int i = 0; i < PULLS_POINTS; i++) {
        out->exposure[i] = exposure * chance_between(&state, 0.9, 1.1);
        out->dark[i] = 0.02;
        out->counts[i] = chance_poisson(&state, out->exposure[i] * rate[i] + out->dark[i]);
    }
    return true;
}

struct ixs_fit_task pulls_task(const struct pulls_spectrum *spectrum)
{
    struct ixs_fit_task task = IXS_FIT_TASK;
    task.points = (struct ixs_model_points){PULLS_POINTS, spectrum->energy, spectrum->counts,
                                            spectrum->exposure, spectrum->dark};
    task.response = pulls_response;
    task.kelvin = PULLS_KELVIN;
    task.zero_err = PULLS_ZERO_ERR;
    return task;
}
