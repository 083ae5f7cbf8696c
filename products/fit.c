/* SPDX-License-Identifier: GPL-3.0-or-later
 * FIT: its tables and columns.
 */
#include "products/fit.h"

#include "base/array.h"

#include "products/declare.h"
#include "products/words.h"

/* The identity columns, the same in SPECTRA and MODES. */
#define IDENTITY(row)                                                                              \
    IXS_COLUMN_INT(row, id.spectrum, "SPECTRUM", "",                                               \
                   "number of the spectrum in this product, from 1"),                              \
        IXS_COLUMN_TEXT(row, id.source, "SOURCE", "SPECTRA product it came from"),                 \
        IXS_COLUMN_TEXT(row, id.analyzer, "ANALYZER", "analyzer"),                                 \
        IXS_COLUMN_TEXT(row, id.scans, "SCANS", "scans"),                                          \
        IXS_COLUMN_REAL(row, id.temperature, "TEMPERATURE", "K", "of the sample; NaN: not known"), \
        IXS_LATER_REAL(2, row, id.scale_err, "SCALE_ERR", "",                                      \
                       "relative error that all energies share, beside the others"),               \
        IXS_COLUMN_REAL(row, id.q, "Q", "Angstrom**(-1)", "momentum transfer"),                    \
        IXS_COLUMN_REAL(row, id.h, "H", "", "momentum transfer in r.l.u."),                        \
        IXS_COLUMN_REAL(row, id.k, "K", "", "momentum transfer in r.l.u."),                        \
        IXS_COLUMN_REAL(row, id.l, "L", "", "momentum transfer in r.l.u."),                        \
        IXS_COLUMN_REAL(row, id.g_h, "G_H", "", "nearest reciprocal-lattice point"),               \
        IXS_COLUMN_REAL(row, id.g_k, "G_K", "", "nearest reciprocal-lattice point"),               \
        IXS_COLUMN_REAL(row, id.g_l, "G_L", "", "nearest reciprocal-lattice point"),               \
        IXS_COLUMN_REAL(row, id.q_h, "Q_H", "", "reduced momentum transfer in r.l.u."),            \
        IXS_COLUMN_REAL(row, id.q_k, "Q_K", "", "reduced momentum transfer in r.l.u."),            \
        IXS_COLUMN_REAL(row, id.q_l, "Q_L", "", "reduced momentum transfer in r.l.u."),            \
        IXS_COLUMN_REAL(row, id.q_reduced, "Q_REDUCED", "Angstrom**(-1)",                          \
                        "length of the reduced momentum transfer"),                                \
        IXS_COLUMN_TEXT(row, id.response, "RESPONSE",                                              \
                        "quality of the response: " IXS_WORDS_RESPONSE)

