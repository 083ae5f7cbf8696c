/* SPDX-License-Identifier: GPL-3.0-or-later
 * The crystal lattice: B matrix, centring, the nearest reciprocal-lattice point.
 */
#include "models/crystal/lattice.h"

#include "base/units.h"

#include <math.h>
#include <string.h>

void ixs_matrix_apply(const double matrix[9], const double vector[3], double out[3])
{
    double x = vector[0], y = vector[1], z = vector[2];
    for (int row = 0; row < 3; row++)
        out[row] = matrix[3 * row] * x + matrix[3 * row + 1] * y + matrix[3 * row + 2] * z;
}

void ixs_matrix_multiply(const double a[9], const double b[9], double out[9])
{
    for (int i = 0; i < 9; i++) {
        const double *row = a + i / 3 * 3, *column = b + i % 3;
        out[i] = row[0] * column[0] + row[1] * column[3] + row[2] * column[6];
    }
}

static double norm(const double vector[3])
{
    return sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2]);
}

/* Row `i` of the adjugate: the cross product of the two columns that follow column i. */
static void cross_columns(const double m[9], int i, double out[3])
{
    int j = (i + 1) % 3, k = (i + 2) % 3;
    out[0] = m[3 + j] * m[6 + k] - m[6 + j] * m[3 + k];
    out[1] = m[6 + j] * m[k] - m[j] * m[6 + k];
    out[2] = m[j] * m[3 + k] - m[3 + j] * m[k];
}

bool ixs_matrix_invert(const double matrix[9], double inverse[9])
{
    double scale = 1.0;
    for (int i = 0; i < 3; i++) {
        cross_columns(matrix, i, inverse + 3 * i);
        scale *= norm((double[3]){matrix[i], matrix[3 + i], matrix[6 + i]});
    }
    double determinant = inverse[0] * matrix[0] + inverse[1] * matrix[3] + inverse[2] * matrix[6];
    if (!isfinite(determinant) || !(fabs(determinant) > 1e-12 * scale))
        return false;
    for (int i = 0; i < 9; i++)
        inverse[i] /= determinant;
    return true;
}

bool ixs_lattice_b(const double lattice[6], double b[9])
{
    double ca = cos(lattice[3] * IXS_DEGREE), cb = cos(lattice[4] * IXS_DEGREE);
    double cg = cos(lattice[5] * IXS_DEGREE), sb = sin(lattice[4] * IXS_DEGREE);
    double sa = sin(lattice[3] * IXS_DEGREE), sg = sin(lattice[5] * IXS_DEGREE);
    double root = 1.0 - ca * ca - cb * cb - cg * cg + 2.0 * ca * cb * cg;
    bool edges = lattice[0] > 0.0 && lattice[1] > 0.0 && lattice[2] > 0.0;
    if (!edges || !(root > 1e-12) || !(sa > 0.0) || !(sb > 0.0) || !(sg > 0.0))
        return false;
    double volume = sqrt(root); /* of the cell with edges of length 1 */
    double b1 = 2.0 * IXS_PI * sa / (lattice[0] * volume);
    double b2 = 2.0 * IXS_PI * sb / (lattice[1] * volume);
    double b3 = 2.0 * IXS_PI * sg / (lattice[2] * volume);
    double cos_beta = (ca * cg - cb) / (sa * sg), cos_gamma = (ca * cb - cg) / (sa * sb);
    double sin_beta = sqrt(fmax(0.0, 1.0 - cos_beta * cos_beta));
    double sin_gamma = sqrt(fmax(0.0, 1.0 - cos_gamma * cos_gamma));
    const double rows[9] = {
        b1,  b2 * cos_gamma,           b3 * cos_beta, 0.0, b2 * sin_gamma, -b3 * sin_beta * ca, 0.0,
        0.0, 2.0 * IXS_PI / lattice[2]};
    memcpy(b, rows, sizeof rows);
    return isfinite(b1) && isfinite(b2) && isfinite(b3);
}

static double metric(const double m[9], int i, int j)
{
    return m[i] * m[j] + m[3 + i] * m[3 + j] + m[6 + i] * m[6 + j];
}

/* Rows of the inverse of UB are the edges of the cell over 2 pi. */
bool ixs_lattice_of(const double ub[9], double lattice[6])
{
    double edge[9];
    if (!ixs_matrix_invert(ub, edge))
        return false;
    for (int i = 0; i < 3; i++)
        lattice[i] = 2.0 * IXS_PI * norm(edge + 3 * i);
    for (int i = 0; i < 3; i++) {
        const double *u = edge + 3 * ((i + 1) % 3), *v = edge + 3 * ((i + 2) % 3);
        double cosine = (u[0] * v[0] + u[1] * v[1] + u[2] * v[2]) / (norm(u) * norm(v));
        lattice[3 + i] = acos(fmax(-1.0, fmin(1.0, cosine))) / IXS_DEGREE;
    }
    return true;
}

