/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two-way tables with gaps, value = row + column + scatter: zeros (analyzer + scan), logarithms of
 * areas (analyzer + scattering angle). Weighted least squares; the scatter between repeats, of
 * which counting knows nothing, is found from the residuals.
 */
#include "calib/standard/parts.h"

#include "base/array.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>

struct system { /* owns its matrices */
    size_t n, size;
    const struct ixs_twoway_datum *data;
    struct ixs_twoway *table;
    enum ixs_twoway_anchor anchor;
    gsl_matrix *matrix; /* normal matrix, then its inverse */
    gsl_vector *right, *solution;
};

/* Rows and columns that data link get the same number. */
static void link(size_t *root, size_t size, size_t a, size_t b)
{
    size_t from = root[a], to = root[b];
    for (size_t i = 0; from != to && i < size; i++)
        if (root[i] == from)
            root[i] = to;
}

/* Numbers the parts from 0; nodes are rows, then columns. */
static void find_parts(const struct system *system, size_t *part, size_t *room)
{
    struct ixs_twoway *table = system->table;
    for (size_t i = 0; i < system->size; i++) {
        room[i] = i;
        part[i] = SIZE_MAX;
    }
    for (size_t d = 0; d < system->n; d++)
        link(room, system->size, system->data[d].row, table->nrows + system->data[d].column);
    for (size_t d = 0; d < system->n; d++) {
        size_t node = system->data[d].row;
        if (part[node] != SIZE_MAX)
            continue;
        for (size_t i = 0; i < system->size; i++)
            if (room[i] == room[node])
                part[i] = table->nparts;
        table->nparts++;
    }
}

static bool system_make(struct system *system, struct ixs_err *err)
{
    struct ixs_twoway *table = system->table;
    size_t *room = NULL;
    system->size = table->nrows + table->ncolumns;
    system->matrix = gsl_matrix_calloc(system->size, system->size);
    system->right = gsl_vector_calloc(system->size);
    system->solution = gsl_vector_calloc(system->size);
    if (system->matrix == NULL || system->right == NULL || system->solution == NULL)
        return ixs_fail(err, IXS_OUTPUT, "no memory for a table of %zu", system->size);
    bool ok = IXS_NEW(room, system->size, err) && IXS_NEW(table->part, system->size, err);
    if (ok)
        find_parts(system, table->part, room);
    free(room);
    return ok;
}

static void system_dispose(struct system *system)
{
    gsl_matrix_free(system->matrix);
    gsl_vector_free(system->right);
    gsl_vector_free(system->solution);
}

static void add(gsl_matrix *matrix, size_t i, size_t j, double value)
{
    gsl_matrix_set(matrix, i, j, gsl_matrix_get(matrix, i, j) + value);
}

/* (sum of the anchored ones of a part)^2 x weight: what the data leave open gets fixed exactly, and
 * nothing else changes. */
static void anchor(struct system *system, double weight)
{
    const struct ixs_twoway *table = system->table;
    size_t from = system->anchor == IXS_TWOWAY_ROWS ? 0 : table->nrows;
    size_t to = system->anchor == IXS_TWOWAY_ROWS ? table->nrows : system->size;
    for (size_t i = from; i < to; i++)
        for (size_t j = from; j < to; j++)
            if (table->part[i] != SIZE_MAX && table->part[i] == table->part[j])
                add(system->matrix, i, j, weight);
    for (size_t i = 0; i < system->size; i++)
        if (table->part[i] == SIZE_MAX)
            gsl_matrix_set(system->matrix, i, i, 1);
}

/* Chi-squared with a given scatter; the solution and the covariance are left in `system`. */
static double solve(struct system *system, double scatter)
{
    double most = 0, chi2 = 0;
    gsl_matrix_set_zero(system->matrix);
    gsl_vector_set_zero(system->right);
    for (size_t d = 0; d < system->n; d++) {
        const struct ixs_twoway_datum *datum = &system->data[d];
        double weight = 1 / (datum->err * datum->err + scatter * scatter);
        size_t at[2] = {datum->row, system->table->nrows + datum->column};
        for (size_t i = 0; i < 2; i++) {
            add(system->matrix, at[i], at[0], weight);
            add(system->matrix, at[i], at[1], weight);
            gsl_vector_set(system->right, at[i],
                           gsl_vector_get(system->right, at[i]) + weight * datum->value);
        }
        most = fmax(most, weight);
    }
    anchor(system, 1e4 * most);
    if (gsl_linalg_cholesky_decomp1(system->matrix) != GSL_SUCCESS)
        return NAN;
    gsl_linalg_cholesky_solve(system->matrix, system->right, system->solution);
    gsl_linalg_cholesky_invert(system->matrix);
    for (size_t d = 0; d < system->n; d++) {
        const struct ixs_twoway_datum *datum = &system->data[d];
        double left = datum->value - gsl_vector_get(system->solution, datum->row) -
                      gsl_vector_get(system->solution, system->table->nrows + datum->column);
        chi2 += left * left / (datum->err * datum->err + scatter * scatter);
    }
    return chi2;
}

