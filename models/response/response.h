/* SPDX-License-Identifier: GPL-3.0-or-later
 * The resolution function R(E) of an analyzer, of unit area: a smooth table (response_table.h) or a
 * sum of pseudo-Voigts,
 *   R(E) = Sum_k weight_k [eta_k L(E - center_k; fwhm_k) + (1 - eta_k) G(E - center_k; fwhm_k)],
 * and its Cauchy transform W(zeta) = (i/pi) Int R(t)/(zeta - t) dt for Im zeta >= 0, with
 * R(x) = Re W(x + i0): a pole 1/(E - p) below the real axis convolved with R is -i pi W(E - p).
 */
#ifndef IXS_MODELS_RESPONSE_RESPONSE_H
#define IXS_MODELS_RESPONSE_RESPONSE_H

#include "models/line/complex_number.h"

#include <stdbool.h>
#include <stddef.h>

enum { IXS_RESPONSE_MOST = 8, IXS_RESPONSE_NODES = 48, IXS_RESPONSE_VALUES = IXS_RESPONSE_NODES };

struct ixs_response_part { /* one pseudo-Voigt */
    double weight;         /* share of the area; those of all parts add up to 1 */
    double center;         /* meV */
    double fwhm;           /* meV, common to the Gaussian and the Lorentzian */
    double eta;            /* Lorentzian share of the area, 0 .. 1 */
};

struct ixs_response_table { /* see response_table.h */
    size_t n;               /* nodes; 0: none */
    double center, scale;   /* meV */
    double coefficient[IXS_RESPONSE_NODES];
};

struct ixs_response { /* a value: nothing owned; all-zero is empty */
    size_t nparts;    /* 0: the table is the response */
    struct ixs_response_part parts[IXS_RESPONSE_MOST];
    struct ixs_response_table table;
};

/* NULL, or why the response cannot be used ("the weights add up to 1.2, expected 1"). */
const char *ixs_response_complaint(const struct ixs_response *response);

double ixs_response_value(const struct ixs_response *response, double energy); /* 1/meV */

/* R and, where slope is not NULL, dR/dE at energy[i]. */
void ixs_response_curve(const struct ixs_response *response, size_t n, const double *energy,
                        double *value, double *slope);

/* L, G and their mixture of one part of unit weight; slopes with respect to center, fwhm and eta
 * (each may be NULL): for fitting a response. */
double ixs_response_part_value(const struct ixs_response_part *part, double energy,
                               double *by_center, double *by_fwhm, double *by_eta);

/* The response as a list of values: weight, center, fwhm, eta of each part, or the coefficients of
 * the table, at most IXS_RESPONSE_VALUES (response_values.c). by[count]: dR/d value. */
size_t ixs_response_count(const struct ixs_response *response);
double ixs_response_by(const struct ixs_response *response, double energy, double *by);
/* All values moved by far x by[]; a table is brought back to unit area and its centroid. False if
 * that is no response. */
bool ixs_response_move(struct ixs_response *out, const struct ixs_response *response,
                       const double *by, double far);

/* Of a sum: W(zeta), and W'(zeta) where slope is not NULL; Im zeta >= 0. */
double complex ixs_response_cauchy(const struct ixs_response *response, double complex zeta,
                                   double complex *slope);

enum { IXS_RESPONSE_ROW = 64 };

/* A row of them at zeta = energy[i] + i height, height >= 0: W = re + i im and W'; n at most
 * IXS_RESPONSE_ROW. */
struct ixs_response_row {
    double re[IXS_RESPONSE_ROW], im[IXS_RESPONSE_ROW];
    double slope_re[IXS_RESPONSE_ROW], slope_im[IXS_RESPONSE_ROW];
};
void ixs_response_cauchy_row(const struct ixs_response *response, size_t n, const double *energy,
                             double height, struct ixs_response_row *out);

double ixs_response_area(const struct ixs_response *response, double lo, double hi);
double ixs_response_fwhm(const struct ixs_response *response); /* meV, of the sum */

/* meV: mean energy within +-range of itself (10 meV by convention, CONTRACT.md 4). */
double ixs_response_centroid(const struct ixs_response *response, double range);
void ixs_response_centre(struct ixs_response *response); /* shifts it to centroid 0 within 10 meV */

/* Share of the area within lo .. hi that lies beyond +-10 meV. */
double ixs_response_tail10(const struct ixs_response *response, double lo, double hi);

#endif
