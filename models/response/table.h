/* SPDX-License-Identifier: GPL-3.0-or-later
 * A tabulated response: with theta = 2 atan((E - center)/scale),
 *   ln[R(E) ((E - center)^2 + scale^2)]
 * is a periodic cubic spline in theta on even nodes. So R is positive and smooth over all decades,
 * its nodes are dense in the core and sparse in the tails, these end as 1/E^2, and a stiff spline
 * is a Lorentzian. The variable is that of transform.h.
 */
#ifndef IXS_MODELS_RESPONSE_TABLE_H
#define IXS_MODELS_RESPONSE_TABLE_H

#include "models/response/response.h"

/* Value, 1/meV; d/dE in *slope; d/d coefficient in by[n]; both may be NULL. */
double ixs_response_table_value(const struct ixs_response_table *table, double energy,
                                double *slope, double *by);

/* Int (E - center)^moment R dE, moment 0 or 1, from lo to hi (moment 0: may be infinite); its
 * derivatives with respect to the coefficients in by[n], which may be NULL. */
double ixs_response_table_integral(const struct ixs_response_table *table, double lo, double hi,
                                   int moment, double *by);

/* Energy of a node, meV. */
double ixs_response_table_node(const struct ixs_response_table *table, size_t j);

/* ln R at the nodes, and the coefficients from it; center, scale and n of the table are set. */
void ixs_response_table_logs(const struct ixs_response_table *table, double *logs);
void ixs_response_table_set(struct ixs_response_table *table, const double *logs);

/* d coefficient of the table stretched by 1 + scatter about energy 0. */
void ixs_response_table_stretch(const struct ixs_response_table *table, double scatter, double *by);

/* In place: values of the spline at the nodes from coefficients, and back. Linear. */
void ixs_spline_values(size_t n, double *x);
void ixs_spline_coefficients(size_t n, double *x);
/* A covariance [n][n] of one turned into that of the other, `turn` being one of the two above. */
void ixs_spline_covariance(size_t n, double *covariance, void (*turn)(size_t, double *));

#endif
