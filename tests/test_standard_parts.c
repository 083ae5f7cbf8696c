/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pieces of the calibration by themselves: two-way tables, scatter, jitter.
 */
#include "calib/standard/shape.h"
#include "tests/near.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

enum { ROWS = 9, COLUMNS = 16 };

/* An exact table with gaps comes back; the anchored side has mean 0. */
static void test_exact(void **state)
{
    (void)state;
    static const double row[3] = {1, 4, -2}, column[3] = {-1, 0.25, 0.75};
    struct ixs_twoway_datum data[6];
    struct ixs_twoway table;
    struct ixs_err err = IXS_ERR_NONE;
    size_t n = 0;
    for (size_t r = 0; r < 3; r++)
        for (size_t c = 0; c < 3; c++)
            if (r != c)
                data[n++] =
                    (struct ixs_twoway_datum){r, c, row[r] + column[c], 0.1 + 0.1 * (double)c};
    assert_true(ixs_twoway_fit(&table, n, data, IXS_TWOWAY_COLUMNS, &err));
    for (size_t i = 0; i < 3; i++) {
        assert_near(table.row[i], row[i], 1e-9);
        assert_near(table.column[i], column[i], 1e-9);
    }
    assert_near(table.scatter, 0, 0);
    assert_int_equal(table.dof, 1);
    assert_int_equal(table.nparts, 1);
    ixs_twoway_dispose(&table);
    assert_true(ixs_twoway_fit(&table, n, data, IXS_TWOWAY_ROWS, &err));
    for (size_t i = 0; i < 3; i++) {
        assert_near(table.row[i], row[i] - 1, 1e-9);
        assert_near(table.column[i], column[i] + 1, 1e-9);
    }
    ixs_twoway_dispose(&table);
}

/* Parts without a link: each is anchored by itself; a row without data is NaN. One datum a row and
 * column leaves no repeats. */
static void test_gaps(void **state)
{
    (void)state;
    const struct ixs_twoway_datum data[] = {{0, 0, 3, 0.1}, {3, 1, 7, 0.2}, {3, 2, 8, 0.2}};
    struct ixs_twoway table;
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(ixs_twoway_fit(&table, 3, data, IXS_TWOWAY_COLUMNS, &err));
    assert_int_equal(table.nparts, 2);
    assert_int_equal(table.dof, 0);
    assert_true(isnan(table.scatter));
    assert_near(table.row[0], 3, 1e-9);
    assert_near(table.row_err[0], 0.1, 1e-4);
    assert_near(table.row[3], 7.5, 1e-9);
    assert_near(table.row_err[3], 0.2 / sqrt(2), 1e-4);
    assert_near(table.column[2], 0.5, 1e-9);
    assert_true(isnan(table.row[1]) && isnan(table.row_err[2]));
    assert_true(table.part[1] == SIZE_MAX && table.part[0] != table.part[3]);
    ixs_twoway_dispose(&table);
    assert_true(ixs_twoway_fit(&table, 0, NULL, IXS_TWOWAY_ROWS, &err));
    assert_int_equal(table.nrows, 0);
    ixs_twoway_dispose(&table);
}

/* A scatter of 0.06 on counting errors of 0.003 is found, and errors are of its size. */
static void test_scatter(void **state)
{
    (void)state;
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    double found = 0, squares = 0;
    enum { DRAWS = 50 };
    for (int draw = 0; draw < DRAWS; draw++) {
        struct ixs_twoway_datum data[ROWS * COLUMNS];
        struct ixs_twoway table;
        struct ixs_err err = IXS_ERR_NONE;
        size_t n = 0;
        for (size_t r = 0; r < ROWS; r++)
            for (size_t c = r / 2; c < COLUMNS; c += 1 + r % 3)
                data[n++] = (struct ixs_twoway_datum){
                    r, c, (double)r + gsl_ran_gaussian(random, 0.06), 0.003};
        assert_true(ixs_twoway_fit(&table, n, data, IXS_TWOWAY_ROWS, &err));
        found += table.scatter / DRAWS;
        for (size_t r = 0; r < ROWS; r++) {
            double pull = (table.row[r] - (double)r + (ROWS - 1) / 2.0) / table.row_err[r];
            squares += pull * pull / (ROWS * DRAWS);
        }
        ixs_twoway_dispose(&table);
    }
    assert_near(found, 0.06, 0.002);
    assert_near(squares, 1, 0.2);
    gsl_rng_free(random);
}

static void test_scatter_of_a_list(void **state)
{
    (void)state;
    const double value[] = {1, -1, 1, -1}, err[] = {0.6, 0.6, 0.6, 0.6};
    assert_near(ixs_twoway_scatter(4, value, err, 0), 0.8, 1e-6);
    assert_near(ixs_twoway_scatter(4, value, err, NAN), sqrt(4.0 / 3 - 0.36), 1e-6);
    assert_near(ixs_twoway_scatter(4, value, (double[]){2, 2, 2, 2}, 0), 0, 0);
    assert_true(isnan(ixs_twoway_scatter(0, value, err, 0)));
    assert_true(isnan(ixs_twoway_scatter(1, value, err, NAN)));
}

/* Residuals made with a known jitter of 0.02 on slopes up to 4e4 per meV; without any, none. */
static void test_jitter(void **state)
{
    (void)state;
    enum { N = 400 };
    static struct ixs_jitter_point points[N];
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    for (int still = 0; still < 2; still++) {
        double jitter = still ? 0 : 0.02;
        for (int i = 0; i < N; i++) {
            double mu = 100 + 2e4 * (i % 20) / 20.0, slope = 2e3 * (i % 20 - 10) * (i % 2 ? 1 : -2);
            double shift = jitter > 0 ? gsl_ran_gaussian(random, jitter) : 0;
            double counts = mu + slope * shift + gsl_ran_gaussian(random, sqrt(mu));
            points[i] = (struct ixs_jitter_point){counts, mu, slope, 0, 1};
        }
        assert_near(ixs_jitter_find(N, points, 0.12), jitter, still ? 0.001 : 0.0015);
    }
    assert_near(ixs_jitter_inflation(&(struct ixs_jitter_point){0, 100, 1000, 0, 1}, 0.02), 5,
                1e-12);
    gsl_rng_free(random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),   cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_scatter), cmocka_unit_test(test_scatter_of_a_list),
        cmocka_unit_test(test_jitter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
