/* SPDX-License-Identifier: GPL-3.0-or-later
 * From the modes of many spectra to branches, sound velocities and elastic constants: a cubic
 * crystal whose constants are planted, seen along three directions in several zones, with an optic
 * branch that crosses the acoustic ones.
 */
#include "calib/branching/branching.h"

#include "base/units.h"
#include "models/crystal/elastic_constants.h"
#include "models/crystal/lattice.h"

#include "base/array.h"

#include "tests/near.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <string.h>

enum { MOST_MODES = 400 };

static const double lattice[6] = {5.43, 5.43, 5.43, 90, 90, 90};
static const double planted[3] = {165.7, 63.9, 79.6}; /* C11, C12, C44, GPa */
static const double density = 2.33;

/* What is measured: zones and directions of q, so chosen that each shows one acoustic wave. */
static const struct arm {
    double zone[3], direction[3];
    int wave;     /* by rising velocity */
    double reach; /* of q, in r.l.u. along the direction */
} arms[] = {
    {{4, 0, 0}, {1, 0, 0}, 2, 0.9},  {{0, 4, 0}, {1, 0, 0}, 0, 0.9},
    {{4, 4, 0}, {1, 1, 0}, 2, 0.6},  {{4, -4, 0}, {1, 1, 0}, 0, 0.6},
    {{0, 0, 4}, {1, 1, 0}, 1, 0.6},  {{3, 3, 3}, {-1, -1, -1}, 2, 0.45},
    {{0, 4, 0}, {0, 0, -1}, 0, 0.9},
};

struct scene {
    struct ixs_fit fit;
    double b[9];
    long truth[MOST_MODES]; /* arm and branch of each mode: 2 x arm + (0 acoustic, 1 optic) */
};

static void add_mode(struct scene *scene, gsl_rng *rng, size_t arm, double along, bool optic,
                     size_t spectrum)
{
    const struct arm *of = &arms[arm];
    double q[3], full[3], v[3], modulus[3], vectors[9], edge = NAN;
    for (int i = 0; i < 3; i++) {
        q[i] = along * of->direction[i];
        full[i] = of->zone[i] + q[i];
    }
    ixs_elastic_waves("m-3m", planted, of->direction, modulus, vectors);
    ixs_matrix_apply(scene->b, q, v);
    double length = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    edge = ixs_paths_edge(scene->b, "F", of->direction);
    double top = 2 * edge / IXS_PI * sqrt(modulus[of->wave] / density) * IXS_MEV_A_PER_KM_S;
    double omega = optic ? 30 - 2 * length * length : top * sin(IXS_PI * length / (2 * edge));
    double err = optic ? 0.3 : 0.1 + 0.01 * omega, width = optic ? 3 : 0.5 + 0.3 * length;
    double strength = (optic ? 2 : 6 + (double)arm) / omega;
    ixs_matrix_apply(scene->b, full, v);
    struct ixs_fit_mode *mode = &scene->fit.modes[scene->fit.nmodes];
    scene->truth[scene->fit.nmodes++] = 2 * (long)arm + (optic ? 1 : 0);
    *mode = (struct ixs_fit_mode){.id = {.spectrum = (int64_t)spectrum,
                                         .temperature = 300,
                                         .scale_err = NAN,
                                         .q = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]),
                                         .h = full[0],
                                         .k = full[1],
                                         .l = full[2],
                                         .g_h = of->zone[0],
                                         .g_k = of->zone[1],
                                         .g_l = of->zone[2],
                                         .q_h = q[0],
                                         .q_k = q[1],
                                         .q_l = q[2],
                                         .q_reduced = length,
                                         .source = "fit.fits",
                                         .response = "good"},
                                  .mode = optic ? 2 : 1,
                                  .omega0 = omega + gsl_ran_gaussian(rng, err),
                                  .omega0_err = err,
                                  .fwhm = width * exp(gsl_ran_gaussian(rng, 0.1)),
                                  .fwhm_err = 0.1 * width,
                                  .fwhm_lo = NAN,
                                  .fwhm_hi = NAN,
                                  .fwhm_ul90 = 2 * width,
                                  .strength = strength * exp(gsl_ran_gaussian(rng, 0.1)),
                                  .strength_err = 0.1 * strength,
                                  .regime = "underdamped",
                                  .status = "good"};
    snprintf(mode->id.analyzer, sizeof mode->id.analyzer, "Ana%zu", spectrum);
}

