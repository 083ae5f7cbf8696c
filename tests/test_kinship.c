/* SPDX-License-Identifier: GPL-3.0-or-later
 * What modes of spectra fitted together have to do with each other, from FIT's rows: against a
 * covariance of everything that is known; and what it makes of a law.
 */
#include "calib/branching/kinship.h"

#include "models/branch/branches.h"

#include "base/array.h"

#include "tests/near.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <string.h>

enum { SPECTRA = 3, SHARED = 2, FIGURES = 2 };

/* Zero and energy are shared: all know the zero, the first two the energy. A figure of a spectrum
 * goes with what is shared, and has noise of its own. */
static const double shared_cov[SHARED][SHARED] = {{0.04, -0.01}, {-0.01, 0.09}};
static const double weights[SPECTRA][FIGURES][SHARED] = {
    {{0.0, 1.0}, {0.3, -0.2}}, {{0.0, 1.0}, {-0.1, 0.5}}, {{0.7, 0.0}, {0.2, 0.0}}};
static const double noise[SPECTRA][FIGURES] = {{0.0, 0.02}, {0.0, 0.03}, {0.05, 0.01}};

static double between(int a, int i, int b, int k)
{
    double sum = a == b && i == k ? noise[a][i] : 0.0;
    for (int s = 0; s < SHARED; s++)
        for (int t = 0; t < SHARED; t++)
            sum += weights[a][i][s] * shared_cov[s][t] * weights[b][k][t];
    return sum;
}

static double with_shared(int a, int i, int s)
{
    double sum = 0.0;
    for (int t = 0; t < SHARED; t++)
        sum += weights[a][i][t] * shared_cov[t][s];
    return sum;
}

struct rows {
    struct ixs_fit_mode modes[SPECTRA];
    struct ixs_fit_parameter parameters[SHARED + SPECTRA * FIGURES];
    struct ixs_fit_covariance covariances[64];
    struct ixs_fit fit;
};

static void add(struct rows *rows, size_t row, size_t column, double covariance)
{
    rows->covariances[rows->fit.ncovariances++] =
        (struct ixs_fit_covariance){(int64_t)row + 1, (int64_t)column + 1, covariance};
}

static struct ixs_fit_parameter row_of(int64_t spectrum, const char *component, const char *name)
{
    struct ixs_fit_parameter row = {.spectrum = spectrum, .set = spectrum == 0};
    snprintf(row.component, sizeof row.component, "%s", component);
    snprintf(row.name, sizeof row.name, "%s", name);
    return row;
}

static void make(struct rows *rows)
{
    memset(rows, 0, sizeof *rows);
    rows->parameters[0] = row_of(0, "zero", "zero");
    rows->parameters[1] = row_of(0, "dho1", "omega0");
    for (size_t s = 0; s < SHARED; s++)
        for (size_t t = 0; t <= s; t++)
            add(rows, s, t, shared_cov[s][t]);
    for (int a = 0; a < SPECTRA; a++) {
        size_t first = SHARED + FIGURES * (size_t)a;
        rows->modes[a] = (struct ixs_fit_mode){.id = {.spectrum = a + 1}, .mode = 1};
        rows->parameters[first] = row_of(a + 1, "dho1", "omega0");
        rows->parameters[first].like = a < 2 ? 2 : 0;
        rows->parameters[first + 1] = row_of(a + 1, "dho1", "fwhm");
        for (int i = 0; i < FIGURES; i++) {
            for (int k = 0; k <= i; k++)
                add(rows, first + (size_t)i, first + (size_t)k, between(a, i, a, k));
            for (int s = 0; s < (a < 2 ? 2 : 1); s++)
                add(rows, first + (size_t)i, (size_t)s, with_shared(a, i, s));
        }
    }
    rows->fit.modes = rows->modes;
    rows->fit.nmodes = SPECTRA;
    rows->fit.parameters = rows->parameters;
    rows->fit.nparameters = IXS_COUNT(rows->parameters);
    rows->fit.covariances = rows->covariances;
}

