/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reduced ASCII archives: counts come back from rounded figures as they were, or are said to be
 * unknown; scripts mean what they say.
 */
#include "tests/archive_scene.h"

/* 0.3477E-04, as Fortran writes with E11.4. */
static void fortran(FILE *file, double value, int digits)
{
    int power = value > 0.0 ? (int)floor(log10(value)) + 1 : 0;
    double mantissa = value / pow(10.0, power);
    if (mantissa >= 1.0 - 0.5 * pow(10.0, -digits)) {
        mantissa /= 10.0;
        power++;
    }
    fprintf(file, "  %.*fE%+03d", digits, mantissa, power);
}

/* ---- SPring-8 ---------------------------------------------------------------------------------
 */

enum { POINTS = 400 };
static const double factor = 1.968, kelvin = 77.0;

static double counts_of(int i)
{
    static const double first[] = {0, 1, 2, 3, 0, 5, 333, 1000, 830};
    return i < 9 ? first[i] : (double)((i * 7919) % (i < 350 ? 300 : 30000));
}

static double energy_of(int i)
{
    return -100.0 + 0.5 * i;
}

/* A file of the reducer, with errors spoilt by `spoil` (1: counting alone). */
static void write_spring8(const char *path, double spoil)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("  meV  meV_shf  tmk_lin  npts  secs  norm  a7  error   y_unitpk  error   ytc  ytce\n",
          file);
    for (int i = 0; i < POINTS; i++) {
        double norm = 1.0e7 + 13577.0 * ((i * 31) % 97), n = counts_of(i), e = energy_of(i);
        double y = factor * n / norm, error = factor * sqrt(fmax(n, 1.0)) / norm * spoil;
        double balance = fabs(1.0 - exp(-e / (8.617333262145179e-2 * kelvin)));
        fprintf(file, "%9.2f %9.2f %9.1f %4d %8.1f", e, e - 0.36, e * 17.4, 28, 280.0);
        fortran(file, norm, 5);
        fortran(file, y, 4);
        fortran(file, error, 4);
        fortran(file, y / 0.00592, 4);
        fortran(file, error / 0.00592, 4);
        fortran(file, y * balance, 4);
        fortran(file, error * balance, 4);
        fputc('\n', file);
    }
    fclose(file);
}

static void test_counts_come_back(void **state)
{
    struct trial trial;
    (void)state;
    write_spring8("PbTe_x_07", 1.0);
    read_one(&trial, "PbTe_x_07", NULL);
    const struct ixs_archive_set *set = &trial.archives.sets[0];
    const struct ixs_spectra *spectra = &set->spectra;
    assert_string_equal(set->name, "PbTe_x");
    assert_string_equal(spectra->spectra[0].analyzer, "a07");
    assert_string_equal(spectra->spectra[0].statist, "POISSON");
    assert_near(spectra->spectra[0].temperature, kelvin, 0.05);
    assert_int_equal(spectra->npoints, POINTS);
    double rate = spectra->keys.reference;
    for (int i = 0; i < POINTS; i++) {
        const struct ixs_point *point = &spectra->points[i];
        double norm = 1.0e7 + 13577.0 * ((i * 31) % 97), n = counts_of(i);
        bool exact = (point->flags & IXS_FLAG_INEXACT) == 0;
        assert_near(point->counts, n, exact ? 0.0 : 1e-3 * n);
        assert_true(exact || n > 700.0);
        assert_near(point->exposure * rate * factor / norm, 1.0, 1e-4);
        assert_near(point->energy, energy_of(i), 1e-9);
        /* these counts are at random: a burst here and there */
        assert_int_equal(point->flags & ~(IXS_FLAG_INEXACT | IXS_FLAG_BURST), 0);
    }
    end(&trial);
}

/* Errors that are not those of counting: nothing is recovered and nothing pretended. */
static void test_no_counts(void **state)
{
    struct trial trial;
    (void)state;
    write_spring8("PbTe_y_7", 1.07);
    read_one(&trial, "PbTe_y_7", NULL);
    const struct ixs_spectra *spectra = &trial.archives.sets[0].spectra;
    assert_string_equal(spectra->spectra[0].statist, "GAUSSIAN");
    for (int i = 0; i < POINTS; i++) {
        double norm = 1.0e7 + 13577.0 * ((i * 31) % 97), n = counts_of(i);
        assert_true(isnan(spectra->points[i].counts));
        assert_near(spectra->points[i].intensity, factor * n / norm, 1e-3 * factor * n / norm);
        assert_near(spectra->points[i].error * norm / (1.07 * factor * sqrt(fmax(n, 1.0))), 1.0,
                    1e-3);
    }
    end(&trial);
}

