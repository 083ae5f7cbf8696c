/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPECTRA: the points of a spectrum are found, and rows out of order are refused.
 */
#include "tests/product_sample.h"

#include "products/spectra.h"

#define TEMPORARY "test_spectra.fits"

static void fill(struct ixs_spectra *spectra, size_t n, const int64_t *numbers)
{
    struct ixs_err err = IXS_ERR_NONE;
    *spectra = (struct ixs_spectra){.identity = {.kind = "SPECTRA", .version = 2}};
    assert_ok(IXS_NEW(spectra->points, n, &err), &err);
    spectra->npoints = n;
    for (size_t i = 0; i < n; i++)
        spectra->points[i] = (struct ixs_point){.spectrum = numbers[i], .point = (int64_t)i};
}

static void test_points_of_each_spectrum(void **state)
{
    static const int64_t numbers[] = {1, 1, 2, 5, 5, 5, INT64_MAX};
    static const struct {
        int64_t spectrum;
        size_t first, count;
    } expected[] = {{1, 0, 2}, {2, 2, 1}, {3, 0, 0},         {5, 3, 3},
                    {0, 0, 0}, {6, 0, 0}, {INT64_MAX, 6, 1}, {INT64_MIN, 0, 0}};
    struct ixs_spectra spectra;
    (void)state;
    fill(&spectra, IXS_COUNT(numbers), numbers);
    for (size_t k = 0; k < IXS_COUNT(expected); k++) {
        size_t n = 99;
        const struct ixs_point *points = ixs_spectra_points(&spectra, expected[k].spectrum, &n);
        assert_int_equal(n, expected[k].count);
        assert_ptr_equal(points, n > 0 ? &spectra.points[expected[k].first] : NULL);
    }
    ixs_spectra_dispose(&spectra);
}

static void test_no_points(void **state)
{
    struct ixs_spectra spectra = {0};
    size_t n = 99;
    (void)state;
    assert_null(ixs_spectra_points(&spectra, 1, &n));
    assert_int_equal(n, 0);
}

static bool write_and_read(const int64_t numbers[3], struct ixs_err *err)
{
    struct ixs_spectra spectra, back = {0};
    struct ixs_provenance made = {.program = "test", .version = "1"}, step = {0};
    const struct ixs_reading how = {0};
    fill(&spectra, 3, numbers);
    bool ok = ixs_spectra_write(&spectra, TEMPORARY, &made, NULL, NULL, err) &&
              ixs_spectra_read(&back, TEMPORARY, &how, &step, err);
    ixs_spectra_dispose(&spectra);
    ixs_spectra_dispose(&back);
    ixs_provenance_dispose(&made);
    ixs_provenance_dispose(&step);
    unlink(TEMPORARY);
    return ok;
}

static void test_order_is_checked(void **state)
{
    struct ixs_err err = IXS_ERR_NONE;
    (void)state;
    assert_ok(write_and_read((const int64_t[]){1, 1, 2}, &err), &err);
    assert_false(write_and_read((const int64_t[]){1, 2, 1}, &err));
    assert_int_equal(err.code, IXS_INPUT);
    assert_non_null(strstr(err.text, "POINTS, row 3: found SPECTRUM 1 behind 2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points_of_each_spectrum),
        cmocka_unit_test(test_no_points),
        cmocka_unit_test(test_order_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
