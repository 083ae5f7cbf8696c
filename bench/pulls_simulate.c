/* SPDX-License-Identifier: GPL-3.0-or-later
 * Simulated spectra: 1 to 3 modes at 4 .. 25 meV, at least 4 meV apart, widths log-uniform 0.1 .. 4
 * meV and highest counts log-uniform 10 .. 300 each; elastic line 10 .. 300 counts, background 0.1
 * .. 3 counts a point; -20 .. 35 meV in steps of 0.5 meV; T = 300 K.
 */
#include "bench/pulls_simulate.h"

#include "bench/chance.h"

#include <math.h>
#include <stdlib.h>

#define PI 3.14159265358979323846
#define KT (8.617333262145179e-2 * PULLS_KELVIN)

const struct ixs_response pulls_response = {
    2, {{0.85, -0.05, 1.46, 0.2}, {0.15, 0.2833333333333333, 2.4, 0.7}}};

/* ---- the line shapes, written out ------------------------------------------------------------ */

#define STEP 0.02
#define REACH 150.0
enum { RESPONSE_CELLS = 15001, S_CELLS = 17751 }; /* +-150 meV; and 55 meV more */

static double response_at(double t)
{
    double sum = 0.0;
    for (size_t k = 0; k < pulls_response.nparts; k++) {
        const struct ixs_response_part *part = &pulls_response.parts[k];
        double x = 2.0 * (t - part->center) / part->fwhm;
        double lorentz = 2.0 / (PI * part->fwhm * (1.0 + x * x));
        double gauss = 2.0 / part->fwhm * sqrt(log(2.0) / PI) * pow(2.0, -x * x);
        sum += part->weight * (part->eta * lorentz + (1.0 - part->eta) * gauss);
    }
    return sum;
}

static double mode_at(const struct pulls_mode *mode, double e)
{
    double o2 = mode->omega0 * mode->omega0, bose = fabs(e) < 1e-9 ? KT : e / (1.0 - exp(-e / KT));
    double lorentz = pow(e * e - o2, 2.0) + pow(mode->fwhm * e, 2.0);
    return bose * 2.0 * mode->omega0 * mode->fwhm / (PI * lorentz);
}

struct curves {
    double response[RESPONSE_CELLS], s[S_CELLS];
};

/* Sum over t of R(t) S(E - t), E = energy of point 0 + 0.5 i - zero: 25 cells a point. */
static void convolve(struct curves *curves, const struct pulls_mode *mode, double first,
                     double *out)
{
    for (int k = 0; k < S_CELLS; k++)
        curves->s[k] = mode_at(mode, first - REACH + STEP * k);
    for (int i = 0; i < PULLS_POINTS; i++) {
        const double *s = curves->s + 25 * i;
        double sum = 0.0;
        for (int k = 0; k < RESPONSE_CELLS; k++)
            sum += curves->response[k] * s[RESPONSE_CELLS - 1 - k];
        out[i] = sum * STEP;
    }
}

/* ---- a spectrum ------------------------------------------------------------------------------ */

static bool apart(const struct pulls_truth *truth)
{
    for (size_t k = 1; k < truth->nmodes; k++)
        if (truth->modes[k].omega0 - truth->modes[k - 1].omega0 < 4.0)
            return false;
    return true;
}

static int by_energy(const void *a, const void *b)
{
    const struct pulls_mode *x = a, *y = b;
    return x->omega0 < y->omega0 ? -1 : x->omega0 > y->omega0;
}

static void draw_truth(struct pulls_truth *truth, uint64_t *state)
{
    truth->nmodes = 1 + (size_t)(3.0 * chance_uniform(state));
    do {
        for (size_t k = 0; k < truth->nmodes; k++)
            truth->modes[k].omega0 = chance_between(state, 4.0, 25.0);
        qsort(truth->modes, truth->nmodes, sizeof truth->modes[0], by_energy);
    } while (!apart(truth));
    for (size_t k = 0; k < truth->nmodes; k++) {
        truth->modes[k].fwhm = chance_log_between(state, 0.1, 4.0);
        truth->modes[k].peak = chance_log_between(state, 10.0, 300.0);
    }
    truth->zero = PULLS_ZERO_ERR * chance_normal(state);
    truth->background = chance_log_between(state, 0.1, 3.0);
    truth->elastic = chance_log_between(state, 10.0, 300.0);
}

void pulls_simulate(struct pulls_spectrum *out, uint64_t seed, uint64_t index)
{
    uint64_t state = (seed << 32) ^ index;
    static const double exposure = 100.0;
    double line[PULLS_POINTS], rate[PULLS_POINTS];
    struct curves *curves = malloc(sizeof *curves);
    struct pulls_truth *truth = &out->truth;
    if (!curves)
        abort();
    *out = (struct pulls_spectrum){0};
    state = chance_draw(&state) ^ (index << 17); /* far apart on the generator's one cycle */
    state = chance_draw(&state);
    draw_truth(truth, &state);
    for (int k = 0; k < RESPONSE_CELLS; k++)
        curves->response[k] = response_at(STEP * k - REACH);
    truth->background /= exposure;
    truth->elastic /= exposure * response_at(0.0);
    for (int i = 0; i < PULLS_POINTS; i++) {
        out->energy[i] = -20.0 + 0.5 * i;
        rate[i] = truth->background + truth->elastic * response_at(out->energy[i] - truth->zero);
    }
    for (size_t k = 0; k < truth->nmodes; k++) {
        double highest = 0.0;
        convolve(curves, &truth->modes[k], -20.0 - truth->zero, line);
        for (int i = 0; i < PULLS_POINTS; i++)
            highest = fmax(highest, line[i]);
        truth->modes[k].strength = truth->modes[k].peak / (exposure * highest);
        for (int i = 0; i < PULLS_POINTS; i++)
            rate[i] += truth->modes[k].strength * line[i];
    }
    for (int i = 0; i < PULLS_POINTS; i++) {
        out->exposure[i] = exposure * chance_between(&state, 0.9, 1.1);
        out->dark[i] = 0.02;
        out->counts[i] = chance_poisson(&state, out->exposure[i] * rate[i] + out->dark[i]);
    }
    free(curves);
}
