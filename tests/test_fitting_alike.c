/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who shares: repeats, temperatures, equivalent zones of a cubic and of a tetragonal crystal, with
 * the edge of the zone, without a crystal; analyzers of a scan.
 */
#include "calib/fitting/alike.h"

#include "base/array.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#define CUBIC                                                                                      \
    {                                                                                              \
        4, 4, 4, 90, 90, 90                                                                        \
    }
#define TETRAGONAL                                                                                 \
    {                                                                                              \
        4, 4, 5, 90, 90, 90                                                                        \
    }

struct row {
    const char *analyzer, *scans;
    double kelvin, h, k, l, q_h, q_k, q_l;
};

/* Two zones, a repeat, two temperatures, a q of the same star along another axis. */
static const struct row rows[] = {
    {"A1", "10", 300, 2.2, 0, 0, 0.2, 0, 0},  /* 0 */
    {"A1", "11", 300, 2.2, 0, 0, 0.2, 0, 0},  /* 1: repeat of 0 */
    {"A1", "12", 100, 2.2, 0, 0, 0.2, 0, 0},  /* 2: cold */
    {"A2", "13", 301, 3.8, 0, 0, -0.2, 0, 0}, /* 3: other zone */
    {"A1", "14", 300, 0, 0, 2.2, 0, 0, 0.2},  /* 4: other axis, same star if cubic */
    {"A2", "10", 300, 2.3, 0, 0, 0.3, 0, 0},  /* 5: another q, in the scan of 0 */
    {"A1", "15", 300, 2.5, 0, 0, 0.5, 0, 0},  /* 6: edge of the zone */
    {"A1", "16", 300, 0, 3.5, 0, 0, -0.5, 0}, /* 7: the same edge */
};
enum { N = IXS_COUNT(rows) };

static void expect(unsigned over, const double lattice[6], const struct ixs_fitting_parts *parts,
                   const size_t *wanted)
{
    struct ixs_spectra spectra = {0};
    struct ixs_spectrum list[N];
    struct ixs_fitting_member members[N];
    struct ixs_err err = IXS_ERR_NONE;
    size_t groups[N], ngroups = 0;
    memcpy(spectra.keys.lattice, lattice, sizeof spectra.keys.lattice);
    strcpy(spectra.keys.centring, "P");
    for (size_t i = 0; i < N; i++) {
        const struct row *row = &rows[i];
        double scale = 2.0 * 3.14159265358979 / 4.0;
        list[i] =
            (struct ixs_spectrum){.temperature = row->kelvin,
                                  .h = row->h,
                                  .k = row->k,
                                  .l = row->l,
                                  .q_h = row->q_h,
                                  .q_k = row->q_k,
                                  .q_l = row->q_l,
                                  .q = scale * hypot(row->h, hypot(row->k, row->l)),
                                  .q_reduced = scale * hypot(row->q_h, hypot(row->q_k, row->q_l))};
        if (lattice[2] > 4.0 && row->q_l != 0.0)
            list[i].q_reduced *= 4.0 / lattice[2];
        ixs_copy(list[i].analyzer, sizeof list[i].analyzer, row->analyzer);
        ixs_copy(list[i].scans, sizeof list[i].scans, row->scans);
        members[i] = (struct ixs_fitting_member){&spectra, &list[i]};
    }
    if (!ixs_fitting_groups(groups, &ngroups, N, members, over, parts, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < N; i++)
        if (groups[i] != wanted[i])
            fail_msg("over %u: spectrum %zu in group %zu, expected %zu", over, i, groups[i],
                     wanted[i]);
}

static void test_groups(void **state)
{
    (void)state;
    const double cubic[6] = CUBIC, tetragonal[6] = TETRAGONAL, unknown[6] = {0};
    const struct ixs_fitting_parts usual = {0}, low = {.symmetry = "mmm"},
                                   length = {.by_length = true}, wide = {.alike_q = 0.2};
    expect(IXS_OVER_SCANS, cubic, &usual, (size_t[]){0, 0, 1, 2, 3, 4, 5, 6});
    expect(IXS_OVER_TEMPERATURES, cubic, &usual, (size_t[]){0, 0, 0, 1, 2, 3, 4, 5});
    expect(IXS_OVER_ZONES, cubic, &usual, (size_t[]){0, 0, 1, 0, 0, 2, 3, 3});
    expect(IXS_OVER_ZONES, tetragonal, &usual, (size_t[]){0, 0, 1, 0, 2, 3, 4, 4});
    expect(IXS_OVER_ZONES, cubic, &low, (size_t[]){0, 0, 1, 0, 2, 3, 4, 5});
    expect(IXS_OVER_ZONES | IXS_OVER_TEMPERATURES, cubic, &usual,
           (size_t[]){0, 0, 0, 0, 0, 1, 2, 2});
    expect(IXS_OVER_ZONES, cubic, &length, (size_t[]){0, 0, 1, 0, 0, 2, 3, 3});
    expect(IXS_OVER_ZONES, unknown, &usual, (size_t[]){0, 0, 1, 0, 0, 2, 3, 3});
    expect(IXS_OVER_ZONES, cubic, &wide, (size_t[]){0, 0, 1, 0, 0, 0, 2, 2});
    expect(IXS_OVER_ANALYZERS, cubic, &usual, (size_t[]){0, 1, 2, 3, 4, 0, 5, 6});
    expect(IXS_OVER_ALL, cubic, &usual, (size_t[]){0, 0, 0, 0, 0, 0, 0, 0});
}

static void test_wrong_symmetry(void **state)
{
    (void)state;
    static const char *const names[] = {"nonsense", "m-3m"};
    struct ixs_spectra spectra = {.keys.lattice = TETRAGONAL};
    struct ixs_spectrum one = {.temperature = 300};
    const struct ixs_fitting_member member = {&spectra, &one};
    for (size_t i = 0; i < IXS_COUNT(names); i++) {
        struct ixs_err err = IXS_ERR_NONE;
        struct ixs_fitting_parts parts = {.path = "model.xml"};
        size_t group, ngroups;
        ixs_copy(parts.symmetry, sizeof parts.symmetry, names[i]);
        assert_false(
            ixs_fitting_groups(&group, &ngroups, 1, &member, IXS_OVER_ZONES, &parts, &err));
        assert_int_equal(err.code, IXS_USAGE);
        assert_non_null(strstr(err.text, names[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_wrong_symmetry),
    };
    return cmocka_run_group_tests_name("fitting_alike", tests, NULL, NULL);
}
