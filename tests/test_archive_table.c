/* SPDX-License-Identifier: GPL-3.0-or-later
 * Archives that state their counts, tables that an XML describes, and what is refused where.
 */
#include "tests/archive_scene.h"

/* ---- ID28 and tables --------------------------------------------------------------------------
 */

static void test_interpolated(void **state)
{
    struct trial trial;
    (void)state;
    write_text("CaC6_84_A3.dat", "-1.5 5e-05 2.2361e-05 0 5 100000 2.2361\r\n"
                                 "-1 2.26e-05 1.5033e-05 0 2.26 100000 1.5033\r\n"
                                 "-0.5 0 0 0 0 100000 0\r\n"
                                 "0 1.5 1 0 150003 100000 387.3\r\n");
    read_one(&trial, "CaC6_84_A3.dat", NULL);
    const struct ixs_archive_set *set = &trial.archives.sets[0];
    const struct ixs_point *points = set->spectra.points;
    assert_string_equal(set->name, "CaC6_84.dat");
    assert_string_equal(set->spectra.spectra[0].analyzer, "a3");
    assert_string_equal(set->spectra.spectra[0].scans, "84");
    assert_string_equal(set->spectra.spectra[0].statist, "POISSON");
    assert_int_equal(points[0].flags, 0);
    assert_int_equal(points[1].flags, IXS_FLAG_INTERPOLATED);
    assert_near(points[1].counts, 2.26, 0.0);
    assert_int_equal(points[2].flags, 0);
    assert_near(points[2].counts, 0.0, 0.0);
    assert_int_equal(points[3].flags, IXS_FLAG_INTERPOLATED); /* five digits cannot show it */
    assert_near(points[1].intensity / points[0].intensity, 2.26 / 5.0, 1e-12);
    end(&trial);
}

static const char table[] =
    "<table>\n<skip>1</skip>\n<comment>!</comment>\n<separator>,</separator>\n"
    "<column label=\"E\" is=\"energy\" unit=\"THz\" positive=\"gain\"/>\n"
    "<column label=\"N 1\" is=\"counts\" analyzer=\"left\"/>\n"
    "<column label=\"N 2\" is=\"counts\" analyzer=\"right\"/>\n"
    "<column number=\"4\" is=\"monitor\"/>\n"
    "<time unit=\"s\">10</time>\n<reference unit=\"count/s\">200</reference>\n"
    "<sample>ice</sample>\n<temperature unit=\"K\" error=\"1\">250</temperature>\n"
    "<analyzer name=\"right\" is=\"a02\" h=\"1\" k=\"2\" l=\"3\" zero=\"0.5\" zero_error=\"0.1\" "
    "efficiency=\"0.5\"/>\n</table>\n";

static void test_table(void **state)
{
    struct trial trial;
    (void)state;
    write_text("table.xml", table);
    write_text("x.csv", "1,2,3,4\n! remark\nE,N 1,N 2,m\n1, 7,8,4000\n\n-1,nan,0,2000\n");
    read_one(&trial, "x.csv", "table.xml");
    const struct ixs_archive_set *set = &trial.archives.sets[0];
    const struct ixs_spectra *spectra = &set->spectra;
    assert_string_equal(set->name, "x.csv");
    assert_string_equal(spectra->identity.object, "ice");
    assert_int_equal(spectra->nspectra, 2);
    assert_string_equal(spectra->spectra[0].analyzer, "left");
    assert_string_equal(spectra->spectra[1].analyzer, "a02");
    assert_near(spectra->spectra[1].temperature, 250.0, 0.0);
    assert_near(spectra->spectra[1].l, 3.0, 0.0);
    assert_near(spectra->spectra[1].zero_err, 0.1, 0.0);
    assert_true(isnan(spectra->spectra[0].zero_err));
    const struct ixs_point *points = spectra->points;
    assert_near(points[0].energy, -4.135667696923859, 1e-12); /* h x 1 THz, CODATA 2018 */
    assert_near(points[0].exposure, 20.0, 1e-12);
    assert_near(points[0].intensity, 7.0 / 20.0, 1e-12);
    assert_int_equal(points[1].flags, IXS_FLAG_COUNTS);
    assert_near(points[2].energy, -4.635667696923859, 1e-12);
    assert_near(points[2].exposure, 10.0, 1e-12);
    assert_near(points[3].counts, 0.0, 0.0);
    assert_int_equal(points[3].flags, 0);
    end(&trial);
}