static const struct ixs_column spectrum_columns[] = {
    IDENTITY(ixs_fit_spectrum),
    IXS_COLUMN_TEXT(ixs_fit_spectrum, status, "STATUS", IXS_WORDS_STATUS),
    IXS_COLUMN_TEXT(ixs_fit_spectrum, reason, "REASON", "why STATUS is not good"),
    IXS_LATER_TEXT(2, ixs_fit_spectrum, statist, "STATIST",
                   "POISSON, or GAUSSIAN: fitted to errors, not to counts"),
    IXS_COLUMN_REAL(ixs_fit_spectrum, deviance, "DEVIANCE", "",
                    "Poisson deviance 2 sum[mu - N + N ln(N/mu)]; GAUSSIAN: chi squared"),
    IXS_COLUMN_INT(ixs_fit_spectrum, dof, "DOF", "", "points less free parameters"),
    IXS_COLUMN_REAL(ixs_fit_spectrum, p_value, "P_VALUE", "",
                    "chance of a larger deviance if the model is right; NaN: not meant"),
    IXS_COLUMN_REAL(ixs_fit_spectrum, aicc, "AICC", "",
                    "corrected Akaike criterion, lower is better"),
    IXS_COLUMN_REAL(ixs_fit_spectrum, log_evidence, "LOG_EVIDENCE", "",
                    "logarithm of the evidence; NaN: not computed"),
    IXS_COLUMN_INT(ixs_fit_spectrum, nmodes, "NMODES", "", "modes fitted"),
    IXS_COLUMN_INT(ixs_fit_spectrum, iterations, "ITERATIONS", "",
                   "iterations of the solver, all starts"),
    IXS_COLUMN_REAL(ixs_fit_spectrum, zero, "ZERO", "meV", "what remains of the energy zero"),
    IXS_COLUMN_REAL(ixs_fit_spectrum, zero_err, "ZERO_ERR", "meV", "error of ZERO"),
    IXS_COLUMN_REAL(ixs_fit_spectrum, elastic, "ELASTIC", "meV.count/s",
                    "area of the elastic line"),
    IXS_COLUMN_REAL(ixs_fit_spectrum, elastic_err, "ELASTIC_ERR", "meV.count/s",
                    "error of ELASTIC"),
    IXS_COLUMN_REAL(ixs_fit_spectrum, background, "BACKGROUND", "count/s",
                    "flat background, not convolved"),
    IXS_COLUMN_REAL(ixs_fit_spectrum, background_err, "BACKGROUND_ERR", "count/s",
                    "error of BACKGROUND"),
    IXS_LATER_INT(3, ixs_fit_spectrum, set, "SET", "",
                  "set of SETS that it was fitted together with; 0: by itself"),
};
static const struct ixs_column mode_columns[] = {
    IDENTITY(ixs_fit_mode),
    IXS_COLUMN_INT(ixs_fit_mode, mode, "MODE", "",
                   "number, from 1, by energy; named modes as in the model file"),
    IXS_LATER_TEXT(3, ixs_fit_mode, label, "LABEL", "name of the mode in the model file"),
    IXS_COLUMN_REAL(ixs_fit_mode, omega0, "OMEGA0", "meV", "undamped energy"),
    IXS_COLUMN_REAL(ixs_fit_mode, omega0_err, "OMEGA0_ERR", "meV",
                    "error of OMEGA0; NaN: not told apart from FWHM and STRENGTH"),
    IXS_COLUMN_REAL(ixs_fit_mode, omega0_lo, "OMEGA0_LO", "meV", "lower end of the 68 % interval"),
    IXS_COLUMN_REAL(ixs_fit_mode, omega0_hi, "OMEGA0_HI", "meV", "upper end of the 68 % interval"),
    IXS_COLUMN_REAL(ixs_fit_mode, fwhm, "FWHM", "meV",
                    "full damping width, the bias of its median at these counts taken off"),
    IXS_COLUMN_REAL(ixs_fit_mode, fwhm_err, "FWHM_ERR", "meV", "error of FWHM"),
    IXS_COLUMN_REAL(ixs_fit_mode, fwhm_lo, "FWHM_LO", "meV", "lower end of the 68 % interval"),
    IXS_COLUMN_REAL(ixs_fit_mode, fwhm_hi, "FWHM_HI", "meV", "upper end of the 68 % interval"),
    IXS_COLUMN_REAL(ixs_fit_mode, strength, "STRENGTH", "meV.count/s", "strength A of the mode"),
    IXS_COLUMN_REAL(ixs_fit_mode, strength_err, "STRENGTH_ERR", "meV.count/s", "error of STRENGTH"),
    IXS_COLUMN_REAL(ixs_fit_mode, relaxation, "RELAXATION", "meV",
                    "OMEGA0**2 / FWHM, what an overdamped mode determines"),
    IXS_COLUMN_REAL(ixs_fit_mode, relaxation_err, "RELAXATION_ERR", "meV", "error of RELAXATION"),
    IXS_LATER_REAL(2, ixs_fit_mode, relaxation_lo, "RELAXATION_LO", "meV",
                   "lower end of the 68 % interval"),
    IXS_LATER_REAL(2, ixs_fit_mode, relaxation_hi, "RELAXATION_HI", "meV",
                   "upper end of the 68 % interval; NaN: it has none"),
    IXS_COLUMN_REAL(ixs_fit_mode, susceptibility, "SUSCEPTIBILITY", "count/s",
                    "2 STRENGTH / OMEGA0"),
    IXS_COLUMN_REAL(ixs_fit_mode, susceptibility_err, "SUSCEPTIBILITY_ERR", "count/s",
                    "error of SUSCEPTIBILITY"),
    IXS_LATER_REAL(2, ixs_fit_mode, susceptibility_lo, "SUSCEPTIBILITY_LO", "count/s",
                   "lower end of the 68 % interval"),
    IXS_LATER_REAL(2, ixs_fit_mode, susceptibility_hi, "SUSCEPTIBILITY_HI", "count/s",
                   "upper end of the 68 % interval; NaN: it has none"),
    IXS_COLUMN_REAL(ixs_fit_mode, area, "AREA", "meV.count/s",
                    "integral of S(E) over all energies"),
    IXS_COLUMN_REAL(ixs_fit_mode, omega_damped, "OMEGA_DAMPED", "meV",
                    "sqrt(OMEGA0**2 - FWHM**2/4), 0 when overdamped"),
    IXS_COLUMN_REAL(ixs_fit_mode, fwhm_ul90, "FWHM_UL90", "meV",
                    "90 % upper limit of FWHM; NaN: the response is lent or nominal"),
    IXS_COLUMN_TEXT(ixs_fit_mode, regime, "REGIME", IXS_WORDS_REGIME),
    IXS_COLUMN_REAL(ixs_fit_mode, lifetime, "LIFETIME", "ps",
                    "hbar / FWHM; NaN: unresolved, or the response is not of this beamtime"),
    IXS_COLUMN_REAL(ixs_fit_mode, lifetime_err, "LIFETIME_ERR", "ps", "error of LIFETIME"),
    IXS_COLUMN_TEXT(ixs_fit_mode, status, "STATUS", "STATUS of the spectrum"),
};
static const struct ixs_column parameter_columns[] = {
    IXS_COLUMN_INT(ixs_fit_parameter, parameter, "PARAMETER", "", "number, from 1"),
    IXS_COLUMN_INT(ixs_fit_parameter, spectrum, "SPECTRUM", "", "spectrum; 0: shared"),
    IXS_COLUMN_TEXT(ixs_fit_parameter, component, "COMPONENT",
                    "zero, elastic, background, cell, dho1, dho2 .."),
    IXS_COLUMN_TEXT(ixs_fit_parameter, name, "NAME", "zero, area, level, omega0, fwhm, strength"),
    IXS_COLUMN_REAL(ixs_fit_parameter, value, "VALUE", "", "value, in UNIT"),
    IXS_COLUMN_REAL(ixs_fit_parameter, err, "ERR", "", "error, in UNIT"),
    IXS_COLUMN_REAL(ixs_fit_parameter, lo, "LO", "", "lower end of the 68 % interval, in UNIT"),
    IXS_COLUMN_REAL(ixs_fit_parameter, hi, "HI", "", "upper end of the 68 % interval, in UNIT"),
    IXS_COLUMN_TEXT(ixs_fit_parameter, unit, "UNIT", "unit of VALUE"),
    IXS_COLUMN_TEXT(ixs_fit_parameter, state, "STATE",
                    IXS_WORDS_STATE " (only with others of its mode)"),
    IXS_LATER_TEXT(3, ixs_fit_parameter, label, "LABEL", "name of its mode in the model file"),
    IXS_LATER_INT(3, ixs_fit_parameter, like, "LIKE", "",
                  "PARAMETER that it follows, tied or shared; 0: none"),
    IXS_LATER_INT(3, ixs_fit_parameter, set, "SET", "",
                  "of what is shared, the set of SETS; 0: of one spectrum"),
};
static const struct ixs_column set_columns[] = {
    IXS_COLUMN_INT(ixs_fit_set, set, "SET", "", "number, from 1"),
    IXS_COLUMN_INT(ixs_fit_set, nspectra, "NSPECTRA", "", "spectra fitted together"),
    IXS_COLUMN_INT(ixs_fit_set, nown, "NOWN", "", "parameters of single spectra, of all together"),
    IXS_COLUMN_INT(ixs_fit_set, nshared, "NSHARED", "", "parameters that spectra share"),
    IXS_COLUMN_REAL(ixs_fit_set, deviance, "DEVIANCE", "", "of all data of the set"),
    IXS_COLUMN_INT(ixs_fit_set, dof, "DOF", "", "points less free parameters"),
    IXS_COLUMN_REAL(ixs_fit_set, p_value, "P_VALUE", "",
                    "chance of a larger deviance if the model is right"),
    IXS_COLUMN_REAL(ixs_fit_set, agreement, "AGREEMENT", "",
                    "chance that spectra which share differ so much; NaN: nothing is shared"),
    IXS_COLUMN_REAL(ixs_fit_set, aicc, "AICC", "", "corrected Akaike criterion, lower is better"),
    IXS_COLUMN_INT(ixs_fit_set, iterations, "ITERATIONS", "", "iterations of the solver"),
    IXS_COLUMN_TEXT(ixs_fit_set, status, "STATUS", IXS_WORDS_STATUS),
    IXS_COLUMN_TEXT(ixs_fit_set, reason, "REASON", "why STATUS is not good"),
};
static const struct ixs_column covariance_columns[] = {
    IXS_COLUMN_INT(ixs_fit_covariance, row, "ROW", "", "PARAMETER"),
    IXS_COLUMN_INT(ixs_fit_covariance, column, "COLUMN", "", "PARAMETER, not above ROW"),
    IXS_COLUMN_REAL(ixs_fit_covariance, covariance, "COVARIANCE", "",
                    "covariance, in the units of the two"),
};
static const struct ixs_column curve_columns[] = {
    IXS_COLUMN_INT(ixs_fit_curve, spectrum, "SPECTRUM", "", "number of the spectrum"),
    IXS_COLUMN_INT(ixs_fit_curve, point, "POINT", "", "point of the spectrum, from 1"),
    IXS_COLUMN_REAL(ixs_fit_curve, energy, "ENERGY", "meV",
                    "energy transfer as in SPECTRA: FIT.ZERO is not taken off"),
    IXS_COLUMN_REAL(ixs_fit_curve, counts, "COUNTS", "count", "counts"),
    IXS_COLUMN_REAL(ixs_fit_curve, exposure, "EXPOSURE", "s", "exposure"),
    IXS_COLUMN_REAL(ixs_fit_curve, dark, "DARK", "count", "expected dark counts"),
    IXS_COLUMN_REAL(ixs_fit_curve, intensity, "INTENSITY", "count/s", "(COUNTS - DARK) / EXPOSURE"),
    IXS_COLUMN_REAL(ixs_fit_curve, error, "ERROR", "count/s",
                    "sqrt(max(COUNTS,1)) / EXPOSURE, for display"),
    IXS_COLUMN_REAL(ixs_fit_curve, total, "TOTAL", "count/s", "fitted intensity"),
    IXS_COLUMN_REAL(ixs_fit_curve, elastic, "ELASTIC", "count/s", "elastic line"),
    IXS_COLUMN_REAL(ixs_fit_curve, background, "BACKGROUND", "count/s", "background"),
    IXS_LATER_REAL(2, ixs_fit_curve, quasielastic, "QUASIELASTIC", "count/s",
                   "quasi-elastic line and its interaction; NaN: there is none"),
    IXS_LATER_REAL(2, ixs_fit_curve, table, "CALCULATED", "count/s",
                   "calculated spectrum; NaN: there is none"),
    IXS_LATER_REAL(3, ixs_fit_curve, cell, "CELL", "count/s",
                   "empty cell in the spectrum, by its own counts; NaN: no background data"),
    IXS_COLUMN_REAL(ixs_fit_curve, modes, "MODES", "count/s", "sum of the modes"),
    IXS_COLUMN_REAL(ixs_fit_curve, mode1, "MODE1", "count/s", "mode 1; NaN: there is none"),
    IXS_COLUMN_REAL(ixs_fit_curve, mode2, "MODE2", "count/s", "mode 2; NaN: there is none"),
    IXS_COLUMN_REAL(ixs_fit_curve, mode3, "MODE3", "count/s", "mode 3; NaN: there is none"),
    IXS_COLUMN_REAL(ixs_fit_curve, mode4, "MODE4", "count/s", "mode 4; NaN: there is none"),
    IXS_COLUMN_REAL(ixs_fit_curve, mode5, "MODE5", "count/s", "mode 5; NaN: there is none"),
    IXS_COLUMN_REAL(ixs_fit_curve, mode6, "MODE6", "count/s", "mode 6; NaN: there is none"),
    IXS_COLUMN_REAL(ixs_fit_curve, residual, "RESIDUAL", "",
                    "signed square root of the deviance of the point"),
    IXS_COLUMN_INT(ixs_fit_curve, flags, "FLAGS", "", "flags of the point"),
};

