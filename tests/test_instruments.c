/* SPDX-License-Identifier: GPL-3.0-or-later
 * The beamlines that are shipped: each file reads and can be used as it stands.
 */
#include "calib/instrument/instrument.h"

#include "tests/near.h"
#include "tests/shipped.h"
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

static void test_usable(void **state)
{
    (void)state;
    static const struct {
        const char *file, *first, *last, *by;
        size_t places, analyzers;
    } shipped[] = {
        {"bl43lxu", "a03", "a41", "temperature", 42, 28},
        {"bl35xu", "a05", "a12", "difference", 12, 12},
        {"herix", "Ana1", "Ana9", "recorded", 9, 9},
        {"id28", "deta1", "deta9", "temperature", 9, 9},
        {"nsls2_10id", "lambda_det_stats1_total", "lambda_det_stats6_total", "recorded", 6, 6},
    };
    for (size_t i = 0; i < sizeof shipped / sizeof shipped[0]; i++) {
        struct ixs_instrument instrument;
        read_shipped(&instrument, shipped[i].file);
        assert_int_equal(instrument.nanalyzers, shipped[i].places);
        ixs_instrument_settle(&instrument);
        assert_int_equal(instrument.nanalyzers, shipped[i].analyzers);
        assert_string_equal(instrument.analyzers[0].name, shipped[i].first);
        assert_string_equal(instrument.analyzers[instrument.nanalyzers - 1].name, shipped[i].last);
        assert_string_equal(instrument.thermal.by, shipped[i].by);
        assert_null(ixs_instrument_complaint(&instrument));
        assert_true(instrument.fwhm > instrument.narrowest && instrument.narrowest > 0.0);
    }
}

static void test_id28(void **state)
{
    (void)state;
    struct ixs_instrument instrument;
    read_shipped(&instrument, "id28");
    assert_string_equal(ixs_instrument_find(&instrument, "deta7")->thermometer, "prem_ad12");
    assert_string_equal(ixs_instrument_find(&instrument, "deta6")->thermometer, "prema_ad13");
    assert_near(ixs_instrument_find(&instrument, "deta7")->position, 6.0, 0.0);
    assert_string_equal(instrument.thermal.mono_unit, "ohm");
    assert_string_equal(instrument.thermal.word, "T0");
    assert_int_equal(instrument.thermal.nnamed, 5);
    assert_string_equal(instrument.thermal.named[2].reflection, "9 9 9");
    assert_near(instrument.thermal.silicon.slope, 0.0084e-6, 1e-15);
    read_shipped(&instrument, "bl35xu");
    assert_near(instrument.thermal.silicon.alpha, 2.639e-6, 1e-12);
    assert_near(instrument.thermal.silicon.slope, 0.0, 0.0);
}

static void refuse(const char *energy, const char *said)
{
    char path[] = "/tmp/ixs-instrument-XXXXXX";
    struct ixs_instrument instrument;
    struct ixs_err err = IXS_ERR_NONE;
    text_file_name(path);
    text_file_write(path, "<instrument>\n<energy>%s</energy>\n</instrument>\n", energy);
    assert_false(ixs_instrument_read(&instrument, path, NULL, &err));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(err.code, IXS_USAGE);
    if (strstr(err.where, ":2") == NULL || strstr(err.text, said) == NULL)
        fail_msg("'%s: %s', expected line 2 and '%s'", err.where, err.text, said);
}

static void test_refused(void **state)
{
    (void)state;
    refuse("<silicon law='constant'/>", "expected <alpha> for constant");
    refuse("<silicon law='okada'><alpha unit='1/K'>2e-6</alpha></silicon>", "neither for the");
    refuse("<silicon law='linear'><alpha unit='1/K'>2e-6</alpha></silicon>", "<slope> for linear");
    refuse("<silicon law='mine'/>", "mine");
    refuse("<monochromator unit='volt'>T</monochromator>", "volt");
    refuse("<monochromator>T</monochromator>", "unit");
    refuse("<reference unit='K'>300</reference>", "degC");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_usable),
        cmocka_unit_test(test_id28),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests_name("instruments", tests, NULL, NULL);
}
