/* SPDX-License-Identifier: GPL-3.0-or-later
 * The model of one spectrum,
 *   mu_i = exposure_i {R x [elastic delta + modes](E_i - zero) + background} + dark_i,
 * the background not convolved. Parameters stand in one vector in this order:
 *   zero [meV], elastic [meV count/s], background [count/s], then OMEGA0, FWHM, STRENGTH of each
 * mode.
 */
#ifndef IXS_MODELS_MODEL_H
#define IXS_MODELS_MODEL_H

#include "models/dho.h"

#include "base/err.h"

enum {
    IXS_MODEL_ZERO = 0,
    IXS_MODEL_ELASTIC = 1,
    IXS_MODEL_BACKGROUND = 2,
    IXS_MODEL_MODES = 3, /* index of the first mode's OMEGA0 */
    IXS_MODEL_PER_MODE = 3,
    IXS_MODEL_MOST_MODES = 6,
    IXS_MODEL_MOST_PARAMETERS = 3 + 3 * 6,
};

struct ixs_model_points { /* measured points of one spectrum; arrays [n] are borrowed */
    size_t n;
    const double *energy;   /* meV, any order, any spacing */
    const double *counts;   /* NULL where only the model is wanted */
    const double *exposure; /* s, > 0 */
    const double *dark;     /* expected dark counts; NULL: none */
};

/* Everything a model needs beside its parameters; made once, then evaluated without allocation. */
struct ixs_model {
    struct ixs_model_points points;
    struct ixs_response response;
    struct ixs_bose bose;
    double kelvin; /* NaN: no detailed balance */
    size_t nmodes;
};

/* Points and response are copied as they are; the arrays in points stay borrowed. */
void ixs_model_make(struct ixs_model *model, const struct ixs_model_points *points,
                    const struct ixs_response *response, double kelvin, size_t nmodes);
size_t ixs_model_nparameters(size_t nmodes);

/* mu[n], and where jacobian is not NULL jacobian[k * n + i] = d mu_i / d parameter_k. */
void ixs_model_evaluate(const struct ixs_model *model, const double *parameters, double *mu,
                        double *jacobian);

/* Components in count/s at any energies (the points' own if energy is NULL): each array [n] may be
 * NULL. modes[k] is the array of mode k. total is their sum with the background. */
struct ixs_model_curves {
    double *total, *elastic, *background;
    double *modes[IXS_MODEL_MOST_MODES];
};
void ixs_model_components(const struct ixs_model *model, const double *parameters, size_t n,
                          const double *energy, const struct ixs_model_curves *out);

/* "zero", "elastic", "background", "dho1" ..; "zero", "area", "level", "omega0", "fwhm",
 * "strength"; FITS unit. component[17]. */
void ixs_model_parameter(size_t index, char component[17], const char **name, const char **unit);

#endif
