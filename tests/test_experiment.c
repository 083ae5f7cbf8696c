/* SPDX-License-Identifier: GPL-3.0-or-later
 * Instrument and experiment files: what goes over what, and what is said of a wrong one.
 */
#include "calib/experiment/experiment.h"

#include "tests/near.h"
#include "tests/text_file.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/ixs-experiment-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int drop_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void put(const char *name, const char *text, char path[256])
{
    snprintf(path, 256, "%s/%s", folder, name);
    text_file_write(path, "%s", text);
}

static const char beamline[] =
    "<instrument name='TEST'><energy><column>E</column></energy>\n"
    "<circles><two_theta>tth</two_theta></circles>\n"
    "<wavelength unit='Angstrom'>0.5</wavelength><pitch unit='deg'>0.95</pitch><main>1</main>\n"
    "<monitor><column>I0</column></monitor><time><column>Seconds</column></time>\n"
    "<temperature><column>T</column><metadata>T_head</metadata>\n"
    "<sentinel unit='K'>500</sentinel><error unit='K'>0.5</error></temperature>\n"
    "<analyzers><analyzer name='A1' position='1'><dark_rate unit='count/s'>0.25</dark_rate>\n"
    "<mask><motor>m1</motor><open unit='mm'>90</open></mask></analyzer>\n"
    "<analyzer name='A2' position='2'/></analyzers></instrument>\n";

/* Reads `text` as an experiment beside the instrument "beam.xml". */
static bool read_beside(struct ixs_experiment *out, const char *text, struct ixs_err *err)
{
    char instrument[256], experiment[256];
    put("beam.xml", beamline, instrument);
    put("own.xml", text, experiment);
    bool ok = ixs_experiment_read(out, experiment, NULL, NULL, err);
    assert_int_equal(unlink(instrument), 0);
    assert_int_equal(unlink(experiment), 0);
    return ok;
}

static void assert_refused(const char *text, const char *line, const char *said)
{
    struct ixs_experiment experiment = {0};
    struct ixs_err err = IXS_ERR_NONE;
    assert_false(read_beside(&experiment, text, &err));
    assert_int_equal(err.code, IXS_USAGE);
    if (strstr(err.where, line) == NULL || strstr(err.text, said) == NULL)
        fail_msg("'%s: %s', expected '%s' and '%s'", err.where, err.text, line, said);
    ixs_experiment_dispose(&experiment);
}

static void test_overlay(void **state)
{
    (void)state;
    struct ixs_experiment experiment = {0};
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(read_beside(
        &experiment,
        "<experiment><instrument file='beam.xml'><pitch unit='deg'>0.953</pitch>\n"
        "<analyzers><analyzer name='a1'><dark_rate unit='count/s'>0.5</dark_rate></analyzer>\n"
        "<analyzer name='A3' position='7.5'/></analyzers></instrument>\n"
        "<sample name='Si'><centring>F</centring></sample></experiment>",
        &err));
    const struct ixs_instrument *instrument = &experiment.instrument;
    assert_near(instrument->pitch, 0.953, 0.0);
    assert_near(instrument->main, 1.0, 0.0);
    assert_near(instrument->energy_scale, 1.0, 0.0);
    assert_int_equal(instrument->nanalyzers, 3);
    assert_near(ixs_instrument_find(instrument, "A1")->dark_rate, 0.5, 0.0);
    assert_near(ixs_instrument_find(instrument, "A1")->open, 90.0, 0.0);
    assert_near(ixs_instrument_find(instrument, "A3")->position, 7.5, 0.0);
    assert_null(ixs_instrument_find(instrument, "A4"));
    assert_string_equal(instrument->name, "TEST");
    assert_string_equal(experiment.centring, "F");
    assert_true(isnan(experiment.lattice[0]) && isnan(experiment.temperature));
    assert_true(isnan(experiment.wavelength)); /* only the instrument's default */
    assert_near(instrument->wavelength, 0.5, 0.0);
    assert_int_equal(instrument->temperature.nsources, 2);
    assert_null(ixs_instrument_complaint(instrument));
    ixs_experiment_dispose(&experiment);
}

