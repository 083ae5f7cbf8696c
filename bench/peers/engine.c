/* SPDX-License-Identifier: GPL-3.0-or-later
 * engine FOLDER NPOINTS [PAIRS]: the fit engine alone, on the comparison's spectra as they are
 * timed there: fits a second, allocations in a fit (with count_mallocs preloaded), its kernels
 * against the processor's measured peak, two threads against one.
 */
#include "bench/peers/ours_task.h"
#include "bench/peers/peak.h"
#include "bench/peers/serve.h"

#include "base/array.h"
#include "base/parallel.h"
#include "models/line/kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Of bench/peers/count_mallocs.c, where that is preloaded. */
extern unsigned long count_mallocs(void) __attribute__((weak));

enum { MOST_PAIRS = 999 };

struct bench {
    struct peers_set set;
    struct ours ours[2]; /* of each thread */
    size_t pairs;
};

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* "median (least .. most)" */
static void print_spread(const char *words, size_t n, double *values)
{
    qsort(values, n, sizeof *values, rising);
    printf("%-46s %8.2f (%.2f .. %.2f)\n", words, values[n / 2], values[0], values[n - 1]);
}

static bool fit_one(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    struct bench *bench = context;
    struct ixs_fit_answer answer;
    const struct peers_spectrum *spectrum = &bench->set.spectra[index];
    (void)err;
    ours_fit(&bench->ours[worker], &bench->set, spectrum, spectrum->start, &answer);
    return true;
}

/* ---- fits and allocations -------------------------------------------------------------------- */

static void time_fits(struct bench *bench)
{
    double rates[MOST_PAIRS];
    struct ixs_err err;
    for (size_t k = 0; k < bench->pairs; k++) {
        double before = peers_cpu();
        for (size_t i = 0; i < bench->set.nspectra; i++)
            fit_one(bench, i, 0, &err);
        rates[k] = (double)bench->set.nspectra / (peers_cpu() - before);
    }
    print_spread("fits a second, one core", bench->pairs, rates);
}

static void count_allocations(struct bench *bench)
{
    struct ixs_err err;
    if (!count_mallocs) {
        printf("%-46s not counted: count_mallocs is not preloaded\n", "allocations in a fit");
        return;
    }
    unsigned long before = count_mallocs();
    for (size_t i = 0; i < bench->set.nspectra; i++)
        fit_one(bench, i, 0, &err);
    printf("%-46s %8.2f\n", "allocations in a fit",
           (double)(count_mallocs() - before) / (double)bench->set.nspectra);
}

/* ---- kernels --------------------------------------------------------------------------------- */

/* Flops of W and W' at one energy: a step of Horner's scheme is 8 fused multiplications and
 * additions, what is before and after it 52 flops. */
static double transform_flops(const struct ixs_transform *transform)
{
    return 16.0 * (double)(transform->order - 1) + 52.0;
}

struct load { /* what the kernels are given */
    const struct ixs_kernels *kernels;
    const struct ixs_transform *transform;
    size_t n, p; /* points and parameters of a Gram matrix */
    double x[IXS_RESPONSE_ROW];
    double *jacobian, *mu, *data, *spare;
    double curvature[IXS_MODEL_MOST_PARAMETERS * IXS_MODEL_MOST_PARAMETERS];
    double gradient[IXS_MODEL_MOST_PARAMETERS];
};

static double run_transform(struct load *load, size_t rounds)
{
    struct ixs_response_row row;
    for (size_t r = 0; r < rounds; r++)
        load->kernels->transform(load->transform, IXS_RESPONSE_ROW, load->x, 0.01 * (double)(r & 7),
                                 1.0, &row);
    return (double)rounds * IXS_RESPONSE_ROW * transform_flops(load->transform);
}

static double run_normal(struct load *load, size_t rounds)
{
    for (size_t r = 0; r < rounds; r++)
        load->kernels->normal(load->p, load->n, load->jacobian, load->mu, load->data, NULL,
                              load->spare, load->curvature, load->gradient);
    return (double)rounds * (double)load->n * (double)(load->p * (load->p + 3));
}

static double run_peak(struct load *load, size_t rounds)
{
    return peak_run(load->kernels->name, rounds);
}

/* Flops a CPU second, at least 20 ms of it. */
static double rate(double (*run)(struct load *load, size_t rounds), struct load *load)
{
    for (size_t rounds = 1000;; rounds *= 2) {
        double before = peers_cpu(), flops = run(load, rounds), took = peers_cpu() - before;
        if (took > 0.02)
            return flops / took;
        if (!(flops > 0.0))
            return 0.0;
    }
}

