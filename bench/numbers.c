/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many modes: `numbers [SPECTRA [SEED [THREADS [SLACK [FILE]]]]]` fits simulated spectra of 1
 * to 4 modes (bench/pulls_simulate.c, at least 3 meV apart) with the number left open, chosen by
 * each criterion. It prints how often each is right, and whether the posterior of the number means
 * what it says: of those given 80 %, 80 % right. Ends with 1 if the evidence is right less often
 * than AICc or BIC (by more than `SLACK` standard errors), or if the posterior misses by more
 * than 2.6 standard errors plus SLACK. FILE gets the reliability table for a picture.
 */
#include "bench/pulls_simulate.h"

#include "base/array.h"
#include "base/parallel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHOICES = 4, KINDS = 3 };
static const struct pulls_kind kinds[KINDS] = {
    {4, 3.0, 10.0, 300.0}, {4, 2.0, 7.0, 200.0}, {4, 1.5, 5.0, 150.0}};
static const char *const names[CHOICES] = {"evidence", "AICc + places", "AICc", "BIC"};

struct outcome {
    size_t truth, chosen[CHOICES];
    struct ixs_fit_numbers numbers; /* of the evidence */
};

struct run {
    uint64_t seed;
    size_t nspectra;
    struct ixs_fit_space **spaces;
    struct outcome *outcomes;
};

static bool fit_one(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    struct run *run = context;
    struct outcome *out = &run->outcomes[index];
    struct pulls_spectrum spectrum;
    struct ixs_fit_answer answer;
    if (!pulls_simulate(&spectrum, &kinds[index % KINDS], run->seed, index, err))
        return false;
    out->truth = spectrum.truth.nmodes;
    for (int c = 0; c < CHOICES; c++) {
        struct ixs_fit_task task = pulls_task(&spectrum);
        task.most_modes = 6;
        task.choice = (enum ixs_fit_choice)c;
        task.quick = true;
        ixs_fit_run(run->spaces[worker], &task, &answer);
        out->chosen[c] = answer.nmodes;
        if (c == IXS_FIT_BY_EVIDENCE)
            out->numbers = answer.numbers;
    }
    return true;
}

/* Of one kind, or of all (KINDS). */
static double share_right(const struct run *run, int choice, size_t kind)
{
    double low = 0, right = 0, high = 0, n = 0;
    for (size_t i = 0; i < run->nspectra; i++) {
        const struct outcome *out = &run->outcomes[i];
        if (kind != KINDS && i % KINDS != kind)
            continue;
        n += 1.0;
        low += out->chosen[choice] < out->truth;
        right += out->chosen[choice] == out->truth;
        high += out->chosen[choice] > out->truth;
    }
    double share = right / n;
    printf("  %-14s %6.1f +- %3.1f %9.1f %9.1f\n", names[choice], 100.0 * share,
           100.0 * sqrt(share * (1.0 - share) / n), 100.0 * low / n, 100.0 * high / n);
    return share;
}

/* All numbers of all spectra whose probability lies in a range: how probable, how often true. */
static bool report_range(const struct run *run, const double range[2], double slack, FILE *file)
{
    double said = 0.0, variance = 0.0, right = 0.0, n = 0.0;
    for (size_t i = 0; i < run->nspectra; i++)
        for (size_t k = 0; k < run->outcomes[i].numbers.n; k++) {
            double p = run->outcomes[i].numbers.list[k].probability;
            if (!(p >= range[0] && p < range[1]))
                continue;
            n += 1.0;
            said += p;
            variance += p * (1.0 - p);
            right += run->outcomes[i].truth == k;
        }
    if (n < 1.0)
        return true;
    double error = sqrt(variance) / n, pull = (right / n - said / n) / error;
    bool good = fabs(pull) < 2.6 + slack || fabs(right - said) < 0.05 * n;
    printf("%4.2f .. %4.2f %7.0f %9.3f %9.3f +- %5.3f %6.1f%s\n", range[0], fmin(range[1], 1.0), n,
           said / n, right / n, error, pull, good ? "" : "*");
    if (file)
        fprintf(file, "%g %g %g %g\n", said / n, right / n, error, n);
    return good;
}

static bool report(const struct run *run, double slack, FILE *file)
{
    static const double edges[] = {0.02, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97, 1.01};
    double share[CHOICES], n = (double)run->nspectra;
    bool good = true;
    printf("%zu spectra, seed %llu\n                   right %%          too few   too many\n",
           run->nspectra, (unsigned long long)run->seed);
    for (size_t kind = 0; kind <= KINDS; kind++) {
        if (kind < KINDS)
            printf("at least %.1f meV apart, highest counts %.0f .. %.0f\n", kinds[kind].gap,
                   kinds[kind].least, kinds[kind].most);
        else
            printf("all\n");
        for (int c = 0; c < CHOICES; c++)
            share[c] = share_right(run, c, kind);
    }
    double rival = fmax(share[IXS_FIT_BY_AICC], share[IXS_FIT_BY_BIC]);
    good = share[IXS_FIT_BY_EVIDENCE] >= rival - slack * sqrt(rival * (1.0 - rival) / n);
    printf("\nprobability   cases      said     right +-   said's   pull\n");
    for (size_t k = 0; k + 1 < IXS_COUNT(edges); k++)
        good = report_range(run, edges + k, slack, file) && good;
    return good;
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct run run = {.nspectra = KINDS * (argc > 1 ? strtoul(argv[1], NULL, 10) : 500),
                      .seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1};
    size_t threads = ixs_parallel_threads(argc > 3 ? strtoul(argv[3], NULL, 10) : 1);
    bool good = false;
    bool ok = IXS_NEW(run.spaces, threads, &err) && IXS_NEW(run.outcomes, run.nspectra, &err);
    for (size_t k = 0; k < threads && ok; k++)
        ok = ixs_fit_space_new(&run.spaces[k], PULLS_POINTS, &err);
    ok = ok && ixs_parallel(run.nspectra, threads, fit_one, &run, &err);
    FILE *file = argc > 5 ? fopen(argv[5], "w") : NULL;
    if (ok)
        good = report(&run, argc > 4 ? strtod(argv[4], NULL) : 0.0, file);
    else
        fprintf(stderr, "numbers: %s\n", err.text);
    if (file)
        fclose(file);
    for (size_t k = 0; run.spaces && k < threads; k++)
        ixs_fit_space_free(run.spaces[k]);
    free(run.spaces);
    free(run.outcomes);
    return ok ? good ? 0 : 1 : (int)err.code;
}
