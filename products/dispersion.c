/* SPDX-License-Identifier: GPL-3.0-or-later
 * DISPERSION: its tables and columns.
 */
#include "products/dispersion.h"

#include "base/array.h"

#include "products/declare.h"

static const struct ixs_column point_columns[] = {
    IXS_COLUMN_TEXT(ixs_dispersion_point, source, "SOURCE", "FIT product it came from"),
    IXS_COLUMN_TEXT(ixs_dispersion_point, analyzer, "ANALYZER", "analyzer"),
    IXS_COLUMN_TEXT(ixs_dispersion_point, scans, "SCANS", "scans"),
    IXS_COLUMN_REAL(ixs_dispersion_point, temperature, "TEMPERATURE", "K", "of the sample"),
    IXS_COLUMN_REAL(ixs_dispersion_point, h, "H", "", "momentum transfer in r.l.u."),
    IXS_COLUMN_REAL(ixs_dispersion_point, k, "K", "", "momentum transfer in r.l.u."),
    IXS_COLUMN_REAL(ixs_dispersion_point, l, "L", "", "momentum transfer in r.l.u."),
    IXS_COLUMN_REAL(ixs_dispersion_point, g_h, "G_H", "", "nearest reciprocal-lattice point"),
    IXS_COLUMN_REAL(ixs_dispersion_point, g_k, "G_K", "", "nearest reciprocal-lattice point"),
    IXS_COLUMN_REAL(ixs_dispersion_point, g_l, "G_L", "", "nearest reciprocal-lattice point"),
    IXS_COLUMN_REAL(ixs_dispersion_point, q_h, "Q_H", "", "reduced momentum transfer in r.l.u."),
    IXS_COLUMN_REAL(ixs_dispersion_point, q_k, "Q_K", "", "reduced momentum transfer in r.l.u."),
    IXS_COLUMN_REAL(ixs_dispersion_point, q_l, "Q_L", "", "reduced momentum transfer in r.l.u."),
    IXS_COLUMN_REAL(ixs_dispersion_point, q_reduced, "Q_REDUCED", "Angstrom**(-1)",
                    "length of the reduced momentum transfer"),
    IXS_COLUMN_REAL(ixs_dispersion_point, position, "POSITION", "Angstrom**(-1)",
                    "position along the path of the branch"),
    IXS_COLUMN_INT(ixs_dispersion_point, mode, "MODE", "", "number of the mode in its spectrum"),
    IXS_COLUMN_INT(ixs_dispersion_point, branch, "BRANCH", "", "branch, from 1; 0: none"),
    IXS_COLUMN_REAL(ixs_dispersion_point, omega0, "OMEGA0", "meV", "undamped energy"),
    IXS_COLUMN_REAL(ixs_dispersion_point, omega0_err, "OMEGA0_ERR", "meV", "error of OMEGA0"),
    IXS_COLUMN_REAL(ixs_dispersion_point, fwhm, "FWHM", "meV", "full damping width"),
    IXS_COLUMN_REAL(ixs_dispersion_point, fwhm_err, "FWHM_ERR", "meV", "error of FWHM"),
    IXS_COLUMN_REAL(ixs_dispersion_point, fwhm_ul90, "FWHM_UL90", "meV",
                    "90 % upper limit of FWHM"),
    IXS_COLUMN_REAL(ixs_dispersion_point, strength, "STRENGTH", "meV.count/s",
                    "strength of the mode"),
    IXS_COLUMN_REAL(ixs_dispersion_point, strength_err, "STRENGTH_ERR", "meV.count/s",
                    "error of STRENGTH"),
    IXS_COLUMN_TEXT(ixs_dispersion_point, regime, "REGIME", "underdamped, overdamped, unresolved"),
    IXS_COLUMN_TEXT(ixs_dispersion_point, status, "STATUS", "STATUS of the fit"),
    IXS_COLUMN_TEXT(ixs_dispersion_point, response, "RESPONSE", "quality of the response"),
};
static const struct ixs_column branch_columns[] = {
    IXS_COLUMN_INT(ixs_dispersion_branch, branch, "BRANCH", "", "number, from 1"),
    IXS_COLUMN_TEXT(ixs_dispersion_branch, path, "PATH",
                    "reciprocal-lattice points it starts from"),
    IXS_COLUMN_INT(ixs_dispersion_branch, npoints, "NPTS", "", "modes in it"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, q_lo, "Q_LO", "Angstrom**(-1)", "smallest reduced q"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, q_hi, "Q_HI", "Angstrom**(-1)", "largest reduced q"),
    IXS_COLUMN_TEXT(ixs_dispersion_branch, law, "LAW", "linear, sine, mean, curved"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, velocity, "VELOCITY", "km/s",
                    "slope at q = 0; NaN: not an acoustic branch"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, velocity_err, "VELOCITY_ERR", "km/s",
                    "error of VELOCITY"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, omega_zone, "OMEGA_ZONE", "meV",
                    "amplitude of the sine; NaN: not a sine"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, omega_zone_err, "OMEGA_ZONE_ERR", "meV",
                    "error of OMEGA_ZONE"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, omega_centre, "OMEGA_CENTRE", "meV",
                    "energy of an optic branch at q = 0; NaN: acoustic"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, omega_centre_err, "OMEGA_CENTRE_ERR", "meV",
                    "error of OMEGA_CENTRE"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, curvature, "CURVATURE", "meV.Angstrom**2",
                    "of an optic branch: OMEGA_CENTRE + CURVATURE q**2; NaN: none"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, curvature_err, "CURVATURE_ERR", "meV.Angstrom**2",
                    "error of CURVATURE"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, scatter, "SCATTER", "meV",
                    "rms of OMEGA0 about the law beyond the errors"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, chi2, "CHI2", "", "of the law"),
    IXS_COLUMN_INT(ixs_dispersion_branch, dof, "DOF", "", "degrees of freedom of the law"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, fwhm_mean, "FWHM_MEAN", "meV",
                    "weighted mean over resolved modes; NaN: none"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, fwhm_mean_err, "FWHM_MEAN_ERR", "meV",
                    "error of FWHM_MEAN"),
    IXS_COLUMN_INT(ixs_dispersion_branch, nresolved, "NRESOLVED", "",
                   "modes whose width is resolved"),
    IXS_COLUMN_TEXT(ixs_dispersion_branch, remark, "REMARK", "what to keep in mind"),
};

