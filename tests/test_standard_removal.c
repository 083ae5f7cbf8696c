/* SPDX-License-Identifier: GPL-3.0-or-later
 * The inelastic part of a reference sample taken off: three temperatures, four momenta, 3e4 counts
 * at the peaks, R and the vibrations known. `test_standard_removal N` makes N draws for the pulls.
 */
#include "tests/removal_scene.h"

/* Largest differences from the truth: of the peak within +-3 meV; of R where it is over 3e-4 of its
 * peak. */
struct misfit {
    double core, tail;
};

static struct misfit compare(const struct removal_scene *scene, int a)
{
    struct misfit misfit = {0};
    double peak = 0;
    for (int i = 0; i < FINE_N; i++)
        peak = fmax(peak, scene->response[a][i]);
    for (size_t i = 0; i < scene->calib.nresponse; i++) {
        const struct ixs_calib_response *row = &scene->calib.response[i];
        if (row->analyzer[1] != '1' + a || row->scan != 0)
            continue;
        double truth = removal_read(scene->response[a], row->energy);
        double off = fabs(row->response - truth);
        if (fabs(row->energy) <= 3)
            misfit.core = fmax(misfit.core, off / peak);
        if (truth > 3e-4 * peak && fabs(row->energy) < 25)
            misfit.tail = fmax(misfit.tail, off / truth);
    }
    return misfit;
}

static void tell(const char *what, int a, const struct misfit *misfit,
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
            struct misfit misfit = compare(&scene, a);
            tell("left in", a, &misfit, &scene.calib.analyzers[a]);
            assert_true(misfit.core > 0.015 && misfit.tail > 0.15);
            assert_true(isnan(scene.calib.analyzers[a].inelastic));
        }
        removal_calibrate(&scene, true);
        assert_string_equal(scene.calib.keys.removal, "joint");
        for (int a = 0; a < REMOVAL_ARRAY; a++) {
            struct misfit misfit = compare(&scene, a);
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
    struct misfit left, taken;
    removal_make(&scene, false);
    removal_scans(&scene, 4);
    for (int s = 0; s < REMOVAL_SCANS; s++) /* of the hottest sample alone */
        if (s != 8)
            ixs_copy(scene.raws[s].keys.ended, sizeof scene.raws[s].keys.ended, "WRITING");
    removal_calibrate(&scene, true);
    assert_string_equal(scene.calib.keys.removal, "none");
    assert_true(isnan(scene.calib.keys.prior));
    double known = scene.calib.analyzers[0].known_hi;
    left = compare(&scene, 0);
    tell("one temperature", 0, &left, &scene.calib.analyzers[0]);
    scene.references[2].inelastic = removal_share(&scene, 0, 8);
    scene.references[2].inelastic_err = 0.005;
    removal_calibrate(&scene, true);
    assert_string_equal(scene.calib.keys.removal, "prior");
    assert_near(scene.calib.keys.prior, scene.references[2].inelastic, 0);
    taken = compare(&scene, 0);
    tell("with a prior", 0, &taken, &scene.calib.analyzers[0]);
    assert_near(scene.calib.analyzers[0].inelastic, removal_share(&scene, 0, 8), 0.02);
    assert_true(scene.calib.analyzers[0].known_hi > known);
    assert_true(taken.core < 0.6 * left.core);
    removal_free(&scene);
}

static int draws;

/* R at some energies and FWHM: pulls of mean 0 and width 1. */
static void test_pulls(void **state)
{
    (void)state;
    static const double at[] = {-12, -6, -3, -1.5, 0, 1.5, 3, 6, 12};
    enum { NPULLS = IXS_COUNT(at) };
    static struct removal_scene scene;
    double sum[NPULLS] = {0}, squares[NPULLS] = {0}, all = 0;
    removal_make(&scene, true);
    for (int draw = 0; draw < draws; draw++) {
        removal_scans(&scene, 100 + (unsigned long)draw);
        removal_calibrate(&scene, true);
        for (int a = 0; a < REMOVAL_ARRAY; a++)
            for (size_t k = 0; k < NPULLS; k++) {
                const struct ixs_calib_response *row = removal_nearest(&scene, a, at[k]);
                double truth = removal_read(scene.response[a], row->energy);
                double pull = (row->response - truth) / row->response_err;
                sum[k] += pull;
                squares[k] += pull * pull;
                all += pull * pull;
            }
    }
    double n = REMOVAL_ARRAY * draws;
    for (size_t k = 0; k < NPULLS; k++)
        printf("# R at %5.1f meV: %.0f pulls of mean %5.2f and rms %.2f\n", at[k], n, sum[k] / n,
               sqrt(squares[k] / n));
    double width = sqrt(all / n / NPULLS);
    printf("# all: rms %.2f\n", width);
    assert_true(width > 0.7 && width < 1.4);
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
