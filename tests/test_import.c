/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which scans are imported, and under which names.
 */
#include "calib/import/import.h"

#include "base/array.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_product_names(void **state)
{
    static const struct {
        const char *path, *name;
        int64_t scan, order;
    } cases[] = {
        {"/data/beam.spec", "raw/beam_S0012.fits", 12, 1},
        {"beam.spec.gz", "raw/beam_S0012.2.fits", 12, 2},
        {"CdOsO", "raw/CdOsO_S0001.2.fits", 1, 2},
        {"x/CdOsO.GZ", "raw/CdOsO_S12345.fits", 12345, 1},
        {"a.b/T_1.5", "raw/T_1.5_S0000.fits", 0, 1},
        {"x.fits[1]", "raw/x_S0001.fits", 1, 1},
        {".spec", "raw/.spec_S0001.fits", 1, 1},
    };
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        struct ixs_err err = IXS_ERR_NONE;
        char *name = ixs_import_product("raw", cases[i].path, cases[i].scan, cases[i].order, &err);
        assert_string_equal(name, cases[i].name);
        free(name);
    }
}

static void test_names_that_meet(void **state)
{
    const char *apart[] = {"a.spec", "b.spec", "T_1.5", "T_1.6"};
    const char *meet[] = {"x/a.spec", "b.spec", "y/a.dat"};
    struct ixs_err err = IXS_ERR_NONE;
    (void)state;
    assert_true(ixs_import_names(apart, 4, &err));
    assert_false(ixs_import_names(meet, 3, &err));
    assert_int_equal(err.code, IXS_USAGE);
    assert_non_null(strstr(err.text, "x/a.spec"));
    assert_non_null(strstr(err.text, "y/a.dat"));
}

static void test_choice(void **state)
{
    static const struct {
        int64_t scan, order;
        bool taken;
    } cases[] = {
        {12, 1, true},  {12, 2, false}, {14, 3, true}, {20, 1, true},
        {21, 1, false}, {1, 2, true},   {1, 1, false}, {1, 12, false},
    };
    struct ixs_scan_choice choice = {0}, all = {0};
    struct ixs_err err = IXS_ERR_NONE;
    (void)state;
    assert_true(ixs_scan_choice_parse(&choice, "12,14-20,1.2,99", &err));
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        const struct ixs_scan_name name = {cases[i].scan, cases[i].order, ""};
        assert_int_equal(ixs_scan_choice_takes(&choice, &name), cases[i].taken);
        assert_true(ixs_scan_choice_takes(&all, &name));
    }
    assert_false(ixs_scan_choice_check(&choice, &err));
    assert_int_equal(err.code, IXS_INPUT);
    assert_string_equal(err.text, "found no scan 99");
    ixs_err_clear(&err);
    assert_true(ixs_scan_choice_takes(&choice, &(struct ixs_scan_name){99, 1, ""}));
    assert_true(ixs_scan_choice_check(&choice, &err));
    assert_true(ixs_scan_choice_check(&all, &err));
    ixs_scan_choice_dispose(&choice);
}

static void test_last(void **state)
{
    const struct ixs_scan_name name = {7, 1, "ascan herixE -1 1 2 30"};
    struct ixs_scan_choice choice = {0};
    struct ixs_err err = IXS_ERR_NONE;
    (void)state;
    assert_true(ixs_scan_choice_parse(&choice, "last", &err));
    assert_false(ixs_scan_choice_takes(&choice, &name));
    assert_true(ixs_scan_choice_takes_last(&choice, &name));
    choice.command = "dscan";
    assert_false(ixs_scan_choice_takes_last(&choice, &name));
    assert_false(ixs_scan_choice_check(&choice, &err));
    assert_string_equal(err.text, "found no scan whose command begins 'dscan'");
    ixs_scan_choice_dispose(&choice);
    ixs_err_clear(&err);
    assert_true(ixs_scan_choice_parse(&choice, "3,last,7-9", &err));
    assert_int_equal(choice.count, 2);
    assert_true(ixs_scan_choice_takes(&choice, &name));
    assert_false(ixs_scan_choice_names(&choice, &name));
    assert_true(ixs_scan_choice_names(&choice, &(struct ixs_scan_name){3, 1, ""}));
    ixs_scan_choice_dispose(&choice);
}

static void test_commands(void **state)
{
    static const struct {
        const char *pattern, *command;
        bool matches;
    } cases[] = {
        {"ascan herixE", "ascan  herixE -15 30  90 30", true},
        {"ASCAN HerixE", "ascan herixE -15 30 90 30", true},
        {"ascan herix", "ascan herixE -15 30 90 30", false},
        {"*scan herix?", "dscan herixE -1 1 9 1", true},
        {"ascan herixE -15 30", "ascan  herixE -15 30  90 30", true},
        {"ascan herixE", "ascan", false},
        {"[ad]scan", "lup tth -1 1 10 1", false},
        {"", "anything", true},
    };
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(cases); i++)
        assert_int_equal(ixs_scan_command_matches(cases[i].pattern, cases[i].command),
                         cases[i].matches);
}

static void test_choice_that_is_none(void **state)
{
    static const char *const bad[] = {"",
                                      "a",
                                      "1,",
                                      ",1",
                                      "1-",
                                      "-3",
                                      "5-3",
                                      "1.0",
                                      "1.",
                                      "1 2",
                                      "1.2-3",
                                      "1-2.3",
                                      "lastly",
                                      "last 2",
                                      "1,,2",
                                      "1x",
                                      "9999999999999999999"};
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(bad); i++) {
        struct ixs_scan_choice choice = {0};
        struct ixs_err err = IXS_ERR_NONE;
        assert_false(ixs_scan_choice_parse(&choice, bad[i], &err));
        assert_int_equal(err.code, IXS_USAGE);
        ixs_scan_choice_dispose(&choice);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_product_names), cmocka_unit_test(test_names_that_meet),
        cmocka_unit_test(test_choice),        cmocka_unit_test(test_last),
        cmocka_unit_test(test_commands),      cmocka_unit_test(test_choice_that_is_none),
    };
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
