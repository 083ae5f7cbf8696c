/* SPDX-License-Identifier: GPL-3.0-or-later
 * exact FOLDER NPOINTS [COUNT [THREADS]]: does the fit engine, set as it is timed, reach the exact
 * minimum? The reference (reference.h) starts from the truth, from the comparison's start and from
 * the engine's answer. The engine starts from the comparison's starts, from amplitudes ten times
 * off either way, and from energies 1.5 meV off. Then by how much the kernels' way of writing the
 * response moves parameters, and how near the engine stops. Ends with 1 if a bound is missed.
 */
#include "bench/chance.h"
#include "bench/peers/ours_task.h"
#include "bench/peers/reference.h"

#include "base/array.h"
#include "base/parallel.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum way { AS_GIVEN, LOW, HIGH, EITHER, START_MOVED, TRUTH_MOVED, WAYS };
static const struct {
    const char *words;
    double least; /* share that must reach the minimum */
} ways[WAYS] = {
    {"the comparison's starts", 1.0},
    {"amplitudes x 0.1", 1.0},
    {"amplitudes x 10", 1.0},
    {"each amplitude x 0.1 or x 10", 1.0},
    {"those starts, energies +-1.5 meV", 0.0},
    {"true energies +-1.5 meV", 0.98},
};
#define SAME 0.1         /* of deviance */
#define LEAST_SHIFT 0.01 /* of a parameter, in its errors */

struct outcome { /* one spectrum */
    struct reference_minimum reference;
    double exact[WAYS]; /* deviance of the engine's answer by the exact model */
    double told;        /* what the engine says it is */
    /* In errors, 0 at a bound: by the kernels' response; from the exact minimum nearby, NaN if
     * modes have changed places. */
    double response[PEERS_PARAMETERS], stop[PEERS_PARAMETERS];
};

struct run {
    struct peers_set set;
    struct ours *ours; /* [threads] */
    struct outcome *outcomes;
};

static void make_start(enum way way, const struct peers_spectrum *spectrum, double *start)
{
    uint64_t chance = 77 + (uint64_t)spectrum->id;
    memcpy(start, way == TRUTH_MOVED ? spectrum->truth : spectrum->start,
           PEERS_PARAMETERS * sizeof *start);
    for (size_t k = 0; k <= spectrum->nmodes; k++) {
        double *amplitude = k == 0 ? start : start + 1 + 3 * k;
        bool up = ixs_chance_uniform(&chance) < 0.5;
        if (way == HIGH || (way == EITHER && up))
            *amplitude *= 10.0;
        else if (way == LOW || way == EITHER)
            *amplitude *= 0.1;
        else if (k > 0 && (way == START_MOVED || way == TRUTH_MOVED))
            amplitude[1] += up ? 1.5 : -1.5;
    }
}

/* Modes by energy, as the engine gives them. */
static void sort_modes(size_t nmodes, double *p)
{
    double mode[3];
    for (size_t i = 1; i < nmodes; i++)
        for (size_t k = i; k > 0 && p[5 + 3 * k] < p[2 + 3 * k]; k--) {
            memcpy(mode, p + 4 + 3 * k, sizeof mode);
            memcpy(p + 4 + 3 * k, p + 1 + 3 * k, sizeof mode);
            memcpy(p + 1 + 3 * k, mode, sizeof mode);
        }
}

static void find_shifts(const struct run *run, const struct peers_spectrum *spectrum,
                        const double *engine, struct outcome *outcome)
{
    struct reference_minimum near;
    double order[PEERS_PARAMETERS], *mu = calloc(run->set.npoints, sizeof *mu);
    if (!mu)
        abort();
    reference_minimise(&run->set, spectrum, engine, &near);
    if (!(outcome->reference.deviance <= near.deviance + 1e-6))
        outcome->reference = near;
    ours_model(&run->ours[0], &run->set, spectrum, near.parameters, mu);
    reference_shifts(&run->set, spectrum, near.parameters, mu, outcome->response);
    free(mu);
    memcpy(order, near.parameters, sizeof order);
    sort_modes(spectrum->nmodes, order);
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): the very same numbers are meant
    bool same = memcmp(order, near.parameters, sizeof order) == 0;
    for (size_t k = 0; k < PEERS_PARAMETERS; k++)
        if (!same || near.errors[k] > 0.0)
            outcome->stop[k] =
                same ? (engine[k] - near.parameters[k]) / near.errors[k] : (double)NAN;
}

