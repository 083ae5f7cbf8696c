/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-show --check: good products are OK, and every fault put into one is found and named.
 */
#include "tests/view_scene.h"

#include "view/show/show.h"

/* What the check says of the written samples; the text is the caller's to free. */
static char *checked(const struct samples *samples, const char *path, enum ixs_code *code)
{
    struct ixs_err err = IXS_ERR_NONE;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_ok(samples_write(samples, &err), &err);
    (void)!ixs_show_check(out, path, NULL, &err);
    fclose(out);
    *code = err.code;
    return text;
}

static void expect_fault(const struct samples *samples, const char *path, const char *expected)
{
    enum ixs_code code;
    char *text = checked(samples, path, &code);
    if (code != IXS_INPUT || strstr(text, expected) == NULL)
        fail_msg("found exit %d and '%s', expected 3 and '%s'", (int)code, text, expected);
    free(text);
}

static void test_check_good(void **state)
{
    for (size_t i = 0; i < SAMPLE_KINDS; i++) {
        enum ixs_code code;
        char *text = checked(*state, sample_files[i], &code), expected[64];
        snprintf(expected, sizeof expected, "%s: OK\n", sample_files[i]);
        assert_string_equal(text, expected);
        assert_int_equal(code, IXS_OK);
        free(text);
    }
}

/* One fault at a time: put in, found, taken out. */
#define FAULT(samples, path, member, value, expected)                                              \
    do {                                                                                           \
        __typeof__((samples)->member) kept = (samples)->member;                                    \
        (samples)->member = (value);                                                               \
        expect_fault((samples), (path), (expected));                                               \
        (samples)->member = kept;                                                                  \
    } while (0)

static void word(char *room, const char *text)
{
    snprintf(room, 8, "%s", text);
}

static void test_check_raw(void **state)
{
    struct samples *s = *state;
    FAULT(s, "raw.fits", raw.keys.npoints, 90, "found NPTS 90, expected the number of rows, 91");
    FAULT(s, "raw.fits", raw.keys.nmissing, 0, "found NMISSING 0");
    FAULT(s, "raw.fits", raw.keys.order, 0, "SCANORD");
    word(s->raw.keys.ended, "LATER");
    expect_fault(s, "raw.fits", "found ENDED 'LATER', expected one of: COMPLETE, ABORTED");
}

static void test_check_calib(void **state)
{
    struct samples *s = *state;
    FAULT(s, "calib.fits", calib.components[1].weight, 0.4, "add up to 0.9");
    FAULT(s, "calib.fits", calib.components[0].eta, 1.5, "RESOLUTION]: row 1: found ETA 1.5");
    FAULT(s, "calib.fits", calib.analyzers[0].fwhm, NAN, "row 1: found FWHM nan");
    FAULT(s, "calib.fits", calib.analyzers[1].ncomponents, 3, "found NCOMPONENTS 3 of 'Ana7'");
    FAULT(s, "calib.fits", calib.analyzers[1].tail10, 1.2, "TAIL10");
    word(s->calib.response[10].analyzer, "Ana6");
    expect_fault(s, "calib.fits", "RESPONSE]: row 11: found ANALYZER 'Ana6'");
}

static void test_check_spectra(void **state)
{
    struct samples *s = *state;
    FAULT(s, "spectra.fits", spectra.points[5].spectrum, 7, "row 6: found SPECTRUM 7");
    FAULT(s, "spectra.fits", spectra.points[5].exposure, 0.0, "row 6: found EXPOSURE 0");
    FAULT(s, "spectra.fits", spectra.points[5].counts, -1.0, "row 6: found COUNTS -1");
    FAULT(s, "spectra.fits", spectra.points[5].energy, NAN, "row 6: found no ENERGY");
    FAULT(s, "spectra.fits", spectra.points[5].intensity, 0.3, "row 6: found INTENSITY 0.3");
    FAULT(s, "spectra.fits", spectra.points[5].flags, 1 << 20, "row 6: found FLAGS 1048576");
    FAULT(s, "spectra.fits", spectra.spectra[1].npoints, 90, "row 2: found NPTS 90");
    FAULT(s, "spectra.fits", spectra.spectra[1].spectrum, 1, "found SPECTRUM 1 twice");
    word(s->spectra.spectra[0].quality, "nice");
    expect_fault(s, "spectra.fits", "found QUALITY 'nice'");
}

