/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words, commands, labels and numbers of SPEC lines.
 */
#include "calib/spec/command.h"
#include "calib/spec/labels.h"
#include "calib/spec/line.h"
#include "calib/spec/origin.h"
#include "calib/spec/tally.h"

#include "base/array.h"
#include "base/lines.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_keys(void **state)
{
    static const struct {
        const char *text, *key, *rest;
        long index;
        enum ixs_spec_kind kind;
    } cases[] = {
        {"#S 12  ascan", "S", "12  ascan", -1, IXS_SPEC_CONTROL},
        {"#P10 1 2", "P", "1 2", 10, IXS_SPEC_CONTROL},
        {"#UMI0     Current", "UMI", "Current", 0, IXS_SPEC_CONTROL},
        {"#@MCA %16C", "@MCA", "%16C", -1, IXS_SPEC_CONTROL},
        {"#MD k = v", "MD", "k = v", -1, IXS_SPEC_CONTROL},
        {"#", "", "", -1, IXS_SPEC_CONTROL},
        {"#L\ta", "L", "a", -1, IXS_SPEC_CONTROL},
        {"@A 0 1", NULL, NULL, -1, IXS_SPEC_MCA},
        {" \t", NULL, NULL, -1, IXS_SPEC_BLANK},
        {" 11131 0", NULL, NULL, -1, IXS_SPEC_ROW},
    };
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        struct ixs_spec_line line = ixs_spec_line(cases[i].text, strlen(cases[i].text));
        assert_int_equal(line.kind, cases[i].kind);
        assert_int_equal(line.index, cases[i].index);
        if (cases[i].key != NULL) {
            assert_true(ixs_spec_is(&line, cases[i].key));
            assert_string_equal(line.rest, cases[i].rest);
        }
    }
}

static void assert_split(const char *text, struct ixs_spec_split split, size_t count,
                         const char *const *pieces)
{
    for (size_t i = 0; i < count; i++) {
        size_t length;
        const char *piece = split.next(&text, &length);
        assert_non_null(piece);
        assert_int_equal(length, strlen(pieces[i]));
        assert_memory_equal(piece, pieces[i], length);
    }
    size_t none;
    assert_null(split.next(&text, &none));
}

static void test_cells(void **state)
{
    static const char *const motors[] = {"FPD X", "Zoom Cam", "cam_AY", "HRM IC2 Y"};
    static const char *const plain[] = {"Delta", "Eta", "Chi"};
    const struct ixs_spec_split cells = {ixs_spec_cell};
    (void)state;
    assert_split("    FPD X  Zoom Cam\tcam_AY    HRM IC2 Y  ", cells, 4, motors);
    assert_split("Delta Eta Chi", ixs_spec_split_for("Delta Eta Chi", 3), 3, plain);
    assert_int_equal(ixs_spec_count("Delta Eta Chi", ixs_spec_split_for("Delta Eta Chi", 7)), 3);
    assert_int_equal(ixs_spec_count("Delta Eta Chi", ixs_spec_split_for("Delta Eta Chi", 1)), 1);
    assert_int_equal(ixs_spec_count("", cells), 0);
}

static void test_values(void **state)
{
    static const char *const missing[] = {"nan", "-nan",     "NaN",   "None",
                                          "inf", "Infinity", "1e400", "-INF"};
    static const char *const bad[] = {"", "abc", "1x", "nano", "0x10", "1,5", "--1"};
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(missing); i++) {
        const char *text = missing[i];
        double value = 0;
        assert_true(ixs_spec_value(&text, &value));
        assert_true(isnan(value));
        assert_int_equal(*text, '\0');
    }
    for (size_t i = 0; i < IXS_COUNT(bad); i++) {
        const char *text = bad[i];
        double value = 0;
        assert_false(ixs_spec_value(&text, &value));
        assert_ptr_equal(text, bad[i]);
    }
    const char *text = "2.54172e+38";
    double value;
    assert_true(ixs_spec_value(&text, &value));
    assert_true(value == 2.54172e+38);
}

static void test_copy(void **state)
{
    char room[17];
    (void)state;
    assert_true(ixs_spec_copy(room, sizeof room, "\xc5ngstrom\t1", 10));
    assert_string_equal(room, "\xc5ngstrom\t1");
    assert_false(ixs_spec_copy(room, 5, "abcd\xe9", 5));
    assert_string_equal(room, "abcd");
}

