/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the processor can do at most: flops per second of independent multiplications and additions
 * in registers, with the instructions that a version of the kernels may use.
 */
#ifndef IXS_BENCH_PEERS_PEAK_H
#define IXS_BENCH_PEERS_PEAK_H

#include <stddef.h>

/* Runs `rounds` rounds for the kernels of this name ("plain", "x86-64-v3", "x86-64-v4"); the number
 * of flops done, 0 where the processor or the compiler does not know these instructions. */
double peak_run(const char *kernels, size_t rounds);

#endif
