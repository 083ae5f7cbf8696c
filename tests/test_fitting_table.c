/* SPDX-License-Identifier: GPL-3.0-or-later
 * A calculated S(Q,E) from a file: cut at the Q of a spectrum, through its response.
 */
#include "calib/fitting/table.h"

#include "models/line/bose.h"
#include "models/response/response.h"

#include "base/units.h"

#include "tests/near.h"
#include "tests/text_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>

static bool read_text(struct ixs_fitting_table *out, const char *text, struct ixs_err *err)
{
    struct ixs_provenance provenance = {0};
    *out = (struct ixs_fitting_table){0};
    text_file_write("table.txt", "%s", text);
    bool ok = ixs_fitting_table_read(out, "table.txt", &provenance, err);
    ixs_provenance_dispose(&provenance);
    unlink("table.txt");
    return ok;
}

static void expect(const char *text, const char *complaint)
{
    struct ixs_fitting_table table;
    struct ixs_err err = IXS_ERR_NONE;
    assert_false(read_text(&table, text, &err));
    assert_int_equal(err.code, IXS_INPUT);
    if (strstr(err.text, complaint) == NULL)
        fail_msg("%s: %s; expected %s", err.where, err.text, complaint);
    ixs_fitting_table_dispose(&table);
}

static void test_refused(void **state)
{
    (void)state;
    expect("1 2\n3\n", "expected two numbers");
    expect("1 2\n3 4 5\n", "alike in all rows");
    expect("2 1\n1 1\n", "expected rising energies");
    expect("1 0 1\n1 1 1\n0.5 0 1\n", "expected Q after rising Q");
    expect("1 0 1\n1 1 1\n2 0 1\n", "found 1 energies of the last Q, expected 2");
    expect("1 0 1\n1 1 1\n2 0 1\n3 0 1\n3 1 1\n", "found 1 energies of one Q, expected 2");
    expect("1 0 1\n1 1 1\n2 0 1\n2 1.5 1\n", "expected 1 meV, the energies of the first Q");
    expect("1 -2\n2 -1\n", "found S = -2");
}

/* The area of the cut. */
static double area(const struct ixs_fitting_table *table, double q, double kelvin)
{
    const struct ixs_response response = {.nparts = 1, .parts = {{1, 0, 0.5, 0}}};
    const struct ixs_fitting_place place = {q, kelvin};
    struct ixs_transforms transforms;
    struct ixs_curve curve = {0};
    struct ixs_err err = IXS_ERR_NONE;
    double sum = 0, slope;
    ixs_transforms_make(&transforms, &response);
    assert_true(ixs_fitting_table_curve(
        &curve, table, &place, ixs_transform_choose(&transforms, INFINITY), -10, 10, &err));
    for (int i = -999; i < 1000; i++)
        sum += 0.01 * ixs_curve_value(&curve, 0.01 * i, &slope);
    ixs_curve_dispose(&curve);
    return sum;
}

/* Triangles of area 1, 3 and 9 at Q = 1, 2 and 4. */
static void test_cut(void **state)
{
    (void)state;
    struct ixs_fitting_table table;
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(read_text(&table,
                          "# Q E S\n1 -1 0\n1 0 1\n1 1 0\n2 -1 0\n2 0 3\n2 1 0\n\n4 -1 0\n4 0 9\n"
                          "4 1 0\n",
                          &err));
    assert_int_equal(table.nq, 3);
    assert_int_equal(table.n, 3);
    assert_near(area(&table, 1, NAN), 1, 1e-3);
    assert_near(area(&table, 1.5, NAN), 2, 2e-3);
    assert_near(area(&table, 3.5, NAN), 7.5, 1e-2);
    assert_near(area(&table, 0.6, NAN), 1, 1e-3); /* within half a step */
    assert_near(area(&table, 4.9, NAN), 9, 1e-2);
    assert_near(area(&table, 0.4, NAN), 0, 1e-9);
    assert_near(area(&table, 5.1, NAN), 0, 1e-9);
    /* classical: narrow and about E = 0 it stays as it is */
    table.classical = true;
    assert_near(area(&table, 2, 300), 3, 0.01);
    ixs_fitting_table_dispose(&table);
    assert_true(read_text(&table, "-1 0\n0 5\n1 0\n", &err));
    assert_near(area(&table, 77, NAN), 5, 5e-3);
    ixs_fitting_table_dispose(&table);
}

int main(void)
{
    char folder[] = "/tmp/ixs-table-XXXXXX";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_cut),
    };
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        return 2;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return rmdir(folder) == 0 ? failed : 2;
}