IXS_TABLE(ixs_table_dispersion_points, "POINTS", "every mode with its branch", ixs_dispersion_point,
          point_columns);
IXS_TABLE(ixs_table_dispersion_branches, "BRANCHES", "one row per branch", ixs_dispersion_branch,
          branch_columns);

static const struct ixs_part parts[] = {
    IXS_PART(ixs_dispersion, points, npoints, &ixs_table_dispersion_points, false),
    IXS_PART(ixs_dispersion, branches, nbranches, &ixs_table_dispersion_branches, false),
};

const struct ixs_kind ixs_kind_dispersion = {
    "DISPERSION",
    1,
    "modes against reduced q, gathered into branches",
    offsetof(struct ixs_dispersion, identity),
    parts,
    IXS_COUNT(parts),
};

bool ixs_dispersion_write(const struct ixs_dispersion *dispersion, const char *path,
                          const struct ixs_provenance *provenance, const struct ixs_commit *how,
                          bool *changed, struct ixs_err *err)
{
    return ixs_kind_write(&ixs_kind_dispersion, dispersion, path, provenance, how, changed, err);
}

bool ixs_dispersion_read(struct ixs_dispersion *out, const char *path,
                         const struct ixs_reading *how, struct ixs_provenance *provenance,
                         struct ixs_err *err)
{
    return ixs_kind_read(&ixs_kind_dispersion, out, path, "dispersion", how, provenance, err);
}

void ixs_dispersion_dispose(struct ixs_dispersion *dispersion)
{
    ixs_kind_dispose(&ixs_kind_dispersion, dispersion);
}
