/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whole blocks of a linear problem, each of which uses two of three common parameters, against the
 * same problem written out in full: minimum, covariances, response to a change, agreement, what the
 * data do not tell.
 */
#include "models/together/arrow.h"
#include "models/numerics/cholesky.h"

#include "tests/near.h"

#include "base/array.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

enum { BLOCKS = 3, DATA = 6, OWN = 2, USES = 2, EACH = OWN + USES, COMMON = 3 };
enum { ALL = BLOCKS * OWN + COMMON };

static const size_t uses[BLOCKS][USES] = {{0, 2}, {2, 1}, {0, 1}};

struct linear { /* chi squared of y = A x, unit errors */
    double a[BLOCKS][DATA][EACH], y[BLOCKS][DATA];
};

static void make(struct linear *out, bool twins)
{
    for (size_t b = 0; b < BLOCKS; b++)
        for (size_t i = 0; i < DATA; i++) {
            for (size_t k = 0; k < EACH; k++)
                out->a[b][i][k] =
                    sin(1.7 * ((double)b + 1) * ((double)i + 1.3) * ((double)k + 0.7));
            if (twins)
                out->a[b][i][1] = b == 0 ? 2 * out->a[b][i][0] : out->a[b][i][1];
            out->y[b][i] = 5 * cos(0.9 * (double)(i + 1) * (double)(b + 2));
        }
}

/* As of ixs_arrow_whole. */
static double whole(void *context, size_t b, size_t worker, const double *own, const double *common,
                    double *gradient, double *curvature)
{
    const struct linear *linear = context;
    double cost = 0, x[EACH] = {own[0], own[1], common[uses[b][0]], common[uses[b][1]]};
    (void)worker;
    memset(gradient, 0, EACH * sizeof *gradient);
    memset(curvature, 0, sizeof(double[EACH * EACH]));
    for (size_t i = 0; i < DATA; i++) {
        double miss = -linear->y[b][i];
        for (size_t k = 0; k < EACH; k++)
            miss += linear->a[b][i][k] * x[k];
        cost += miss * miss;
        for (size_t k = 0; k < EACH; k++) {
            gradient[k] += miss * linear->a[b][i][k];
            for (size_t l = 0; l < EACH; l++)
                curvature[k * EACH + l] += linear->a[b][i][k] * linear->a[b][i][l];
        }
    }
    return cost;
}

struct scene {
    struct linear linear;
    double own[BLOCKS][OWN], common[COMMON], lower[ALL], upper[ALL];
    struct ixs_arrow_block list[BLOCKS];
    struct ixs_arrow_problem problem;
    struct ixs_arrow *space;
    struct ixs_arrow_result result;
};

static void run(struct scene *scene)
{
    struct ixs_err err = IXS_ERR_NONE;
    for (size_t k = 0; k < ALL; k++)
        scene->upper[k] = -(scene->lower[k] = -INFINITY);
    for (size_t b = 0; b < BLOCKS; b++)
        scene->list[b] = (struct ixs_arrow_block){.nown = OWN,
                                                  .p = scene->own[b],
                                                  .lower = scene->lower,
                                                  .upper = scene->upper,
                                                  .nuses = USES,
                                                  .uses = uses[b]};
    scene->problem = (struct ixs_arrow_problem){.nblocks = BLOCKS,
                                                .ncommon = COMMON,
                                                .blocks = scene->list,
                                                .common = scene->common,
                                                .lower = scene->lower,
                                                .upper = scene->upper,
                                                .whole = whole,
                                                .context = &scene->linear,
                                                .threads = 2,
                                                .most_iterations = 50,
                                                .tolerance = 1e-12};
    assert_true(ixs_arrow_new(&scene->space, &scene->problem, &err));
    assert_true(ixs_arrow_run(scene->space, &scene->problem, &scene->result, &err));
    assert_true(scene->result.converged);
    assert_true(ixs_arrow_settle(scene->space, false, &err));
}

/* Where parameter k of block b stands among all. */
static size_t place(size_t b, size_t k)
{
    return k < OWN ? OWN * b + k : OWN * BLOCKS + uses[b][k - OWN];
}

