/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where the analyzer of an archive looks: HKL as the script or the table states it, the rest from
 * the cell that the experiment states.
 */
#include "calib/archive/parts.h"

#include "base/array.h"
#include "base/units.h"
#include "calib/instrument/geometry.h"
#include "models/crystal/lattice.h"

#include <math.h>
#include <string.h>

double ixs_archive_wavelength(const struct ixs_experiment *experiment)
{
    const struct ixs_instrument *instrument = &experiment->instrument;
    if (experiment->wavelength > 0.0)
        return experiment->wavelength;
    return instrument->wavelength > 0.0 ? instrument->wavelength
                                        : IXS_HC / instrument->photon_energy;
}

double ixs_archive_fact(const struct ixs_archive_making *making, size_t offset)
{
    const struct ixs_archive_facts *facts[] = {making->place->script, &making->place->form->facts};
    for (size_t i = 0; i < IXS_COUNT(facts); i++) {
        double value = NAN;
        if (facts[i] != NULL)
            memcpy(&value, (const char *)facts[i] + offset, sizeof value);
        if (isfinite(value))
            return value;
    }
    return NAN;
}

/* The cell, and an orientation that does: lengths do not depend on it. */
static bool cell_of(const struct ixs_archive_making *making, double b[9])
{
    const struct ixs_experiment *experiment = making->task->experiment;
    return !experiment->no_crystal && isfinite(experiment->lattice[0]) &&
           ixs_lattice_b(experiment->lattice, b);
}

static double length_of(const double b[9], const double hkl[3])
{
    double q[3];
    ixs_matrix_apply(b, hkl, q);
    return sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2]);
}

static void fill_reduced(struct ixs_spectrum *out, const struct ixs_archive_making *making,
                         const double hkl[3])
{
    double b[9], nearest[3];
    if (!cell_of(making, b))
        return;
    out->q = length_of(b, hkl);
    if (!ixs_lattice_nearest(b, making->task->experiment->centring, hkl, nearest))
        return;
    out->g_h = nearest[0];
    out->g_k = nearest[1];
    out->g_l = nearest[2];
    out->q_h = hkl[0] - nearest[0];
    out->q_k = hkl[1] - nearest[1];
    out->q_l = hkl[2] - nearest[2];
    const double reduced[3] = {out->q_h, out->q_k, out->q_l};
    out->q_reduced = length_of(b, reduced);
    double whole[3], left[3];
    ixs_matrix_apply(b, hkl, whole);
    ixs_matrix_apply(b, reduced, left);
    out->q_angle = ixs_geometry_angle(whole, left);
}

/* Full widths of the acceptance along h, k, l; an even one of full width w has variance w^2/12. */
static void fill_width(struct ixs_spectrum *out, const struct ixs_archive_making *making)
{
    static const size_t diagonal[3] = {0, 3, 5};
    for (size_t i = 0; i < 3; i++) {
        double width = ixs_archive_fact(making, offsetof(struct ixs_archive_facts, width) +
                                                    i * sizeof(double));
        out->hkl_cov[diagonal[i]] = width * width / 12.0;
    }
}

void ixs_archive_momentum(struct ixs_spectrum *out, const struct ixs_archive_making *making)
{
    const struct ixs_archive_analyzer *analyzer = making->analyzer;
    out->two_theta = out->gamma = out->q_width = out->q_reduced = out->q_angle = NAN;
    out->q = analyzer != NULL ? analyzer->q : NAN;
    out->h = out->k = out->l = out->g_h = out->g_k = out->g_l = out->q_h = out->q_k = out->q_l =
        NAN;
    for (int i = 0; i < 6; i++)
        out->hkl_cov[i] = NAN;
    if (analyzer != NULL && isfinite(analyzer->hkl[0])) {
        out->h = analyzer->hkl[0];
        out->k = analyzer->hkl[1];
        out->l = analyzer->hkl[2];
        fill_reduced(out, making, analyzer->hkl);
        fill_width(out, making);
    }
}
