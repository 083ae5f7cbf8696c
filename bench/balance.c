/* SPDX-License-Identifier: GPL-3.0-or-later
 * Temperatures of detailed balance held against simulated truth, 50 to 600 K: `balance [DRAWS [SEED
 * [SLACK]]]` prints a table and ends with 1 if a bound is missed. Spectra have an elastic line, a
 * mode at 4 meV as high as it and one at 10 meV half as high; the fit is told 300 K by its
 * thermometer, whatever the truth.
 *
 * The pull is (1/truth - 1/BALANCE) over the distance to the end of the interval on the truth's
 * side, in 1/T. Mean and width are held to 0.2 of 0 and 1 where the error is below a fifth of T:
 * beyond, those that are not told at all are the high ones.
 */
#include "bench/chance.h"
#include "bench/plain.h"
#include "bench/pulls_simulate.h"
#include "models/balance.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double kelvins[] = {50, 100, 200, 300, 450, 600};
static const double peaks[] = {30, 100, 500, 3000};
static const double exposure = 100.0, first = -20.0, step = 0.5, background = 0.005;
static const double lines[2][3] = {{4.0, 0.5, 1.0}, {10.0, 3.0, 0.5}}; /* meV, meV, height */

struct sums {
    size_t n, none, inside;
    double sum, squares, error;
};

static bool expect(double *rate, double kelvin, double peak, struct ixs_err *err)
{
    double line[PULLS_POINTS];
    const double grid[2] = {first, step};
    for (int i = 0; i < PULLS_POINTS; i++)
        rate[i] = background + peak / exposure * plain_response(&pulls_response, first + step * i);
    for (int k = 0; k < 2; k++) {
        double highest = 0.0;
        if (!plain_convolve(line, &pulls_response, lines[k], kelvin, PULLS_POINTS, grid, err))
            return false;
        for (int i = 0; i < PULLS_POINTS; i++)
            highest = fmax(highest, line[i]);
        for (int i = 0; i < PULLS_POINTS; i++)
            rate[i] += lines[k][2] * peak / exposure * line[i] / highest;
    }
    return true;
}

static void count(struct sums *sums, const struct ixs_balance *reading, double truth)
{
    if (!(reading->kelvin > 0.0)) {
        sums->none++;
        return;
    }
    double end = truth < reading->kelvin ? reading->lo : reading->hi;
    double pull = (1.0 / truth - 1.0 / reading->kelvin) / fabs(1.0 / end - 1.0 / reading->kelvin);
    sums->n++;
    sums->inside += truth >= reading->lo && truth <= reading->hi;
    sums->sum += pull;
    sums->squares += pull * pull;
    sums->error += reading->err / truth;
}

static void draw(struct sums *sums, struct ixs_fit_space *space, const double *rate, double truth,
                 uint64_t *state)
{
    double energy[PULLS_POINTS], counts[PULLS_POINTS], exposures[PULLS_POINTS];
    double zero = PULLS_ZERO_ERR * ixs_chance_normal(state);
    const struct ixs_uncertain exact = {0};
    struct ixs_fit_task task = IXS_FIT_TASK;
    struct ixs_fit_answer answer;
    struct ixs_balance reading;
    for (int i = 0; i < PULLS_POINTS; i++) {
        energy[i] = first + step * i + zero;
        exposures[i] = exposure;
        counts[i] = chance_poisson(state, exposure * rate[i]);
    }
    task.points = (struct ixs_model_points){PULLS_POINTS, energy, counts, exposures, NULL};
    task.response = pulls_response;
    task.kelvin = PULLS_KELVIN;
    task.zero_err = PULLS_ZERO_ERR;
    task.nmodes = 2;
    ixs_fit_run(space, &task, &answer);
    ixs_balance_read(space, &task, &exact, &answer, &reading);
    count(sums, &reading, truth);
}

static bool print(double kelvin, double peak, const struct sums *sums, double slack)
{
    double n = (double)sums->n, mean = sums->sum / n, width = sqrt(sums->squares / n - mean * mean);
    double error = sums->error / n;
    bool held = error < 0.2;
    bool good = !held || (fabs(mean) < 0.2 + slack / sqrt(n) &&
                          fabs(width - 1.0) < 0.2 + slack / sqrt(2.0 * n));
    printf("%4.0f K %5.0f  %5zu %4zu  %6.3f  %6.2f %5.2f  %5.3f %s\n", kelvin, peak, sums->n,
           sums->none, error, mean, width, (double)sums->inside / n,
           !held  ? "not held to bounds"
           : good ? ""
                  : "*");
    return good;
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = NULL;
    size_t draws = argc > 1 ? strtoul(argv[1], NULL, 10) : 500;
    uint64_t seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    double slack = argc > 3 ? strtod(argv[3], NULL) : 0.0;
    bool ok = ixs_fit_space_new(&space, PULLS_POINTS, &err), good = true;
    printf("     T  peak   told none   error    mean width inside\n");
    for (size_t k = 0; ok && k < sizeof kelvins / sizeof kelvins[0]; k++)
        for (size_t p = 0; ok && p < sizeof peaks / sizeof peaks[0]; p++) {
            double rate[PULLS_POINTS];
            struct sums sums = {0};
            ok = expect(rate, kelvins[k], peaks[p], &err);
            for (size_t d = 0; ok && d < draws; d++) {
                uint64_t state = ixs_chance_state(seed + 100 * k + p, d);
                draw(&sums, space, rate, kelvins[k], &state);
            }
            good = ok && print(kelvins[k], peaks[p], &sums, slack) && good;
        }
    if (!ok)
        fprintf(stderr, "balance: %s\n", err.text);
    ixs_fit_space_free(space);
    return ok ? good ? 0 : 1 : (int)err.code;
}