static const char script[] =
    "# a comment with tf_9=\"A_{9} (1, 2, 3)\"\n"
    "set bar 0\n"
    "main_title = \"PbTe at (7.548 1.316 1.402) at RT  dQ=(0.04 0.01 0.037)\"\n"
    "ysf=3.5e4 # counts; in cps\n"
    "f_prefix = \"df/set\"\n"
    "f_1 = f_prefix.\"_1\"; f_2 = f_prefix.\"_2\"\n"
    "tf_1=\"A_{1} (7.350, 1.350, -1.350)\"; tf_10=\"A_{10} (7.511, 1.298, 1.253)\"\n"
    "tf_2=\"A_2 \"\n"
    "plot f_1 using xcol:($7*ysf):($8*ysf) t tf_1 w e ls 3\n";

static void test_script(void **state)
{
    struct ixs_archive_gpi gpi;
    struct ixs_err err = IXS_ERR_NONE;
    (void)state;
    write_text("gpi.set", script);
    assert_true(ixs_archive_gpi(&gpi, "gpi.set", &err));
    assert_string_equal(gpi.prefix, "df/set");
    assert_string_equal(gpi.facts.object, "PbTe");
    assert_near(gpi.facts.reference, 3.5e4, 0.0);
    assert_near(gpi.facts.width[2], 0.037, 0.0);
    assert_int_equal(gpi.facts.nanalyzers, 3);
    const struct ixs_archive_analyzer *tenth = ixs_archive_analyzer(&gpi.facts, "a10");
    assert_non_null(tenth);
    assert_near(tenth->hkl[0], 7.511, 0.0);
    assert_near(ixs_archive_analyzer(&gpi.facts, "a1")->hkl[2], -1.35, 0.0);
    assert_null(ixs_archive_analyzer(&gpi.facts, "a9"));
}

/* HKL of the six-circle viewer, for all measurements that have none of their own. */
static void test_viewer(void **state)
{
    const char *paths[] = {"v_7", "gpi.hkl_pos"};
    struct trial trial;
    (void)state;
    write_spring8("v_7", 1.0);
    write_text("gpi.v", "f_prefix = \"df/v\"\ntf_7=\"A_7\"\nysf=2e4\n");
    write_text("gpi.hkl_pos", "hkl_a07 = \"(1.5000, 0.0000, -2.0000)\"\n\n"
                              "dq_Hav(60.0) = \"(0.0300, 0.0000, 0.0000)\"\n"
                              "dq_Vav(60.0) = \"(0.0400, 0.0000, 0.0200)\"");
    assert_true(attempt(&trial, 2, paths, NULL, NULL));
    const struct ixs_spectra *spectra = &trial.archives.sets[0].spectra;
    assert_near(spectra->spectra[0].l, -2.0, 0.0);
    assert_near(spectra->spectra[0].hkl_cov[0], 0.05 * 0.05 / 12.0, 1e-12);
    assert_near(spectra->keys.reference, 2e4, 0.0);
    end(&trial);
}

/* The script alone brings the files that it names, and the experiment's cell gives Q. */
static void test_script_alone(void **state)
{
    const char *path = "gpi.set";
    struct trial trial;
    (void)state;
    assert_int_equal(mkdir("df", 0777), 0);
    write_text("gpi.set", script);
    write_spring8("df/set_1", 1.0);
    write_text("e.xml", "<experiment><sample><lattice><a unit=\"Angstrom\">6.46</a>"
                        "<b unit=\"Angstrom\">6.46</b><c unit=\"Angstrom\">6.46</c>"
                        "<alpha unit=\"deg\">90</alpha><beta unit=\"deg\">90</beta>"
                        "<gamma unit=\"deg\">90</gamma></lattice><centring>F</centring></sample>"
                        "</experiment>");
    if (!attempt(&trial, 1, &path, NULL, "e.xml"))
        fail_msg("%s: %s", trial.err.where, trial.err.text);
    assert_int_equal(trial.archives.nsets, 1);
    const struct ixs_spectrum *row = &trial.archives.sets[0].spectra.spectra[0];
    /* the column says a7 and the name 1: the column counts, and the script has no a07 */
    assert_string_equal(row->analyzer, "a07");
    assert_true(isnan(row->h));
    end(&trial);
    write_text("gpi.set_1", "tf_7=\"A_{7} (7, 1, 1.25)\"\n");
    path = "df/set_1";
    if (!attempt(&trial, 1, &path, NULL, "e.xml"))
        fail_msg("%s: %s", trial.err.where, trial.err.text);
    row = &trial.archives.sets[0].spectra.spectra[0];
    assert_near(row->h, 7.0, 0.0);
    assert_near(row->q, 2.0 * 3.14159265358979 / 6.46 * sqrt(49.0 + 1.0 + 1.5625), 1e-9);
    assert_near(row->g_h, 7.0, 0.0);
    assert_near(row->q_l, 0.25, 1e-12);
    assert_near(row->q_reduced, 2.0 * 3.14159265358979 / 6.46 * 0.25, 1e-9);
    end(&trial);
}

