/* SPDX-License-Identifier: GPL-3.0-or-later
 * Today's C: GSL's multifit_nlinear (finite differences) around a model convolved by FFTW.
 */
#include "bench/peers/gridded.h"
#include "bench/peers/serve.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <stdlib.h>
#include <string.h>

struct work {
    struct gridded *grid;
    const struct peers_set *set;
    const struct peers_spectrum *spectrum;
    double *residuals;
};

/* GSL hands strided columns. */
static int residuals(const gsl_vector *at, void *context, gsl_vector *out)
{
    const struct work *work = (const struct work *)context;
    double parameters[PEERS_PARAMETERS];
    for (size_t k = 0; k < at->size; k++)
        parameters[k] = gsl_vector_get(at, k);
    gridded_residuals(work->grid, work->set, work->spectrum, parameters, work->residuals);
    for (size_t i = 0; i < out->size; i++)
        gsl_vector_set(out, i, work->residuals[i]);
    return GSL_SUCCESS;
}

static void *prepare(const struct peers_set *set)
{
    struct work *work = (struct work *)calloc(1, sizeof *work);
    if (!work)
        abort();
    gsl_set_error_handler_off();
    work->grid = gridded_new(set);
    work->residuals = (double *)calloc(set->npoints, sizeof(double));
    return work;
}

static void fit(void *context, const struct peers_set *set, size_t index,
                struct peers_answer *answer)
{
    struct work *work = (struct work *)context;
    work->set = set;
    work->spectrum = &set->spectra[index];
    size_t p = peers_nparameters(work->spectrum);
    double start[PEERS_PARAMETERS];
    memcpy(start, work->spectrum->start, sizeof start);
    gsl_vector_view from = gsl_vector_view_array(start, p);
    gsl_multifit_nlinear_parameters rules = gsl_multifit_nlinear_default_parameters();
    gsl_multifit_nlinear_fdf problem = {.f = residuals, .n = set->npoints, .p = p, .params = work};
    gsl_multifit_nlinear_workspace *solver =
        gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &rules, set->npoints, p);
    int info = 0;
    gsl_multifit_nlinear_init(&from.vector, &problem, solver);
    gsl_multifit_nlinear_driver(500, 1e-8, 1e-8, 1e-8, NULL, NULL, &info, solver);
    const gsl_vector *residual = gsl_multifit_nlinear_residual(solver);
    gsl_blas_ddot(residual, residual, &answer->objective);
    for (size_t k = 0; k < p; k++)
        answer->parameters[k] = gsl_vector_get(gsl_multifit_nlinear_position(solver), k);
    answer->evaluations = (long)problem.nevalf;
    gsl_multifit_nlinear_free(solver);
}

int main(int argc, char **argv)
{
    static const struct peers_program program = {prepare, fit};
    return peers_serve(argc, argv, &program);
}
