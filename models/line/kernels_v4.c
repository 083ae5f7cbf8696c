/* SPDX-License-Identifier: GPL-3.0-or-later
 * The kernels for processors of x86-64-v4 (AVX-512): vectors of eight doubles, fused
 * multiplications written out.
 */
#include "models/line/kernels.h"

#ifdef __x86_64__

#include <immintrin.h>

#define LANES 8
#define VERSION "x86-64-v4"

typedef double vector __attribute__((vector_size(8 * LANES)));

static inline vector fused(vector a, vector b, vector c)
{
    return _mm512_fmadd_pd(a, b, c);
}

#include "models/line/kernels_body.h"

const struct ixs_kernels *ixs_kernels_v4(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("bmi2")
               ? &version
               : NULL;
}

#else

const struct ixs_kernels *ixs_kernels_v4(void)
{
    return NULL;
}

#endif
