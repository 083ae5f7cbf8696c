/* SPDX-License-Identifier: GPL-3.0-or-later
 * DISPERSION: its tables and columns.
 */
#include "products/dispersion.h"

#include "base/array.h"

#include "products/declare.h"
#include "products/words.h"

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
    IXS_COLUMN_TEXT(ixs_dispersion_point, regime, "REGIME", IXS_WORDS_REGIME),
    IXS_COLUMN_TEXT(ixs_dispersion_point, status, "STATUS", "STATUS of the fit"),
    IXS_COLUMN_TEXT(ixs_dispersion_point, response, "RESPONSE", "quality of the response"),
    IXS_LATER_REAL(2, ixs_dispersion_point, q, "Q", "Angstrom**(-1)", "momentum transfer"),
    IXS_LATER_REAL(2, ixs_dispersion_point, scale_err, "SCALE_ERR", "",
                   "relative error of all energies together; NaN: not known"),
    IXS_LATER_INT(2, ixs_dispersion_point, path, "PATH_NUMBER", "", "path, from 1; 0: on none"),
    IXS_LATER_REAL(2, ixs_dispersion_point, offset, "OFFSET", "Angstrom**(-1)",
                   "distance from the line of the path"),
    IXS_LATER_REAL(2, ixs_dispersion_point, q_angle, "Q_ANGLE", "deg",
                   "between Q and reduced q; 0: longitudinal geometry"),
    IXS_LATER_REAL(2, ixs_dispersion_point, omega0_lo, "OMEGA0_LO", "meV",
                   "lower end of the 68 % interval of OMEGA0"),
    IXS_LATER_REAL(2, ixs_dispersion_point, omega0_hi, "OMEGA0_HI", "meV",
                   "upper end of the 68 % interval of OMEGA0"),
    IXS_LATER_REAL(2, ixs_dispersion_point, fwhm_lo, "FWHM_LO", "meV",
                   "lower end of the 68 % interval of FWHM"),
    IXS_LATER_REAL(2, ixs_dispersion_point, fwhm_hi, "FWHM_HI", "meV",
                   "upper end of the 68 % interval of FWHM"),
    IXS_LATER_REAL(2, ixs_dispersion_point, omega_law, "OMEGA_LAW", "meV",
                   "energy of the law of the branch there"),
    IXS_LATER_REAL(2, ixs_dispersion_point, group_velocity, "GROUP_VELOCITY", "km/s",
                   "slope of the law there"),
    IXS_LATER_REAL(2, ixs_dispersion_point, group_velocity_err, "GROUP_VELOCITY_ERR", "km/s",
                   "error of GROUP_VELOCITY"),
    IXS_LATER_TEXT(2, ixs_dispersion_point, used, "USED",
                   "how OMEGA0 entered the law: value, above (a limit), or not"),
};
static const struct ixs_column branch_columns[] = {
    IXS_COLUMN_INT(ixs_dispersion_branch, branch, "BRANCH", "", "number, from 1"),
    IXS_COLUMN_TEXT(ixs_dispersion_branch, path, "PATH",
                    "reciprocal-lattice points it starts from"),
    IXS_COLUMN_INT(ixs_dispersion_branch, npoints, "NPTS", "", "modes in it"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, q_lo, "Q_LO", "Angstrom**(-1)", "smallest reduced q"),
    IXS_COLUMN_REAL(ixs_dispersion_branch, q_hi, "Q_HI", "Angstrom**(-1)", "largest reduced q"),
    IXS_COLUMN_TEXT(ixs_dispersion_branch, law, "LAW", IXS_WORDS_LAW),
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
    IXS_LATER_INT(2, ixs_dispersion_branch, path_number, "PATH_NUMBER", "", "row of PATHS"),
    IXS_LATER_REAL(2, ixs_dispersion_branch, temperature, "TEMPERATURE", "K", "mean of its modes"),
    IXS_LATER_INT(2, ixs_dispersion_branch, nterms, "NTERMS", "", "parameters of the law"),
    IXS_LATER_INT(2, ixs_dispersion_branch, nlimits, "NLIMITS", "",
                  "energies that entered the law as limits"),
    IXS_LATER_REAL(2, ixs_dispersion_branch, fwhm_scale, "FWHM_SCALE", "meV",
                   "FWHM = FWHM_SCALE (q/FWHM_Q)**FWHM_POWER"),
    IXS_LATER_REAL(2, ixs_dispersion_branch, fwhm_scale_err, "FWHM_SCALE_ERR", "meV",
                   "error of FWHM_SCALE"),
    IXS_LATER_REAL(2, ixs_dispersion_branch, fwhm_power, "FWHM_POWER", "",
                   "exponent of the linewidth; NaN: too few widths"),
    IXS_LATER_REAL(2, ixs_dispersion_branch, fwhm_power_err, "FWHM_POWER_ERR", "",
                   "error of FWHM_POWER"),
    IXS_LATER_REAL(2, ixs_dispersion_branch, fwhm_q, "FWHM_Q", "Angstrom**(-1)",
                   "where FWHM is FWHM_SCALE"),
    IXS_LATER_INT(2, ixs_dispersion_branch, nwidths, "NWIDTHS", "",
                  "widths that entered FWHM_POWER"),
    IXS_LATER_INT(2, ixs_dispersion_branch, nwidth_limits, "NWIDTH_LIMITS", "",
                  "those of them that are limits"),
    IXS_LATER_REAL(2, ixs_dispersion_branch, modulus, "MODULUS", "GPa",
                   "density times VELOCITY**2; NaN: no density"),
    IXS_LATER_REAL(2, ixs_dispersion_branch, modulus_err, "MODULUS_ERR", "GPa", "error of MODULUS"),
    IXS_LATER_TEXT(2, ixs_dispersion_branch, constant, "CONSTANT",
                   "elastic constants that MODULUS is"),
    IXS_LATER_TEXT(2, ixs_dispersion_branch, character, "CHARACTER",
                   "longitudinal, transverse, mixed: by the angle of Q and q"),
    IXS_LATER_REAL(2, ixs_dispersion_branch, scale_err, "SCALE_ERR", "",
                   "relative error of all energies together, in no other error"),
    IXS_LATER_TEXT(2, ixs_dispersion_branch, crosses, "CROSSES",
                   "branches that it crosses, and where in 1/Angstrom"),
};
static const struct ixs_column path_columns[] = {
    IXS_COLUMN_INT(ixs_dispersion_path, path, "PATH_NUMBER", "", "number, from 1"),
    IXS_COLUMN_TEXT(ixs_dispersion_path, name, "PATH", "its name"),
    IXS_COLUMN_REAL(ixs_dispersion_path, g_h, "G_H", "",
                    "reciprocal-lattice point it starts from; NaN: any"),
    IXS_COLUMN_REAL(ixs_dispersion_path, g_k, "G_K", "",
                    "reciprocal-lattice point it starts from; NaN: any"),
    IXS_COLUMN_REAL(ixs_dispersion_path, g_l, "G_L", "",
                    "reciprocal-lattice point it starts from; NaN: any"),
    IXS_COLUMN_REAL(ixs_dispersion_path, d_h, "D_H", "", "direction in r.l.u.; NaN: any"),
    IXS_COLUMN_REAL(ixs_dispersion_path, d_k, "D_K", "", "direction in r.l.u.; NaN: any"),
    IXS_COLUMN_REAL(ixs_dispersion_path, d_l, "D_L", "", "direction in r.l.u.; NaN: any"),
    IXS_COLUMN_REAL(ixs_dispersion_path, q_zone, "Q_ZONE", "Angstrom**(-1)",
                    "half the period along it; NaN: not known"),
    IXS_COLUMN_INT(ixs_dispersion_path, npoints, "NPTS", "", "modes on it"),
    IXS_COLUMN_TEXT(ixs_dispersion_path, folded, "FOLDED",
                    "Laue class by which q were folded; empty: they were not"),
};
static const struct ixs_column parameter_columns[] = {
    IXS_COLUMN_INT(ixs_dispersion_parameter, parameter, "PARAMETER", "", "number, from 1"),
    IXS_COLUMN_INT(ixs_dispersion_parameter, branch, "BRANCH", "",
                   "branch; 0: all of this temperature"),
    IXS_COLUMN_REAL(ixs_dispersion_parameter, temperature, "TEMPERATURE", "K", "of the sample"),
    IXS_COLUMN_TEXT(ixs_dispersion_parameter, component, "COMPONENT", "energy, width, elastic"),
    IXS_COLUMN_TEXT(ixs_dispersion_parameter, name, "NAME", "name"),
    IXS_COLUMN_REAL(ixs_dispersion_parameter, value, "VALUE", "", "in UNIT"),
    IXS_COLUMN_REAL(ixs_dispersion_parameter, err, "ERR", "", "error of VALUE"),
    IXS_COLUMN_TEXT(ixs_dispersion_parameter, unit, "UNIT", "FITS unit of VALUE"),
};
static const struct ixs_column covariance_columns[] = {
    IXS_COLUMN_INT(ixs_dispersion_covariance, row, "ROW", "", "PARAMETER of the row"),
    IXS_COLUMN_INT(ixs_dispersion_covariance, column, "COLUMN", "",
                   "PARAMETER of the column, not above ROW"),
    IXS_COLUMN_REAL(ixs_dispersion_covariance, covariance, "COVARIANCE", "",
                    "product of the two UNITs"),
};
static const struct ixs_column overlay_columns[] = {
    IXS_COLUMN_TEXT(ixs_dispersion_overlay, series, "SERIES", "where it is from"),
    IXS_COLUMN_INT(ixs_dispersion_overlay, line, "LINE", "", "points of one line are joined"),
    IXS_COLUMN_INT(ixs_dispersion_overlay, path, "PATH_NUMBER", "", "path it belongs to; 0: all"),
    IXS_COLUMN_REAL(ixs_dispersion_overlay, position, "POSITION", "Angstrom**(-1)",
                    "position along the path"),
    IXS_COLUMN_REAL(ixs_dispersion_overlay, energy, "ENERGY", "meV", "energy"),
};
static const struct ixs_column curve_columns[] = {
    IXS_COLUMN_INT(ixs_dispersion_curve, branch, "BRANCH", "", "branch"),
    IXS_COLUMN_REAL(ixs_dispersion_curve, position, "POSITION", "Angstrom**(-1)",
                    "position along the path"),
    IXS_COLUMN_REAL(ixs_dispersion_curve, energy, "ENERGY", "meV", "of the law"),
    IXS_COLUMN_REAL(ixs_dispersion_curve, energy_err, "ENERGY_ERR", "meV", "error of ENERGY"),
    IXS_COLUMN_REAL(ixs_dispersion_curve, group_velocity, "GROUP_VELOCITY", "km/s",
                    "slope of the law"),
    IXS_COLUMN_REAL(ixs_dispersion_curve, group_velocity_err, "GROUP_VELOCITY_ERR", "km/s",
                    "error of GROUP_VELOCITY"),
    IXS_COLUMN_REAL(ixs_dispersion_curve, fwhm, "FWHM", "meV",
                    "of the law of the linewidths; NaN: none there"),
};

