/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the rows of FIT must agree on.
 */
#include "view/check/check.h"

#include "products/fit.h"
#include "products/words.h"

#include <math.h>
#include <string.h>

static void check_number(struct ixs_complaints *complaints, const struct ixs_fit *fit,
                         const char *table, size_t row, int64_t number)
{
    if (ixs_fit_find(fit, number) == NULL)
        ixs_complain(complaints, table, row, "found SPECTRUM %lld, expected one of SPECTRA",
                     (long long)number);
}

static void check_spectrum(struct ixs_complaints *complaints, const struct ixs_fit *fit, size_t i)
{
    const struct ixs_fit_spectrum *row = &fit->spectra[i];
    int64_t modes = 0;
    for (size_t k = 0; k < fit->nmodes; k++)
        modes += fit->modes[k].id.spectrum == row->id.spectrum;
    ixs_check_word(complaints, "SPECTRA", i + 1, "STATUS", row->status, IXS_WORDS_STATUS);
    if (row->statist[0] != '\0')
        ixs_check_word(complaints, "SPECTRA", i + 1, "STATIST", row->statist, IXS_WORDS_STATIST);
    ixs_check_word(complaints, "SPECTRA", i + 1, "RESPONSE", row->id.response, IXS_WORDS_RESPONSE);
    ixs_check_range(complaints, "SPECTRA", i + 1, "P_VALUE", row->p_value, 0.0, 1.0);
    ixs_check_range(complaints, "SPECTRA", i + 1, "DEVIANCE", row->deviance, 0.0, INFINITY);
    if (ixs_fit_find(fit, row->id.spectrum) != row)
        ixs_complain(complaints, "SPECTRA", i + 1, "found SPECTRUM %lld twice, expected it once",
                     (long long)row->id.spectrum);
    if (row->nmodes != modes)
        ixs_complain(complaints, "SPECTRA", i + 1, "found NMODES %lld, expected the %lld of MODES",
                     (long long)row->nmodes, (long long)modes);
}

static void check_mode(struct ixs_complaints *complaints, const struct ixs_fit *fit, size_t i)
{
    const struct ixs_fit_mode *row = &fit->modes[i];
    const struct ixs_fit_spectrum *owner = ixs_fit_find(fit, row->id.spectrum);
    check_number(complaints, fit, "MODES", i + 1, row->id.spectrum);
    ixs_check_word(complaints, "MODES", i + 1, "REGIME", row->regime, IXS_WORDS_REGIME);
    ixs_check_range(complaints, "MODES", i + 1, "OMEGA0", row->omega0, 0.0, INFINITY);
    ixs_check_range(complaints, "MODES", i + 1, "OMEGA0_ERR", row->omega0_err, 0.0, INFINITY);
    ixs_check_range(complaints, "MODES", i + 1, "FWHM", row->fwhm, 0.0, INFINITY);
    ixs_check_range(complaints, "MODES", i + 1, "FWHM_ERR", row->fwhm_err, 0.0, INFINITY);
    if (row->omega0_lo > row->omega0_hi)
        ixs_complain(complaints, "MODES", i + 1, "found OMEGA0_LO %g above OMEGA0_HI %g",
                     row->omega0_lo, row->omega0_hi);
    if (row->fwhm_lo > row->fwhm_hi)
        ixs_complain(complaints, "MODES", i + 1, "found FWHM_LO %g above FWHM_HI %g", row->fwhm_lo,
                     row->fwhm_hi);
    if (row->relaxation_lo > row->relaxation_hi)
        ixs_complain(complaints, "MODES", i + 1, "found RELAXATION_LO %g above RELAXATION_HI %g",
                     row->relaxation_lo, row->relaxation_hi);
    if (owner != NULL && strcmp(owner->status, row->status) != 0)
        ixs_complain(complaints, "MODES", i + 1, "found STATUS '%s', expected '%s' of its spectrum",
                     row->status, owner->status);
    bool inseparable = strcmp(row->regime, "overdamped") == 0 && isnan(row->omega0_err);
    if (strcmp(row->status, "good") == 0 &&
        !(isfinite(row->omega0) && (inseparable || isfinite(row->omega0_err))))
        ixs_complain(complaints, "MODES", i + 1,
                     "found STATUS 'good' with OMEGA0 %g and OMEGA0_ERR %g, expected numbers",
                     row->omega0, row->omega0_err);
}

static bool has_parameter(const struct ixs_fit *fit, int64_t number)
{
    return number >= 1 && number <= (int64_t)fit->nparameters;
}

static void check_set(struct ixs_complaints *complaints, const struct ixs_fit *fit,
                      const char *table, size_t i, int64_t set)
{
    if (set < 0 || set > (int64_t)fit->nsets)
        ixs_complain(complaints, table, i + 1, "found SET %lld, expected one of SETS or 0",
                     (long long)set);
}

