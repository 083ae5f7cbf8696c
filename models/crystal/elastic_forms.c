/* SPDX-License-Identifier: GPL-3.0-or-later
 * The elastic constants of each Laue class, and the waves that they let run.
 */
#include "models/crystal/elastic_constants_inside.h"

#include "base/array.h"
#include "models/numerics/eigen.h"
#include "models/crystal/lattice.h"

#include <math.h>
#include <string.h>

static const struct ixs_elastic_form forms[] = {
    {{"m-3m", "m-3"},
     3,
     9,
     {"C11", "C12", "C44"},
     {{1, 1, 0, 1},
      {2, 2, 0, 1},
      {3, 3, 0, 1},
      {1, 2, 1, 1},
      {1, 3, 1, 1},
      {2, 3, 1, 1},
      {4, 4, 2, 1},
      {5, 5, 2, 1},
      {6, 6, 2, 1}}},
    {{"6/mmm", "6/m"},
     5,
     10,
     {"C11", "C12", "C13", "C33", "C44"},
     {{1, 1, 0, 1},
      {2, 2, 0, 1},
      {1, 2, 1, 1},
      {1, 3, 2, 1},
      {2, 3, 2, 1},
      {3, 3, 3, 1},
      {4, 4, 4, 1},
      {5, 5, 4, 1},
      {6, 6, 0, 0.5},
      {6, 6, 1, -0.5}}},
    {{"-3m1", "-3m1"},
     6,
     13,
     {"C11", "C12", "C13", "C14", "C33", "C44"},
     {{1, 1, 0, 1},
      {2, 2, 0, 1},
      {1, 2, 1, 1},
      {1, 3, 2, 1},
      {2, 3, 2, 1},
      {1, 4, 3, 1},
      {2, 4, 3, -1},
      {5, 6, 3, 1},
      {3, 3, 4, 1},
      {4, 4, 5, 1},
      {5, 5, 5, 1},
      {6, 6, 0, 0.5},
      {6, 6, 1, -0.5}}},
    {{"-31m", "-31m"}, /* its twofold axes stand 30 degrees from those of -3m1 */
     6,
     13,
     {"C11", "C12", "C13", "C15", "C33", "C44"},
     {{1, 1, 0, 1},
      {2, 2, 0, 1},
      {1, 2, 1, 1},
      {1, 3, 2, 1},
      {2, 3, 2, 1},
      {1, 5, 3, 1},
      {2, 5, 3, -1},
      {4, 6, 3, -1},
      {3, 3, 4, 1},
      {4, 4, 5, 1},
      {5, 5, 5, 1},
      {6, 6, 0, 0.5},
      {6, 6, 1, -0.5}}},
    {{"-3", "-3"},
     7,
     16,
     {"C11", "C12", "C13", "C14", "C15", "C33", "C44"},
     {{1, 1, 0, 1},
      {2, 2, 0, 1},
      {1, 2, 1, 1},
      {1, 3, 2, 1},
      {2, 3, 2, 1},
      {1, 4, 3, 1},
      {2, 4, 3, -1},
      {5, 6, 3, 1},
      {1, 5, 4, 1},
      {2, 5, 4, -1},
      {4, 6, 4, -1},
      {3, 3, 5, 1},
      {4, 4, 6, 1},
      {5, 5, 6, 1},
      {6, 6, 0, 0.5},
      {6, 6, 1, -0.5}}},
    {{"4/mmm", "4/mmm"},
     6,
     9,
     {"C11", "C12", "C13", "C33", "C44", "C66"},
     {{1, 1, 0, 1},
      {2, 2, 0, 1},
      {1, 2, 1, 1},
      {1, 3, 2, 1},
      {2, 3, 2, 1},
      {3, 3, 3, 1},
      {4, 4, 4, 1},
      {5, 5, 4, 1},
      {6, 6, 5, 1}}},
    {{"4/m", "4/m"},
     7,
     11,
     {"C11", "C12", "C13", "C16", "C33", "C44", "C66"},
     {{1, 1, 0, 1},
      {2, 2, 0, 1},
      {1, 2, 1, 1},
      {1, 3, 2, 1},
      {2, 3, 2, 1},
      {1, 6, 3, 1},
      {2, 6, 3, -1},
      {3, 3, 4, 1},
      {4, 4, 5, 1},
      {5, 5, 5, 1},
      {6, 6, 6, 1}}},
    {{"mmm", "mmm"},
     9,
     9,
     {"C11", "C12", "C13", "C22", "C23", "C33", "C44", "C55", "C66"},
     {{1, 1, 0, 1},
      {1, 2, 1, 1},
      {1, 3, 2, 1},
      {2, 2, 3, 1},
      {2, 3, 4, 1},
      {3, 3, 5, 1},
      {4, 4, 6, 1},
      {5, 5, 7, 1},
      {6, 6, 8, 1}}},
    {{"2/m", "2/m"},
     13,
     13,
     {"C11", "C12", "C13", "C15", "C22", "C23", "C25", "C33", "C35", "C44", "C46", "C55", "C66"},
     {{1, 1, 0, 1},
      {1, 2, 1, 1},
      {1, 3, 2, 1},
      {1, 5, 3, 1},
      {2, 2, 4, 1},
      {2, 3, 5, 1},
      {2, 5, 6, 1},
      {3, 3, 7, 1},
      {3, 5, 8, 1},
      {4, 4, 9, 1},
      {4, 6, 10, 1},
      {5, 5, 11, 1},
      {6, 6, 12, 1}}},
};