IXS_TABLE(ixs_table_fit_spectra, "SPECTRA", "one row per fitted spectrum", ixs_fit_spectrum,
          spectrum_columns);
IXS_TABLE(ixs_table_fit_modes, "MODES", "one row per spectrum and mode", ixs_fit_mode,
          mode_columns);
IXS_TABLE(ixs_table_fit_parameters, "PARAMETERS", "one row per parameter", ixs_fit_parameter,
          parameter_columns);
IXS_TABLE(ixs_table_fit_covariance, "COVARIANCE", "covariance of the parameters, lower triangle",
          ixs_fit_covariance, covariance_columns);
IXS_TABLE(ixs_table_fit_curves, "CURVES", "data and fitted curves", ixs_fit_curve, curve_columns);
IXS_TABLE(ixs_table_fit_sets, "SETS", "one row per set of spectra fitted together", ixs_fit_set,
          set_columns);

static const struct ixs_part parts[] = {
    IXS_PART(ixs_fit, spectra, nspectra, &ixs_table_fit_spectra, false),
    IXS_PART(ixs_fit, modes, nmodes, &ixs_table_fit_modes, false),
    IXS_PART(ixs_fit, parameters, nparameters, &ixs_table_fit_parameters, false),
    IXS_PART(ixs_fit, covariances, ncovariances, &ixs_table_fit_covariance, false),
    IXS_PART(ixs_fit, curves, ncurves, &ixs_table_fit_curves, true),
    IXS_PART(ixs_fit, sets, nsets, &ixs_table_fit_sets, true),
    IXS_PART(ixs_fit, numbers, nnumbers, &ixs_table_fit_numbers, true),
    IXS_PART(ixs_fit, bootstraps, nbootstraps, &ixs_table_fit_bootstrap, true),
    IXS_PART(ixs_fit, posteriors, nposteriors, &ixs_table_fit_posterior, true),
};

