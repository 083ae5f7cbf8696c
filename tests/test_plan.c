/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tests of the plan: what a scan looks good for, on scans made for it and on real ones; names of
 * files as a Makefile has them.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/path.h"
#include "calib/plan/plan.h"

enum { NPOINTS = 41, NLABELS = 4 };

struct scene {
    struct ixs_raw raw;
    struct ixs_instrument instrument;
    char labels[NLABELS][49];
    double values[NPOINTS * NLABELS];
};

/* Energies -10 .. 10 by 0.5; lines of a given height (one point wide) on one count. */
static void set_scene(struct scene *scene, double seconds, double peak1, double peak2)
{
    *scene = (struct scene){.labels = {"HerixE", "Seconds", "Ana1", "Ana2"}};
    ixs_instrument_default(&scene->instrument);
    strcpy(scene->instrument.energy, "HerixE");
    strcpy(scene->instrument.time, "Seconds");
    strcpy(scene->instrument.analyzers[0].name, "Ana1");
    strcpy(scene->instrument.analyzers[1].name, "Ana2");
    scene->instrument.nanalyzers = 2;
    for (size_t i = 0; i < NPOINTS; i++) {
        double *row = &scene->values[i * NLABELS];
        row[0] = -10 + 0.5 * (double)i;
        row[1] = seconds;
        row[2] = i == 20 ? peak1 : 1;
        row[3] = i == 22 ? peak2 : 1;
    }
    scene->raw.labels = scene->labels;
    scene->raw.values = scene->values;
    scene->raw.nlabels = NLABELS;
    scene->raw.npoints = NPOINTS;
}

static enum ixs_role guess(const struct scene *scene)
{
    struct ixs_err err = IXS_ERR_NONE;
    enum ixs_role role = IXS_ROLE_OTHER;
    char why[121] = "";
    assert_true(ixs_role_guess(&role, why, &scene->raw, &scene->instrument, &err));
    assert_true(why[0] != '\0');
    return role;
}

static void test_a_glass_is_a_reference(void **state)
{
    struct scene scene;
    (void)state;
    set_scene(&scene, 1, 300, 300);
    assert_int_equal(guess(&scene), IXS_ROLE_REFERENCE);
    set_scene(&scene, 1, 300, 299);
    assert_int_equal(guess(&scene), IXS_ROLE_OTHER);
    set_scene(&scene, 30, 300, 299);
    assert_int_equal(guess(&scene), IXS_ROLE_PHONON);
    /* as much light beside the line as in it */
    set_scene(&scene, 30, 300, 300);
    for (size_t i = 0; i < NPOINTS; i++)
        scene.values[i * NLABELS + 2] += 8;
    assert_int_equal(guess(&scene), IXS_ROLE_PHONON);
}

static void test_short_scans_are_searches(void **state)
{
    struct scene scene;
    (void)state;
    set_scene(&scene, 4.9, 20, 20);
    assert_int_equal(guess(&scene), IXS_ROLE_OTHER);
    set_scene(&scene, 5, 20, 20);
    assert_int_equal(guess(&scene), IXS_ROLE_PHONON);
    scene.raw.npoints = 9;
    assert_int_equal(guess(&scene), IXS_ROLE_OTHER);
    scene.raw.npoints = 10;
    assert_int_equal(guess(&scene), IXS_ROLE_PHONON);
    scene.raw.npoints = 0;
    assert_int_equal(guess(&scene), IXS_ROLE_OTHER);
}

static void test_other_axes_are_alignment(void **state)
{
    struct scene scene;
    (void)state;
    set_scene(&scene, 30, 300, 300);
    strcpy(scene.labels[0], "phi");
    assert_int_equal(guess(&scene), IXS_ROLE_OTHER);
    set_scene(&scene, 30, 300, 300);
    scene.instrument.energy_scale = 0.01; /* the range becomes 0.2 meV */
    assert_int_equal(guess(&scene), IXS_ROLE_OTHER);
    set_scene(&scene, 30, 300, 300);
    strcpy(scene.labels[2], "else");
    strcpy(scene.labels[3], "other");
    assert_int_equal(guess(&scene), IXS_ROLE_OTHER);
}