/* Some modes are missing; where the two are closer than the resolution often one of them is. */
static void make_scene(struct scene *scene, gsl_rng *rng)
{
    struct ixs_err err = IXS_ERR_NONE;
    size_t spectrum = 0;
    memset(scene, 0, sizeof *scene);
    assert_true(ixs_lattice_b(lattice, scene->b));
    assert_true(IXS_NEW(scene->fit.modes, MOST_MODES, &err));
    for (size_t arm = 0; arm < IXS_COUNT(arms); arm++)
        for (int i = 1; i <= 12; i++) {
            double along = arms[arm].reach * i / 12.0;
            spectrum++;
            if (gsl_rng_uniform(rng) > 0.1)
                add_mode(scene, rng, arm, along, false, spectrum);
            if (gsl_rng_uniform(rng) > 0.3)
                add_mode(scene, rng, arm, along, true, spectrum);
        }
}

static struct ixs_branching rules_of(const char *fold)
{
    struct ixs_branching rules = IXS_BRANCHING;
    snprintf(rules.paths, sizeof rules.paths, "directions");
    snprintf(rules.fold, sizeof rules.fold, "%s", fold);
    snprintf(rules.centring, sizeof rules.centring, "F");
    rules.density = density;
    return rules;
}

static void find(struct ixs_dispersion *out, const struct scene *scene,
                 const struct ixs_kinship *kinship, const struct ixs_branching *rules)
{
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(ixs_branching_add(out, &scene->fit, &err));
    if (!ixs_branching_find(out, kinship, rules, &err))
        fail_msg("%s", err.text);
}

/* Acoustic modes that are not on a branch of their own wave: the branch of most of its modes. */
static size_t misplaced(const struct ixs_dispersion *found, const struct scene *scene)
{
    size_t wrong = 0;
    for (size_t i = 0; i < found->npoints; i++) {
        size_t together = 0, apart = 0;
        for (size_t k = 0; k < found->npoints; k++) {
            bool same = found->points[k].branch == found->points[i].branch &&
                        found->points[k].path == found->points[i].path;
            if (scene->truth[k] == scene->truth[i])
                *(same ? &together : &apart) += 1;
        }
        if (found->points[i].branch == 0 || apart > together)
            wrong++;
    }
    return wrong;
}

static const struct ixs_dispersion_parameter *constant(const struct ixs_dispersion *found,
                                                       const char *name)
{
    for (size_t i = 0; i < found->nparameters; i++)
        if (strcmp(found->parameters[i].component, "elastic") == 0 &&
            strcmp(found->parameters[i].name, name) == 0)
            return &found->parameters[i];
    return NULL;
}

/* All energies are off by one zero, known to `sigma`, as a joint fit with it shared says it. */
static void share_zero(struct scene *scene, gsl_rng *rng, double sigma)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit *fit = &scene->fit;
    double zero = gsl_ran_gaussian(rng, sigma);
    assert_true(IXS_NEW(fit->parameters, fit->nmodes + 1, &err));
    assert_true(IXS_NEW(fit->covariances, 2 * fit->nmodes + 1, &err));
    fit->parameters[0] = (struct ixs_fit_parameter){.component = "zero", .name = "zero", .set = 1};
    fit->covariances[0] = (struct ixs_fit_covariance){1, 1, sigma * sigma};
    fit->nparameters = fit->nmodes + 1;
    fit->ncovariances = 2 * fit->nmodes + 1;
    for (size_t i = 0; i < fit->nmodes; i++) {
        struct ixs_fit_mode *mode = &fit->modes[i];
        struct ixs_fit_parameter *row = &fit->parameters[i + 1];
        mode->omega0 += zero;
        mode->omega0_err = hypot(mode->omega0_err, sigma);
        *row = (struct ixs_fit_parameter){.spectrum = mode->id.spectrum, .name = "omega0"};
        snprintf(row->component, sizeof row->component, "dho%d", (int)mode->mode);
        fit->covariances[2 * i + 1] = (struct ixs_fit_covariance){(int64_t)i + 2, 1, sigma * sigma};
        fit->covariances[2 * i + 2] = (struct ixs_fit_covariance){
            (int64_t)i + 2, (int64_t)i + 2, mode->omega0_err * mode->omega0_err};
    }
}