const struct ixs_kind ixs_kind_fit = {
    "FIT",
    3,
    "phonon modes fitted to each spectrum",
    offsetof(struct ixs_fit, identity),
    parts,
    IXS_COUNT(parts),
};

bool ixs_fit_write(const struct ixs_fit *fit, const char *path,
                   const struct ixs_provenance *provenance, const struct ixs_commit *how,
                   bool *changed, struct ixs_err *err)
{
    return ixs_kind_write(&ixs_kind_fit, fit, path, provenance, how, changed, err);
}

bool ixs_fit_read(struct ixs_fit *out, const char *path, const struct ixs_reading *how,
                  struct ixs_provenance *provenance, struct ixs_err *err)
{
    return ixs_kind_read(&ixs_kind_fit, out, path, "fit", how, provenance, err);
}

void ixs_fit_dispose(struct ixs_fit *fit)
{
    ixs_kind_dispose(&ixs_kind_fit, fit);
}

const struct ixs_fit_spectrum *ixs_fit_find(const struct ixs_fit *fit, int64_t number)
{
    if (number >= 1 && number <= (int64_t)fit->nspectra &&
        fit->spectra[number - 1].id.spectrum == number)
        return &fit->spectra[number - 1];
    for (size_t i = 0; i < fit->nspectra; i++)
        if (fit->spectra[i].id.spectrum == number)
            return &fit->spectra[i];
    return NULL;
}