static void compare_to_peak(const struct bench *bench, const char *words, struct load *load,
                            double (*run)(struct load *load, size_t rounds))
{
    double shares[MOST_PAIRS], peaks[MOST_PAIRS];
    for (size_t k = 0; k < bench->pairs; k++) {
        peaks[k] = rate(run_peak, load) / 1e9;
        shares[k] = rate(run, load) / 1e9 / peaks[k];
    }
    qsort(peaks, bench->pairs, sizeof *peaks, rising);
    printf("peak %6.1f GFlop/s; ", peaks[bench->pairs / 2]);
    print_spread(words, bench->pairs, shares);
}

static bool time_kernels(const struct bench *bench, struct ixs_err *err)
{
    struct load load = {.kernels = ixs_kernels(), .n = bench->set.npoints, .p = 12};
    double *memory;
    if (run_peak(&load, 1) == 0.0) {
        printf("no measured peak for kernels of kind %s\n", load.kernels->name);
        return true;
    }
    size_t spare = ixs_kernels_spare(load.p, load.n);
    size_t room = ixs_kernels_room(load.p, load.n);
    if (!IXS_NEW(memory, room + 2 * load.n + spare, err))
        return false;
    load.jacobian = memory;
    load.mu = memory + room;
    load.data = load.mu + load.n;
    load.spare = load.data + load.n;
    for (size_t i = 0; i < room + 2 * load.n; i++)
        memory[i] = 1.0 + (double)(i * 37 % 101);
    for (size_t i = 0; i < IXS_RESPONSE_ROW; i++)
        load.x[i] = -10.0 + 0.4 * (double)i;
    printf("kernels: %s; share of the peak:\n", load.kernels->name);
    for (size_t k = 0; k < bench->ours[0].transforms[0].n; k++) {
        char words[64];
        load.transform = &bench->ours[0].transforms[0].list[k];
        snprintf(words, sizeof words, "W and W' of order %zu", load.transform->order);
        compare_to_peak(bench, words, &load, run_transform);
    }
    compare_to_peak(bench, "J^T w J, 12 parameters", &load, run_normal);
    free(memory);
    return true;
}

/* ---- threads --------------------------------------------------------------------------------- */

static double wall(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static bool run_threads(struct bench *bench, size_t threads, double *seconds, double *cpu,
                        struct ixs_err *err)
{
    double start = wall(), cpu_start = peers_cpu();
    bool ok = ixs_parallel(bench->set.nspectra, threads, fit_one, bench, err);
    *seconds = wall() - start;
    *cpu = peers_cpu() - cpu_start;
    return ok;
}

static bool time_threads(struct bench *bench, struct ixs_err *err)
{
    double faster[MOST_PAIRS], cheaper[MOST_PAIRS], got[MOST_PAIRS];
    bool ok = true;
    for (size_t k = 0; ok && k < bench->pairs; k++) {
        double one = 0.0, two = 1.0, cpu_one = 0.0, cpu_two = 1.0;
        ok = run_threads(bench, 1, &one, &cpu_one, err) &&
             run_threads(bench, 2, &two, &cpu_two, err);
        faster[k] = one / two;
        cheaper[k] = 2.0 * cpu_one / cpu_two;
        got[k] = cpu_two / two;
    }
    if (!ok)
        return false;
    print_spread("two threads, times as fast by the clock", bench->pairs, faster);
    print_spread("  processors that they were given", bench->pairs, got);
    print_spread("  times as fast by CPU time on free processors", bench->pairs, cheaper);
    return true;
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct bench bench = {.pairs = argc > 3 ? strtoul(argv[3], NULL, 10) : 15};
    if (argc < 3 || bench.pairs == 0 || bench.pairs > MOST_PAIRS) {
        fprintf(stderr, "usage: %s FOLDER NPOINTS [PAIRS]\n", argv[0]);
        return 2;
    }
    peers_read(&bench.set, argv[1], strtoul(argv[2], NULL, 10));
    ours_prepare(&bench.ours[0], &bench.set);
    ours_prepare(&bench.ours[1], &bench.set);
    printf("%zu spectra of %zu points; medians (ranges) of %zu\n", bench.set.nspectra,
           bench.set.npoints, bench.pairs);
    time_fits(&bench);
    count_allocations(&bench);
    bool ok = time_kernels(&bench, &err) && time_threads(&bench, &err);
    if (!ok)
        fprintf(stderr, "%s\n", err.text);
    ours_dispose(&bench.ours[0]);
    ours_dispose(&bench.ours[1]);
    peers_dispose(&bench.set);
    return ok ? 0 : (int)err.code;
}
