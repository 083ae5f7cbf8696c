/* SPDX-License-Identifier: GPL-3.0-or-later
 * Detailed balance: limits, symmetry, and its few poles against the exact function.
 */
#include "models/line/bose.h"

#include "base/array.h"
#include "base/units.h"
#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static void test_factor(void **state)
{
    (void)state;
    double kt = IXS_BOLTZMANN * 300.0;
    assert_near(kt, 25.852, 1e-3); /* meV at 300 K */
    for (double e = 0.5; e < 200.0; e *= 1.7) {
        double n = ixs_bose_factor(300.0, e) - 1.0;
        // cppcheck-suppress unpreciseMathCall; the formula as it stands in books
        assert_near(n, 1.0 / (exp(e / kt) - 1.0), 1e-12 * (1.0 + n));
        assert_near(-ixs_bose_factor(300.0, -e), n, 1e-12 * (1.0 + n));
        assert_near(ixs_bose_energy_factor(300.0, -e) / ixs_bose_energy_factor(300.0, e),
                    exp(-e / kt), 1e-13);
    }
    assert_near(ixs_bose_energy_factor(300.0, 0.0), kt, 1e-12); /* not 1 */
    assert_near(ixs_bose_energy_factor(300.0, 1e-9), kt, 1e-8);
}

static void test_poles(void **state)
{
    (void)state;
    static const double kelvins[] = {5.0, 10.0, 30.0, 100.0, 300.0, 900.0};
    for (size_t t = 0; t < IXS_COUNT(kelvins); t++) {
        struct ixs_bose bose;
        ixs_bose_make(&bose, kelvins[t], 300.0);
        assert_in_range(bose.npoles, 1, IXS_BOSE_MOST);
        assert_near(bose.nu[0], 2.0 * IXS_PI * bose.kt, 1e-7 * bose.kt); /* Matsubara's first */
        assert_near(bose.share[0], 1.0, 1e-6);
        for (size_t j = 1; j < bose.npoles; j++)
            assert_true(bose.nu[j] > bose.nu[j - 1]);
        for (double e = 0.01; e <= 300.0; e *= 1.3)
            for (int sign = -1; sign <= 1; sign += 2) {
                double truth = ixs_bose_factor(kelvins[t], sign * e);
                double complex value = ixs_bose_complex(&bose, sign * e, NULL);
                assert_near(creal(value), truth, 2e-9 * (1.0 + fabs(truth)));
            }
    }
}

static void test_slope(void **state)
{
    (void)state;
    struct ixs_bose bose;
    const double h = 1e-5;
    ixs_bose_make(&bose, 100.0, 200.0);
    const double complex places[] = {ixs_complex(3.0, -0.5), ixs_complex(-20.0, -4.0),
                                     ixs_complex(0.0, -30.0)};
    for (size_t k = 0; k < 3; k++) {
        double complex slope, up = ixs_bose_complex(&bose, places[k] + h, NULL);
        double complex down = ixs_bose_complex(&bose, places[k] - h, NULL);
        double complex exact = 1.0 / (1.0 - cexp(-places[k] / bose.kt));
        assert_near(cabs(ixs_bose_complex(&bose, places[k], &slope) - exact), 0.0, 1e-9);
        assert_near(cabs(slope - (up - down) / (2.0 * h)), 0.0, 1e-8);
    }
}

static void test_no_temperature(void **state)
{
    (void)state;
    struct ixs_bose bose;
    ixs_bose_make(&bose, (double)NAN, 100.0);
    assert_true(isnan(bose.kt));
    assert_int_equal(bose.npoles, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_factor),
        cmocka_unit_test(test_poles),
        cmocka_unit_test(test_slope),
        cmocka_unit_test(test_no_temperature),
    };
    return cmocka_run_group_tests_name("bose", tests, NULL, NULL);
}
