/* SPDX-License-Identifier: GPL-3.0-or-later
 * An empty cell beside a mode of few counts, treated in three ways: `background [DRAWS [SEED
 * [THREADS [SLACK [WAYS]]]]]` prints bias, pulls and coverage of the mode's energy, width and
 * strength and ends with 1 if the way of ixs-fit misses a bound
 * where it is held to one. WAYS: letters of j, k, w, s.
 */
#include "bench/background.h"

#include "base/array.h"
#include "base/parallel.h"
#include "bench/tally.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct way {
    char letter;
    const char *name;
    background_treat *treat;
    bool held;
} ways[] = {{'j', "joint likelihood", background_joint, true},
            {'k', "cell known exactly", background_known, false},
            {'w', "a rate a point (W)", background_profile, false},
            {'s', "rates subtracted", background_subtract, false}};

static struct background_case cases[] = {
    {.name = "10 counts", .peak = 10, .height = 0.5, .time = 1.0, .known = 0.05},
    {.name = "10 counts, bright cell",
     .peak = 10,
     .height = 2.0,
     .time = 1.0,
     .known = 0.05,
     .hard = true},
    {.name = "10 counts, short scan", .peak = 10, .height = 0.5, .time = 0.3, .known = 0.05},
    {.name = "10 counts, sharp line",
     .peak = 10,
     .height = 1.0,
     .sharp = 0.7,
     .time = 1.0,
     .known = 0.05,
     .hard = true},
    {.name = "30 counts", .peak = 30, .height = 0.5, .time = 1.0, .known = 0.05},
    {.name = "100 counts", .peak = 100, .height = 0.5, .time = 1.0, .known = 0.05},
    {.name = "100 counts, bright cell", .peak = 100, .height = 2.0, .time = 1.0, .known = 0.05},
};
enum { CASES = sizeof cases / sizeof cases[0], FIGURES = 3 };

struct figure {
    double value, err, lo, hi;
};

struct run {
    uint64_t seed;
    size_t ndraws;
    double slack;
    const char *wanted;
    struct ixs_fit_space **spaces;
    struct figure *figures; /* [way][case][draw][FIGURES] */
    double *room;
};

static struct figure *figures_of(const struct run *run, size_t way, size_t index)
{
    return run->figures + (way * CASES * run->ndraws + index) * FIGURES;
}

static bool fit_one(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    const struct run *run = context;
    struct background_draw draw;
    struct ixs_fit_answer answer;
    background_draw(&draw, &cases[index / run->ndraws], run->seed, index);
    for (size_t w = 0; w < IXS_COUNT(ways); w++) {
        struct figure *out = figures_of(run, w, index);
        const struct ixs_fit_line *line = &answer.lines[0];
        if (!strchr(run->wanted, ways[w].letter))
            continue;
        if (!ways[w].treat(run->spaces[worker], &draw, &answer, err))
            return false;
        out[0] = (struct figure){line->omega0, line->omega0_err, line->omega0_lo, line->omega0_hi};
        out[1] = (struct figure){line->fwhm, line->fwhm_err, line->fwhm_lo, line->fwhm_hi};
        out[2] =
            (struct figure){line->strength, line->strength_err, line->strength - line->strength_err,
                            line->strength + line->strength_err};
    }
    return true;
}

struct shares {
    double bias, bias_err, inside, pull, width, lost;
};

/* Median bias, coverage, and median and width (half of the 68 % range) of the pulls; lost: without
 * an error, covered by nothing. */
static struct shares count(const struct run *run, size_t way, size_t c, size_t figure, double truth)
{
    const size_t n = run->ndraws;
    struct shares out = {0};
    double unused;
    size_t told = 0;
    for (size_t d = 0; d < n; d++) {
        const struct figure *f = figures_of(run, way, c * n + d) + figure;
        run->room[d] = f->value;
        out.inside += (truth >= f->lo && truth <= f->hi) / (double)n;
    }
    out.bias = tally_median(run->room, n, &out.bias_err) - truth;
    for (size_t d = 0; d < n; d++) {
        const struct figure *f = figures_of(run, way, c * n + d) + figure;
        if (f->err > 0.0)
            run->room[told++] = (f->value - truth) / f->err;
    }
    out.lost = 1.0 - (double)told / (double)n;
    if (told < 4)
        return out;
    out.pull = tally_median(run->room, told, &unused);
    out.width = 0.5 * (run->room[(size_t)(0.8413 * (double)told)] -
                       run->room[(size_t)(0.1587 * (double)told)]);
    return out;
}