/* ---- what is refused, and where ----------------------------------------------------------------
 */

static void refused(const char *path, const char *xml, enum ixs_code code, const char *where,
                    const char *text)
{
    struct trial trial;
    assert_false(attempt(&trial, 1, &path, xml, NULL));
    assert_int_equal(trial.err.code, code);
    if (strstr(trial.err.where, where) == NULL || strstr(trial.err.text, text) == NULL)
        fail_msg("%s: %s", trial.err.where, trial.err.text);
    end(&trial);
}

static void test_refusals(void **state)
{
    (void)state;
    write_text("short", "0 1 0.5\n1 2\n2 3 0.5\n");
    refused("short", NULL, IXS_INPUT, "short:2", "found 2 columns, expected 3");
    write_text("words", "0 1 0.5\nend 2 3\n");
    refused("words", NULL, IXS_INPUT, "words:2", "found end, expected a row");
    write_text("table.xml", table);
    write_text("x.csv", "skipped\nE,N 1,N 2\n1,7,8\n");
    refused("x.csv", "table.xml", IXS_INPUT, "x.csv", "expected column 4");
    write_text("y.csv", "skipped\nE,N 1,N3,m\n1,7,8,4\n");
    refused("y.csv", "table.xml", IXS_INPUT, "y.csv", "no column labelled N 2");
    write_text("none.csv", "skipped\nE,N 1,N 2,m\n");
    refused("none.csv", "table.xml", IXS_INPUT, "none.csv", "no row of numbers");
    write_text("bad.xml", "<table><column number=\"1\" is=\"energy\"/></table>");
    refused("y.csv", "bad.xml", IXS_USAGE, "bad.xml:1", "an energy without unit");
    write_text("bad.xml", "<table><column number=\"1\" is=\"energy\" unit=\"meV\"/></table>");
    refused("y.csv", "bad.xml", IXS_USAGE, "bad.xml:1", "neither a column of counts");
    write_text("bad.xml", "<table>\n<column number=\"1\" is=\"colour\"/></table>");
    refused("y.csv", "bad.xml", IXS_USAGE, "bad.xml:2", "colour");
}

static void test_twice(void **state)
{
    const char *paths[] = {"a1res_x.nor", "other/a1res_x.nor"};
    struct trial trial;
    (void)state;
    assert_int_equal(mkdir("other", 0777), 0);
    write_text(paths[0], "0 1 0.3\n1 2 0.7\n");
    write_text(paths[1], "0 1 0.3\n1 2 0.7\n");
    assert_false(attempt(&trial, 2, paths, NULL, NULL));
    assert_int_equal(trial.err.code, IXS_USAGE);
    assert_non_null(strstr(trial.err.text, "a1 a second time"));
    end(&trial);
}

/* SPEC files are left to others; what was cut short loses its last row, with a note. */
static void test_others(void **state)
{
    const char *paths[] = {"beam.spec", "torn"};
    struct trial trial;
    (void)state;
    write_text("beam.spec", "#F x\n#S 1 ascan E 0 1 1 1\n#L E  a\n0 5\n");
    write_text("torn", "0 1 0.3\n1 2 0.7\n2 3");
    assert_true(attempt(&trial, 2, paths, NULL, NULL));
    assert_int_equal(trial.archives.nothers, 1);
    assert_string_equal(trial.archives.others[0], "beam.spec");
    assert_int_equal(trial.archives.nsets, 1);
    assert_int_equal(trial.archives.sets[0].spectra.npoints, 2);
    assert_true(trial.notes.count >= 1);
    assert_non_null(strstr(trial.notes.lines[0], "torn:3"));
    end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interpolated), cmocka_unit_test(test_table),
        cmocka_unit_test(test_refusals),     cmocka_unit_test(test_twice),
        cmocka_unit_test(test_others),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
