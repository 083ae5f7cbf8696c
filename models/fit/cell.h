/* SPDX-License-Identifier: GPL-3.0-or-later
 * Background data: what an empty cell, or a bare substrate, scatters, counted by itself. Counts of
 * the spectrum and of the cell are data of one likelihood (Cash, ApJ 228, 939, 1979),
 *   N_i ~ Poisson(e_i {s(E_i) + k b(E_i - zero)} + dark_i),
 *   M_j ~ Poisson(c_j b(E_j - cell's zero) + dark_j),
 * with k known to an error. Of b, of which nothing is wanted, is known that it is positive, has an
 * elastic line behind the response, and is else as smooth as its counts allow:
 *   b(E) = area R(E) + exp(eta(E)),  eta(E) = a_0 + Sum_m a_m cos(m pi (E - lo)/length),
 *   a_m ~ N(0, (roughness/m^2)^2), m = 1, 2 ..,
 * which is the prior of a cubic smoothing spline (Int eta''^2 dE ~ Sum m^4 a_m^2; Wahba, Spline
 * Models for Observational Data, 1990) in functions that diagonalise it (Solin & Sarkka, Stat.
 * Comput. 30, 419, 2020). The roughness is that of largest evidence (models/fit/fit_background.c).
 * The cell need not be measured at the energies of the spectrum.
 *
 * Its parameters stand before the modes of the spectrum: scale k, the cell's zero [meV], elastic
 * area [meV count/s], then the waves a_0, a_1 ..
 */
#ifndef IXS_MODELS_FIT_CELL_H
#define IXS_MODELS_FIT_CELL_H

#include "models/fit/model.h"

enum {
    IXS_CELL_SCALE = 0,
    IXS_CELL_ZERO = 1,
    IXS_CELL_AREA = 2,
    IXS_CELL_WAVES = 3, /* the first of them */
    IXS_CELL_MOST_WAVES = IXS_MODEL_MOST_CELL - IXS_CELL_WAVES,
};

struct ixs_cell {                   /* all borrowed */
    struct ixs_model_points points; /* of the cell alone */
    double scale, scale_err;        /* k: Gaussian prior; error 0: exact */
    double zero_err;                /* meV, of its energies; NaN: not known */
};

struct ixs_cell_waves {
    double roughness;  /* of the prior */
    double lo, length; /* meV, of the energies that they are made for */
};

struct ixs_cell_model {
    size_t nparameters; /* with the scale; 0: no background data */
    size_t first;       /* index of the scale */
    struct ixs_cell_waves waves;
    const struct ixs_transform *transform; /* borrowed, as are the arrays */
    const struct ixs_kernels *kernels;
    struct ixs_model_points here, alone; /* points of the spectrum without dark; of the cell */
    double *share;                       /* [points of the spectrum] workspace */
};

/* Of the prior of wave m. */
double ixs_cell_sigma(double roughness, size_t m);

/* The cell's model beside that of a spectrum, whose form has ncell parameters for it; sets the
 * stride of `sample` to the points of both, the cell's behind the spectrum's. */
void ixs_cell_model_make(struct ixs_cell_model *out, struct ixs_model *sample,
                         const struct ixs_cell *cell, double *share);

/* Expected counts of both, and their slopes by all parameters. */
void ixs_cell_evaluate(const struct ixs_cell_model *cell, const struct ixs_model *sample,
                       const double *parameters, double *mu, double *jacobian);

/* The cell's own: parameters[nparameters - 1] from its zero on, columns of `stride`. */
void ixs_cell_alone(const struct ixs_cell_model *cell, const double *parameters, size_t stride,
                    double *mu, double *jacobian);

/* What the cell adds to the expected counts of the spectrum: into cell->share. */
void ixs_cell_share(const struct ixs_cell_model *cell, const double *parameters);

/* The cell's part in the spectrum's rate, k b(energy - zero) in count/s; where by is not NULL its
 * slopes by all parameters are added to by[]. */
double ixs_cell_rate(const struct ixs_cell_model *cell, const double *parameters, double energy,
                     double *by);

#endif