static void test_from_another_folder(void **state)
{
    static const char *const cases[][3] = {
        {"one/two", "x.xml", "../../x.xml"},   {"one", "one/two/x.xml", "two/x.xml"},
        {"one/two", "one/x.xml", "../x.xml"},  {".", "x.xml", "x.xml"},
        {"one", "two/x.xml", "../two/x.xml"},  {"on", "one/x.xml", "../one/x.xml"},
        {"one", "/etc/passwd", "/etc/passwd"},
    };
    char folder[] = "/tmp/ixs-plan-XXXXXX";
    char here[4096];
    (void)state;
    assert_non_null(getcwd(here, sizeof here));
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(
        mkdir("one", 0700) + mkdir("one/two", 0700) + mkdir("two", 0700) + mkdir("on", 0700), 0);
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        struct ixs_err err = IXS_ERR_NONE;
        char *path = ixs_path_from(cases[i][0], cases[i][1], &err);
        assert_string_equal(path, cases[i][2]);
        free(path);
    }
    struct ixs_err err = IXS_ERR_NONE;
    assert_null(ixs_path_from("nowhere", "x.xml", &err));
    assert_int_equal(err.code, IXS_USAGE);
    assert_int_equal(rmdir("one/two") + rmdir("one") + rmdir("two") + rmdir("on"), 0);
    assert_int_equal(chdir(here), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void test_names_for_make(void **state)
{
    (void)state;
    assert_null(ixs_path_complaint("../a_b/33id-spec.dat"));
    assert_non_null(ixs_path_complaint("a b"));
    assert_non_null(ixs_path_complaint("a:b"));
    assert_non_null(ixs_path_complaint("a$b"));
    assert_non_null(ixs_path_complaint("a#b"));
    assert_non_null(ixs_path_complaint("a%b"));
    assert_non_null(ixs_path_complaint(""));
    assert_null(ixs_path_quoted_complaint("/an odd (name), it; is #1: 100 % \"so\""));
    assert_non_null(ixs_path_quoted_complaint("/it's"));
    assert_non_null(ixs_path_quoted_complaint("a$b"));
    assert_non_null(ixs_path_quoted_complaint("a\nb"));
    assert_non_null(ixs_path_quoted_complaint(""));
}

/* Two scans of three analyzers at one setting, behind slits of 30 mm. */
struct twins {
    struct ixs_plan_scan scans[2];
    struct ixs_spectrum spectra[2][3];
    struct ixs_sight sights[2][3];
};

static void set_twins(struct twins *twins)
{
    *twins = (struct twins){0};
    for (size_t s = 0; s < 2; s++) {
        struct ixs_plan_scan *scan = &twins->scans[s];
        scan->role = IXS_ROLE_PHONON;
        scan->setting.spectra = twins->spectra[s];
        scan->setting.nspectra = 3;
        scan->sights = twins->sights[s];
        for (size_t i = 0; i < 3; i++)
            scan->setting.keys.lattice[i] = 6.0;
        for (size_t i = 3; i < 6; i++)
            scan->setting.keys.lattice[i] = 90.0;
        for (size_t a = 0; a < 3; a++) {
            struct ixs_spectrum *row = &twins->spectra[s][a];
            *row = (struct ixs_spectrum){.h = 4,
                                         .k = 4,
                                         .l = 4 + 0.1 * (double)a,
                                         .q = 7,
                                         .q_width = NAN,
                                         .temperature = 300,
                                         .statist = "POISSON"};
            row->analyzer[0] = (char)('a' + a);
            twins->sights[s][a] = (struct ixs_sight){
                .angles = {.two_theta = 30, .gamma = 1},
                .opening = {.radius = 9000, .x = {-15, 15}, .z = {-15, 15}, .across = NAN},
                .open = true,
                .wavelength = 0.5};
        }
    }
}

static bool are_one(struct twins *twins)
{
    struct ixs_plan plan = {
        .scans = twins->scans, .nscans = 2, .momentum = NAN, .temperature = NAN};
    ixs_plan_repeats(&plan);
    assert_int_equal(twins->scans[0].set, 0);
    return twins->scans[1].set == 0;
}

static void test_what_repeats(void **state)
{
    struct twins twins;
    (void)state;
    set_twins(&twins);
    assert_true(are_one(&twins));
    /* one of three elsewhere, two of three; 0.002 1/Angstrom are 0.0019 r.l.u. */
    twins.spectra[1][0].h += 0.0018;
    assert_true(are_one(&twins));
    twins.spectra[1][0].h += 0.0002;
    assert_true(are_one(&twins));
    twins.spectra[1][2].l -= 0.0020;
    assert_false(are_one(&twins));
    /* slits 4 % and 6 % wider in all */
    set_twins(&twins);
    for (size_t a = 0; a < 3; a++)
        twins.sights[1][a].opening.x[1] = 15 + 0.04 * 30;
    assert_true(are_one(&twins));
    for (size_t a = 0; a < 3; a++)
        twins.sights[1][a].opening.x[1] = 15 + 0.06 * 30;
    assert_false(are_one(&twins));
    /* known of one alone */
    set_twins(&twins);
    for (size_t a = 0; a < 3; a++)
        twins.sights[1][a].open = false;
    assert_false(are_one(&twins));
    /* warmer; other analyzers */
    set_twins(&twins);
    for (size_t a = 0; a < 3; a++)
        twins.spectra[1][a].temperature = 303;
    assert_false(are_one(&twins));
    set_twins(&twins);
    twins.spectra[1][0].analyzer[0] = 'z';
    assert_true(are_one(&twins));
    for (size_t a = 0; a < 3; a++)
        twins.spectra[1][a].analyzer[0] = (char)('x' + a);
    assert_false(are_one(&twins));
}

/* Counts roles of a real SPEC file; false if it is not here. */
static bool count_roles(size_t count[3], const char *name)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_plan plan = {0};
    const char *root = getenv("IXS_ROOT");
    char spec[4096], instrument[4096];
    assert_non_null(root);
    snprintf(spec, sizeof spec, "%s/../shared/spectra/herix/%s", root, name);
    snprintf(instrument, sizeof instrument, "%s/configs/herix.xml", root);
    if (access(spec, R_OK) != 0)
        return false;
    assert_true(ixs_plan_of_file(&plan, spec, instrument, &err) &&
                ixs_plan_scans(&plan, NULL, NULL, &err));
    for (size_t i = 0; i < plan.nscans; i++)
        count[plan.scans[i].role]++;
    ixs_plan_dispose(&plan);
    return true;
}

/* The real beamtimes: the plexiglas run is all references; of the crystal's 74 scans the energy
 * scans of 30 s and 60 s with ten points and more are spectra: 36, 46-48, 1.2, 55-69. */
static void test_real_beamtimes(void **state)
{
    size_t glass[3] = {0}, crystal[3] = {0};
    (void)state;
    if (!count_roles(glass, "plexiglas_1.spec") || !count_roles(crystal, "CdOsO")) {
        print_message("shared/spectra/herix is not here\n");
        skip();
    }
    assert_int_equal(glass[IXS_ROLE_REFERENCE], 30);
    assert_int_equal(crystal[IXS_ROLE_REFERENCE], 0);
    assert_int_equal(crystal[IXS_ROLE_PHONON], 20);
    assert_int_equal(crystal[IXS_ROLE_OTHER], 54);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_glass_is_a_reference),
        cmocka_unit_test(test_short_scans_are_searches),
        cmocka_unit_test(test_other_axes_are_alignment),
        cmocka_unit_test(test_from_another_folder),
        cmocka_unit_test(test_names_for_make),
        cmocka_unit_test(test_what_repeats),
        cmocka_unit_test(test_real_beamtimes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