static void test_overlay_replaces(void **state)
{
    (void)state;
    struct ixs_experiment experiment = {0};
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(read_beside(
        &experiment,
        "<experiment><instrument file='beam.xml'><wavelength unit='Angstrom'>0.6</wavelength>\n"
        "<temperature><motor>cryostat</motor><most unit='K'>400</most></temperature>\n"
        "</instrument></experiment>",
        &err));
    const struct ixs_thermometry *temperature = &experiment.instrument.temperature;
    assert_near(experiment.wavelength, 0.6, 0.0);
    assert_int_equal(temperature->nsources, 1);
    assert_int_equal(temperature->sources[0].place, IXS_PLACE_MOTOR);
    assert_string_equal(temperature->sources[0].name, "cryostat");
    assert_int_equal(temperature->nsentinels, 1);
    assert_near(temperature->most, 400.0, 0.0);
    assert_near(temperature->error, 0.5, 0.0);
    ixs_experiment_dispose(&experiment);
}

static void test_option_over_named_file(void **state)
{
    (void)state;
    struct ixs_experiment experiment = {0};
    struct ixs_err err = IXS_ERR_NONE;
    char instrument[256], own[256];
    put("given.xml", beamline, instrument);
    put("own.xml", "<experiment><instrument file='not-there.xml'/></experiment>", own);
    assert_false(ixs_experiment_read(&experiment, own, NULL, NULL, &err));
    assert_non_null(strstr(err.where, "not-there.xml"));
    ixs_experiment_dispose(&experiment);
    err = IXS_ERR_NONE;
    assert_true(ixs_experiment_read(&experiment, own, instrument, NULL, &err));
    assert_string_equal(experiment.instrument.name, "TEST");
    ixs_experiment_dispose(&experiment);
    assert_true(ixs_experiment_read(&experiment, NULL, instrument, NULL, &err));
    assert_int_equal(experiment.instrument.nanalyzers, 2);
    ixs_experiment_dispose(&experiment);
    assert_int_equal(unlink(instrument), 0);
    assert_int_equal(unlink(own), 0);
}

static void test_zeros_and_exclusions(void **state)
{
    (void)state;
    struct ixs_experiment e = {0};
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(read_beside(
        &e,
        "<experiment><zero unit='meV'>1</zero><zero unit='meV' analyzer='A1'>2</zero>\n"
        "<zero unit='meV' analyzer='A1' scan='7' error='0.1'>3</zero>\n"
        "<exclude analyzer='A2' reason='noise'/>\n"
        "<exclude scan='5' from='3' to='4' reason='dump'/>\n"
        "<exclude scan='6' order='2' from='-1.5' unit='recorded' reason='tail'/></experiment>",
        &err));
    assert_near(ixs_experiment_zero(&e, 7, "A9")->zero, 1.0, 0.0);
    assert_near(ixs_experiment_zero(&e, 6, "a1")->zero, 2.0, 0.0);
    assert_true(isnan(ixs_experiment_zero(&e, 6, "A1")->error));
    assert_near(ixs_experiment_zero(&e, 7, "A1")->zero, 3.0, 0.0);
    assert_near(ixs_experiment_zero(&e, 7, "A1")->error, 0.1, 0.0);
    assert_true(ixs_experiment_state_zero(&e, -4.0, NAN, &err));
    assert_near(ixs_experiment_zero(&e, 7, "A1")->zero, -4.0, 0.0);

    assert_non_null(ixs_experiment_excludes(&e, 9, 1, "A2", 1, 0.0));
    assert_null(ixs_experiment_excludes(&e, 9, 1, "A1", 1, 0.0));
    assert_null(ixs_experiment_excludes(&e, 5, 1, "A1", 2, 0.0));
    assert_string_equal(ixs_experiment_excludes(&e, 5, 1, "A1", 3, 0.0)->reason, "dump");
    assert_non_null(ixs_experiment_excludes(&e, 5, 1, "A1", 4, 0.0));
    assert_null(ixs_experiment_excludes(&e, 5, 1, "A1", 5, 0.0));
    assert_null(ixs_experiment_excludes(&e, 6, 1, "A1", 5, 2.0));
    assert_non_null(ixs_experiment_excludes(&e, 6, 2, "A1", 5, 2.0));
    assert_null(ixs_experiment_excludes(&e, 6, 2, "A1", 5, -1.6));
    assert_null(ixs_experiment_excludes(&e, 6, 2, "A1", 5, NAN));
    ixs_experiment_dispose(&e);
}