static void test_planned(void **state)
{
    static const struct {
        const char *command;
        int64_t rows;
    } cases[] = {
        {"ascan  herixE -10.0598 9.9402  80 1", 81},
        {"a2scan  si1t 204.998 1205  si1b 1195 194.998  40 1", 41},
        {"hklscan  1 1  0 0  10 12  120 1", 121},
        {"mesh  eta 1 2 10  chi 0 1 10  1", 121},
        {"Escan 11.1 11.3 60 1", 61},
        {"ascan herixE -1 1 0 1", 1},
        {"ascan herixE -1 1", -1},
        {"ascan herixE -1 1 80.5 1", -1},
        {"ascan herixE -1 1 -4 1", -1},
        {"ascan herixE -1 1 1e300 1", -1},
        {"loopscan 100 2 0", -1},
        {"", -1},
    };
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(cases); i++)
        assert_int_equal(ixs_spec_planned(cases[i].command), cases[i].rows);
}

static void test_labels(void **state)
{
    static const struct {
        const char *text;
        long declared;
        size_t row, count, given;
        const char *last;
    } cases[] = {
        {"a  b b  c", 3, 3, 3, 3, "c"},          /* as it should be */
        {"a  b b  c", 219, 3, 3, 3, "c"},        /* #N wrong */
        {"a  b b  c", 3, 2, 3, 3, "c"},          /* the row is torn */
        {"E Phi I0 I1", 4, 4, 4, 4, "I1"},       /* single blanks */
        {"E Phi I0 I1", -1, 4, 4, 4, "I1"},      /* and no #N */
        {"E Phi I0 I1", 5, 5, 5, 4, "Column_5"}, /* and one too few */
        {"a  b  c d", 4, 4, 4, 4, "d"},          /* one place with a single blank */
        {"a  b  c  d", 3, 3, 3, 3, "c"},         /* one too many */
        {NULL, 2, 2, 2, 0, "Column_2"},          /* no labels */
        {NULL, -1, 2, 2, 0, "Column_2"},
        {"a  b b  c", 7, 5, 3, 3, "c"},  /* nothing agrees */
        {"a  b b  c", -1, 0, 3, 3, "c"}, /* no rows */
    };
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        struct ixs_spec_labels labels = {0};
        struct ixs_err err = IXS_ERR_NONE;
        assert_true(ixs_spec_labels(&labels, cases[i].text, cases[i].declared, cases[i].row, &err));
        assert_int_equal(labels.count, cases[i].count);
        assert_int_equal(labels.given, cases[i].given);
        assert_string_equal(labels.names[labels.count - 1], cases[i].last);
        free(labels.names);
    }
}

static void test_resets(void **state)
{
    struct ixs_spec_origin origin = {0}, asked = {.asked = "tth"};
    (void)state;
    assert_true(ixs_spec_origin_comment(&origin, "date.  herixE reset from 2.1545 to 0."));
    assert_true(ixs_spec_origin_comment(&origin,
                                        "x HERIXE reset from -1 to 0.5. HerixE reset from 1 to 0"));
    assert_true(fabs(origin.sum[0] - (2.1545 - 1.5 + 1)) < 1e-15);
    static const char *const others[] = {
        "date.  tth reset from 4.7 to 7.55.", "date.  xherixE reset from 1 to 0.",
        "herixE reset from here to there",    "herixE reset from 1",
        "herixE reset from inf to 0.",        ""};
    for (size_t i = 0; i < IXS_COUNT(others); i++)
        assert_false(ixs_spec_origin_comment(&origin, others[i]));
    assert_true(fabs(origin.sum[0] - 1.6545) < 1e-15);
    assert_true(ixs_spec_origin_comment(&asked, others[0]));
    assert_true(fabs(asked.sum[0] + 2.85) < 1e-15);
    assert_true(ixs_spec_origin_restart(&origin));
    assert_true(origin.sum[0] == 0);
}

static void test_tally(void **state)
{
    struct ixs_spec_tally tally = {0};
    struct ixs_err err = IXS_ERR_NONE;
    int64_t order;
    (void)state;
    for (int64_t pass = 1; pass <= 3; pass++)
        for (int64_t number = 20000; number >= 0; number--) {
            assert_true(ixs_spec_tally(&tally, number * 65536, &order, &err));
            assert_int_equal(order, pass);
        }
    ixs_spec_tally_dispose(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),    cmocka_unit_test(test_cells),
        cmocka_unit_test(test_values),  cmocka_unit_test(test_copy),
        cmocka_unit_test(test_planned), cmocka_unit_test(test_labels),
        cmocka_unit_test(test_resets),  cmocka_unit_test(test_tally),
    };
    return cmocka_run_group_tests_name("spec_line", tests, NULL, NULL);
}
