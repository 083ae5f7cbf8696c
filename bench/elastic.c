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
#include "bench/pull.h"
#include "bench/pulls_table.h"
#include "base/array.h"
#include "models/fit/elastic.h"

#include <math.h>
#include <stdio.h>

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

/* Bounds: of cells with at least so many counts at the tops of the line and of the mode. */
static const double held_from = 100, held_mode = 40;

struct sums {
    size_t n, inside, below_limit;
    size_t status[4];
    struct pull_sums pulls;
    double error;
};

struct truth {
    double area;
    double rate[PULLS_POINTS]; /* count/s */
};

static bool expect(struct truth *out, const struct cell *cell, double peak, struct ixs_err *err)
{
    const double shape[2] = {cell->omega0, cell->fwhm}, grid[2] = {pulls_first, pulls_step};
    double highest = 0.0;
    if (!plain_convolve(out->rate, &pulls_response, shape, PULLS_KELVIN, PULLS_POINTS, grid, err))
        return false;
    for (int i = 0; i < PULLS_POINTS; i++)
        highest = fmax(highest, out->rate[i]);
    out->area = peak / (pulls_exposure * plain_response(&pulls_response, 0.0));
    for (int i = 0; i < PULLS_POINTS; i++)
        out->rate[i] = out->rate[i] * cell->share * peak / (pulls_exposure * highest) +
                       out->area * plain_response(&pulls_response, pulls_first + pulls_step * i) +
                       fmax(0.01 * peak, 0.3) / pulls_exposure;
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
    pull_add(&sums->pulls, (elastic->area - truth) / fabs(elastic->area - end));
}

static bool draw(struct sums *sums, struct ixs_fit_space *space, const struct cell *cell,
                 const struct truth *truth, uint64_t *state, struct ixs_err *err)
{
    struct pulls_measured measured;
    struct ixs_fit_task task = pulls_measure(&measured, truth->rate, state);
    struct ixs_fit_answer answer;
    struct ixs_elastic elastic;
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
    double mean = pull_mean(&sums->pulls), width = pull_width(&sums->pulls);
    double inside = (double)sums->inside / (double)sums->n;
    double limit = (double)sums->below_limit / (double)sums->n;
    bool held = peak >= held_from && cell->share * peak >= held_mode;
    bool good = !held || pulls_hold(mean, width, sums->pulls.n, slack);
    printf("%-18s %-6s %5.0f  %4zu %4zu %4zu %4zu  %6.3f  %6.2f %5.2f  %5.3f %5.3f %s\n",
           cell->name, cell->chosen ? "chosen" : "given", peak, sums->status[1], sums->status[2],
           sums->status[3], sums->status[0], sums->error / (double)sums->n, mean, width, inside,
           limit,
           !held  ? "not held to bounds"
           : good ? ""
                  : "*");
    return good;
}

static bool run(const struct pulls_cell *of, struct ixs_fit_space *space, bool *good,
                struct ixs_err *err)
{
    const struct cell *cell = &cells[of->row];
    struct truth truth;
    struct sums sums = {0};
    bool ok = expect(&truth, cell, of->peak, err);
    for (size_t d = 0; ok && d < of->draws; d++) {
        uint64_t state = ixs_chance_state(of->seed, d);
        ok = draw(&sums, space, cell, &truth, &state, err);
    }
    *good = ok && print(cell, of->peak, &sums, of->slack);
    return ok;
}

int main(int argc, char **argv)
{
    const struct pulls_table table = {
        .name = "elastic",
        .header = "                   modes  counts  good limit insep none  error    mean width "
                  "inside UL90",
        .nrows = IXS_COUNT(cells),
        .npeaks = IXS_COUNT(peaks),
        .peaks = peaks,
        .run = run};
    return pulls_table_main(&table, argc, argv);
}
