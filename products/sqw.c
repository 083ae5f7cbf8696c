/* SPDX-License-Identifier: GPL-3.0-or-later
 * S(Q,E) and its moments: columns.
 */
#include "products/sqw.h"

#include "products/declare.h"

static const struct ixs_column sqw_columns[] = {
    IXS_COLUMN_INT(ixs_sqw, spectrum, "SPECTRUM", "", "number of the spectrum"),
    IXS_COLUMN_TEXT(ixs_sqw, analyzer, "ANALYZER", "analyzer"),
    IXS_COLUMN_INT(ixs_sqw, point, "POINT", "", "row of the spectrum in POINTS, from 1"),
    IXS_COLUMN_REAL(ixs_sqw, q, "Q", "Angstrom**(-1)", "momentum transfer"),
    IXS_COLUMN_REAL(ixs_sqw, energy, "ENERGY", "meV",
                    "energy transfer, less what the fit found left of the zero"),
    IXS_COLUMN_REAL(ixs_sqw, s, "S", "count/s",
                    "INTENSITY less elastic line and background, through the response; NaN: the "
                    "error of what is taken off exceeds what is left"),
    IXS_COLUMN_REAL(ixs_sqw, s_err, "S_ERR", "count/s",
                    "error of S: counts, areas, zero, background, response"),
    IXS_COLUMN_REAL(ixs_sqw, s_fit, "S_FIT", "count/s", "the fit's S through the response"),
    IXS_COLUMN_REAL(ixs_sqw, s_model, "S_MODEL", "count/s", "the fit's S without the response"),
    IXS_COLUMN_REAL(ixs_sqw, chi, "CHI", "count/s",
                    "S (1 - exp(-ENERGY/kT)): chi'' as the response shows it; NaN: no TEMPERATURE"),
    IXS_COLUMN_REAL(ixs_sqw, chi_err, "CHI_ERR", "count/s",
                    "error of CHI, those of zero and TEMPERATURE in it"),
    IXS_COLUMN_REAL(ixs_sqw, chi_fit, "CHI_FIT", "count/s",
                    "S_FIT (1 - exp(-ENERGY/kT)): what CHI scatters about"),
    IXS_COLUMN_REAL(ixs_sqw, chi_model, "CHI_MODEL", "count/s",
                    "chi'' of the fit, without the response"),
};
static const struct ixs_column moment_columns[] = {
    IXS_COLUMN_INT(ixs_sqw_moments, spectrum, "SPECTRUM", "", "number of the spectrum"),
    IXS_COLUMN_TEXT(ixs_sqw_moments, analyzer, "ANALYZER", "analyzer"),
    IXS_COLUMN_REAL(ixs_sqw_moments, q, "Q", "Angstrom**(-1)", "momentum transfer"),
    IXS_COLUMN_REAL(ixs_sqw_moments, temperature, "TEMPERATURE", "K", "of the thermometer"),
    IXS_COLUMN_REAL(ixs_sqw_moments, temperature_err, "TEMPERATURE_ERR", "K",
                    "error of TEMPERATURE"),
    IXS_COLUMN_REAL(ixs_sqw_moments, balance, "BALANCE", "K",
                    "temperature at which Stokes and anti-Stokes sides balance; NaN: not told, "
                    "see NOTE"),
    IXS_COLUMN_REAL(ixs_sqw_moments, balance_err, "BALANCE_ERR", "K", "half of the interval"),
    IXS_COLUMN_REAL(ixs_sqw_moments, balance_lo, "BALANCE_LO", "K", "68 %, lower end"),
    IXS_COLUMN_REAL(ixs_sqw_moments, balance_hi, "BALANCE_HI", "K", "68 %, upper end"),
    IXS_COLUMN_REAL(ixs_sqw_moments, balance_pull, "BALANCE_PULL", "",
                    "(1/TEMPERATURE - 1/BALANCE) over its error: > 0 is warmer than the "
                    "thermometer says"),
    IXS_COLUMN_REAL(ixs_sqw_moments, e_lo, "E_LO", "meV", "lowest energy transfer that was fitted"),
    IXS_COLUMN_REAL(ixs_sqw_moments, e_hi, "E_HI", "meV",
                    "highest energy transfer that was fitted"),
    IXS_COLUMN_REAL(ixs_sqw_moments, zeroth_range, "M0_RANGE", "meV.count/s",
                    "integral of S over the points, through the response"),
    IXS_COLUMN_REAL(ixs_sqw_moments, zeroth_range_err, "M0_RANGE_ERR", "meV.count/s",
                    "error of M0_RANGE"),
    IXS_COLUMN_REAL(ixs_sqw_moments, first_range, "M1_RANGE", "meV**2.count/s",
                    "integral of ENERGY S over the points, through the response"),
    IXS_COLUMN_REAL(ixs_sqw_moments, first_range_err, "M1_RANGE_ERR", "meV**2.count/s",
                    "error of M1_RANGE"),
    IXS_COLUMN_REAL(ixs_sqw_moments, zeroth_pull, "M0_PULL", "",
                    "M0_RANGE less that of the fit over the same points, over its error"),
    IXS_COLUMN_REAL(ixs_sqw_moments, first_pull, "M1_PULL", "",
                    "M1_RANGE less that of the fit over the same points, over its error"),
    IXS_COLUMN_REAL(ixs_sqw_moments, zeroth, "M0", "meV.count/s",
                    "integral of the fit's S over all energies, without the response"),
    IXS_COLUMN_REAL(ixs_sqw_moments, zeroth_err, "M0_ERR", "meV.count/s", "error of M0"),
    IXS_COLUMN_REAL(ixs_sqw_moments, first, "M1", "meV**2.count/s",
                    "integral of ENERGY S of the fit over all energies, without the response"),
    IXS_COLUMN_REAL(ixs_sqw_moments, first_err, "M1_ERR", "meV**2.count/s", "error of M1"),
    IXS_COLUMN_REAL(
        ixs_sqw_moments, truncated, "TRUNCATED", "",
        "share of M1 from energies beyond those of either side, where the fit alone tells"),
    IXS_COLUMN_REAL(ixs_sqw_moments, mass, "MASS", "",
                    "mass of the scatterers (u); NaN: not "
                    "stated"),
    IXS_COLUMN_REAL(ixs_sqw_moments, recoil, "RECOIL", "meV", "hbar**2 Q**2 / 2 MASS"),
    IXS_COLUMN_REAL(ixs_sqw_moments, scale, "SCALE", "meV.count/s",
                    "M1 / RECOIL: intensity over this is S in 1/meV; NaN: not told"),
    IXS_COLUMN_REAL(ixs_sqw_moments, scale_err, "SCALE_ERR", "meV.count/s", "error of SCALE"),
    IXS_COLUMN_REAL(ixs_sqw_moments, structure, "S_Q", "",
                    "(M0 + area of the elastic line) / SCALE: S(Q)"),
    IXS_COLUMN_REAL(ixs_sqw_moments, structure_err, "S_Q_ERR", "", "error of S_Q"),
    IXS_COLUMN_TEXT(ixs_sqw_moments, note, "NOTE", "what is not told, and why"),
};

IXS_TABLE(ixs_table_sqw, "SQW", "S(Q,E) and chi'' beside elastic line and background", ixs_sqw,
          sqw_columns);
IXS_TABLE(ixs_table_sqw_moments, "MOMENTS", "moments, absolute scale, detailed balance",
          ixs_sqw_moments, moment_columns);
