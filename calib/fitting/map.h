/* SPDX-License-Identifier: GPL-3.0-or-later
 * The model file on the parameters of a model: every name found, ties followed to their ends, and
 * whatever cannot be meant refused with file and line.
 */
#ifndef IXS_CALIB_FITTING_MAP_H
#define IXS_CALIB_FITTING_MAP_H

#include "calib/fitting/parts.h"
#include "models/fit/fit.h"
#include "products/calibration.h"

struct ixs_fitting_map { /* a value; n == 0: nothing is tied, shared or set */
    size_t n;            /* parameters of the model */
    struct ixs_model_form form;
    /* parameter k = factor x parameter root + offset; of one that is not tied root is k */
    size_t root[IXS_MODEL_MOST_PARAMETERS];
    double factor[IXS_MODEL_MOST_PARAMETERS], offset[IXS_MODEL_MOST_PARAMETERS];
    size_t share[IXS_MODEL_MOST_PARAMETERS]; /* 1 + index of its share; 0: none */
    bool any_ties;
    bool starts; /* the file says where the energies of all modes begin */
};

/* form: with `tabulated` as it is when the table is there. nmodes: IXS_FIT_CHOOSE_MODES or a
 * number; named modes give it where it is not. */
IXS_MUST_CHECK bool ixs_fitting_map_make(struct ixs_fitting_map *out,
                                         const struct ixs_fitting_parts *parts,
                                         const struct ixs_model_form *form, int *nmodes,
                                         const struct ixs_calib *calib, struct ixs_err *err);

/* Component and name of parameter k, with the modes' own names. */
struct ixs_fitting_name ixs_fitting_name_of(const struct ixs_fitting_parts *parts,
                                            const struct ixs_model_form *form, size_t k);

/* The name in the model file of the mode that parameter k is of; "": it has none. */
void ixs_fitting_label(const struct ixs_fitting_parts *parts, const struct ixs_model_form *form,
                       size_t k, char label[17]);

/* What the file says of all parameters in one spectrum: bounds, priors, starts (NaN: nothing). A
 * fixed one is held by its bounds. */
void ixs_fitting_given(const struct ixs_fitting_parts *parts, const struct ixs_fitting_map *map,
                       const struct ixs_spectrum *spectrum, struct ixs_fit_given *given,
                       double *start);

#endif
