/* SPDX-License-Identifier: GPL-3.0-or-later
 * Temperature series for the tests of pictures and words: two modes at three temperatures, with a
 * limit, a mode told by its relaxation alone, an outlier; and their conductivity.
 */
#ifndef IXS_TESTS_VIEW_THERMAL_H
#define IXS_TESTS_VIEW_THERMAL_H

#include "base/array.h"
#include "products/dispersion.h"

#include <math.h>
#include <stdio.h>

enum { SAMPLE_SERIES = 2, SAMPLE_TEMPERATURES = 3 };

static void sample_thermal_row(struct ixs_thermal_row *row, int series, int temperature)
{
    static const char *const told[SAMPLE_SERIES][SAMPLE_TEMPERATURES] = {
        {"limit", "both", "both"}, {"both", "outlier", "relaxation"}};
    double kelvin = 100.0 * (temperature + 1), omega = 4.0 * series, width = 0.01 * kelvin * series;
    const double nan = (double)NAN;
    bool endless = series == 2 && temperature == 2;
    *row = (struct ixs_thermal_row){.series = series,
                                    .mode = series,
                                    .temperature = kelvin,
                                    .h = 6.1,
                                    .k = 6,
                                    .l = 6,
                                    .q_reduced = 0.2,
                                    .omega0 = omega,
                                    .omega0_err = endless ? nan : 0.1,
                                    .omega0_lo = omega - 0.1,
                                    .omega0_hi = endless ? 90.0 : omega + 0.1,
                                    .fwhm = width,
                                    .fwhm_err = endless ? nan : 0.2,
                                    .fwhm_lo = fmax(0.0, width - 0.2),
                                    .fwhm_hi = width + 0.2,
                                    .fwhm_ul90 = width + 0.3,
                                    .relaxation = omega * omega / width,
                                    .relaxation_err = 1.0,
                                    .omega_law = omega,
                                    .omega_law_err = 0.1,
                                    .fwhm_law = width,
                                    .fwhm_law_err = 0.1,
                                    .velocity = series == 1 ? 2.0 : nan};
    snprintf(row->analyzer, sizeof row->analyzer, "Ana7");
    snprintf(row->told, sizeof row->told, "%s", told[series - 1][temperature]);
    snprintf(row->regime, sizeof row->regime, "underdamped");
    snprintf(row->status, sizeof row->status, "good");
    snprintf(row->response, sizeof row->response, "good");
}

static void sample_thermal_law(struct ixs_thermal_law_row *row, int series, const char *quantity,
                               double value, double exponent)
{
    *row = (struct ixs_thermal_law_row){.series = series,
                                        .q_reduced = 0.2,
                                        .npoints = SAMPLE_TEMPERATURES,
                                        .t_lo = 100,
                                        .t_hi = 300,
                                        .t_ref = 200,
                                        .omega_ref = 4,
                                        .p = {value, exponent, NAN},
                                        .p_err = {0.1, 0.05, NAN},
                                        .chi2 = 2,
                                        .dof = 2,
                                        .p_value = 0.37,
                                        .aicc = NAN,
                                        .exponent = exponent,
                                        .exponent_err = 0.05,
                                        .t_overdamped = series == 2 ? 250 : NAN,
                                        .t_overdamped_err = 12,
                                        .t_ioffe = NAN,
                                        .t_ioffe_err = NAN};
    snprintf(row->analyzer, sizeof row->analyzer, series > 0 ? "Ana7" : "");
    snprintf(row->quantity, sizeof row->quantity, "%s", quantity);
    snprintf(row->law, sizeof row->law, "power");
    snprintf(row->used, sizeof row->used, series > 0 ? "carried" : "");
    snprintf(row->remark, sizeof row->remark, series > 0 ? "" : "as if isotropic");
}

static bool sample_thermal(struct ixs_dispersion *out, struct ixs_err *err)
{
    const size_t n = (size_t)SAMPLE_SERIES * SAMPLE_TEMPERATURES;
    if (!IXS_NEW(out->thermal, n, err) || !IXS_NEW(out->laws, 5, err) ||
        !IXS_NEW(out->kappas, SAMPLE_TEMPERATURES, err) || !IXS_NEW(out->kappa_covariances, 6, err))
        return false;
    for (int s = 1; s <= SAMPLE_SERIES; s++) {
        for (int t = 0; t < SAMPLE_TEMPERATURES; t++)
            sample_thermal_row(&out->thermal[out->nthermal++], s, t);
        sample_thermal_law(&out->laws[out->nlaws++], s, "omega0", 4.0 * s, 0.0);
        sample_thermal_law(&out->laws[out->nlaws++], s, "fwhm", 2.0 * s, 1.0);
    }
    sample_thermal_law(&out->laws[out->nlaws++], 0, "kappa", 1.2, -1.0);
    for (int t = 0; t < SAMPLE_TEMPERATURES; t++) {
        double kappa = 2.4 / (t + 1);
        out->kappas[out->nkappas++] = (struct ixs_thermal_kappa){
            100.0 * (t + 1), kappa, 0.1 * kappa, 1.05 * kappa, 0.2 * kappa, 1, 0, 0.2};
        for (int k = 0; k <= t; k++)
            out->kappa_covariances[out->nkappa_covariances++] =
                (struct ixs_thermal_covariance){t + 1, k + 1, k == t ? 0.01 * kappa * kappa : 0.0};
    }
    return true;
}

#endif