IXS_TABLE(ixs_table_dispersion_points, "POINTS", "every mode with its branch", ixs_dispersion_point,
          point_columns);
IXS_TABLE(ixs_table_dispersion_branches, "BRANCHES", "one row per branch", ixs_dispersion_branch,
          branch_columns);
IXS_TABLE(ixs_table_dispersion_paths, "PATHS", "lines along which modes are followed",
          ixs_dispersion_path, path_columns);
IXS_TABLE(ixs_table_dispersion_parameters, "PARAMETERS", "parameters of the laws",
          ixs_dispersion_parameter, parameter_columns);
IXS_TABLE(ixs_table_dispersion_covariance, "COVARIANCE", "covariance of the parameters",
          ixs_dispersion_covariance, covariance_columns);
IXS_TABLE(ixs_table_dispersion_overlay, "OVERLAY", "a published or calculated dispersion",
          ixs_dispersion_overlay, overlay_columns);
IXS_TABLE(ixs_table_dispersion_curves, "CURVES", "the laws at even steps", ixs_dispersion_curve,
          curve_columns);

static const struct ixs_part parts[] = {
    IXS_PART(ixs_dispersion, points, npoints, &ixs_table_dispersion_points, false),
    IXS_PART(ixs_dispersion, branches, nbranches, &ixs_table_dispersion_branches, false),
    IXS_PART(ixs_dispersion, paths, npaths, &ixs_table_dispersion_paths, true),
    IXS_PART(ixs_dispersion, parameters, nparameters, &ixs_table_dispersion_parameters, true),
    IXS_PART(ixs_dispersion, covariances, ncovariances, &ixs_table_dispersion_covariance, true),
    IXS_PART(ixs_dispersion, overlays, noverlays, &ixs_table_dispersion_overlay, true),
    IXS_PART(ixs_dispersion, thermal, nthermal, &ixs_table_thermal, true),
    IXS_PART(ixs_dispersion, laws, nlaws, &ixs_table_thermal_laws, true),
    IXS_PART(ixs_dispersion, kappas, nkappas, &ixs_table_thermal_kappa, true),
    IXS_PART(ixs_dispersion, kappa_covariances, nkappa_covariances, &ixs_table_thermal_covariance,
             true),
    IXS_PART(ixs_dispersion, curves, ncurves, &ixs_table_dispersion_curves, true),
};

const struct ixs_kind ixs_kind_dispersion = {
    "DISPERSION",
    2,
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
