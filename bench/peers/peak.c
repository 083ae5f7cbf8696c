/* SPDX-License-Identifier: GPL-3.0-or-later
 * Peak loops: chains enough to hide the delay of an instruction, all in registers.
 */
#include "bench/peers/peak.h"

#include <string.h>

#ifdef __x86_64__

#include <immintrin.h>

static volatile double sink;

/* Vectors of LANES doubles in CHAINS chains: x = x a + b. */
// NOLINTBEGIN(bugprone-macro-parentheses): names and types
#define PEAK(NAME, TARGET, VECTOR, LANES, CHAINS, STEP)                                            \
    __attribute__((target(TARGET), noinline)) static double NAME(size_t rounds)                    \
    {                                                                                              \
        typedef double VECTOR __attribute__((vector_size(8 * (LANES))));                           \
        VECTOR x[CHAINS], a = 0.999999 - (VECTOR){0}, b = 1e-6 - (VECTOR){0}, sum = a;             \
        for (int k = 0; k < (CHAINS); k++)                                                         \
            x[k] = 1.0 + 0.001 * k - (VECTOR){0};                                                  \
        for (size_t r = 0; r < rounds; r++)                                                        \
            _Pragma("GCC unroll 16") for (int k = 0; k < (CHAINS); k++) x[k] = STEP;               \
        for (int k = 0; k < (CHAINS); k++)                                                         \
            sum += x[k];                                                                           \
        sink = sum[0];                                                                             \
        return 2.0 * (LANES) * (CHAINS) * (double)rounds;                                          \
    }
// NOLINTEND(bugprone-macro-parentheses)

PEAK(peak_plain, "sse2", plain_vector, 2, 12, x[k] * a + b)
PEAK(peak_v3, "avx2,fma", v3_vector, 4, 10, (v3_vector)_mm256_fmadd_pd(x[k], a, b))
PEAK(peak_v4, "avx512f,fma", v4_vector, 8, 12, (v4_vector)_mm512_fmadd_pd(x[k], a, b))

double peak_run(const char *kernels, size_t rounds)
{
    __builtin_cpu_init();
    if (strcmp(kernels, "plain") == 0)
        return peak_plain(rounds);
    if (strcmp(kernels, "x86-64-v3") == 0 && __builtin_cpu_supports("fma"))
        return peak_v3(rounds);
    if (strcmp(kernels, "x86-64-v4") == 0 && __builtin_cpu_supports("avx512f"))
        return peak_v4(rounds);
    return 0.0;
}

#else

double peak_run(const char *kernels, size_t rounds)
{
    (void)kernels, (void)rounds;
    return 0.0;
}

#endif
