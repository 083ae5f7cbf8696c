/* SPDX-License-Identifier: GPL-3.0-or-later
 * The inner loops of a fit, in versions for different processors; which one is decided when a
 * program runs. They allocate nothing. Results of one version are the same everywhere; those of two
 * versions differ by round-off.
 */
#ifndef IXS_MODELS_LINE_KERNELS_H
#define IXS_MODELS_LINE_KERNELS_H

#include "models/line/transform.h"

#include <stdbool.h>
#include <stdint.h>

/* One pole's part in a line and in the line's slopes: with W at E - place + i height, Re[weight W],
 * and for two shape parameters s Re[value W + moved W']. */
struct ixs_kernel_pole {
    double place, height;
    double weight_re, weight_im;
    double value_re[2], value_im[2];
    double moved_re[2], moved_im[2];
};

struct ixs_kernel_line { /* a line of unit amplitude at a row of energies */
    double value[IXS_RESPONSE_ROW];
    double by_shape[2][IXS_RESPONSE_ROW]; /* slopes with respect to its shape parameters */
};

enum { IXS_KERNEL_SERIES = 24, IXS_KERNELS_LINE = 8 /* of the cache, in doubles */ };

struct ixs_kernel_series { /* polynomials in t = E/span, highest power first */
    size_t order;          /* number of coefficients; 0: none */
    double value[IXS_KERNEL_SERIES], by_shape[2][IXS_KERNEL_SERIES];
    double rise[IXS_KERNEL_SERIES]; /* slope in energy times the amplitude */
};

struct ixs_kernels {
    const char *name; /* "plain", "x86-64-v3", "x86-64-v4" */

    /* W and W' at x[i] - shift + i height, i < n; x has IXS_RESPONSE_ROW elements. Elements of out
     * from n on may be anything. */
    void (*transform)(const struct ixs_transform *transform, size_t n, const double *x,
                      double shift, double height, struct ixs_response_row *out);

    /* Adds a pole to a line and amplitude times its slope in energy to rise[]; x, line and rise as
     * above. add_row does it where W is known: that of several lines at one place. */
    void (*add_pole)(const struct ixs_transform *transform, size_t n, const double *x,
                     const struct ixs_kernel_pole *pole, double amplitude,
                     struct ixs_kernel_line *line, double *rise);
    void (*add_row)(size_t n, const struct ixs_response_row *w, const struct ixs_kernel_pole *pole,
                    double amplitude, struct ixs_kernel_line *line, double *rise);

    /* Sets a line to its series and adds to rise[]. */
    void (*set_series)(size_t n, const double *t, const struct ixs_kernel_series *series,
                       struct ixs_kernel_line *line, double *rise);

    /* out[i] (+)= scale a[i] b[i]; any n, no padding. */
    void (*product)(size_t n, double scale, const double *a, const double *b, bool add,
                    double *out);

    /* 2 Sum [mu - N + N ln(N/mu)], any n. */
    double (*deviance)(size_t n, const double *counts, const double *mu);

    /* curvature[p * p] = J^T w J and gradient[p] = J^T w (mu - data), J in columns of n:
     * jacobian[k * n + i]. inverse_variance NULL: w = 1/max(mu, 1e-4), the Poisson distribution's.
     * The array that holds it has ixs_kernels_room(p, n) elements, all of them numbers; spare has
     * ixs_kernels_spare(p, n). */
    void (*normal)(size_t p, size_t n, const double *jacobian, const double *mu, const double *data,
                   const double *inverse_variance, double *spare, double *curvature,
                   double *gradient);
};

/* The best version for this processor, or the one that the environment names in IXSFLOW_KERNELS,
 * where this processor can run it. */
const struct ixs_kernels *ixs_kernels(void);

const struct ixs_kernels *ixs_kernels_plain(void);
const struct ixs_kernels *ixs_kernels_v3(void); /* NULL where this processor cannot run it */
const struct ixs_kernels *ixs_kernels_v4(void); /* likewise */

size_t ixs_kernels_room(size_t nparameters, size_t ndata);
size_t ixs_kernels_spare(size_t nparameters, size_t ndata);

/* Arrays are met fastest at the beginning of a line of the cache: so many doubles in whole lines;
 * the first beginning in room that is a line longer. */
size_t ixs_kernels_lines(size_t n);
double *ixs_kernels_aligned(double *room);

#endif