double ixs_lattice_mismatch(const double ub[9], const double b[9])
{
    double worst = 0.0, largest = 0.0;
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            worst = fmax(worst, fabs(metric(ub, i, j) - metric(b, i, j)));
            largest = fmax(largest, fabs(metric(b, i, j)));
        }
    return worst / largest;
}

bool ixs_centring_known(const char *centring)
{
    return centring[0] == '\0' || (strchr("PABCIFR", centring[0]) && centring[1] == '\0');
}

/* International Tables for Crystallography A (2016), table 1.6.3.1: integral reflection conditions.
 */
bool ixs_centring_allows(const char *centring, const long hkl[3])
{
    bool a = (hkl[1] + hkl[2]) % 2 == 0, b = (hkl[0] + hkl[2]) % 2 == 0;
    bool c = (hkl[0] + hkl[1]) % 2 == 0;
    switch (centring[0]) {
    case 'A':
        return a;
    case 'B':
        return b;
    case 'C':
        return c;
    case 'F':
        return a && b && c;
    case 'I':
        return (hkl[0] + hkl[1] + hkl[2]) % 2 == 0;
    case 'R':
        return (-hkl[0] + hkl[1] + hkl[2]) % 3 == 0;
    default:
        return true;
    }
}

struct search { /* for the nearest point */
    const double *ub, *hkl;
    const char *centring;
    long center[3]; /* hkl rounded */
    double best;    /* 1/Angstrom, distance of the best point so far; INFINITY: none */
    double length;  /* 1/Angstrom, its |G| */
    long point[3];
};

/* Points as near as this (relative) are a tie: angles are given to about six digits. */
static const double tie = 1e-6;

static bool precedes(const long a[3], const long b[3])
{
    for (int i = 0; i < 3; i++)
        if (a[i] != b[i])
            return a[i] > b[i];
    return false;
}

static void consider(struct search *search, const long point[3])
{
    double g[3], away[3];
    for (int i = 0; i < 3; i++) {
        g[i] = (double)point[i];
        away[i] = search->hkl[i] - g[i];
    }
    ixs_matrix_apply(search->ub, g, g);
    ixs_matrix_apply(search->ub, away, away);
    double distance = norm(away), length = norm(g), near = tie * (norm(search->ub) + distance);
    if (distance > search->best + near)
        return;
    bool tied = distance >= search->best - near;
    bool shorter = length < search->length - near;
    bool same = fabs(length - search->length) <= near;
    if (tied && !shorter && !(same && precedes(point, search->point)))
        return;
    search->best = distance;
    search->length = length;
    memcpy(search->point, point, sizeof search->point);
}

static void search_box(struct search *search, const long half[3])
{
    long point[3];
    const long *c = search->center;
    for (point[0] = c[0] - half[0]; point[0] <= c[0] + half[0]; point[0]++)
        for (point[1] = c[1] - half[1]; point[1] <= c[1] + half[1]; point[1]++)
            for (point[2] = c[2] - half[2]; point[2] <= c[2] + half[2]; point[2]++)
                if (ixs_centring_allows(search->centring, point))
                    consider(search, point);
}

/* Half edges of a box in hkl that holds every point within `distance`: |dh| <= |a| distance / 2 pi,
 * where a / 2 pi is a row of the inverse of UB. */
static void bounding_box(const double inverse[9], double distance, long half[3])
{
    for (int i = 0; i < 3; i++)
        half[i] = (long)fmin(ceil(norm(inverse + 3 * i) * distance + 0.5), 64.0);
}

bool ixs_lattice_nearest(const double ub[9], const char *centring, const double hkl[3],
                         double nearest[3])
{
    double inverse[9];
    struct search search = {.ub = ub, .hkl = hkl, .centring = centring, .best = INFINITY};
    if (!ixs_matrix_invert(ub, inverse))
        return false;
    for (int i = 0; i < 3; i++) {
        if (!(fabs(hkl[i]) <= 1e6))
            return false;
        search.center[i] = lround(hkl[i]);
    }
    long half[3] = {2, 2, 2};
    search_box(&search, half);
    bounding_box(inverse, search.best, half);
    if (half[0] > 2 || half[1] > 2 || half[2] > 2)
        search_box(&search, half);
    for (int i = 0; i < 3; i++)
        nearest[i] = (double)search.point[i];
    return true;
}
