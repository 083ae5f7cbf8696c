/* SPDX-License-Identifier: GPL-3.0-or-later
 * The kernels for any processor: vectors of two doubles, no fused multiplication. Also the choice
 * between the versions.
 */
#include "models/line/kernels.h"

#include "base/array.h"

#include <stdlib.h>

#define LANES 2
#define VERSION "plain"

typedef double vector __attribute__((vector_size(8 * LANES)));

static inline vector fused(vector a, vector b, vector c)
{
    return a * b + c;
}

#include "models/line/kernels_body.h"

const struct ixs_kernels *ixs_kernels_plain(void)
{
    return &version;
}

const struct ixs_kernels *ixs_kernels(void)
{
    const struct ixs_kernels *versions[] = {ixs_kernels_v4(), ixs_kernels_v3(), &version},
                             *best = NULL;
    const char *wish = getenv("IXSFLOW_KERNELS");
    for (size_t k = 0; k < IXS_COUNT(versions); k++) {
        if (versions[k] && wish && strcmp(wish, versions[k]->name) == 0)
            return versions[k];
        best = best ? best : versions[k];
    }
    return best;
}

size_t ixs_kernels_room(size_t nparameters, size_t ndata)
{
    return (nparameters + 1) * ndata + 16;
}

size_t ixs_kernels_spare(size_t nparameters, size_t ndata)
{
    return (nparameters + 6) * (ndata + 16);
}

size_t ixs_kernels_lines(size_t n)
{
    return (n + IXS_KERNELS_LINE - 1) / IXS_KERNELS_LINE * IXS_KERNELS_LINE;
}

double *ixs_kernels_aligned(double *room)
{
    size_t over = (uintptr_t)room / sizeof *room % IXS_KERNELS_LINE;
    return over > 0 ? room + (IXS_KERNELS_LINE - over) : room;
}
