/* SPDX-License-Identifier: GPL-3.0-or-later
 * The kernels for processors of x86-64-v3 (AVX2 and FMA): vectors of four doubles, fused
 * multiplications written out.
 */
#include "models/line/kernels.h"

#ifdef __x86_64__

#include <immintrin.h>

#define LANES 4
#define VERSION "x86-64-v3"

typedef double vector __attribute__((vector_size(8 * LANES)));

static inline vector fused(vector a, vector b, vector c)
{
    return _mm256_fmadd_pd(a, b, c);
}

#include "models/line/kernels_body.h"

const struct ixs_kernels *ixs_kernels_v3(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &version : NULL;
}

#else

const struct ixs_kernels *ixs_kernels_v3(void)
{
    return NULL;
}

#endif
