/* SPDX-License-Identifier: GPL-3.0-or-later
 * Laplace's evidence beside that of a sampler which knows nothing of it (models/evidence/sample.h):
 * `evidence [STEPS [SEED [THREADS]]]`. Cases are hard on purpose; each is fitted with several
 * numbers of modes. Prints ln E of both; ends with 1 if the ratio of the evidence of two
 * neighbouring numbers of modes differs by more than a factor of e and 3 errors of the sampler.
 */
#include "bench/chance.h"
#include "bench/plain.h"
#include "bench/pulls_simulate.h"

#include "base/array.h"
#include "base/parallel.h"
#include "models/evidence/sample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MODES = 3, NUMBERS = 3 };

static const struct hard {
    const char *name;
    size_t nmodes, least; /* in truth; fewest fitted */
    struct {
        double omega0, fwhm, peak;
    } modes[MODES];
} cases[] = {
    {"one clear mode", 1, 0, {{12, 1.0, 50}}},
    {"nothing but elastic line", 0, 0, {{0, 0, 0}}},
    {"weak mode of 6 counts", 2, 1, {{9, 1.0, 60}, {18, 0.5, 6}}},
    {"width 0.1 meV, 20 counts", 1, 0, {{10, 0.1, 20}}},
    {"two modes 1.5 meV apart", 2, 1, {{11, 0.5, 40}, {12.5, 0.5, 40}}},
    {"two modes 1 meV apart", 2, 1, {{11, 0.5, 40}, {12, 0.5, 30}}},
    {"overdamped, 8 meV, FWHM 24", 1, 0, {{8, 24, 60}}},
    {"three modes, one on a tail", 3, 1, {{6, 1.0, 150}, {8.5, 1.0, 15}, {20, 2.0, 30}}},
};

struct job {
    double laplace, sampled, error;
};

struct run {
    uint64_t seed;
    size_t steps;
    struct ixs_fit_space **spaces;
    struct job *jobs; /* [cases][NUMBERS] */
};

static bool simulate(struct pulls_spectrum *out, const struct hard *hard, uint64_t state,
                     struct ixs_err *err)
{
    static const double exposure = 100.0, first = -20.0, step = 0.5;
    double mu[PULLS_POINTS], line[PULLS_POINTS];
    const double grid[2] = {first, step}, top = plain_response(&pulls_response, 0.0);
    *out = (struct pulls_spectrum){0};
    for (int i = 0; i < PULLS_POINTS; i++) {
        out->energy[i] = first + step * i;
        out->exposure[i] = exposure;
        mu[i] = 1.0 + 60.0 * plain_response(&pulls_response, out->energy[i]) / top;
    }
    for (size_t k = 0; k < hard->nmodes; k++) {
        const double shape[2] = {hard->modes[k].omega0, hard->modes[k].fwhm};
        double highest = 0.0;
        if (!plain_convolve(line, &pulls_response, shape, PULLS_KELVIN, PULLS_POINTS, grid, err))
            return false;
        for (int i = 0; i < PULLS_POINTS; i++)
            highest = fmax(highest, line[i]);
        for (int i = 0; i < PULLS_POINTS; i++)
            mu[i] += hard->modes[k].peak * line[i] / highest;
    }
    for (int i = 0; i < PULLS_POINTS; i++)
        out->counts[i] = chance_poisson(&state, mu[i]);
    return true;
}

static bool weigh_one(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    struct run *run = context;
    const struct hard *hard = &cases[index / NUMBERS];
    struct job *job = &run->jobs[index];
    struct ixs_fit_space *space = run->spaces[worker];
    struct pulls_spectrum spectrum;
    struct ixs_fit_answer chosen, answer;
    if (!simulate(&spectrum, hard, ixs_chance_state(run->seed, index / NUMBERS), err))
        return false;
    struct ixs_fit_task task = pulls_task(&spectrum);
    ixs_fit_run(space, &task, &chosen); /* with all minima of each number */
    size_t n = hard->least + index % NUMBERS;
    task.nmodes = (int)n;
    ixs_fit_run(space, &task, &answer);
    job->laplace = n < chosen.numbers.n ? chosen.numbers.list[n].log_evidence : answer.log_evidence;
    return ixs_sample_evidence(&job->sampled, &job->error, space, &task, &answer, run->steps,
                               run->seed + index, err);
}

static bool report(const struct run *run)
{
    bool good = true;
    printf(
        "case                         modes   Laplace   sampled  +-     difference   of ratio\n");
    for (size_t c = 0; c < IXS_COUNT(cases); c++)
        for (size_t m = 0; m < NUMBERS; m++) {
            const struct job *job = &run->jobs[c * NUMBERS + m], *last = job - (m > 0 ? 1 : 0);
            double off = job->laplace - job->sampled, ratio = off - (last->laplace - last->sampled);
            bool here = fabs(ratio) < 1.0 + 3.0 * hypot(job->error, last->error);
            printf("%-28s %5zu %9.2f %9.2f %5.2f %10.2f %10.2f%s\n", cases[c].name,
                   cases[c].least + m, job->laplace, job->sampled, job->error, off, ratio,
                   here ? "" : "*");
            good = good && here;
        }
    return good;
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct run run = {.steps = argc > 1 ? strtoul(argv[1], NULL, 10) : 800,
                      .seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1};
    size_t threads = ixs_parallel_threads(argc > 3 ? strtoul(argv[3], NULL, 10) : 1);
    bool ok =
        IXS_NEW(run.spaces, threads, &err) && IXS_NEW(run.jobs, IXS_COUNT(cases) * NUMBERS, &err);
    for (size_t k = 0; k < threads && ok; k++)
        ok = ixs_fit_space_new(&run.spaces[k], PULLS_POINTS, &err);
    ok = ok && ixs_parallel(IXS_COUNT(cases) * NUMBERS, threads, weigh_one, &run, &err);
    bool good = ok && report(&run);
    if (!ok)
        fprintf(stderr, "evidence: %s\n", err.text);
    for (size_t k = 0; run.spaces && k < threads; k++)
        ixs_fit_space_free(run.spaces[k]);
    free(run.spaces);
    free(run.jobs);
    return ok ? good ? 0 : 1 : (int)err.code;
}
