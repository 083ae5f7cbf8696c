/* SPDX-License-Identifier: GPL-3.0-or-later
 * Silicon: the published numbers, and the exact integrals against sums.
 */
#include "models/crystal/silicon.h"

#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static struct ixs_silicon law(const char *name)
{
    struct ixs_silicon silicon;
    assert_true(ixs_silicon_named(&silicon, name));
    return silicon;
}

static void test_alpha(void **state)
{
    (void)state;
    struct ixs_silicon own = law("default"), okada = law("okada"), bergamin = law("bergamin");
    assert_near(ixs_silicon_alpha(&own, 295.65), 2.581e-6, 1e-12);
    assert_near(ixs_silicon_alpha(&own, 300.4), 2.621e-6, 0.001e-6); /* Munakata & Okazaki */
    assert_near(ixs_silicon_alpha(&own, 302.6), 2.639e-6, 0.001e-6); /* BL35XU's constant */
    assert_near(ixs_silicon_alpha(&bergamin, 300.4), 2.657e-6, 0.0005e-6);
    assert_near(ixs_silicon_alpha(&okada, 295.65), 2.531e-6, 0.0005e-6);
    assert_near(ixs_silicon_alpha(&okada, 303.15), 2.594e-6, 0.0005e-6);
    assert_near(ixs_silicon_error(&own, 295.65), 0.002 / 2.581, 1e-9);
    assert_true(isnan((double)ixs_silicon_error(&(struct ixs_silicon){.alpha_error = NAN}, 300.0)));
    assert_false(ixs_silicon_named(&own, "Bergamin"));
}

static void test_strain(void **state)
{
    (void)state;
    static const char *const names[] = {"default", "okada", "bergamin", "constant"};
    for (size_t k = 0; k < 4; k++) {
        struct ixs_silicon silicon = law(names[k]);
        const double from = 287.3, to = 303.9;
        const int n = 100000;
        double sum = 0.0;
        for (int i = 0; i < n; i++)
            sum +=
                ixs_silicon_alpha(&silicon, from + (to - from) * (i + 0.5) / n) * (to - from) / n;
        assert_near(ixs_silicon_strain(&silicon, from, to), sum, 1e-13);
        assert_near(ixs_silicon_strain(&silicon, to, from), -sum, 1e-13);
        assert_near(ixs_silicon_strain(&silicon, from, 295.0) +
                        ixs_silicon_strain(&silicon, 295.0, to),
                    sum, 1e-13);
    }
    struct ixs_silicon okada = law("okada"); /* their own lattice parameter at 273.2 K */
    assert_near(ixs_silicon_lattice(&okada, 273.2), 5.430741, 1e-4);
}

static void test_energy(void **state)
{
    (void)state;
    struct ixs_silicon silicon = law("default");
    static const struct {
        int n;
        double cold, warm; /* keV at 22.5 C and 30 C: FIELD's table, to its digits */
    } table[] = {{7, 13.8393, 13.8390},  {8, 15.8163, 15.8160},  {9, 17.7934, 17.7930},
                 {11, 21.7474, 21.7470}, {12, 23.7245, 23.7240}, {13, 25.7015, 25.7010}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const int hkl[3] = {table[i].n, table[i].n, table[i].n};
        assert_near(1e-6 * ixs_silicon_energy(&silicon, hkl, 295.65), table[i].cold, 0.6e-4);
        assert_near(1e-6 * ixs_silicon_energy(&silicon, hkl, 303.15), table[i].warm, 0.6e-4);
    }
}

static void test_transfer(void **state)
{
    (void)state;
    const int eleven[3] = {11, 11, 11};
    struct ixs_silicon constant = law("constant");
    constant.alpha = 2.639e-6;
    double reflected = ixs_silicon_energy(&constant, eleven, 303.15);
    /* BL35XU's archive: 57.3905 meV/K to its digits, from one mK */
    assert_near(ixs_silicon_transfer(&constant, reflected, 303.15 - 1e-3, 303.15), 0.057390, 1e-6);
    /* a colder monochromator gives more energy, and the difference of two photon energies is it */
    struct ixs_silicon silicon = law("default");
    reflected = ixs_silicon_energy(&silicon, eleven, 295.16);
    double offered = ixs_silicon_energy(&silicon, eleven, 291.0);
    assert_near(ixs_silicon_transfer(&silicon, reflected, 291.0, 295.16), offered - reflected,
                1e-6);
    assert_true(offered > reflected);
    assert_near(ixs_silicon_transfer(&silicon, reflected, 295.16, 295.16), 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alpha),
        cmocka_unit_test(test_strain),
        cmocka_unit_test(test_energy),
        cmocka_unit_test(test_transfer),
    };
    return cmocka_run_group_tests_name("silicon", tests, NULL, NULL);
}
