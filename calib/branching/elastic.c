/* SPDX-License-Identifier: GPL-3.0-or-later
 * Elastic constants from the acoustic branches of one temperature.
 */
#include "calib/branching/branching.h"

#include "base/array.h"
#include "base/units.h"
#include "models/crystal/elastic_constants.h"
#include "models/crystal/lattice.h"

#include <math.h>

enum { MOST_WAVES = IXS_ELASTIC_MOST_WAVES };

struct waves { /* and the rows of BRANCHES they are */
    size_t n;
    struct ixs_elastic_wave waves[MOST_WAVES];
    size_t rows[MOST_WAVES];
};

/* Q as the branch's modes have it, with q along the path: the mean of those on its one side. */
static void mean_of_q(const struct ixs_dispersion *from, const struct ixs_dispersion_branch *branch,
                      const struct ixs_branching_crystal *crystal, const double axes[9],
                      struct ixs_elastic_wave *wave)
{
    for (size_t i = 0; i < from->npoints; i++) {
        const struct ixs_dispersion_point *row = &from->points[i];
        double q[3] = {row->q_h, row->q_k, row->q_l}, full[3] = {row->g_h, row->g_k, row->g_l};
        double side = 0, length = 0;
        if (row->branch != branch->branch)
            continue;
        if (crystal->fold)
            ixs_laue_fold(&crystal->laue, q, full);
        for (int k = 0; k < 3; k++)
            full[k] += q[k];
        ixs_matrix_apply(axes, full, full);
        ixs_matrix_apply(axes, q, q);
        for (int k = 0; k < 3; k++) {
            side += q[k] * wave->direction[k];
            length += full[k] * full[k];
        }
        for (int k = 0; k < 3; k++)
            wave->along[k] += (side < 0 ? -1 : 1) * full[k] / sqrt(length);
    }
}

/* Acoustic branches along a direction, with a modulus that is known. */
static void gather(struct waves *waves, const struct ixs_dispersion *from, size_t first,
                   const struct ixs_branching_crystal *crystal, const double axes[9])
{
    waves->n = 0;
    for (size_t i = first; i < from->nbranches && waves->n < MOST_WAVES; i++) {
        const struct ixs_dispersion_branch *row = &from->branches[i];
        const struct ixs_dispersion_path *path = &from->paths[row->path_number - 1];
        struct ixs_elastic_wave *wave = &waves->waves[waves->n];
        if (!(row->modulus_err > 0) || !isfinite(path->d_h))
            continue;
        *wave = (struct ixs_elastic_wave){
            .modulus = row->modulus, .err = row->modulus_err, .family = (long)row->path_number};
        ixs_matrix_apply(axes, (const double[]){path->d_h, path->d_k, path->d_l}, wave->direction);
        mean_of_q(from, row, crystal, axes, wave);
        waves->rows[waves->n++] = i;
    }
}

static bool record(struct ixs_dispersion *out, const struct ixs_elastic_constants *constants,
                   double kelvin, struct ixs_err *err)
{
    const char *names[IXS_ELASTIC_MOST], *units[IXS_ELASTIC_MOST];
    double values[IXS_ELASTIC_MOST], cov[IXS_ELASTIC_MOST * IXS_ELASTIC_MOST];
    size_t of[IXS_ELASTIC_MOST], n = 0;
    for (size_t k = 0; k < constants->n; k++) {
        if (!constants->known[k])
            continue;
        of[n] = k;
        names[n] = constants->names[k];
        units[n] = "GPa";
        values[n++] = constants->value[k];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            cov[i * n + k] = constants->cov[of[i] * constants->n + of[k]];
    const struct ixs_dispersion_parameter like = {.temperature = kelvin, .component = "elastic"};
    const struct ixs_branching_values found = {n, names, units, values, cov};
    return ixs_branching_parameters(out, &like, &found, err);
}

/* Covariance of the slopes at q = 0 of two branches. */
static double between(const struct ixs_dispersion *from, const struct ixs_branching_bonds *bonds,
                      size_t one, size_t other)
{
    double sum = 0;
    for (size_t i = 0; i < from->npoints; i++)
        for (size_t k = 0; from->points[i].branch == from->branches[one].branch &&
                           bonds->follow[i] != 0 && k < from->npoints;
             k++)
            if (from->points[k].branch == from->branches[other].branch && bonds->follow[k] != 0)
                sum += bonds->follow[i] * bonds->follow[k] *
                       ixs_kinship_covariance(bonds->kinship, i, IXS_KIN_OMEGA0, k, IXS_KIN_OMEGA0);
    return sum;
}

/* Of the moduli, which is that of the velocities. */
static void correlate(const struct waves *waves, const struct ixs_dispersion *from,
                      const struct ixs_branching_bonds *bonds, double *correlation)
{
    for (size_t i = 0; i < waves->n; i++)
        for (size_t k = 0; k <= i; k++) {
            const struct ixs_dispersion_branch *one = &from->branches[waves->rows[i]],
                                               *other = &from->branches[waves->rows[k]];
            double errors =
                IXS_MEV_A_PER_KM_S * IXS_MEV_A_PER_KM_S * one->velocity_err * other->velocity_err;
            double of = i == k ? 1 : between(from, bonds, waves->rows[i], waves->rows[k]) / errors;
            of = isfinite(of) ? fmin(fmax(of, -1), 1) : 0;
            correlation[i * waves->n + k] = correlation[k * waves->n + i] = of;
        }
}

bool ixs_branching_elastic(struct ixs_dispersion *out, size_t first,
                           const struct ixs_branching_crystal *crystal,
                           const struct ixs_branching_bonds *bonds, struct ixs_err *err)
{
    double correlation[MOST_WAVES * MOST_WAVES];
    struct ixs_elastic_constants constants;
    struct waves waves;
    double axes[9], kelvin = 0;
    if (!crystal->known || !ixs_elastic_axes(crystal->b, axes))
        return true;
    gather(&waves, out, first, crystal, axes);
    const double *related = NULL;
    if (bonds != NULL) {
        correlate(&waves, out, bonds, correlation);
        related = correlation;
    }
    if (!ixs_elastic_fit(crystal->laue.name, waves.n, waves.waves, related, &constants))
        return true;
    for (size_t i = 0; i < waves.n; i++) {
        struct ixs_dispersion_branch *row = &out->branches[waves.rows[i]];
        if (waves.waves[i].sure) {
            double along = waves.waves[i].character;
            ixs_elastic_name(&constants, &waves.waves[i], sizeof row->constant, row->constant);
            ixs_copy(row->character, sizeof row->character, ixs_branching_character(along));
        }
        kelvin += row->temperature / (double)waves.n;
    }
    return record(out, &constants, kelvin, err);
}
