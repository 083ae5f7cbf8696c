/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of FIT where spectra have background data, whose waves are no rows: labels, numbers of
 * parameters in BOOTSTRAP and POSTERIOR.
 */
#include "calib/fitting/together.h"

#include "base/array.h"
#include "models/fit/cell.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { SPECTRA = 3, WAVES = 5, TOLD = 3 + IXS_CELL_WAVES + 3, PLAIN = 3 + 3 };

/* Of one mode; with a cell in the first and the last. */
static void answer(struct ixs_fit_answer *out, bool cell)
{
    out->nmodes = 1;
    out->form.ncell = cell ? IXS_CELL_WAVES + WAVES : 0;
    out->nparameters = ixs_model_nparameters(&out->form, 1);
    out->first_mode = ixs_model_first_mode(&out->form);
    out->bootstrap.draws = 9;
    out->sample.steps = 9;
    for (size_t k = 0; k < out->nparameters; k++)
        out->parameters[k] = (double)k;
}

static void record(struct ixs_fit *out)
{
    static const char *const names[SPECTRA] = {"A", "B", "C"};
    struct ixs_err err = IXS_ERR_NONE;
    const struct ixs_calib calib = {0};
    const struct ixs_fitting_together together = {0};
    struct ixs_fitting_input *input = calloc(1, sizeof *input);
    static struct ixs_fitting rules;
    rules = IXS_FITTING;
    rules.parts.nmodes = 1;
    ixs_copy(rules.parts.modes[0], sizeof rules.parts.modes[0], "TA");
    rules.map.n = PLAIN;
    if (input == NULL || !IXS_NEW(input->spectra.spectra, SPECTRA, &err) ||
        !IXS_NEW(input->answers, SPECTRA, &err) || !IXS_NEW(input->set, SPECTRA, &err) ||
        !IXS_NEW(input->zeros, SPECTRA, &err) || !IXS_NEW(input->common, SPECTRA, &err) ||
        !IXS_NEW(input->shared, SPECTRA * IXS_MODEL_MOST_PARAMETERS, &err)) {
        ixs_fitting_inputs_free(1, input);
        fail_msg("%s", err.text);
        return;
    }
    input->source = "a.fits";
    input->spectra.nspectra = SPECTRA;
    for (size_t i = 0; i < SPECTRA; i++) {
        ixs_copy(input->spectra.spectra[i].analyzer, sizeof input->spectra.spectra[i].analyzer,
                 names[i]);
        answer(&input->answers[i], i != 1);
    }
    if (!ixs_fitting_record_all(out, &together, 1, input, &calib, &rules, &err))
        fail_msg("%s", err.text);
    ixs_fitting_inputs_free(1, input);
}

static void test_labels(void **state)
{
    (void)state;
    struct ixs_fit fit = {0};
    record(&fit);
    assert_int_equal(fit.nparameters, TOLD + PLAIN + TOLD);
    for (size_t i = 0; i < fit.nparameters; i++) {
        bool mode = strcmp(fit.parameters[i].component, "dho1") == 0;
        assert_string_equal(fit.parameters[i].label, mode ? "TA" : "");
        assert_string_not_equal(fit.parameters[i].name, "wave");
    }
    ixs_fit_dispose(&fit);
}

static void check_number(const struct ixs_fit *fit, int64_t parameter, int64_t spectrum,
                         const char *component, const char *name)
{
    assert_in_range(parameter, 1, fit->nparameters);
    const struct ixs_fit_parameter *row = &fit->parameters[parameter - 1];
    assert_int_equal(row->spectrum, spectrum);
    assert_string_equal(row->component, component);
    assert_string_equal(row->name, name);
}

static void test_numbers(void **state)
{
    (void)state;
    struct ixs_fit fit = {0};
    record(&fit);
    assert_int_equal(fit.nbootstraps, fit.nparameters);
    assert_int_equal(fit.nposteriors, fit.nparameters);
    for (size_t i = 0; i < fit.nparameters; i++) {
        const struct ixs_fit_bootstrap_row *drawn = &fit.bootstraps[i];
        const struct ixs_fit_posterior_row *sampled = &fit.posteriors[i];
        check_number(&fit, drawn->parameter, drawn->spectrum, drawn->component, drawn->name);
        check_number(&fit, sampled->parameter, sampled->spectrum, sampled->component,
                     sampled->name);
    }
    ixs_fit_dispose(&fit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
