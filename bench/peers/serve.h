/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a program takes part in the comparison (bench/peers/measure.py):
 *   PROGRAM FOLDER NPOINTS             reads lines "FIRST COUNT REPEATS" and answers each with the
 *                                      CPU seconds that these fits took
 *   PROGRAM FOLDER NPOINTS OUT.csv     fits every spectrum once and writes what it found
 */
#ifndef IXS_BENCH_PEERS_SERVE_H
#define IXS_BENCH_PEERS_SERVE_H

#include "bench/peers/spectra.h"

#ifdef __cplusplus
extern "C" {
#endif

struct peers_answer {
    double objective; /* chi-squared or deviance */
    double parameters[PEERS_PARAMETERS];
    long evaluations; /* of the model, as far as the program tells */
};

/* Fits spectrum `index` from its start. */
typedef void peers_fit(void *context, const struct peers_set *set, size_t index,
                       struct peers_answer *answer);

struct peers_program {
    void *(*prepare)(const struct peers_set *set); /* once, not timed */
    peers_fit *fit;
};

int peers_serve(int argc, char **argv, const struct peers_program *program);

double peers_cpu(void); /* s, of this process */

#ifdef __cplusplus
}
#endif

#endif
