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
#include "bench/pull.h"
#include "bench/pulls_table.h"
#include "base/array.h"
#include "models/thermal/balance.h"

#include <math.h>
#include <stdio.h>

static const double kelvins[] = {50, 100, 200, 300, 450, 600};
static const double peaks[] = {30, 100, 500, 3000};
static const double background = 0.005;                                /* count/s */
static const double lines[2][3] = {{4.0, 0.5, 1.0}, {10.0, 3.0, 0.5}}; /* meV, meV, height */

struct sums {
    size_t none, inside;
    struct pull_sums pulls;
    double error;
};

static bool expect(double *rate, double kelvin, double peak, struct ixs_err *err)
{
    double line[PULLS_POINTS];
    const double grid[2] = {pulls_first, pulls_step};
    for (int i = 0; i < PULLS_POINTS; i++)
        rate[i] = background + peak / pulls_exposure *
                                   plain_response(&pulls_response, pulls_first + pulls_step * i);
    for (int k = 0; k < 2; k++) {
        double highest = 0.0;
        if (!plain_convolve(line, &pulls_response, lines[k], kelvin, PULLS_POINTS, grid, err))
            return false;
        for (int i = 0; i < PULLS_POINTS; i++)
            highest = fmax(highest, line[i]);
        for (int i = 0; i < PULLS_POINTS; i++)
            rate[i] += lines[k][2] * peak / pulls_exposure * line[i] / highest;
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
    sums->inside += truth >= reading->lo && truth <= reading->hi;
    pull_add(&sums->pulls, pull);
    sums->error += reading->err / truth;
}

static void draw(struct sums *sums, struct ixs_fit_space *space, const double *rate, double truth,
                 uint64_t *state)
{
    const struct ixs_uncertain exact = {0};
    struct pulls_measured measured;
    struct ixs_fit_task task = pulls_measure(&measured, rate, state);
    struct ixs_fit_answer answer;
    struct ixs_balance reading;
    task.nmodes = 2;
    ixs_fit_run(space, &task, &answer);
    ixs_balance_read(space, &task, &exact, &answer, &reading);
    count(sums, &reading, truth);
}

static bool print(double kelvin, double peak, const struct sums *sums, double slack)
{
    double n = sums->pulls.n, mean = pull_mean(&sums->pulls), width = pull_width(&sums->pulls);
    double error = sums->error / n;
    bool held = error < 0.2, good = !held || pulls_hold(mean, width, n, slack);
    printf("%4.0f K %5.0f  %5.0f %4zu  %6.3f  %6.2f %5.2f  %5.3f %s\n", kelvin, peak, n, sums->none,
           error, mean, width, (double)sums->inside / n,
           !held  ? "not held to bounds"
           : good ? ""
                  : "*");
    return good;
}

static bool run(const struct pulls_cell *cell, struct ixs_fit_space *space, bool *good,
                struct ixs_err *err)
{
    double rate[PULLS_POINTS], kelvin = kelvins[cell->row];
    struct sums sums = {0};
    if (!expect(rate, kelvin, cell->peak, err))
        return false;
    for (size_t d = 0; d < cell->draws; d++) {
        uint64_t state = ixs_chance_state(cell->seed, d);
        draw(&sums, space, rate, kelvin, &state);
    }
    *good = print(kelvin, cell->peak, &sums, cell->slack);
    return true;
}

int main(int argc, char **argv)
{
    const struct pulls_table table = {.name = "balance",
                                      .header =
                                          "     T  peak   told none   error    mean width inside",
                                      .nrows = IXS_COUNT(kelvins),
                                      .npeaks = IXS_COUNT(peaks),
                                      .peaks = peaks,
                                      .run = run};
    return pulls_table_main(&table, argc, argv);
}