const struct ixs_elastic_form *ixs_elastic_form(const char *laue)
{
    for (size_t i = 0; laue != NULL && i < IXS_COUNT(forms); i++)
        if (strcmp(forms[i].classes[0], laue) == 0 || strcmp(forms[i].classes[1], laue) == 0)
            return &forms[i];
    return NULL;
}

static const int voigt[3][3] = {{0, 5, 4}, {5, 1, 3}, {4, 3, 2}};

/* Gamma of one constant alone, set to 1, along n. */
void ixs_elastic_gamma(const struct ixs_elastic_form *form, size_t k, const double n[3],
                       double gamma[9])
{
    double c[6][6] = {{0}};
    for (size_t e = 0; e < form->nentries; e++) {
        const struct ixs_elastic_entry *entry = &form->entries[e];
        if (entry->k != k)
            continue;
        c[entry->row - 1][entry->column - 1] += entry->times;
        if (entry->row != entry->column)
            c[entry->column - 1][entry->row - 1] += entry->times;
    }
    memset(gamma, 0, 9 * sizeof *gamma);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            for (int m = 0; m < 3; m++)
                for (int l = 0; l < 3; l++)
                    gamma[3 * i + m] += c[voigt[i][j]][voigt[m][l]] * n[j] * n[l];
}

double ixs_elastic_dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

void ixs_elastic_unit(double v[3])
{
    double length = sqrt(ixs_elastic_dot(v, v));
    for (int i = 0; i < 3; i++)
        v[i] = length > 0 ? v[i] / length : 0;
}

static void diagonalise(const double matrix[9], double values[3], double vectors[9])
{
    double columns[9];
    ixs_eigen(3, matrix, values, columns);
    for (int i = 0; i < 9; i++)
        vectors[i] = columns[i % 3 * 3 + i / 3];
}

void ixs_elastic_waves(const char *laue, const double *constants, const double direction[3],
                       double modulus[3], double polarization[9])
{
    const struct ixs_elastic_form *form = ixs_elastic_form(laue);
    double n[3] = {direction[0], direction[1], direction[2]}, sum[9] = {0}, one[9];
    ixs_elastic_unit(n);
    for (size_t k = 0; form != NULL && k < form->n; k++) {
        ixs_elastic_gamma(form, k, n, one);
        for (int i = 0; i < 9; i++)
            sum[i] += constants[k] * one[i];
    }
    diagonalise(sum, modulus, polarization);
}

bool ixs_elastic_axes(const double b[9], double axes[9])
{
    double direct[9], x[3], y[3], z[3];
    if (!ixs_matrix_invert(b, direct)) /* rows: a, b, c over 2 pi */
        return false;
    const double *a = direct, *c = direct + 6;
    for (int i = 0; i < 3; i++) {
        int j = (i + 1) % 3, k = (i + 2) % 3;
        z[i] = c[i];
        y[i] = c[j] * a[k] - c[k] * a[j];
    }
    ixs_elastic_unit(y);
    ixs_elastic_unit(z);
    for (int i = 0; i < 3; i++)
        x[i] = y[(i + 1) % 3] * z[(i + 2) % 3] - y[(i + 2) % 3] * z[(i + 1) % 3];
    double turn[9] = {x[0], x[1], x[2], y[0], y[1], y[2], z[0], z[1], z[2]};
    ixs_matrix_multiply(turn, b, axes);
    return true;
}