static void dispose(struct scene *scene)
{
    free(scene->fit.modes);
    free(scene->fit.parameters);
    free(scene->fit.covariances);
}

static const char *const names[3] = {"C11", "C12", "C44"};

struct pulls { /* of sets of modes: sums and sums of squares */
    double sum[3], squares[3], velocity, velocities;
    size_t wrong, modes, nvelocities;
};

static void pull(struct pulls *pulls, const struct ixs_dispersion *found)
{
    for (size_t k = 0; k < 3; k++) {
        const struct ixs_dispersion_parameter *row = constant(found, names[k]);
        assert_non_null(row);
        pulls->sum[k] += (row->value - planted[k]) / row->err;
        pulls->squares[k] += pow((row->value - planted[k]) / row->err, 2);
    }
    for (size_t i = 0; i < found->nbranches; i++)
        if (strcmp(found->branches[i].constant, "C11") == 0) {
            double truth = sqrt(planted[0] / density);
            double off = (found->branches[i].velocity - truth) / found->branches[i].velocity_err;
            pulls->velocity += off;
            pulls->velocities += off * off;
            pulls->nvelocities++;
        }
}

/* The same sets, with a zero in common of that error where it is above 0. */
static struct pulls pulls_of(int sets, double zero, bool related)
{
    struct pulls pulls = {0};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int set = 0; set < sets; set++) {
        struct scene scene;
        struct ixs_err err = IXS_ERR_NONE;
        struct ixs_dispersion found = {0};
        struct ixs_kinship kinship = {0};
        struct ixs_branching rules = rules_of("m-3m");
        make_scene(&scene, rng);
        if (zero > 0)
            share_zero(&scene, rng, zero);
        assert_true(ixs_kinship_add(&kinship, &scene.fit, &err));
        find(&found, &scene, related ? &kinship : NULL, &rules);
        pulls.wrong += misplaced(&found, &scene);
        pulls.modes += found.npoints;
        pull(&pulls, &found);
        ixs_dispersion_dispose(&found);
        ixs_kinship_dispose(&kinship);
        dispose(&scene);
    }
    gsl_rng_free(rng);
    print_message("# %zu of %zu modes misplaced; velocity along [1 0 0]: %zu, pull %.2f rms %.2f\n",
                  pulls.wrong, pulls.modes, pulls.nvelocities, pulls.velocity / sets,
                  sqrt(pulls.velocities / sets));
    for (size_t k = 0; k < 3; k++)
        print_message("# %s: pull %.2f rms %.2f\n", names[k], pulls.sum[k] / sets,
                      sqrt(pulls.squares[k] / sets));
    return pulls;
}

static void hold(const struct pulls *pulls, int sets)
{
    assert_true((double)pulls->wrong < 0.03 * (double)pulls->modes);
    assert_int_equal(pulls->nvelocities, (size_t)sets);
    assert_true(fabs(pulls->velocity / sets) < 3 / sqrt(sets));
    assert_near(pulls->velocities / sets, 1, 3.5 * sqrt(2.0 / sets));
    for (size_t k = 0; k < 3; k++) {
        assert_true(fabs(pulls->sum[k] / sets) < 3 / sqrt(sets));
        assert_near(pulls->squares[k] / sets, 1, 3.5 * sqrt(2.0 / sets));
    }
}

static void test_constants(void **state)
{
    (void)state;
    const int sets = draws_or(200);
    const struct pulls pulls = pulls_of(sets, 0, true);
    hold(&pulls, sets);
}

/* A zero in common moves all branches: with what the fits say of it, errors are right. */
static void test_common_zero(void **state)
{
    (void)state;
    const int sets = draws_or(60);
    const struct pulls apart = pulls_of(sets, 0.2, false), pulls = pulls_of(sets, 0.2, true);
    hold(&pulls, sets);
    assert_true(apart.velocities > 1.7 * pulls.velocities);
    assert_true(apart.squares[0] > 1.7 * pulls.squares[0]);
}

/* Folded, (0 4 0) + [0 0 x] is what (0 4 0) + [x 0 0] is; unfolded each is a path of its own. The
 * lattice is that of Q and HKL. */
