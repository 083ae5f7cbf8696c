/* SPDX-License-Identifier: GPL-3.0-or-later
 * One scan to spectra: lattice and orientation, from header and experiment.
 */
#include "tests/reduction_scene.h"

static void put_header(struct scene *scene, struct ixs_raw_header *rows, const char *line)
{
    scene->raw.header = rows;
    ixs_copy(rows[scene->raw.nheader++].text, sizeof rows->text, line);
}

/* A lattice that the experiment states goes into UB: hkl in proportion, orientation kept. */
static void test_stated_lattice(void **state)
{
    (void)state;
    struct ixs_lattice_at at[2] = {{198, {10, 10, 10, 90, 90, 90}},
                                   {398, {10.4, 10.4, 10.4, 90, 90, 90}}};
    struct scene *plain = make_scene();
    must_reduce(plain);
    double h = plain->spectra.spectra[1].h;
    assert_string_equal(plain->spectra.keys.ub_from, "header #G3");

    struct scene *scene = make_scene();
    for (int i = 0; i < 6; i++)
        scene->experiment.lattice[i] = i < 3 ? 10.17 * 1.01 : 90;
    must_reduce(scene);
    assert_near(scene->spectra.spectra[1].h, 1.01 * h, 1e-9);
    assert_near(scene->spectra.keys.lattice[0], 10.17 * 1.01, 1e-12);
    assert_false(noted(scene, "disagree"));
    free_scene(scene);

    scene = make_scene(); /* at 298.2 K */
    scene->experiment.lattices = at;
    scene->experiment.nlattices = 2;
    must_reduce(scene);
    double a = 10 + 0.4 * (298.2 - 198) / 200;
    assert_near(scene->spectra.keys.lattice[0], a, 1e-9);
    assert_near(scene->spectra.spectra[1].h, h * a / 10.17, 1e-9);
    free_scene(scene);

    scene = make_scene();
    scene->experiment.lattices = at;
    scene->experiment.nlattices = 2;
    scene->experiment.temperature = 20;
    must_reduce(scene);
    assert_near(scene->spectra.keys.lattice[0], 10, 1e-12);
    assert_true(noted(scene, "178.0 K outside the experiment's <lattices>"));
    free_scene(scene);
    free_scene(plain);
}

/* Two reflections in the plane of a cubic crystal: of #G1 without and beside #G3, of the
 * experiment.
 */
static void test_orientations(void **state)
{
    (void)state;
    static const char line[] = "#G1 10.17 10.17 10.17 90 90 90 0.6178 0.6178 0.6178 90 90 90 4 0 0 "
                               "0 4 0 10 5 0 30 0 0 10 5 0 120 0 0 0.52262 0.52262";
    struct ixs_raw_header rows[2] = {{""}};
    struct scene *scene = make_scene();
    put_header(scene, rows, line);
    for (int i = 0; i < 9; i++)
        scene->raw.keys.ub[i] = NAN;
    must_reduce(scene);
    assert_string_equal(scene->spectra.keys.ub_from, "header #G1");
    double h = scene->spectra.spectra[0].h, k = scene->spectra.spectra[0].k;
    double q = scene->spectra.spectra[0].q;
    assert_near(hypot(h, k) * 2 * IXS_PI / 10.17, q, 1e-9);
    free_scene(scene);

    scene = make_scene(); /* #G3 of the scene has the axes along x, y, z */
    put_header(scene, rows, line);
    must_reduce(scene);
    assert_true(noted(scene, "put the crystal's axes 30.00 deg apart"));
    assert_string_equal(scene->spectra.keys.ub_from, "header #G3");
    free_scene(scene);

    scene = make_scene();
    scene->experiment.oriented = true;
    scene->experiment.reflections[0] =
        (struct ixs_reflection){{4, 0, 0}, {.two_theta = 10, .theta = 5, .chi = 0, .phi = 30}};
    scene->experiment.reflections[1] =
        (struct ixs_reflection){{0, 4, 0}, {.two_theta = 10, .theta = 5, .chi = 0, .phi = 120}};
    must_reduce(scene);
    assert_string_equal(scene->spectra.keys.ub_from, "experiment orientation");
    assert_near(scene->spectra.spectra[0].h, h, 1e-9);
    assert_near(scene->spectra.spectra[0].k, k, 1e-9);
    free_scene(scene);
}

/* #Q of the arm, and one that is stale. */
static void test_stale_q(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    must_reduce(scene);
    const struct ixs_spectrum *first = &scene->spectra.spectra[0];
    const double q[3] = {first->h, first->k, first->l}; /* A1 stands at the arm's angles */
    assert_near(first->two_theta, 20.0, 0.0);
    free_scene(scene);
    for (int stale = 0; stale < 2; stale++) {
        scene = make_scene();
        memcpy(scene->raw.keys.q, q, sizeof q);
        scene->raw.keys.q[0] += stale ? 0.002 : 0.0;
        must_reduce(scene);
        assert_int_equal(noted(scene, "#Q says ("), stale);
        free_scene(scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stated_lattice),
        cmocka_unit_test(test_orientations),
        cmocka_unit_test(test_stale_q),
    };
    return cmocka_run_group_tests_name("reduction_crystal", tests, NULL, NULL);
}
