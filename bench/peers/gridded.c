/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gridded convolution with FFTW: one real transform each way for each evaluation.
 */
#include "bench/peers/gridded.h"

#include <fftw3.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 1201, HALF = 200, LENGTH = 1280, BINS = LENGTH / 2 + 1 };
#define STEP 0.1
#define FIRST (-60.0)

struct gridded {
    double *s; /* [LENGTH] S on the grid, then the convolution */
    fftw_complex *spectrum;
    fftw_complex *responses; /* [nanalyzers * BINS] */
    double norms[PEERS_ANALYZERS];
    fftw_plan forward, backward;
};

static void transform_response(struct gridded *grid, const struct peers_set *set, size_t a)
{
    double sum = 0.0;
    memset(grid->s, 0, LENGTH * sizeof *grid->s);
    for (int m = -HALF; m <= HALF; m++)
        sum += grid->s[m + HALF] = peers_response_at(&set->responses[a], STEP * m);
    grid->norms[a] = sum * STEP;
    for (int m = 0; m <= 2 * HALF; m++)
        grid->s[m] /= sum * LENGTH; /* FFTW does not divide by the length */
    fftw_execute(grid->forward);
    memcpy(grid->responses + a * BINS, grid->spectrum, BINS * sizeof *grid->spectrum);
}

struct gridded *gridded_new(const struct peers_set *set)
{
    struct gridded *grid = (struct gridded *)calloc(1, sizeof *grid);
    if (!grid)
        abort();
    grid->s = fftw_alloc_real(LENGTH);
    grid->spectrum = fftw_alloc_complex(BINS);
    grid->responses = fftw_alloc_complex(set->nanalyzers * BINS);
    grid->forward = fftw_plan_dft_r2c_1d(LENGTH, grid->s, grid->spectrum, FFTW_PATIENT);
    grid->backward = fftw_plan_dft_c2r_1d(LENGTH, grid->spectrum, grid->s, FFTW_PATIENT);
    for (size_t a = 0; a < set->nanalyzers; a++)
        transform_response(grid, set, a);
    return grid;
}

static void fill(double *s, size_t nmodes, const double *parameters)
{
    for (size_t i = 0; i < CELLS; i++) {
        double x = FIRST + STEP * (double)i - parameters[1], sum = 0.0;
        for (size_t k = 0; k < nmodes; k++) {
            const double *mode = parameters + 4 + 3 * k;
            sum += mode[0] * peers_mode(x, mode[1], mode[2]);
        }
        s[i] = sum * peers_bose(x);
    }
    memset(s + CELLS, 0, (LENGTH - CELLS) * sizeof *s);
}

static void convolve(struct gridded *grid, size_t analyzer)
{
    fftw_complex *response = grid->responses + analyzer * BINS;
    fftw_execute(grid->forward);
    for (size_t i = 0; i < BINS; i++) {
        double re = grid->spectrum[i][0], im = grid->spectrum[i][1];
        grid->spectrum[i][0] = re * response[i][0] - im * response[i][1];
        grid->spectrum[i][1] = re * response[i][1] + im * response[i][0];
    }
    fftw_execute(grid->backward);
}

void gridded_residuals(struct gridded *grid, const struct peers_set *set,
                       const struct peers_spectrum *spectrum, const double *parameters,
                       double *residuals)
{
    const struct peers_response *response = &set->responses[spectrum->analyzer];
    double norm = grid->norms[spectrum->analyzer];
    size_t stride = 800 / (set->npoints - 1);
    fill(grid->s, spectrum->nmodes, parameters);
    convolve(grid, spectrum->analyzer);
    for (size_t i = 0; i < set->npoints; i++) {
        double e = set->energy[i], count = spectrum->counts[i];
        double model = parameters[2] + parameters[3] * e + grid->s[2 * HALF + i * stride] +
                       parameters[0] * peers_response_at(response, e - parameters[1]) / norm;
        residuals[i] = (model - count) / sqrt(fmax(count, 1.0));
    }
}
