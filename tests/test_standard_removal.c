/* SPDX-License-Identifier: GPL-3.0-or-later
 * The inelastic part of a reference sample taken off: three temperatures, four momenta, 3e4 counts
 * at the peaks, R and the vibrations known. `test_standard_removal N` makes N draws for the pulls.
 */
#include "tests/removal_scene.h"

static void tell(const char *what, int a, const struct removal_misfit *misfit,
                 const struct ixs_calib_analyzer *row)
{
    printf("# %s, A%d: off by %.4f of the peak, by %.3f of R; %lld parts, deviance %.0f on %lld\n",
           what, a + 1, misfit->core, misfit->tail, (long long)row->ncomponents, row->deviance,
           (long long)row->dof);
}

/* Taken off, R is within 1 % of its peak and 10 % of itself; left in, it is far from that. */
static void test_known(void **state)
{
    (void)state;
    static struct removal_scene scene;
    removal_make(&scene, false);
    for (unsigned long seed = 1; seed <= 1; seed++) {
        removal_scans(&scene, seed);
        removal_calibrate(&scene, false);
        assert_string_equal(scene.calib.keys.removal, "none");
        for (int a = 0; a < REMOVAL_ARRAY; a++) {
            struct removal_misfit misfit = removal_compare(&scene, a);
            tell("left in", a, &misfit, &scene.calib.analyzers[a]);
            assert_true(misfit.core > 0.015 && misfit.tail > 0.15);
            assert_true(isnan(scene.calib.analyzers[a].inelastic));
        }
        removal_calibrate(&scene, true);
        assert_string_equal(scene.calib.keys.removal, "joint");
        for (int a = 0; a < REMOVAL_ARRAY; a++) {
            struct removal_misfit misfit = removal_compare(&scene, a);
            tell("taken off", a, &misfit, &scene.calib.analyzers[a]);
            assert_true(misfit.core < 0.01 && misfit.tail < 0.1);
            assert_true(scene.calib.analyzers[a].known_hi > 10);
        }
    }
    removal_free(&scene);
}

/* The shares that SETTINGS tells are those put in, and the density is the sample's. */
static void test_shares(void **state)
{
    (void)state;
    static struct removal_scene scene;
    removal_make(&scene, false);
    removal_scans(&scene, 3);
    removal_calibrate(&scene, true);
    assert_int_equal(scene.calib.nsettings, REMOVAL_ARRAY * REMOVAL_SCANS);
    for (size_t i = 0; i < scene.calib.nsettings; i++) {
        const struct ixs_calib_setting *row = &scene.calib.settings[i];
        int s = (int)row->scan - 1;
        double truth = removal_share(&scene, row->analyzer[1] - '1', s);
        assert_near(row->inelastic, truth, 0.1 * truth + 4 * row->inelastic_err);
        assert_near(row->temperature, removal_kelvin[s / 4], 0);
        assert_string_equal(row->sample, "glass");
    }
    assert_true(scene.calib.ndensity > 20);
    double area = 0, last = scene.calib.density[scene.calib.ndensity - 1].energy;
    for (double e = 0; e < last; e += 0.01)
        area += e * e * removal_density(e) * 0.01;
    for (size_t i = 0; i < scene.calib.ndensity; i++) {
        const struct ixs_calib_density *row = &scene.calib.density[i];
        double truth = row->energy * row->energy * removal_density(row->energy) / area;
        if (row->energy > 2 && row->energy < 15)
            assert_near(row->density, truth, 0.1 * truth + 3 * row->density_err);
    }
    removal_free(&scene);
}

/* One temperature tells nothing by itself; with a prior its part is taken off. */
static void test_prior(void **state)
{
    (void)state;
    static struct removal_scene scene;
    struct removal_misfit left, taken;
    removal_make(&scene, false);
    removal_scans(&scene, 4);
    for (int s = 0; s < REMOVAL_SCANS; s++) /* of the hottest sample alone */
        if (s != 8)
            ixs_copy(scene.raws[s].keys.ended, sizeof scene.raws[s].keys.ended, "WRITING");
    removal_calibrate(&scene, true);
    assert_string_equal(scene.calib.keys.removal, "none");
    assert_true(isnan(scene.calib.keys.prior));
    double known = scene.calib.analyzers[0].known_hi;
    left = removal_compare(&scene, 0);
    tell("one temperature", 0, &left, &scene.calib.analyzers[0]);
    scene.references[2].inelastic = removal_share(&scene, 0, 8);
    scene.references[2].inelastic_err = 0.005;
    removal_calibrate(&scene, true);
    assert_string_equal(scene.calib.keys.removal, "prior");
    assert_near(scene.calib.keys.prior, scene.references[2].inelastic, 0);
    taken = removal_compare(&scene, 0);
    tell("with a prior", 0, &taken, &scene.calib.analyzers[0]);
    assert_near(scene.calib.analyzers[0].inelastic, removal_share(&scene, 0, 8), 0.02);
    assert_true(scene.calib.analyzers[0].known_hi > known);
    assert_true(taken.core < 0.6 * left.core);
    removal_free(&scene);
}

static int draws;

static void test_pulls(void **state)
{
    (void)state;
    static struct removal_scene scene;
    removal_make(&scene, true);
    removal_pulls(&scene, draws);
    removal_free(&scene);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_prior),
        cmocka_unit_test(test_pulls),
    };
    draws = argc > 1 ? atoi(argv[1]) : 3;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
