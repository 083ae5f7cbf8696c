/* SPDX-License-Identifier: GPL-3.0-or-later
 * Spectra fitted together, against simulation that shares nothing with the fit (bench/plain.h).
 *   together pulls DRAWS [SEED [THREADS [BOOTSTRAP]]]   four zones at three temperatures, two modes
 * whose energy and width belong to the temperature: bias, pulls, coverage, errors beside those of
 * single fits
 *   together speed [THREADS]   250 to 2000 spectra with 50 shared parameters, with intervals by
 * profile and without
 * Ends with 1 if a bound is missed.
 */
#include "bench/chance.h"
#include "bench/plain.h"
#include "bench/pull.h"

#include "base/array.h"
#include "base/parallel.h"
#include "models/together/together.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    POINTS = 111,
    ZONES = 4,
    MODES = 2,
    OWN = 5,
    USES = 4,
    LOCAL = OWN + USES,
    MOST_GROUPS = 13
};

static const struct ixs_response response = {
    .nparts = 2, .parts = {{0.85, -0.05, 1.46, 0.2}, {0.15, 0.2833333333333333, 2.4, 0.7}}};
static const double first = -20.0, step = 0.5, exposure = 100.0, zero_err = 0.1;

/* zero, elastic, background, strengths; then energies and widths, which are shared. */
static const struct ixs_together_term terms[LOCAL] = {
    {0, 0, 1.0}, {1, 1, 1.0}, {2, 2, 1.0}, {5, 3, 1.0}, {8, 4, 1.0},
    {3, 5, 1.0}, {4, 6, 1.0}, {6, 7, 1.0}, {7, 8, 1.0},
};

struct data {
    double energy[POINTS], counts[POINTS], exposure[POINTS];
};

struct group { /* spectra that share energies and widths: one temperature */
    double kelvin, shared[USES];
    double lines[MODES][POINTS]; /* of unit strength, zero 0 */
};

struct bench {
    bool quick;
    size_t bootstrap;
    size_t ngroups, nspectra;
    struct group groups[MOST_GROUPS];
    struct ixs_transforms transforms;
    struct data *data;
    struct ixs_together_piece *pieces;
    struct ixs_together_source (*own)[OWN];
    double (*truth)[OWN];
    size_t (*uses)[USES];
    struct ixs_together_source shared[MOST_GROUPS * USES];
    struct ixs_fit_answer *answers;
    struct ixs_together_spectrum *spectra;
};

static struct ixs_together_source at(double value)
{
    return (struct ixs_together_source){
        .value = value, .lower = NAN, .upper = NAN, .mean = NAN, .sigma = NAN};
}

static bool make_group(struct group *group, double kelvin, struct ixs_err *err)
{
    const double warm = kelvin / 300.0, grid[2] = {first, step};
    const double shared[USES] = {8.0 - 0.2 * warm, 0.3 + 0.4 * warm, 14.0 - 0.4 * warm,
                                 0.5 + 0.6 * warm};
    group->kelvin = kelvin;
    memcpy(group->shared, shared, sizeof shared);
    return plain_convolve(group->lines[0], &response, shared, kelvin, POINTS, grid, err) &&
           plain_convolve(group->lines[1], &response, shared + 2, kelvin, POINTS, grid, err);
}

static bool make(struct bench *bench, size_t ngroups, size_t nspectra, struct ixs_err *err)
{
    size_t n = bench->nspectra = nspectra;
    bench->ngroups = ngroups;
    ixs_transforms_make(&bench->transforms, &response);
    bool ok = IXS_NEW(bench->data, n, err) && IXS_NEW(bench->pieces, n, err) &&
              IXS_NEW(bench->own, n, err) && IXS_NEW(bench->truth, n, err) &&
              IXS_NEW(bench->uses, n, err) && IXS_NEW(bench->answers, n, err) &&
              IXS_NEW(bench->spectra, n, err);
    for (size_t g = 0; ok && g < ngroups; g++)
        ok = make_group(&bench->groups[g],
                        ngroups == 3 ? (double[]){100.0, 300.0, 600.0}[g] : 50.0 + 50.0 * (double)g,
                        err);
    return ok;
}

static void dispose(struct bench *bench)
{
    free(bench->data);
    free(bench->pieces);
    free(bench->own);
    free(bench->truth);
    free(bench->uses);
    free(bench->answers);
    free(bench->spectra);
}

