/* SPDX-License-Identifier: GPL-3.0-or-later
 * Areas of the elastic line held against simulated truth next to a mode at 1.5 meV (behind a
 * response of 1.5 meV) and next to an overdamped one: `elastic [DRAWS [SEED [SLACK]]]` prints a
 * table and ends with 1 if a bound is missed. In each cell the elastic line's peak has so many
 * counts, the mode's highest point a share of it; the number of modes is given, or chosen.
 *
 * The pull is (area - truth) over the distance to the end of the interval on the truth's side;
 * where that end is 0 it counts as inside or outside only. Mean and width of the pulls are held to
 * 0.2 of 0 and 1.
 */
#include "bench/chance.h"
#include "bench/plain.h"
#include "bench/pulls_simulate.h"
#include "models/elastic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct cell {
    const char *name;
    double omega0, fwhm, share;
    bool chosen;
};
static const struct cell cells[] = {
    {"low mode", 1.5, 0.3, 0.5, false},          {"low mode", 1.5, 0.3, 0.5, true},
    {"low mode, weak", 1.5, 0.3, 0.15, true},    {"low mode, hidden", 1.5, 0.3, 0.05, true},
    {"overdamped", 5.0, 20.0, 0.5, false},       {"overdamped", 5.0, 20.0, 0.5, true},
    {"overdamped, weak", 5.0, 20.0, 0.15, true}, {"overdamped, hidden", 5.0, 20.0, 0.05, true},
};
static const double peaks[] = {30, 100, 300, 1000, 5000};
static const double exposure = 100.0, first = -20.0, step = 0.5;

/* Bounds: of cells with at least so many counts at the tops of the line and of the mode. */
static const double held_from = 100, held_mode = 40;

struct sums {
    size_t n, inside, below_limit, npulls, within;
    size_t status[4];
    double sum, squares, error;
};

struct truth {
    double area;
    double rate[PULLS_POINTS]; /* count/s */
};

static bool expect(struct truth *out, const struct cell *cell, double peak, struct ixs_err *err)
{
    const double shape[2] = {cell->omega0, cell->fwhm}, grid[2] = {first, step};
    double highest = 0.0;
    if (!plain_convolve(out->rate, &pulls_response, shape, PULLS_KELVIN, PULLS_POINTS, grid, err))
        return false;
    for (int i = 0; i < PULLS_POINTS; i++)
        highest = fmax(highest, out->rate[i]);
    out->area = peak / (exposure * plain_response(&pulls_response, 0.0));
    for (int i = 0; i < PULLS_POINTS; i++)
        out->rate[i] = out->rate[i] * cell->share * peak / (exposure * highest) +
                       out->area * plain_response(&pulls_response, first + step * i) +
                       fmax(0.01 * peak, 0.3) / exposure;
    return true;
}

static void count(struct sums *sums, const struct ixs_elastic *elastic, double truth)
{
    double end = truth < elastic->area ? elastic->lo : elastic->hi;
    sums->status[elastic->status]++;
    if (elastic->status == IXS_ELASTIC_UNKNOWN)
        return;
    sums->n++;
    sums->inside += truth >= elastic->lo && truth <= elastic->hi;
    sums->below_limit += truth <= elastic->ul90;
    sums->error += elastic->err / truth;
    if (!(end > 0.0))
        return;
    double pull = (elastic->area - truth) / fabs(elastic->area - end);
    sums->npulls++;
    sums->within += fabs(pull) < 1.0;
    sums->sum += pull;
    sums->squares += pull * pull;
}

static bool draw(struct sums *sums, struct ixs_fit_space *space, const struct cell *cell,
                 const struct truth *truth, uint64_t *state, struct ixs_err *err)
{
    double energy[PULLS_POINTS], counts[PULLS_POINTS], exposures[PULLS_POINTS];
    double zero = PULLS_ZERO_ERR * ixs_chance_normal(state);
    struct ixs_fit_task task = IXS_FIT_TASK;
    struct ixs_fit_answer answer;
    struct ixs_elastic elastic;
    for (int i = 0; i < PULLS_POINTS; i++) {
        energy[i] = first + step * i + zero;
        exposures[i] = exposure;
        counts[i] = chance_poisson(state, exposure * truth->rate[i]);
    }
    task.points = (struct ixs_model_points){PULLS_POINTS, energy, counts, exposures, NULL};
    task.response = pulls_response;
    task.kelvin = PULLS_KELVIN;
    task.zero_err = PULLS_ZERO_ERR;
    task.nmodes = cell->chosen ? IXS_FIT_CHOOSE_MODES : 1;
    if (ixs_fit_complaint(&task) != NULL)
        return ixs_fail(err, IXS_BUG, "%s", ixs_fit_complaint(&task));
    ixs_fit_run(space, &task, &answer);
    ixs_elastic_judge(space, &task, &answer, &elastic);
    count(sums, &elastic, truth->area);
    return true;
}

/* Whether mean and width of the pulls, and the share inside, are what they are said to be. */
static bool print(const struct cell *cell, double peak, const struct sums *sums, double slack)
{
    double n = (double)sums->npulls, mean = sums->sum / n;
    double width = sqrt(sums->squares / n - mean * mean);
    double inside = (double)sums->inside / (double)sums->n;
    double limit = (double)sums->below_limit / (double)sums->n;
    bool held = peak >= held_from && cell->share * peak >= held_mode;
    bool good = !held || (fabs(mean) < 0.2 + slack / sqrt(n) &&
                          fabs(width - 1.0) < 0.2 + slack / sqrt(2.0 * n));
    printf("%-18s %-6s %5.0f  %4zu %4zu %4zu %4zu  %6.3f  %6.2f %5.2f  %5.3f %5.3f %s\n",
           cell->name, cell->chosen ? "chosen" : "given", peak, sums->status[1], sums->status[2],
           sums->status[3], sums->status[0], sums->error / (double)sums->n, mean, width, inside,
           limit,
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
    printf("                   modes  counts  good limit insep none  error    mean width inside "
           "UL90\n");
    for (size_t c = 0; ok && c < sizeof cells / sizeof cells[0]; c++)
        for (size_t p = 0; ok && p < sizeof peaks / sizeof peaks[0]; p++) {
            struct truth truth;
            struct sums sums = {0};
            ok = expect(&truth, &cells[c], peaks[p], &err);
            for (size_t d = 0; ok && d < draws; d++) {
                uint64_t state = ixs_chance_state(seed + 100 * c + p, d);
                ok = draw(&sums, space, &cells[c], &truth, &state, &err);
            }
            good = ok && print(&cells[c], peaks[p], &sums, slack) && good;
        }
    if (!ok)
        fprintf(stderr, "elastic: %s\n", err.text);
    ixs_fit_space_free(space);
    return ok ? good ? 0 : 1 : (int)err.code;
}
