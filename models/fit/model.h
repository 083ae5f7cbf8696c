/* SPDX-License-Identifier: GPL-3.0-or-later
 * The model of one spectrum,
 *   mu_i = exposure_i {R x [elastic delta + quasi-elastic line + modes + table](E_i - zero)
 *                      + background(E_i)} + dark_i,
 * the background not convolved. Parameters stand in one vector in this order:
 *   zero [meV], elastic [meV count/s], background [count/s], its higher powers of E
 * [count/s/meV^k], AREA [meV count/s] and FWHM [meV] of the quasi-elastic line, SCALE of the table,
 *   what belongs to background data (models/fit/cell.h), then OMEGA0, FWHM [meV],
 *   STRENGTH [meV count/s] of each mode.
 * Only the first three and the modes are always there.
 */
#ifndef IXS_MODELS_FIT_MODEL_H
#define IXS_MODELS_FIT_MODEL_H

#include "models/line/curve.h"
#include "models/line/dho.h"
#include "models/line/kernels.h"

enum {
    IXS_MODEL_ZERO = 0,
    IXS_MODEL_ELASTIC = 1,
    IXS_MODEL_BACKGROUND = 2,
    IXS_MODEL_PER_MODE = 3,
    IXS_MODEL_MOST_MODES = 6,
    IXS_MODEL_MOST_DEGREE = 3,
    IXS_MODEL_MOST_CELL = 36, /* parameters of background data: models/fit/cell.h */
    IXS_MODEL_MOST_PARAMETERS =
        3 + IXS_MODEL_MOST_DEGREE + 3 + IXS_MODEL_MOST_CELL + 3 * IXS_MODEL_MOST_MODES,
    IXS_MODEL_MOST_LINES = 2 + IXS_MODEL_MOST_MODES,
    IXS_MODEL_NONE = 255, /* an index of no parameter */
};

struct ixs_model_form {    /* what there is beside modes; all-zero is the common case */
    int background_degree; /* of the polynomial in E, 0 .. IXS_MODEL_MOST_DEGREE */
    bool quasielastic;     /* a quasi-elastic line */
    bool interaction; /* of it with the first mode: the hydrodynamic triplet (models/line/line.h) */
    bool pair;        /* modes are pairs of Lorentzians, not damped oscillators */
    int ncell;        /* parameters of background data; ixs_model_... pass them over */
    bool tabulated;   /* a calculated S(E) times a scale, */
    const struct ixs_curve *table; /* convolved (models/line/curve.h); for evaluation alone */
    double acceptance[IXS_MODEL_MOST_MODES]; /* meV, over which slits spread the energy of each
                                                mode (models/line/acceptance.h); 0: none */
};

struct ixs_model_points { /* measured points of one spectrum; arrays [n] are borrowed */
    size_t n;
    const double *energy;   /* meV, any order, any spacing */
    const double *counts;   /* NULL where only the model is wanted */
    const double *exposure; /* s, > 0 */
    const double *dark;     /* expected dark counts; NULL: none */
};

struct ixs_model_line { /* a line of the model: which parameters it takes */
    enum ixs_line_kind kind;
    unsigned char amplitude, factor; /* it is their product; factor may be IXS_MODEL_NONE */
    unsigned char shape[IXS_LINE_SHAPES];
};

enum { IXS_MODEL_SERIES = IXS_KERNEL_SERIES };

struct ixs_model_far { /* Re W(E + i nu_j) of Bose's farther poles as polynomials in E/reach */
    size_t near;       /* poles before this one are too near for that */
    size_t order;
    double value[IXS_BOSE_MOST][IXS_MODEL_SERIES];
};

/* Everything a model needs beside its parameters; made once, then evaluated without allocation. */
struct ixs_model {
    struct ixs_model_points points;
    struct ixs_model_form form;
    const struct ixs_transform *transform; /* borrowed */
    const struct ixs_kernels *kernels;
    struct ixs_bose bose;
    double reach;  /* meV: |energy - zero| stays below */
    size_t stride; /* of the Jacobian's columns; points.n unless something is put behind them */
    size_t nmodes, nparameters;
    size_t first_quasielastic, first_table, first_cell, first_mode; /* indices of parameters */
    size_t nlines;
    struct ixs_model_line lines[IXS_MODEL_MOST_LINES];
    struct ixs_model_far far;
};

/* The arrays in points, the transform and the table stay borrowed, the Bose factor is copied: right
 * to ixs_model_span(points) or farther. most_zero: |zero| stays below. */
void ixs_model_make(struct ixs_model *model, const struct ixs_model_points *points,
                    const struct ixs_transform *transform, const struct ixs_bose *bose,
                    double most_zero, const struct ixs_model_form *form, size_t nmodes);
double ixs_model_span(const struct ixs_model_points *points); /* meV */
double ixs_model_span_within(double widest);                  /* for |energy| up to that */
void ixs_model_set_modes(struct ixs_model *model, size_t nmodes);
/* Index of the first parameter behind the background's. */
static inline size_t ixs_model_after_background(const struct ixs_model_form *form)
{
    return IXS_MODEL_BACKGROUND + 1 + (size_t)form->background_degree;
}
size_t ixs_model_nparameters(const struct ixs_model_form *form, size_t nmodes);
size_t ixs_model_first_mode(const struct ixs_model_form *form);
size_t ixs_model_first_quasielastic(const struct ixs_model_form *form); /* AREA */

/* mu[n], and where jacobian is not NULL jacobian[k * stride + i] = d mu_i / d parameter_k. */
void ixs_model_evaluate(const struct ixs_model *model, const double *parameters, double *mu,
                        double *jacobian);

/* Components in count/s at any energies (the points' own if energy is NULL): each array [n] may be
 * NULL. modes[k] is the array of mode k; the interaction counts with the quasi-elastic line. total
 * is the sum of all. */
struct ixs_model_curves {
    double *total, *elastic, *background, *quasielastic, *table;
    double *modes[IXS_MODEL_MOST_MODES];
};
void ixs_model_components(const struct ixs_model *model, const double *parameters, size_t n,
                          const double *energy, const struct ixs_model_curves *out);

struct ixs_model_name { /* of a parameter, as in the PARAMETERS table of a FIT product */
    char component[17]; /* "zero", "elastic", "background", "quasielastic", "table", "dho1" .. */
    const char *name;   /* "zero", "area", "level", "slope", "omega0", "fwhm", "strength" .. */
    const char *unit;   /* FITS */
};
struct ixs_model_name ixs_model_parameter(const struct ixs_model_form *form, size_t index);

#endif