/* Counts of spectrum b, its zero taken off the energies that are told instead of shifting lines. */
static void draw(struct bench *bench, size_t b, uint64_t *state)
{
    const struct group *group = &bench->groups[b % bench->ngroups];
    struct data *data = &bench->data[b];
    double *truth = bench->truth[b], zone = (double)(b / bench->ngroups % ZONES);
    const double own[OWN] = {zero_err * ixs_chance_normal(state), 30.0 + 5.0 * zone, 0.02,
                             1.5 + 1.2 * zone, 6.0 - 1.3 * zone};
    memcpy(truth, own, sizeof own);
    for (size_t i = 0; i < POINTS; i++) {
        double energy = first + step * (double)i;
        double rate = own[1] * plain_response(&response, energy) + own[2] +
                      own[3] * group->lines[0][i] + own[4] * group->lines[1][i];
        data->energy[i] = energy + own[0];
        data->exposure[i] = exposure * chance_between(state, 0.9, 1.1);
        data->counts[i] = chance_poisson(state, data->exposure[i] * rate);
    }
}

/* Everything a little off the truth. */
static void begin(struct bench *bench, size_t b)
{
    const struct group *group = &bench->groups[b % bench->ngroups];
    struct data *data = &bench->data[b];
    struct ixs_together_piece *piece = &bench->pieces[b];
    *piece = (struct ixs_together_piece){.task = IXS_FIT_TASK, .nterms = LOCAL, .terms = terms};
    piece->task.points =
        (struct ixs_model_points){POINTS, data->energy, data->counts, data->exposure, NULL};
    piece->task.response = response;
    piece->task.transforms = &bench->transforms;
    piece->task.kelvin = group->kelvin;
    piece->task.zero_err = zero_err;
    piece->task.nmodes = MODES;
    piece->task.quick = true;
    for (size_t k = 0; k < OWN; k++)
        bench->own[b][k] = at(k == 0 ? 0.0 : 1.2 * bench->truth[b][k]);
    bench->own[b][0].mean = 0.0;
    bench->own[b][0].sigma = zero_err;
    for (size_t k = 0; k < USES; k++) {
        bench->uses[b][k] = USES * (b % bench->ngroups) + k;
        bench->shared[bench->uses[b][k]] = at(group->shared[k] * (k % 2 ? 1.2 : 1.03));
    }
    bench->spectra[b] = (struct ixs_together_spectrum){.npieces = 1,
                                                       .pieces = piece,
                                                       .nown = OWN,
                                                       .nuses = USES,
                                                       .own = bench->own[b],
                                                       .uses = bench->uses[b],
                                                       .answer = &bench->answers[b]};
}

static bool run(struct bench *bench, uint64_t seed, uint64_t index, size_t threads,
                struct ixs_together_result *result, struct ixs_err *err)
{
    uint64_t state = ixs_chance_state(seed, index);
    for (size_t b = 0; b < bench->nspectra; b++) {
        draw(bench, b, &state);
        begin(bench, b);
    }
    const struct ixs_together together = {bench->nspectra, USES * bench->ngroups,
                                          bench->spectra,  bench->shared,
                                          threads,         bench->quick};
    const struct ixs_bootstrap_rules draws = {seed, index, bench->bootstrap};
    return ixs_together_fit(&together, result, NULL, err) &&
           (draws.draws == 0 || ixs_together_bootstrap(&together, &draws, result, err));
}

/* Mean 0 and width 1 within three of their own standard errors and a hundredth. */
static bool hold(const struct pull_sums *sums, const char *what)
{
    double mean = pull_mean(sums), width = pull_rms(sums);
    bool good = fabs(mean) < 3.0 / sqrt(sums->n) + 0.01 &&
                fabs(width - 1.0) < 3.0 / sqrt(2.0 * sums->n) + 0.01;
    printf("  %-28s %6.0f pulls  mean %6.3f +- %.3f  width %.3f +- %.3f  %s\n", what, sums->n, mean,
           1.0 / sqrt(sums->n), width, 1.0 / sqrt(2.0 * sums->n), good ? "ok" : "MISSED");
    return good;
}

/* Sum of 1/error^2 of a shared parameter by single fits of the spectra of its group. */
static double weight_alone(struct bench *bench, struct ixs_fit_space *space, size_t group, size_t k)
{
    struct ixs_fit_answer answer;
    double sum = 0.0;
    for (size_t b = group; b < bench->nspectra; b += bench->ngroups) {
        ixs_fit_run(space, &bench->pieces[b].task, &answer);
        double error = answer.errors[terms[OWN + k].parameter];
        sum += error > 0.0 ? 1.0 / (error * error) : 0.0;
    }
    return sum;
}

