/* SPDX-License-Identifier: GPL-3.0-or-later
 * Today's C: cminpack's lmdif (finite differences) around a model convolved by FFTW.
 */
#include "bench/peers/gridded.h"
#include "bench/peers/serve.h"

#include <cminpack.h>
#include <stdlib.h>
#include <string.h>

struct work {
    struct gridded *grid;
    const struct peers_set *set;
    const struct peers_spectrum *spectrum;
    double *residuals, *jacobian, *spare;
};

static int residuals(void *context, int npoints, int nparameters, const double *parameters,
                     double *out, int flag)
{
    const struct work *work = (const struct work *)context;
    (void)npoints, (void)nparameters, (void)flag;
    gridded_residuals(work->grid, work->set, work->spectrum, parameters, out);
    return 0;
}

static void *prepare(const struct peers_set *set)
{
    struct work *work = (struct work *)calloc(1, sizeof *work);
    if (!work)
        abort();
    work->grid = gridded_new(set);
    work->residuals = (double *)calloc(set->npoints * (2 + PEERS_PARAMETERS), sizeof(double));
    if (!work->residuals)
        abort();
    work->jacobian = work->residuals + set->npoints;
    work->spare = work->jacobian + set->npoints * PEERS_PARAMETERS;
    return work;
}

static void fit(void *context, const struct peers_set *set, size_t index,
                struct peers_answer *answer)
{
    enum { P = PEERS_PARAMETERS };
    struct work *work = (struct work *)context;
    double diag[P], qtf[P], spare[3 * P];
    int pivots[P], evaluations = 0, n = (int)set->npoints;
    work->set = set;
    work->spectrum = &set->spectra[index];
    int p = (int)peers_nparameters(work->spectrum);
    memcpy(answer->parameters, work->spectrum->start, sizeof answer->parameters);
    lmdif(residuals, work, n, p, answer->parameters, work->residuals, 1e-8, 1e-8, 0.0,
          2000 * (p + 1), 0.0, diag, 1, 100.0, 0, &evaluations, work->jacobian, n, pivots, qtf,
          spare, spare + P, spare + 2 * P, work->spare);
    answer->evaluations = evaluations;
    answer->objective = 0.0;
    for (int i = 0; i < n; i++)
        answer->objective += work->residuals[i] * work->residuals[i];
}

int main(int argc, char **argv)
{
    static const struct peers_program program = {prepare, fit};
    return peers_serve(argc, argv, &program);
}