static void test_wrong_files(void **state)
{
    (void)state;
    assert_refused("<experiment>\n<instrument file='beam.xml'>\n<pitch unit='rad'>0.01</pitch>\n"
                   "</instrument></experiment>",
                   "own.xml:3", "found 'rad'");
    assert_refused("<experiment><instrument><pitch>0.95</pitch></instrument></experiment>",
                   "own.xml:1", "unit");
    assert_refused("<experiment>\n<instrument><pitch unit='deg'>NaN</pitch></instrument>"
                   "</experiment>",
                   "own.xml:2", "expected a number");
    assert_refused("<experiment>\n\n<sample><centring>X</centring></sample></experiment>",
                   "own.xml:3", "found 'X'");
    assert_refused("<experiment>\n<exclude from='5' to='3' reason='x'/></experiment>", "own.xml:2",
                   "found from 5 and to 3");
    assert_refused("<experiment><exclude scan='1'/></experiment>", "own.xml:1", "reason");
    assert_refused("<experiment><instrument file='beam.xml'><analyzers>\n"
                   "<analyzer name='A9'/></analyzers></instrument></experiment>",
                   "own.xml:2", "found analyzer A9 without a position");
    assert_refused("<experiment><instrument><analyzers><analyzer name='A1' position='1'/>\n"
                   "<analyzer name='a1' position='2'/></analyzers></instrument></experiment>",
                   "own.xml:2", "a second time");
    assert_refused("<experiment>\n<sample><amorphous>true</amorphous><lattice>"
                   "<a unit='Angstrom'>5</a><b unit='Angstrom'>5</b><c unit='Angstrom'>5</c>"
                   "<alpha unit='deg'>90</alpha><beta unit='deg'>90</beta>"
                   "<gamma unit='deg'>90</gamma></lattice></sample></experiment>",
                   "own.xml:2", "found <amorphous> beside");
    assert_refused("<experiment><sample><lattice><a unit='Angstrom'>5</a></lattice></sample>"
                   "</experiment>",
                   "own.xml:1", "expected");
    assert_refused("<instrument/>", "own.xml:1", "expected <experiment>");
}

static void test_complaints(void **state)
{
    (void)state;
    struct ixs_instrument instrument;
    ixs_instrument_default(&instrument);
    assert_non_null(strstr(ixs_instrument_complaint(&instrument), "no analyzer"));
    instrument.nanalyzers = 1;
    assert_non_null(strstr(ixs_instrument_complaint(&instrument), "energy"));
}

/* The files that are shipped can be read, and say what they claim. */
static void test_shipped(void **state)
{
    (void)state;
    const char *root = getenv("IXS_ROOT");
    char path[4096];
    struct ixs_experiment experiment = {0};
    struct ixs_err err = IXS_ERR_NONE;
    snprintf(path, sizeof path, "%s/configs/CdOsO.xml", root ? root : ".");
    if (!ixs_experiment_read(&experiment, path, NULL, NULL, &err))
        fail_msg("%s: %s", err.where, err.text);
    assert_null(ixs_instrument_complaint(&experiment.instrument));
    assert_int_equal(experiment.instrument.nanalyzers, 9);
    assert_near(experiment.instrument.pitch, 0.953, 0.0);
    assert_string_equal(experiment.centring, "F");
    ixs_experiment_dispose(&experiment);
    snprintf(path, sizeof path, "%s/configs/plexiglas.xml", root ? root : ".");
    assert_true(ixs_experiment_read(&experiment, path, NULL, NULL, &err));
    assert_near(experiment.instrument.pitch, 0.950, 0.0);
    assert_true(experiment.no_crystal);
    ixs_experiment_dispose(&experiment);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overlay),
        cmocka_unit_test(test_overlay_replaces),
        cmocka_unit_test(test_option_over_named_file),
        cmocka_unit_test(test_zeros_and_exclusions),
        cmocka_unit_test(test_wrong_files),
        cmocka_unit_test(test_complaints),
        cmocka_unit_test(test_shipped),
    };
    return cmocka_run_group_tests_name("experiment", tests, make_folder, drop_folder);
}