/* The scatter for which chi-squared is `dof`: it falls with the scatter. */
static double find_scatter(struct system *system, double dof)
{
    double lo = 0, hi = 1e-6;
    if (!(solve(system, 0) > dof))
        return 0;
    while (hi < 1e6 && solve(system, hi) > dof)
        hi *= 4;
    for (size_t i = 0; i < 60 && hi - lo > 1e-9 * hi; i++) {
        double middle = 0.5 * (lo + hi);
        if (solve(system, middle) > dof)
            lo = middle;
        else
            hi = middle;
    }
    return hi;
}

static void take(const struct system *system, size_t from, size_t n, double *value, double *error)
{
    for (size_t i = 0; i < n; i++) {
        bool told = system->table->part[from + i] != SIZE_MAX;
        value[i] = told ? gsl_vector_get(system->solution, from + i) : NAN;
        error[i] = told ? sqrt(gsl_matrix_get(system->matrix, from + i, from + i)) : NAN;
    }
}

static size_t count_told(const struct system *system)
{
    size_t count = 0;
    for (size_t i = 0; i < system->size; i++)
        count += system->table->part[i] != SIZE_MAX;
    return count;
}

static bool fit(struct system *system, struct ixs_err *err)
{
    struct ixs_twoway *table = system->table;
    table->dof = (long)system->n - (long)count_told(system) + (long)table->nparts;
    table->scatter = table->dof > 0 ? find_scatter(system, (double)table->dof) : NAN;
    if (!isfinite(solve(system, table->dof > 0 ? table->scatter : 0)))
        return ixs_fail(err, IXS_BUG, "a table of %zu values could not be solved", system->n);
    take(system, 0, table->nrows, table->row, table->row_err);
    take(system, table->nrows, table->ncolumns, table->column, table->column_err);
    return true;
}

bool ixs_twoway_fit(struct ixs_twoway *out, size_t n, const struct ixs_twoway_datum *data,
                    enum ixs_twoway_anchor anchored, struct ixs_err *err)
{
    struct system system = {.n = n, .data = data, .table = out, .anchor = anchored};
    *out = (struct ixs_twoway){.scatter = NAN};
    for (size_t d = 0; d < n; d++) {
        out->nrows = data[d].row >= out->nrows ? data[d].row + 1 : out->nrows;
        out->ncolumns = data[d].column >= out->ncolumns ? data[d].column + 1 : out->ncolumns;
    }
    if (n == 0)
        return true;
    gsl_error_handler_t *before = gsl_set_error_handler_off();
    bool ok = IXS_NEW(out->row, out->nrows, err) && IXS_NEW(out->row_err, out->nrows, err) &&
              IXS_NEW(out->column, out->ncolumns, err) &&
              IXS_NEW(out->column_err, out->ncolumns, err) && system_make(&system, err) &&
              fit(&system, err);
    system_dispose(&system);
    gsl_set_error_handler(before);
    return ok;
}

void ixs_twoway_dispose(struct ixs_twoway *table)
{
    free(table->row);
    free(table->row_err);
    free(table->column);
    free(table->column_err);
    free(table->part);
    *table = (struct ixs_twoway){0};
}

static double spread(size_t n, const double *value, const double *err, double center,
                     double scatter)
{
    double sum = 0, weights = 0, chi2 = 0;
    for (size_t i = 0; i < n; i++) {
        double weight = 1 / (err[i] * err[i] + scatter * scatter);
        sum += weight * value[i];
        weights += weight;
    }
    double about = isfinite(center) ? center : sum / weights;
    for (size_t i = 0; i < n; i++)
        chi2 += (value[i] - about) * (value[i] - about) / (err[i] * err[i] + scatter * scatter);
    return chi2;
}

double ixs_twoway_scatter(size_t n, const double *value, const double *err, double center)
{
    double dof = isfinite(center) ? (double)n : (double)n - 1, lo = 0, hi = 1e-6;
    if (n == 0 || dof < 1)
        return NAN;
    if (!(spread(n, value, err, center, 0) > dof))
        return 0;
    while (hi < 1e6 && spread(n, value, err, center, hi) > dof)
        hi *= 2;
    for (size_t i = 0; i < 60; i++) {
        double middle = 0.5 * (lo + hi);
        if (spread(n, value, err, center, middle) > dof)
            lo = middle;
        else
            hi = middle;
    }
    return hi;
}
