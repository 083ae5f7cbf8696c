/* SPDX-License-Identifier: GPL-3.0-or-later
 * `bench/repeats [DRAWS]`: what is found and what is lost of planted spikes, and how wide the pulls
 * of shifts are, over numbers of scans, counts and priors; tests/test_repeats.c is a slice of it.
 * Ends with 1 where a promise of docs/merging.md is not kept where it is made: from three scans on.
 */
#include "tests/repeats_scene.h"

#include <stdio.h>
#include <stdlib.h>

static double share(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0.0;
}

/* A share that should be at least `least`, within three standard errors of the draws. */
static bool holds(size_t part, size_t whole, double least)
{
    double n = (double)whole;
    return n == 0.0 || share(part, whole) > least - 3.0 * sqrt(least * (1.0 - least) / n);
}

static bool judge(struct scene scene, int draws)
{
    static struct scene_room room;
    struct scene_score score = {0};
    for (int i = 0; i < draws; i++) {
        scene.seed = 4711 + 6700417 * (uint64_t)i;
        if (!scene_judge(&score, &room, &scene))
            return false;
    }
    double rms = sqrt(score.pull_squared / (double)(score.npulls + (score.npulls == 0)));
    bool kept = scene.nscans < 3 ||
                (holds(score.six_found, score.six, 0.95) &&
                 holds(score.ten_found, score.ten, 0.99) && share(score.lost, score.good) < 1e-3);
    printf("%5zu %7.0f %6.2f %9zu %8.5f %8.4f %8.4f %8.3f %7.3f %s\n", scene.nscans, scene.counts,
           scene.prior, score.good, share(score.lost, score.good),
           share(score.six_found, score.six), share(score.ten_found, score.ten), rms,
           share(score.odd_scans, score.scans), kept ? "" : "not kept");
    return kept;
}

int main(int argc, char **argv)
{
    static const size_t scans[] = {1, 2, 3, 6};
    static const double counts[] = {10.0, 50.0, 300.0, 3000.0};
    int draws = argc > 1 ? atoi(argv[1]) : 100;
    bool kept = true;
    printf("scans  counts  prior      good     lost 6 to 10 above 10    pulls  p<0.01\n");
    for (size_t s = 0; s < sizeof scans / sizeof scans[0]; s++)
        for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
            struct scene scene = {.nscans = scans[s],
                                  .nseries = 4,
                                  .counts = counts[c],
                                  .drift = c % 2 == 0 ? 0.05 : 0.4,
                                  .prior = c % 2 == 0 ? 0.05 : NAN,
                                  .own = 0.01,
                                  .jitter = 0.015,
                                  .spikes = 0.01,
                                  .from = 6.0,
                                  .to = 16.0};
            kept = judge(scene, draws) && kept;
        }
    return kept ? 0 : 1;
}
