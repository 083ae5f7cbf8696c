/* SPDX-License-Identifier: GPL-3.0-or-later
 * The crystal of a dispersion: its lattice as stated, or as Q and HKL of the fitted spectra tell
 * it, its Laue class, its density.
 */
#include "calib/branching/branching.h"

#include "base/array.h"
#include "base/units.h"
#include "models/numerics/eigen.h"
#include "models/crystal/lattice.h"

#include <math.h>
#include <string.h>

enum { METRIC = 6 }; /* G11 G22 G33 G23 G13 G12 of the reciprocal lattice */

/* What G is multiplied with in |Q|^2 = hkl^T G hkl, averaged over the operations that leave G as it
 * is: least squares in these stay within the metrics that the class allows. */
static void features(const struct ixs_laue *laue, const double hkl[3], double out[METRIC])
{
    memset(out, 0, METRIC * sizeof *out);
    for (size_t i = 0; i < laue->n; i++) {
        const int *m = laue->operations[i];
        double v[3];
        for (int r = 0; r < 3; r++)
            v[r] = m[3 * r] * hkl[0] + m[3 * r + 1] * hkl[1] + m[3 * r + 2] * hkl[2];
        const double one[METRIC] = {v[0] * v[0],     v[1] * v[1],     v[2] * v[2],
                                    2 * v[1] * v[2], 2 * v[0] * v[2], 2 * v[0] * v[1]};
        for (int k = 0; k < METRIC; k++)
            out[k] += one[k] / (double)laue->n;
    }
}

static size_t allowed(const struct ixs_laue *laue)
{
    static const struct {
        const char *name;
        size_t free;
    } classes[] = {{"m-3m", 1}, {"m-3", 1}, {"-1", 6}, {"2/m", 4}, {"mmm", 3}};
    for (size_t i = 0; i < IXS_COUNT(classes); i++)
        if (strcmp(classes[i].name, laue->name) == 0)
            return classes[i].free;
    return 2;
}

struct sums {
    double matrix[METRIC * METRIC], right[METRIC], largest;
};

/* G by least squares; false if the Q do not determine it. */
static bool solve(const struct sums *sums, size_t nfree, double g[METRIC])
{
    double values[METRIC], vectors[METRIC * METRIC];
    ixs_eigen(METRIC, sums->matrix, values, vectors);
    memset(g, 0, METRIC * sizeof *g);
    if (!(values[METRIC - nfree] > 1e-7 * values[METRIC - 1]))
        return false;
    for (size_t m = METRIC - nfree; m < METRIC; m++) {
        double along = 0;
        for (size_t k = 0; k < METRIC; k++)
            along += vectors[k * METRIC + m] * sums->right[k] / values[m];
        for (size_t k = 0; k < METRIC; k++)
            g[k] += along * vectors[k * METRIC + m];
    }
    return true;
}

/* B from the metric of the reciprocal lattice. */
static bool b_of_metric(const double g[METRIC], double b[9])
{
    const double metric[9] = {g[0], g[5], g[4], g[5], g[1], g[3], g[4], g[3], g[2]};
    double direct[9], lattice[6];
    if (!ixs_matrix_invert(metric, direct))
        return false;
    for (int i = 0; i < 3; i++) {
        int j = (i + 1) % 3, k = (i + 2) % 3;
        double product = sqrt(direct[4 * j] * direct[4 * k]);
        lattice[i] = 2 * IXS_PI * sqrt(direct[4 * i]);
        lattice[3 + i] = acos(direct[3 * j + k] / product) / IXS_DEGREE;
    }
    return isfinite(lattice[0] + lattice[3] + lattice[4] + lattice[5]) && ixs_lattice_b(lattice, b);
}