static void test_check_fit(void **state)
{
    struct samples *s = *state;
    FAULT(s, "fit.fits", fit.modes[1].id.spectrum, 9, "MODES]: row 2: found SPECTRUM 9");
    FAULT(s, "fit.fits", fit.curves[1].spectrum, 9, "CURVES]: row 2: found SPECTRUM 9");
    FAULT(s, "fit.fits", fit.spectra[0].nmodes, 2, "found NMODES 2, expected the 1 of MODES");
    FAULT(s, "fit.fits", fit.spectra[0].p_value, 1.5, "P_VALUE 1.5");
    FAULT(s, "fit.fits", fit.modes[1].omega0_err, NAN, "found STATUS 'good' with OMEGA0");
    FAULT(s, "fit.fits", fit.modes[0].omega0_lo, 6.0, "found OMEGA0_LO 6 above");
    FAULT(s, "fit.fits", fit.parameters[0].spectrum, 9, "PARAMETERS]: row 1");
    FAULT(s, "fit.fits", fit.parameters[0].parameter, 2, "found PARAMETER 2, expected 1");
    struct ixs_fit_bootstrap_row drawn = {.parameter = 1, .spectrum = 1};
    snprintf(drawn.component, sizeof drawn.component, "%s", s->fit.parameters[0].component);
    snprintf(drawn.name, sizeof drawn.name, "%s", s->fit.parameters[0].name);
    s->fit.bootstraps = &drawn;
    s->fit.nbootstraps = 1;
    FAULT(s, "fit.fits", fit.bootstraps[0].parameter, 2, "BOOTSTRAP]: row 1: found PARAMETER 2");
    FAULT(s, "fit.fits", fit.bootstraps[0].spectrum, 2,
          "found PARAMETER 1, expected the number of zero of zero in SPECTRUM 2");
    s->fit.bootstraps = NULL;
    s->fit.nbootstraps = 0;
    word(s->fit.modes[0].status, "bound");
    expect_fault(s, "fit.fits", "found STATUS 'bound', expected 'poor' of its spectrum");
}

static void test_check_dispersion(void **state)
{
    struct samples *s = *state;
    FAULT(s, "dispersion.fits", dispersion.points[0].branch, 8, "row 1: found BRANCH 8");
    FAULT(s, "dispersion.fits", dispersion.branches[0].npoints, 8, "found NPOINTS 8");
    FAULT(s, "dispersion.fits", dispersion.points[2].fwhm, -1.0, "row 3: found FWHM -1");
    FAULT(s, "dispersion.fits", dispersion.thermal[1].series, 0, "row 2: found SERIES 0");
    FAULT(s, "dispersion.fits", dispersion.laws[1].series, 9, "row 2: found SERIES 9");
    FAULT(s, "dispersion.fits", dispersion.kappa_covariances[1].column, 3, "COLUMN 3");
    word(s->dispersion.branches[1].law, "parable");
    expect_fault(s, "dispersion.fits", "found LAW 'parable'");
}

/* Two hundred faults are counted and the first fifty told. */
static void test_check_many(void **state)
{
    struct samples *samples = *state;
    enum ixs_code code;
    for (size_t i = 0; i < 200; i++)
        samples->spectra.points[i].flags |= 1 << 20;
    char *text = checked(samples, "spectra.fits", &code);
    assert_int_equal(code, IXS_INPUT);
    assert_non_null(strstr(text, "spectra.fits: and 150 more\n"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SAMPLES(test_check_good),  WITH_SAMPLES(test_check_raw),
        WITH_SAMPLES(test_check_calib), WITH_SAMPLES(test_check_spectra),
        WITH_SAMPLES(test_check_fit),   WITH_SAMPLES(test_check_dispersion),
        WITH_SAMPLES(test_check_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
