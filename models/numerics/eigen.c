/* SPDX-License-Identifier: GPL-3.0-or-later
 * Eigenvalues by GSL (symmetric bidiagonalisation and QR), its workspace on the stack.
 */
#include "models/numerics/eigen.h"

#include <assert.h>
#include <gsl/gsl_eigen.h>
#include <string.h>

void ixs_eigen(size_t n, const double *matrix, double *values, double *vectors)
{
    assert(n > 0 && n <= IXS_EIGEN_MOST);
    double copy[IXS_EIGEN_MOST * IXS_EIGEN_MOST], room[4][IXS_EIGEN_MOST];
    gsl_eigen_symmv_workspace space = {n, room[0], room[1], room[2], room[3]};
    memcpy(copy, matrix, n * n * sizeof *copy);
    gsl_matrix_view a = gsl_matrix_view_array(copy, n, n);
    gsl_vector_view value = gsl_vector_view_array(values, n);
    gsl_matrix_view vector = gsl_matrix_view_array(vectors, n, n);
    gsl_eigen_symmv(&a.matrix, &value.vector, &vector.matrix, &space);
    gsl_eigen_symmv_sort(&value.vector, &vector.matrix, GSL_EIGEN_SORT_VAL_ASC);
}
