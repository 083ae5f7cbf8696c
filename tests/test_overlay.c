/* SPDX-License-Identifier: GPL-3.0-or-later
 * Overlays: CSV and band.yaml as they are written by others, and what is refused with file and
 * line.
 */
#include "calib/branching/branching.h"

#include "base/units.h"

#include "tests/near.h"
#include "tests/text_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>

static bool read_text(struct ixs_dispersion *out, const char *name, const char *text,
                      int64_t segment, struct ixs_err *err)
{
    struct ixs_branching rules = IXS_BRANCHING;
    struct ixs_provenance provenance = {0};
    struct ixs_branching_overlay overlay = {.file = strdup(name), .segment = segment};
    text_file_write(name, "%s", text);
    rules.overlays = &overlay;
    rules.noverlays = 1;
    bool ok = ixs_branching_overlays(out, &rules, &provenance, err);
    ixs_provenance_dispose(&provenance);
    free(overlay.file);
    unlink(name);
    return ok;
}

static void expect(const char *name, const char *text, const char *complaint, const char *where)
{
    struct ixs_dispersion out = {0};
    struct ixs_err err = IXS_ERR_NONE;
    assert_false(read_text(&out, name, text, 0, &err));
    assert_int_equal(err.code, IXS_INPUT);
    if (strstr(err.text, complaint) == NULL || strcmp(err.where, where) != 0)
        fail_msg("%s: %s; expected %s: %s", err.where, err.text, where, complaint);
    ixs_dispersion_dispose(&out);
}

static void test_csv(void **state)
{
    (void)state;
    struct ixs_dispersion out = {0};
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(read_text(&out, "o.csv",
                          "# from a paper\nenergy, q, error, line\n1.5, 0.1, x, 2\n3;0.2;y;2\r\n",
                          0, &err));
    assert_int_equal(out.noverlays, 2);
    assert_near(out.overlays[0].position, 0.1, 0);
    assert_near(out.overlays[1].energy, 3, 0);
    assert_int_equal(out.overlays[1].line, 2);
    assert_string_equal(out.overlays[0].series, "o.csv");
    ixs_dispersion_dispose(&out);
    expect("o.csv", "q,omega\n0.1,2\n", "expected a line that names the columns", "o.csv:1");
    expect("o.csv", "q,energy\n0.1,2\n0.2\n", "expected as many columns", "o.csv:3");
    expect("o.csv", "q,energy\n0.1,2,3\n", "expected no more columns", "o.csv:2");
    expect("o.csv", "q,energy\n-0.1,2\n", "expected q of 0 or more", "o.csv:2");
    expect("o.csv", "q,energy\n", "found nothing to draw", "o.csv");
}

/* As phonopy 2.20 writes it, of a chain: G to X, then X to K, which has no zone centre, then K to
 * G.
 */
static const char bands[] =
    "calculator: vasp\n"
    "nqpoint: 6\n"
    "npath: 3\n"
    "segment_nqpoint:\n- 2\n- 2\n- 2\n"
    "reciprocal_lattice:\n- [ 0.2, 0.0, 0.0 ] # a*\n"
    "natom: 1\n"
    "phonon:\n"
    "- q-position: [    0.0000000,    0.0000000,    0.0000000 ]\n"
    "  distance:    0.0000000\n"
    "  label: 'G'\n"
    "  band:\n"
    "  - # 1\n    frequency:   -0.0100000000\n"
    "  - # 2\n    frequency:    5.0000000000\n\n"
    "- q-position: [    0.5000000,    0.0000000,    0.0000000 ]\n"
    "  distance:    0.1000000\n"
    "  band:\n  - # 1\n    frequency:    2.0\n  - # 2\n    frequency:    4.0\n"
    "- q-position: [    0.5000000,    0.0000000,    0.0000000 ]\n"
    "  distance:    0.1000000\n"
    "  band:\n  - # 1\n    frequency:    2.0\n  - # 2\n    frequency:    4.0\n"
    "- q-position: [    0.5,    0.5,    0.0000000 ]\n"
    "  distance:    0.2000000\n"
    "  band:\n  - # 1\n    frequency:    2.5\n  - # 2\n    frequency:    4.5\n"
    "- q-position: [    0.5,    0.5,    0.0000000 ]\n"
    "  distance:    0.2000000\n"
    "  band:\n  - # 1\n    frequency:    2.5\n  - # 2\n    frequency:    4.5\n"
    "- q-position: [    1.0,    1.0,    0.0000000 ]\n"
    "  distance:    0.35000000\n"
    "  band:\n  - # 1\n    frequency:    0.0\n  - # 2\n    frequency:    5.0\n";

static void test_bands(void **state)
{
    (void)state;
    struct ixs_dispersion out = {0};
    struct ixs_err err = IXS_ERR_NONE;
    if (!read_text(&out, "band.yaml", bands, 0, &err))
        fail_msg("%s: %s", err.where, err.text);
    assert_int_equal(out.noverlays, 8); /* two segments, two bands, two points each */
    assert_near(out.overlays[1].position, 0.1 * 2 * IXS_PI, 1e-12);
    assert_near(out.overlays[1].energy, 2 * 4.135667696, 1e-8);
    assert_near(out.overlays[0].energy, -0.01 * 4.135667696, 1e-8);
    assert_int_equal(out.overlays[2].line, out.overlays[3].line);
    assert_true(out.overlays[2].line != out.overlays[1].line);
    assert_near(out.overlays[4].position, 0.15 * 2 * IXS_PI, 1e-12); /* from the far end */
    assert_near(out.overlays[5].position, 0, 1e-12);
    ixs_dispersion_dispose(&out);
    assert_true(read_text(&out, "band.yaml", bands, 3, &err));
    assert_int_equal(out.noverlays, 4);
    ixs_dispersion_dispose(&out);
    assert_false(read_text(&out, "band.yaml", bands, 2, &err));
    assert_non_null(strstr(err.text, "found nothing to draw"));
    ixs_dispersion_dispose(&out);
}

static void test_bad_bands(void **state)
{
    (void)state;
    expect("b.yaml", "phonon:\n- q-position: [ 0, 0 ]\n", "expected q-position: [ x, y, z ]",
           "b.yaml:2");
    expect("b.yaml", "phonon:\n  distance: 0.1\n", "behind a q-position", "b.yaml:2");
    expect("b.yaml", "segment_nqpoint:\n- many\n", "expected a number of points", "b.yaml:2");
    expect(
        "b.yaml",
        "phonon:\n- q-position: [ 0, 0, 0 ]\n  distance: 0\n  band:\n  - # 1\n    frequency: 1e\n",
        "expected a number", "b.yaml:6");
    char fewer[sizeof bands];
    memcpy(fewer, bands, sizeof bands);
    strstr(fewer, "- 2\n- 2\n")[6] = '3';
    struct ixs_dispersion out = {0};
    struct ixs_err err = IXS_ERR_NONE;
    assert_false(read_text(&out, "b.yaml", fewer, 0, &err));
    assert_non_null(strstr(err.text, "as many as segment_nqpoint says"));
    ixs_dispersion_dispose(&out);
}

int main(void)
{
    char folder[] = "/tmp/ixs-overlay-XXXXXX";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_bands),
        cmocka_unit_test(test_bad_bands),
    };
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        return 2;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return rmdir(folder) == 0 ? failed : 2;
}