static void test_half(void **state)
{
    (void)state;
    assert_near(ixs_archive_half("0.3477E-04"), 0.5e-8, 1e-20);
    assert_near(ixs_archive_half("-10.50"), 0.005, 1e-15);
    assert_near(ixs_archive_half("2.0192e+05"), 5.0, 1e-12);
    assert_near(ixs_archive_half("69780"), 0.5, 0.0);
}

/* ---- real files -------------------------------------------------------------------------------
 */

static bool real_path(char *room, size_t size, const char *name)
{
    const char *root = getenv("IXS_ROOT");
    snprintf(room, size, "%s/../shared/spectra/%s", root ? root : ".", name);
    return access(room, R_OK) == 0;
}

static void test_lead_telluride(void **state)
{
    char room[1024];
    const char *path = room;
    struct trial trial;
    double sum = 0.0;
    (void)state;
    if (!real_path(room, sizeof room, "bl35xu/PbTe_sq_GL711_p0p55_RT_1")) {
        print_message("no ../shared/spectra/bl35xu: skipped\n");
        skip();
    }
    read_one(&trial, path, NULL);
    const struct ixs_spectra *spectra = &trial.archives.sets[0].spectra;
    for (size_t i = 0; i < spectra->npoints; i++) {
        sum += spectra->points[i].counts;
        assert_int_equal(spectra->points[i].flags, 0);
    }
    assert_int_equal(spectra->npoints, 71);
    assert_near(sum, 10171.0, 0.0);
    assert_near(spectra->spectra[0].temperature, 300.0, 0.1);
    assert_near(spectra->spectra[0].h, 7.35, 0.0);
    assert_near(spectra->keys.reference, 3.5e4, 0.0);
    /* y x 3.5e4 of the first row is INTENSITY: the factor 1.968 is right */
    assert_near(spectra->points[0].intensity, 0.3477e-4 * 3.5e4, 1e-3);
    end(&trial);
}

static void test_id28_responses(void **state)
{
    char room[1024];
    const char *path = room;
    struct trial trial;
    (void)state;
    if (!real_path(room, sizeof room, "id28/resolution_999/a9res9_pm.exp")) {
        print_message("no ../shared/spectra/id28: skipped\n");
        skip();
    }
    read_one(&trial, path, NULL);
    const struct ixs_spectra *spectra = &trial.archives.sets[0].spectra;
    double sum = 0.0;
    for (size_t i = 0; i < spectra->npoints; i++)
        sum += spectra->points[i].counts;
    assert_near(sum, 84153.89945, 1e-4);
    assert_string_equal(spectra->spectra[0].statist, "POISSON");
    assert_string_equal(trial.archives.sets[0].name, "res9_pm.exp");
    end(&trial);
    assert_true(real_path(room, sizeof room, "id28/resolution_999/a9res9_pm.nor"));
    read_one(&trial, path, NULL);
    assert_string_equal(trial.archives.sets[0].spectra.spectra[0].statist, "GAUSSIAN");
    end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_come_back),
        cmocka_unit_test(test_no_counts),
        cmocka_unit_test(test_script),
        cmocka_unit_test(test_script_alone),
        cmocka_unit_test(test_half),
        cmocka_unit_test(test_viewer),
        cmocka_unit_test(test_lead_telluride),
        cmocka_unit_test(test_id28_responses),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