/* The lattice in which all Q have their lengths to 0.5 %: thermal expansion is left room for. */
static bool lattice_of_points(const struct ixs_dispersion *from, const struct ixs_laue *laue,
                              double b[9])
{
    struct sums sums = {.largest = 0};
    double g[METRIC], feature[METRIC];
    for (size_t i = 0; i < from->npoints; i++) {
        const struct ixs_dispersion_point *row = &from->points[i];
        const double hkl[3] = {row->h, row->k, row->l};
        if (!isfinite(row->h + row->k + row->l) || !(row->q > 0))
            continue;
        features(laue, hkl, feature);
        for (int k = 0; k < METRIC; k++) {
            sums.right[k] += feature[k] * row->q * row->q;
            for (int l = 0; l < METRIC; l++)
                sums.matrix[k * METRIC + l] += feature[k] * feature[l];
        }
    }
    if (!solve(&sums, allowed(laue), g) || !b_of_metric(g, b))
        return false;
    for (size_t i = 0; i < from->npoints; i++) {
        const struct ixs_dispersion_point *row = &from->points[i];
        double v[3];
        ixs_matrix_apply(b, (const double[]){row->h, row->k, row->l}, v);
        if (fabs(sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) - row->q) > 0.005 * row->q)
            return false;
    }
    return true;
}

static void find_lattice(struct ixs_branching_crystal *out, const struct ixs_dispersion *from,
                         const struct ixs_branching *rules)
{
    static const char *const rising[] = {"-1", "2/m", "mmm", "4/mmm", "6/mmm", "m-3m"};
    const char *stated = ixs_laue_class(rules->point_group);
    struct ixs_laue laue;
    if (isfinite(rules->lattice[0]))
        out->known = ixs_lattice_b(rules->lattice, out->b);
    if (stated != NULL)
        ixs_laue_make(&laue, stated);
    if (!out->known && stated != NULL)
        out->known = lattice_of_points(from, &laue, out->b);
    for (size_t i = 0; !out->known && stated == NULL && i < IXS_COUNT(rising); i++) {
        ixs_laue_make(&laue, rising[i]);
        out->known = lattice_of_points(from, &laue, out->b);
    }
    if (stated != NULL)
        out->laue = laue;
    else if (out->known)
        ixs_laue_of_lattice(&out->laue, out->b);
}

static double density_of(const struct ixs_branching *rules, double volume)
{
    return isfinite(rules->density) ? rules->density
                                    : IXS_GRAMS_PER_CM3 * rules->cell_mass / volume;
}

static bool check_fold(const struct ixs_branching_crystal *crystal, const char *group,
                       struct ixs_err *err)
{
    if (!crystal->known)
        return ixs_fail(err, IXS_USAGE,
                        "found --fold %s without a lattice that the spectra tell, expected "
                        "<lattice> in the experiment's <sample>",
                        group);
    if (ixs_laue_fits(&crystal->laue, crystal->b))
        return true;
    return ixs_fail(err, IXS_USAGE,
                    "found the Laue class %s, expected one that leaves the lattice "
                    "as it is",
                    crystal->laue.name);
}

bool ixs_branching_crystal(struct ixs_branching_crystal *out,
                           const struct ixs_dispersion *dispersion,
                           const struct ixs_branching *rules, struct ixs_err *err)
{
    struct ixs_branching own = *rules;
    *out = (struct ixs_branching_crystal){.density = rules->density, .volume = NAN};
    out->fold = strcmp(rules->fold, "no") != 0;
    out->centring = rules->centring;
    if (out->fold && strcmp(rules->fold, "yes") != 0)
        ixs_copy(own.point_group, sizeof own.point_group, rules->fold);
    find_lattice(out, dispersion, &own);
    if (out->known) {
        double direct[9];
        if (!ixs_matrix_invert(out->b, direct))
            return ixs_fail(err, IXS_BUG, "found a lattice without volume");
        out->volume = fabs(direct[0] * (direct[4] * direct[8] - direct[5] * direct[7]) -
                           direct[1] * (direct[3] * direct[8] - direct[5] * direct[6]) +
                           direct[2] * (direct[3] * direct[7] - direct[4] * direct[6])) *
                      pow(2 * IXS_PI, 3);
        out->density = density_of(rules, out->volume);
    }
    return !out->fold || check_fold(out, rules->fold, err);
}