static void check_sets(struct ixs_complaints *complaints, const struct ixs_fit *fit)
{
    for (size_t i = 0; i < fit->nsets; i++) {
        const struct ixs_fit_set *row = &fit->sets[i];
        int64_t spectra = 0;
        for (size_t k = 0; k < fit->nspectra; k++)
            spectra += fit->spectra[k].set == row->set;
        ixs_check_word(complaints, "SETS", i + 1, "STATUS", row->status, IXS_WORDS_STATUS);
        ixs_check_range(complaints, "SETS", i + 1, "P_VALUE", row->p_value, 0.0, 1.0);
        ixs_check_range(complaints, "SETS", i + 1, "AGREEMENT", row->agreement, 0.0, 1.0);
        if (row->nspectra != spectra)
            ixs_complain(complaints, "SETS", i + 1,
                         "found NSPECTRA %lld, expected the %lld of SPECTRA",
                         (long long)row->nspectra, (long long)spectra);
    }
    for (size_t i = 0; i < fit->nspectra; i++)
        check_set(complaints, fit, "SPECTRA", i, fit->spectra[i].set);
}

static void check_parameter(struct ixs_complaints *complaints, const struct ixs_fit *fit, size_t i)
{
    const struct ixs_fit_parameter *row = &fit->parameters[i];
    ixs_check_word(complaints, "PARAMETERS", i + 1, "STATE", row->state, IXS_WORDS_STATE);
    if (row->like != 0 && !has_parameter(fit, row->like))
        ixs_complain(complaints, "PARAMETERS", i + 1, "found LIKE %lld, expected a PARAMETER",
                     (long long)row->like);
    check_set(complaints, fit, "PARAMETERS", i, row->set);
    if (row->parameter != (int64_t)i + 1)
        ixs_complain(complaints, "PARAMETERS", i + 1, "found PARAMETER %lld, expected %zu",
                     (long long)row->parameter, i + 1);
    if (row->spectrum != 0)
        check_number(complaints, fit, "PARAMETERS", i + 1, row->spectrum);
}

struct drawn { /* a row of BOOTSTRAP or POSTERIOR */
    int64_t parameter, spectrum;
    const char *component, *name;
};

static void check_drawn(struct ixs_complaints *complaints, const struct ixs_fit *fit,
                        const char *table, size_t i, const struct drawn *drawn)
{
    const struct ixs_fit_parameter *row =
        has_parameter(fit, drawn->parameter) ? &fit->parameters[drawn->parameter - 1] : NULL;
    if (row == NULL || row->spectrum != drawn->spectrum ||
        strcmp(row->component, drawn->component) != 0 || strcmp(row->name, drawn->name) != 0)
        ixs_complain(complaints, table, i + 1,
                     "found PARAMETER %lld, expected the number of %s of %s in SPECTRUM %lld",
                     (long long)drawn->parameter, drawn->name, drawn->component,
                     (long long)drawn->spectrum);
}

static void check_draws(struct ixs_complaints *complaints, const struct ixs_fit *fit)
{
    for (size_t i = 0; i < fit->nbootstraps; i++) {
        const struct ixs_fit_bootstrap_row *row = &fit->bootstraps[i];
        check_drawn(complaints, fit, "BOOTSTRAP", i,
                    &(struct drawn){row->parameter, row->spectrum, row->component, row->name});
    }
    for (size_t i = 0; i < fit->nposteriors; i++) {
        const struct ixs_fit_posterior_row *row = &fit->posteriors[i];
        check_drawn(complaints, fit, "POSTERIOR", i,
                    &(struct drawn){row->parameter, row->spectrum, row->component, row->name});
    }
}

static void check_covariance(struct ixs_complaints *complaints, const struct ixs_fit *fit, size_t i)
{
    const struct ixs_fit_covariance *row = &fit->covariances[i];
    if (!has_parameter(fit, row->row) || !has_parameter(fit, row->column) || row->column > row->row)
        ixs_complain(complaints, "COVARIANCE", i + 1,
                     "found ROW %lld and COLUMN %lld, expected PARAMETER numbers, COLUMN <= ROW",
                     (long long)row->row, (long long)row->column);
    if (row->row == row->column && row->covariance < 0.0)
        ixs_complain(complaints, "COVARIANCE", i + 1, "found variance %g, expected >= 0",
                     row->covariance);
}

void ixs_check_fit(struct ixs_complaints *complaints, const struct ixs_fit *fit)
{
    for (size_t i = 0; i < fit->nspectra; i++)
        check_spectrum(complaints, fit, i);
    for (size_t i = 0; i < fit->nmodes; i++)
        check_mode(complaints, fit, i);
    for (size_t i = 0; i < fit->nparameters; i++)
        check_parameter(complaints, fit, i);
    for (size_t i = 0; i < fit->ncovariances; i++)
        check_covariance(complaints, fit, i);
    check_sets(complaints, fit);
    check_draws(complaints, fit);
    for (size_t i = 0; i < fit->ncurves; i++)
        check_number(complaints, fit, "CURVES", i + 1, fit->curves[i].spectrum);
}