static void test_paths(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    struct scene scene;
    struct ixs_dispersion folded = {0}, plain = {0};
    struct ixs_branching rules = rules_of("m-3m");
    make_scene(&scene, rng);
    gsl_rng_free(rng);
    find(&folded, &scene, NULL, &rules);
    assert_int_equal(folded.npaths, 3);
    for (size_t i = 0; i < folded.npaths; i++) {
        const struct ixs_dispersion_path *path = &folded.paths[i];
        const double d[3] = {path->d_h, path->d_k, path->d_l};
        assert_string_equal(path->folded, "m-3m");
        assert_true(isnan(path->g_h));
        assert_near(path->q_zone, ixs_paths_edge(scene.b, "F", d), 1e-6);
        assert_true(d[0] >= d[1] && d[1] >= d[2] && d[2] >= 0);
    }
    rules = rules_of("no");
    find(&plain, &scene, NULL, &rules);
    assert_int_equal(plain.npaths, IXS_COUNT(arms));
    for (size_t i = 0; i < plain.npoints; i++)
        assert_true(plain.points[i].offset < 1e-6);
    /* angle between Q and q: longitudinal and transverse arms */
    for (size_t i = 0; i < plain.npoints; i++) {
        long arm = scene.truth[i] / 2;
        bool along = arm == 0 || arm == 2 || arm == 5;
        assert_true(along ? plain.points[i].q_angle < 1 : plain.points[i].q_angle > 70);
    }
    ixs_dispersion_dispose(&folded);
    ixs_dispersion_dispose(&plain);
    free(scene.fit.modes);
}

/* The laws at the points: energies near those measured, group velocities of the planted sine; the
 * numbers of COVARIANCE are those of ERR. */
static void test_product(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    struct scene scene;
    struct ixs_dispersion found = {0};
    struct ixs_branching rules = rules_of("m-3m");
    make_scene(&scene, rng);
    gsl_rng_free(rng);
    find(&found, &scene, NULL, &rules);
    size_t checked = 0, diagonal = 0;
    for (size_t i = 0; i < found.npoints; i++) {
        const struct ixs_dispersion_point *row = &found.points[i];
        if (scene.truth[i] != 0 || row->branch == 0)
            continue;
        double edge = found.paths[row->path - 1].q_zone;
        double slope = sqrt(planted[0] / density) * cos(IXS_PI * row->position / (2 * edge));
        assert_near(row->omega_law, row->omega0, 5 * row->omega0_err);
        assert_near(row->group_velocity, slope, 4 * row->group_velocity_err);
        checked++;
    }
    assert_true(checked > 6);
    for (size_t i = 0; i < found.ncovariances; i++) {
        const struct ixs_dispersion_covariance *row = &found.covariances[i];
        if (row->row != row->column)
            continue;
        const struct ixs_dispersion_parameter *parameter = &found.parameters[row->row - 1];
        assert_int_equal(parameter->parameter, row->row);
        assert_near(row->covariance, parameter->err * parameter->err,
                    1e-12 + 1e-9 * row->covariance);
        diagonal++;
    }
    assert_int_equal(diagonal, found.nparameters);
    ixs_dispersion_dispose(&found);
    free(scene.fit.modes);
}

/* What cannot be done is said. */
static void test_refused(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    struct scene scene;
    struct ixs_dispersion found = {0};
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_branching rules = rules_of("6/mmm");
    make_scene(&scene, rng);
    gsl_rng_free(rng);
    assert_true(ixs_branching_add(&found, &scene.fit, &err));
    for (size_t i = 0; i < found.npoints; i++)
        found.points[i].q = NAN; /* nothing tells the lattice */
    assert_false(ixs_branching_find(&found, NULL, &rules, &err));
    assert_int_equal(err.code, IXS_USAGE);
    assert_non_null(strstr(err.text, "expected <lattice>"));
    err = IXS_ERR_NONE;
    memcpy(rules.lattice, lattice, sizeof lattice);
    assert_false(ixs_branching_find(&found, NULL, &rules, &err));
    assert_non_null(strstr(err.text, "found the Laue class 6/mmm"));
    ixs_dispersion_dispose(&found);
    free(scene.fit.modes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constants), cmocka_unit_test(test_common_zero),
        cmocka_unit_test(test_paths),     cmocka_unit_test(test_product),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