static void test_covariance(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_kinship kinship = {0};
    struct rows rows;
    make(&rows);
    assert_false(ixs_kinship_any(NULL));
    assert_true(ixs_kinship_add(&kinship, &rows.fit, &err));
    assert_true(ixs_kinship_add(&kinship, &rows.fit, &err)); /* another product of the kind */
    assert_true(ixs_kinship_any(&kinship));
    for (int a = 0; a < SPECTRA; a++)
        for (int b = 0; b < SPECTRA; b++)
            for (int i = 0; i < FIGURES; i++)
                for (int k = 0; k < FIGURES; k++) {
                    size_t one = (size_t)a, other = (size_t)b, next = other + SPECTRA;
                    enum ixs_kin_figure f = (enum ixs_kin_figure)i, g = (enum ixs_kin_figure)k;
                    assert_near(ixs_kinship_covariance(&kinship, one, f, other, g),
                                between(a, i, b, k), 1e-12);
                    assert_near(ixs_kinship_covariance(&kinship, one, f, next, g), 0.0, 1e-15);
                }
    assert_true(ixs_kinship_same(&kinship, 0, 1, IXS_KIN_OMEGA0));
    assert_near(ixs_kinship_correlation(&kinship, 0, IXS_KIN_OMEGA0, 1, IXS_KIN_OMEGA0), 1.0, 0.0);
    assert_false(ixs_kinship_same(&kinship, 0, 2, IXS_KIN_OMEGA0));
    assert_false(ixs_kinship_same(&kinship, 0, 1, IXS_KIN_FWHM));
    assert_false(ixs_kinship_same(&kinship, 0, SPECTRA, IXS_KIN_OMEGA0));
    assert_near(ixs_kinship_correlation(&kinship, 0, IXS_KIN_FWHM, 2, IXS_KIN_FWHM),
                between(0, 1, 2, 1) / sqrt(between(0, 1, 0, 1) * between(2, 1, 2, 1)), 1e-12);
    ixs_kinship_dispose(&kinship);
}

/* Rows that are not told, or make no sense, say nothing. */
static void test_untold(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_kinship kinship = {0};
    struct rows rows;
    make(&rows);
    for (size_t i = 0; i < rows.fit.ncovariances; i++)
        if (rows.covariances[i].row <= SHARED)
            rows.covariances[i].covariance = NAN;
    add(&rows, 3, 70, 1.0);
    rows.parameters[5].like = 99;
    rows.modes[2].id.spectrum = INT64_MAX;
    assert_true(ixs_kinship_add(&kinship, &rows.fit, &err));
    assert_near(ixs_kinship_correlation(&kinship, 0, IXS_KIN_FWHM, 1, IXS_KIN_FWHM), 0.0, 0.0);
    assert_near(ixs_kinship_correlation(&kinship, 2, IXS_KIN_FWHM, 2, IXS_KIN_OMEGA0), 0.0, 0.0);
    assert_true(ixs_kinship_same(&kinship, 0, 1, IXS_KIN_OMEGA0));
    ixs_kinship_dispose(&kinship);
}

/* ---- laws ------------------------------------------------------------------------------------ */

enum { QS = 6, ZONES = 3, MODES = QS * ZONES };

static double half(const void *context, size_t one, size_t other)
{
    (void)context;
    return one == other ? 1.0 : 0.5;
}

static struct ixs_branch law_of(struct ixs_branch_mode *modes, bool shared, bool related)
{
    struct ixs_branches_rules rules = {.tolerance = 0.5, .law = {.chosen = true}};
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_branch laws[4];
    long chosen[MODES];
    struct ixs_branches out = {4, 0, laws, chosen, NULL};
    rules.law.law = IXS_BRANCH_LINEAR;
    rules.law.edge = NAN;
    rules.correlation = related ? half : NULL;
    for (size_t i = 0; i < MODES; i++) {
        double q = 0.1 * (double)(i % QS + 1);
        modes[i] = (struct ixs_branch_mode){.spectrum = i,
                                            .q = q,
                                            .omega = 30.0 * q + 0.01 * sin(7.0 * q),
                                            .err = 0.05,
                                            .width = NAN,
                                            .strength = NAN,
                                            .zone = (long)(i / QS),
                                            .datum = shared ? -1 - (long)(i % QS) : 0};
    }
    assert_true(ixs_branches_find(MODES, modes, &rules, &out, &err));
    assert_int_equal(out.found, 1);
    return laws[0];
}

static void test_law(void **state)
{
    (void)state;
    struct ixs_branch_mode modes[MODES];
    struct ixs_branch alone = law_of(modes, false, false), one = law_of(modes, true, false),
                      both = law_of(modes, true, true);
    assert_near(one.p[0], alone.p[0], 1e-9);
    assert_near(sqrt(one.cov[0]), sqrt(3.0 * alone.cov[0]), 1e-9);
    assert_int_equal(one.dof, QS - 1);
    assert_int_equal(alone.dof, MODES - 1);
    /* Errors of 0.05 that correlate by half: the inverse of (1 + J)/2 is 2 - 2 J/(1 + n). */
    double sum = 0.0, square = 0.0;
    for (size_t i = 0; i < QS; i++) {
        double q = 0.1 * (double)(i + 1);
        sum += q;
        square += q * q;
    }
    double weight = (2.0 * square - 2.0 * sum * sum / (1.0 + QS)) / (0.05 * 0.05);
    assert_near(both.cov[0], 1.0 / weight, 1e-9 / weight);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_covariance),
        cmocka_unit_test(test_untold),
        cmocka_unit_test(test_law),
    };
    return cmocka_run_group_tests_name("kinship", tests, NULL, NULL);
}