static void write_out(const struct linear *linear, double *matrix, double *right)
{
    double gradient[EACH], curvature[EACH * EACH];
    const double none[ALL] = {0};
    memset(matrix, 0, sizeof(double[ALL * ALL]));
    memset(right, 0, sizeof(double[ALL]));
    for (size_t b = 0; b < BLOCKS; b++) {
        whole((void *)linear, b, 0, none, none, gradient, curvature);
        for (size_t k = 0; k < EACH; k++) {
            right[place(b, k)] -= gradient[k];
            for (size_t l = 0; l < EACH; l++)
                matrix[place(b, k) * ALL + place(b, l)] += curvature[k * EACH + l];
        }
    }
    assert_int_equal(ixs_cholesky(ALL, matrix, 0), ALL);
}

static void test_written_out(void **state)
{
    (void)state;
    static struct scene scene;
    double matrix[ALL * ALL], x[ALL], column[ALL], covariance[EACH * EACH];
    make(&scene.linear, false);
    run(&scene);
    write_out(&scene.linear, matrix, x);
    ixs_cholesky_solve(ALL, matrix, x);
    for (size_t b = 0; b < BLOCKS; b++) {
        ixs_arrow_covariance(scene.space, b, covariance);
        for (size_t k = 0; k < EACH; k++) {
            assert_near(k < OWN ? scene.own[b][k] : scene.common[uses[b][k - OWN]], x[place(b, k)],
                        1e-8);
            memset(column, 0, sizeof column);
            column[place(b, k)] = 1;
            ixs_cholesky_solve(ALL, matrix, column);
            for (size_t l = 0; l < EACH; l++)
                assert_near(covariance[k * EACH + l], column[place(b, l)], 1e-9);
        }
    }
    assert_near(ixs_arrow_common_covariance(scene.space, uses[2][1], uses[2][0]),
                column[place(2, OWN)], 1e-9);

    const double change[EACH] = {0.3, -1, 2, 0.5}, *gradients[BLOCKS] = {NULL, change, NULL};
    double moved[BLOCKS][OWN], *own[BLOCKS] = {moved[0], moved[1], moved[2]}, common[COMMON];
    ixs_arrow_respond(scene.space, gradients, common, own);
    memset(x, 0, sizeof x);
    for (size_t k = 0; k < EACH; k++)
        x[place(1, k)] = -change[k];
    ixs_cholesky_solve(ALL, matrix, x);
    for (size_t k = 0; k < ALL; k++)
        assert_near(k < OWN * BLOCKS ? moved[k / OWN][k % OWN] : common[k - OWN * BLOCKS], x[k],
                    1e-9);
    ixs_arrow_free(scene.space);
}

/* Of a linear problem the score is what chi squared falls by when each block goes its own way. */
static void test_tension(void **state)
{
    (void)state;
    static struct scene scene;
    double gradient[EACH], matrix[EACH * EACH], x[EACH], alone = 0;
    const double none[ALL] = {0};
    long dof;
    make(&scene.linear, false);
    run(&scene);
    for (size_t b = 0; b < BLOCKS; b++) {
        double cost = whole(&scene.linear, b, 0, none, none, gradient, matrix);
        for (size_t k = 0; k < EACH; k++)
            x[k] = gradient[k];
        assert_int_equal(ixs_cholesky(EACH, matrix, 0), EACH);
        ixs_cholesky_solve(EACH, matrix, x);
        for (size_t k = 0; k < EACH; k++)
            cost -= x[k] * gradient[k];
        alone += cost;
    }
    assert_near(ixs_arrow_tension(scene.space, &dof), scene.result.objective - alone, 1e-8);
    assert_int_equal(dof, BLOCKS * USES - COMMON);
    ixs_arrow_free(scene.space);
}

static void test_undetermined(void **state)
{
    (void)state;
    static struct scene scene;
    double covariance[EACH * EACH];
    make(&scene.linear, true);
    run(&scene);
    const enum ixs_solve_state *states = ixs_arrow_own_states(scene.space, 0);
    assert_int_equal(states[0], IXS_SOLVE_UNDETERMINED);
    assert_int_equal(states[1], IXS_SOLVE_UNDETERMINED);
    assert_int_equal(ixs_arrow_own_states(scene.space, 1)[0], IXS_SOLVE_FREE);
    assert_int_equal(ixs_arrow_common_states(scene.space)[0], IXS_SOLVE_FREE);
    ixs_arrow_covariance(scene.space, 0, covariance);
    assert_true(isnan(covariance[0]));
    assert_true(covariance[EACH * EACH - 1] > 0);
    ixs_arrow_free(scene.space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_out),
        cmocka_unit_test(test_tension),
        cmocka_unit_test(test_undetermined),
    };
    return cmocka_run_group_tests_name("arrow_whole", tests, NULL, NULL);
}
