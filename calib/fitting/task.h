/* SPDX-License-Identifier: GPL-3.0-or-later
 * One spectrum made ready to be fitted: its usable points, response, what is known beforehand.
 */
#ifndef IXS_CALIB_FITTING_TASK_H
#define IXS_CALIB_FITTING_TASK_H

#include "calib/fitting/fitting.h"
#include "calib/fitting/cell.h"
#include "calib/fitting/zero.h"

struct ixs_fitting_arrays { /* usable points of one spectrum; owns energy, which all are in */
    double *energy, *counts, *exposure, *dark, *sigma;
    int64_t *scan; /* owned */
    size_t n;
    bool stated;       /* STATIST GAUSSIAN: intensity and error as they are */
    bool interpolated; /* some counts are */
};

struct ixs_fitting_task { /* stays where it was made: the task points into it */
    struct ixs_fit_task task;
    const struct ixs_fitting_response *response;
    const char *excuse; /* why it is not to be fitted; NULL: it is */
    char words[81];     /* where it holds numbers */
    struct ixs_fitting_arrays arrays;
    struct ixs_fitting_cell cell; /* background data */
    struct ixs_curve curve;       /* of the table */
    double start[IXS_MODEL_MOST_PARAMETERS];
    struct ixs_fit_given given[IXS_MODEL_MOST_PARAMETERS];
};

/* guide: NULL, or the zero that others have. */
IXS_MUST_CHECK bool ixs_fitting_task_make(struct ixs_fitting_task *out,
                                          const struct ixs_spectra *spectra, size_t index,
                                          const struct ixs_fitting_responses *responses,
                                          const struct ixs_fitting *rules,
                                          const struct ixs_fitting_guide *guide,
                                          struct ixs_err *err);
void ixs_fitting_task_dispose(struct ixs_fitting_task *task);

/* What there is to say of a good answer, unless there is worse. */
void ixs_fitting_tell(struct ixs_fit_answer *answer, const char *what);
/* What is said of an answer whoever made it: interpolated counts, unknown slits. */
void ixs_fitting_doubt(struct ixs_fit_answer *answer, const struct ixs_fitting_task *task,
                       const struct ixs_fitting *rules, const struct ixs_spectrum *spectrum);

#endif