struct covered {
    double n, inside, below;
};

static void cover(struct covered *covered, double truth, double lo, double hi, double limit)
{
    covered->n += 1.0;
    covered->inside += lo <= truth && truth <= hi;
    covered->below += truth <= limit;
}

/* 68 % of the intervals, 90 % of the limits, within three standard errors and two hundredths. */
static bool covers(const struct covered *covered, const char *what, bool limits)
{
    double n = covered->n, inside = covered->inside / n, below = covered->below / n;
    bool good = fabs(inside - 0.683) < 3.0 * sqrt(0.22 / n) + 0.02 &&
                (!limits || fabs(below - 0.9) < 3.0 * sqrt(0.09 / n) + 0.02);
    printf("  %-28s %6.0f intervals: %.3f +- %.3f of the truths within", what, n, inside,
           sqrt(0.22 / n));
    if (limits)
        printf(", %.3f +- %.3f below the limit", below, sqrt(0.09 / n));
    printf("  %s\n", good ? "ok" : "MISSED");
    return good;
}

struct pulls {
    struct covered of_energies, of_widths, of_strengths, by_draws_energies, by_draws_widths;
    struct pull_sums energies, widths, strengths, zeros, factor;
    size_t draws, poor, disagree, failed;
};

static void pull_shared(struct bench *bench, struct pulls *pulls, size_t g,
                        struct ixs_fit_space *space)
{
    for (size_t k = 0; k < USES; k++) {
        const struct ixs_together_source *shared = &bench->shared[USES * g + k];
        pull_add(k % 2 ? &pulls->widths : &pulls->energies,
                 (shared->value - bench->groups[g].shared[k]) / shared->error);
        cover(k % 2 ? &pulls->of_widths : &pulls->of_energies, bench->groups[g].shared[k],
              shared->lo, shared->hi,
              k % 2 ? bench->answers[g].lines[k / 2].fwhm_ul90 : (double)NAN);
        cover(k % 2 ? &pulls->by_draws_widths : &pulls->by_draws_energies,
              bench->groups[g].shared[k], shared->bootstrap.lo, shared->bootstrap.hi, (double)NAN);
    }
    if (pulls->draws % 10 == 0)
        pull_add(&pulls->factor,
                 bench->shared[USES * g].error * sqrt(weight_alone(bench, space, g, 0)));
}

static void pull(struct bench *bench, struct pulls *pulls, struct ixs_fit_space *space,
                 const struct ixs_together_result *result)
{
    pulls->poor += result->p_value < 0.05;
    pulls->disagree += result->agreement < 0.05;
    pulls->failed += result->status == IXS_FIT_NOT_CONVERGED;
    for (size_t g = 0; g < bench->ngroups; g++)
        pull_shared(bench, pulls, g, space);
    for (size_t b = 0; b < bench->nspectra; b++)
        for (size_t k = 0; k < OWN; k += k == 0 ? 3 : 1)
            pull_add(k == 0 ? &pulls->zeros : &pulls->strengths,
                     (bench->own[b][k].value - bench->truth[b][k]) / bench->own[b][k].error);
    for (size_t b = 0; b < bench->nspectra; b++)
        for (size_t k = 3; k < OWN; k++)
            cover(&pulls->of_strengths, bench->truth[b][k], bench->own[b][k].lo,
                  bench->own[b][k].hi, (double)NAN);
    pulls->draws++;
}

static bool share_holds(const char *what, size_t found, size_t n)
{
    double share = (double)found / (double)n, error = sqrt(0.05 * 0.95 / (double)n);
    bool good = fabs(share - 0.05) < 3.0 * error + 0.01;
    printf("  %-28s below 0.05 in %.3f +- %.3f of all  %s\n", what, share, error,
           good ? "ok" : "MISSED");
    return good;
}