static bool judge_one(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    struct run *run = context;
    const struct peers_spectrum *spectrum = &run->set.spectra[index];
    struct outcome *outcome = &run->outcomes[index];
    struct reference_minimum other;
    (void)err;
    reference_minimise(&run->set, spectrum, spectrum->truth, &outcome->reference);
    reference_minimise(&run->set, spectrum, spectrum->start, &other);
    if (other.deviance < outcome->reference.deviance)
        outcome->reference = other;
    for (enum way way = 0; way < WAYS; way++) {
        struct ixs_fit_answer answer;
        double start[PEERS_PARAMETERS], found[PEERS_PARAMETERS] = {0};
        make_start(way, spectrum, start);
        ours_fit(&run->ours[worker], &run->set, spectrum, start, &answer);
        ours_to_peers(spectrum->nmodes, answer.parameters, found);
        outcome->exact[way] = reference_deviance(&run->set, spectrum, found);
        if (way == AS_GIVEN) {
            outcome->told = answer.deviance;
            find_shifts(run, spectrum, found, outcome);
        }
    }
    return true;
}

static bool report_ways(const struct run *run, size_t n)
{
    bool good = true;
    printf("%-36s %12s %14s %14s\n", "start", "same minimum", "worst", "best");
    for (enum way way = 0; way < WAYS; way++) {
        size_t same = 0;
        double worst = -INFINITY, best = INFINITY;
        for (size_t k = 0; k < n; k++) {
            double more = run->outcomes[k].exact[way] - run->outcomes[k].reference.deviance;
            same += more < SAME;
            worst = fmax(worst, more);
            best = fmin(best, more);
        }
        bool enough = (double)same >= ways[way].least * (double)n;
        good = good && enough;
        printf("%-36s %10.2f %% %+14.2g %+14.2g%s\n", ways[way].words,
               100.0 * (double)same / (double)n, worst, best, enough ? "" : "  MISSED");
    }
    return good;
}

static void list_missed(const struct run *run, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        double more = run->outcomes[k].exact[AS_GIVEN] - run->outcomes[k].reference.deviance;
        if (!(more < SAME))
            printf("  spectrum %ld, %zu modes: %.3f above\n", run->set.spectra[k].id,
                   run->set.spectra[k].nmodes, more);
    }
}

/* Largest of each kind of parameter. */
static double print_shifts(const char *words, const struct run *run, size_t n, bool response)
{
    static const char *const names[] = {"Ael", "E0", "b0", "b1", "A", "O", "G"};
    double most[7] = {0}, largest = 0.0;
    size_t below = 0, all = 0;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < peers_nparameters(&run->set.spectra[k]); i++) {
            const struct outcome *outcome = &run->outcomes[k];
            double shift = fabs(response ? outcome->response[i] : outcome->stop[i]);
            size_t kind = i < 4 ? i : 4 + (i - 4) % 3;
            most[kind] = fmax(most[kind], shift);
            all += isnan(shift) ? 0 : 1;
            below += shift < LEAST_SHIFT ? 1 : 0;
        }
    printf("%s:", words);
    for (size_t kind = 0; kind < 7; kind++) {
        printf(" %s %.2g", names[kind], most[kind]);
        largest = fmax(largest, most[kind]);
    }
    printf("; %.2f %% below %g\n", 100.0 * (double)below / (double)all, LEAST_SHIFT);
    return largest;
}

static bool report_shifts(const struct run *run, size_t n)
{
    double told = 0.0;
    for (size_t k = 0; k < n; k++)
        told = fmax(told, fabs(run->outcomes[k].told - run->outcomes[k].exact[AS_GIVEN]));
    printf("deviance told and deviance by the exact model: at most %.2g apart\n", told);
    printf("largest shifts, in errors\n");
    bool good = print_shifts("  by the kernels' response", run, n, true) < LEAST_SHIFT;
    print_shifts("  from the exact minimum nearby", run, n, false);
    if (!good)
        printf("  MISSED: the response moves a parameter by more than %g\n", LEAST_SHIFT);
    return good;
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct run run = {0};
    if (argc < 3) {
        fprintf(stderr, "usage: %s FOLDER NPOINTS [COUNT [THREADS]]\n", argv[0]);
        return 2;
    }
    gsl_set_error_handler_off();
    peers_read(&run.set, argv[1], strtoul(argv[2], NULL, 10));
    size_t n = argc > 3 ? strtoul(argv[3], NULL, 10) : run.set.nspectra;
    size_t threads = ixs_parallel_threads(argc > 4 ? strtoul(argv[4], NULL, 10) : 1);
    n = n < run.set.nspectra ? n : run.set.nspectra;
    bool ok = IXS_NEW(run.outcomes, n, &err) && IXS_NEW(run.ours, threads, &err), good = false;
    for (size_t k = 0; ok && k < threads; k++)
        ours_prepare(&run.ours[k], &run.set);
    ok = ok && ixs_parallel(n, threads, judge_one, &run, &err);
    if (ok) {
        printf("%zu spectra of %zu points; deviance above the exact minimum, bound %g\n", n,
               run.set.npoints, SAME);
        good = report_ways(&run, n);
        list_missed(&run, n);
        good = report_shifts(&run, n) && good;
    }
    for (size_t k = 0; ok && k < threads; k++)
        ours_dispose(&run.ours[k]);
    free(run.ours);
    free(run.outcomes);
    peers_dispose(&run.set);
    return ok ? good ? 0 : 1 : (int)err.code;
}