static bool report_case(const struct run *run, size_t way, size_t c)
{
    static const char *const names[FIGURES] = {"OMEGA0", "FWHM", "STRENGTH"};
    const double truths[FIGURES] = {BACKGROUND_OMEGA0, BACKGROUND_FWHM, cases[c].strength};
    const double n = (double)run->ndraws;
    bool good = true;
    for (size_t k = 0; k < FIGURES; k++) {
        struct shares s = count(run, way, c, k, truths[k]);
        bool biased = fabs(s.bias) > 0.03 * truths[k] + (2.0 + run->slack) * s.bias_err;
        bool inside = tally_between(s.inside, 0.63, 0.73, n, run->slack);
        bool wide = fabs(s.width - 1.0) > 0.1 + run->slack * 0.8 / sqrt(n);
        printf("%-20s %-24s %-9s %7.2f +- %4.2f%s %7.3f%s %6.2f %5.2f%s %6.1f\n", ways[way].name,
               cases[c].name, names[k], 100.0 * s.bias / truths[k], 100.0 * s.bias_err / truths[k],
               biased ? "*" : " ", s.inside, inside ? " " : "*", s.pull, s.width, wide ? "*" : " ",
               100.0 * s.lost);
        good = good && !biased && inside && !wide;
    }
    return good;
}

static bool report(const struct run *run)
{
    bool good = true;
    printf("%zu draws a case, seed %llu; * beyond its bound\n"
           "%-20s %-24s %-9s %7s %16s %10s %10s\n",
           run->ndraws, (unsigned long long)run->seed, "cell treated by", "case", "figure",
           "bias %", "68 % covers", "pulls", "lost %");
    for (size_t w = 0; w < IXS_COUNT(ways); w++)
        for (size_t c = 0; c < CASES && strchr(run->wanted, ways[w].letter); c++)
            good = (report_case(run, w, c) || !ways[w].held || cases[c].hard) && good;
    return good;
}

static bool expect_one(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    (void)context;
    (void)worker;
    return background_expect(&cases[index], err);
}

static bool prepare(struct run *run, size_t threads, struct ixs_err *err)
{
    bool ok = IXS_NEW(run->spaces, threads, err) && IXS_NEW(run->room, run->ndraws, err) &&
              IXS_NEW(run->figures, IXS_COUNT(ways) * CASES * run->ndraws * FIGURES, err);
    for (size_t k = 0; ok && k < threads; k++)
        ok = ixs_fit_space_new(&run->spaces[k], BACKGROUND_POINTS + BACKGROUND_CELL, err);
    return ok;
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct run run = {.ndraws = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000,
                      .seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1,
                      .slack = argc > 4 ? strtod(argv[4], NULL) : 0.0,
                      .wanted = argc > 5 ? argv[5] : "jkws"};
    size_t threads = ixs_parallel_threads(argc > 3 ? strtoul(argv[3], NULL, 10) : 1);
    bool ok = prepare(&run, threads, &err) &&
              ixs_parallel(CASES, threads, expect_one, NULL, &err) &&
              ixs_parallel(CASES * run.ndraws, threads, fit_one, &run, &err);
    bool good = ok && report(&run);
    if (!ok)
        fprintf(stderr, "background: %s\n", err.text);
    for (size_t k = 0; run.spaces && k < threads; k++)
        ixs_fit_space_free(run.spaces[k]);
    free(run.spaces);
    free(run.room);
    free(run.figures);
    return ok ? good ? 0 : 1 : (int)err.code;
}