static bool run_pulls(const long numbers[4], bool *good, struct ixs_err *err)
{
    size_t draws = (size_t)numbers[0], threads = (size_t)numbers[2];
    uint64_t seed = (uint64_t)numbers[1];
    struct bench bench = {.bootstrap = (size_t)numbers[3]};
    struct pulls pulls = {0};
    struct ixs_fit_space *space = NULL;
    struct ixs_together_result result;
    bool ok = make(&bench, 3, 3 * ZONES, err) && ixs_fit_space_new(&space, POINTS, err);
    for (size_t d = 0; ok && d < draws; d++)
        if ((ok = run(&bench, seed, d, threads, &result, err)))
            pull(&bench, &pulls, space, &result);
    if (ok) {
        double factor = pull_mean(&pulls.factor);
        printf("four zones at three temperatures, %zu draws:\n", draws);
        *good = hold(&pulls.energies, "shared energies");
        *good = hold(&pulls.widths, "shared widths") && *good;
        *good = hold(&pulls.strengths, "own strengths") && *good;
        *good = hold(&pulls.zeros, "own zeros") && *good;
        *good = covers(&pulls.of_energies, "shared energies", false) && *good;
        *good = covers(&pulls.of_widths, "shared widths", true) && *good;
        *good = covers(&pulls.of_strengths, "own strengths", false) && *good;
        *good = share_holds("P_VALUE", pulls.poor, draws) && *good;
        *good = share_holds("AGREEMENT", pulls.disagree, draws) && *good;
        if (bench.bootstrap > 0) {
            *good = covers(&pulls.by_draws_energies, "energies by bootstrap", false) && *good;
            *good = covers(&pulls.by_draws_widths, "widths by bootstrap", false) && *good;
        }
        printf("  %-28s %.3f of (sum of 1/error^2 of single fits)^-1/2\n",
               "errors of shared energies", factor);
        printf("  %-28s %zu\n", "not converged", pulls.failed);
        *good = *good && pulls.failed == 0 && factor > 0.9 && factor < 1.05;
    }
    ixs_fit_space_free(space);
    dispose(&bench);
    return ok;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time); /* of all threads: others may be at work */
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Processor time a spectrum, the best of three. */
static bool measure(size_t nspectra, bool quick, size_t threads, double *each, struct ixs_err *err)
{
    struct bench bench = {.quick = quick};
    struct ixs_together_result result;
    double best = INFINITY;
    bool ok = make(&bench, MOST_GROUPS, nspectra, err);
    for (int again = 0; ok && again < 3; again++) {
        double before = now();
        ok = run(&bench, 1, 0, threads, &result, err);
        best = fmin(best, now() - before);
    }
    *each = best / (double)nspectra;
    if (ok)
        printf("  %4zu spectra%s: %.3f s of processor, %.0f us a spectrum, %zu iterations, %s\n",
               nspectra, quick ? "" : " with profiles", best, 1e6 * *each, result.iterations,
               ixs_fit_status_word(result.status));
    dispose(&bench);
    return ok;
}

static bool run_speed(size_t threads, bool *good, struct ixs_err *err)
{
    static const size_t sizes[] = {250, 500, 1000, 2000};
    bool ok = true;
    *good = true;
    printf("52 shared parameters, two modes a spectrum, %zu threads:\n", threads);
    for (int quick = 1; ok && quick >= 0; quick--) {
        double each[IXS_COUNT(sizes)] = {0};
        for (size_t i = 0; ok && i < IXS_COUNT(sizes); i++)
            ok = measure(sizes[i], quick > 0, threads, &each[i], err);
        double ratio = each[IXS_COUNT(sizes) - 1] / each[0];
        *good = *good && ratio < 1.3;
        printf("  time a spectrum at 2000 over that at 250: %.2f  %s\n", ratio,
               ratio < 1.3 ? "ok" : "MISSED");
    }
    return ok;
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    bool good = false, ok = true, speed = argc > 1 && strcmp(argv[1], "speed") == 0;
    long numbers[4] = {speed ? 1 : 200, 1, 1, 0};
    for (int i = 0; i < 4 && i + 2 < argc; i++)
        numbers[i] = strtol(argv[i + 2], NULL, 10);
    if (argc < 2 || (!speed && strcmp(argv[1], "pulls") != 0) || numbers[0] < 1) {
        fputs("usage: together pulls DRAWS [SEED [THREADS [BOOTSTRAP]]] | speed [THREADS]\n",
              stderr);
        return 2;
    }
    if (speed)
        ok = run_speed((size_t)numbers[0], &good, &err);
    else
        ok = run_pulls(numbers, &good, &err);
    if (!ok)
        fprintf(stderr, "%s\n", err.text);
    return ok && good ? 0 : 1;
}
