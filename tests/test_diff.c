/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tests of the comparison of products: what counts as the same number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memfile.h"
#include "products/dispersion.h"
#include "view/show/diff.h"

/* A DISPERSION of one mode; returns its name, which goes with the program. */
static void write_one(const char *path, double omega0, double error, double fwhm)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_provenance history = {.program = "ixs-dispersion", .version = "0"};
    struct ixs_commit how = {0};
    struct ixs_dispersion_point point = {.source = "a.fits",
                                         .analyzer = "Ana1",
                                         .mode = 1,
                                         .omega0 = omega0,
                                         .omega0_err = error,
                                         .fwhm = fwhm,
                                         .regime = "underdamped",
                                         .status = "good"};
    struct ixs_dispersion dispersion = {.points = &point, .npoints = 1};
    assert_true(ixs_dispersion_write(&dispersion, path, &history, &how, NULL, &err));
    ixs_provenance_dispose(&history);
}

/* Lines that tell of a difference. */
static size_t differ(const char *one, const char *other, double rtol, const char *columns)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_memfile said = {0};
    const struct ixs_reading how = {0};
    const char *paths[] = {one, other};
    const struct ixs_diff_choice choice = {rtol, columns != NULL ? "POINTS" : NULL, columns, &how};
    size_t lines = 0;
    assert_true(ixs_memfile_begin(&said, &err));
    bool same = ixs_diff(said.out, 2, paths, &choice, &err);
    assert_int_equal(err.code, same ? IXS_OK : IXS_NOT_GOOD);
    err = IXS_ERR_NONE;
    assert_true(ixs_memfile_end(&said, &err));
    for (size_t i = 0; i < said.size; i++)
        lines += said.text[i] == '\n';
    assert_int_equal(same, lines == 0);
    ixs_memfile_dispose(&said);
    return lines;
}

static void test_numbers(void **state)
{
    (void)state;
    char folder[] = "/tmp/ixs-diff-XXXXXX", one[64], other[64];
    assert_non_null(mkdtemp(folder));
    snprintf(one, sizeof one, "%s/one.fits", folder);
    snprintf(other, sizeof other, "%s/other.fits", folder);
    write_one(one, 10, 0.1, NAN);
    write_one(other, 10, 0.1, NAN);
    assert_int_equal(differ(one, other, 0, NULL), 0); /* NaN and NaN are the same */
    write_one(other, 10 * (1 + 2e-9), 0.1, NAN);
    assert_int_equal(differ(one, other, 0, NULL), 1);
    assert_int_equal(differ(one, other, 1e-9, NULL), 1);
    assert_int_equal(differ(one, other, 3e-9, NULL), 0);
    assert_int_equal(differ(one, other, 0, "FWHM,MODE"), 0);
    assert_int_equal(differ(one, other, 0, "OMEGA0"), 1);
    /* small beside their error */
    write_one(one, 1e-9, 0.1, 1);
    write_one(other, 3e-9, 0.1, 1);
    assert_int_equal(differ(one, other, 1e-9, NULL), 1);
    assert_int_equal(differ(one, other, 3e-8, NULL), 0);
    /* a number and none */
    write_one(other, 1e-9, 0.1, NAN);
    assert_int_equal(differ(one, other, 1, NULL), 1);
    unlink(one);
    unlink(other);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
