/* SPDX-License-Identifier: GPL-3.0-or-later
 * Model files: what is said of parameters arrives, ties are followed, and what cannot be meant is
 * refused with its line.
 */
#include "calib/fitting/fitting.h"
#include "tests/near.h"
#include "tests/text_file.h"

#include "base/array.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/ixs_model_XXXXXX";

static int make_file(void **state)
{
    (void)state;
    text_file_name(path);
    return 0;
}

static int drop_file(void **state)
{
    (void)state;
    return unlink(path);
}

static struct ixs_calib_analyzer analyzers[] = {{.analyzer = "Ana1"}, {.analyzer = "Ana2"}};
static const struct ixs_calib calib = {.analyzers = analyzers, .nanalyzers = 2};

static bool read_text(struct ixs_fitting *rules, const char *text, struct ixs_err *err)
{
    struct ixs_provenance provenance = {0};
    text_file_write(path, "<model>%s</model>\n", text);
    *rules = IXS_FITTING;
    *err = IXS_ERR_NONE;
    bool ok = ixs_fitting_model(rules, path, NULL, &provenance, err) &&
              ixs_fitting_settle(rules, &calib, err);
    ixs_provenance_dispose(&provenance);
    return ok;
}

/* Zero, elastic, level; TA at 3, LA at 6. */
static const char good[] =
    "<components><zero unit='meV' prior='0.1' error='0.2'/>\n"
    "<mode name='TA'><omega0 unit='meV' start='8' from='5' to='12'>"
    "<at analyzer='Ana2' start='9' to='10'/><at scan='58' fixed='7'/></omega0></mode>\n"
    "<mode name='LA'><omega0 unit='meV'/><fwhm unit='meV' fixed='0.5'/></mode></components>\n"
    "<ties><ratio parameter='LA.omega0' like='TA.omega0'>1.5</ratio>"
    "<offset parameter='LA.strength' like='TA.strength' unit='meV count/s'>2</offset>"
    "<share parameter='TA.omega0 elastic.area' over='zones temperatures'>"
    "<ratio temperature='300'>0.9</ratio></share></ties>";

static void test_arrives(void **state)
{
    (void)state;
    struct ixs_err err;
    struct ixs_fitting rules;
    struct ixs_fit_given given[IXS_MODEL_MOST_PARAMETERS];
    double start[IXS_MODEL_MOST_PARAMETERS];
    struct ixs_spectrum one = {.analyzer = "Ana1", .scans = "60", .temperature = 300.0},
                        two = {.analyzer = "Ana2", .scans = "60"},
                        scan = {.analyzer = "Ana1", .scans = "57,58"};
    if (!read_text(&rules, good, &err))
        fail_msg("%s", err.text);
    const struct ixs_fitting_map *map = &rules.map;
    assert_int_equal(rules.nmodes, 2);
    assert_int_equal(map->n, 9);
    assert_true(map->any_ties && map->starts);
    assert_int_equal(map->root[6], 3);
    assert_near(map->factor[6], 1.5, 0.0);
    assert_int_equal(map->root[8], 5);
    assert_near(map->offset[8], 2.0, 0.0);
    assert_int_equal(map->share[3], 1);
    assert_int_equal(map->share[1], 2);
    assert_int_equal(rules.parts.shares[0].over, IXS_OVER_ZONES | IXS_OVER_TEMPERATURES);
    assert_int_equal(rules.parts.nadjustments, 2); /* of both parameters */
    assert_true(ixs_fitting_selects(&rules.parts, &rules.parts.adjustments[1].at, &one));
    assert_false(ixs_fitting_selects(&rules.parts, &rules.parts.adjustments[1].at, &two));

    ixs_fitting_given(&rules.parts, map, &one, given, start);
    assert_near(given[0].mean, 0.1, 0.0);
    assert_near(given[3].lower, 5.0, 0.0);
    assert_near(given[3].upper, 12.0, 0.0);
    assert_near(start[3], 8.0, 0.0);
    assert_near(start[6], 12.0, 1e-12); /* through the tie */
    assert_near(given[7].lower, 0.5, 0.0);
    assert_near(given[7].upper, 0.5, 0.0);
    assert_true(isnan(given[4].lower) && isnan(start[4]));
    ixs_fitting_given(&rules.parts, map, &two, given, start);
    assert_near(given[3].upper, 10.0, 0.0);
    assert_near(start[3], 9.0, 0.0);
    ixs_fitting_given(&rules.parts, map, &scan, given, start);
    assert_near(given[3].lower, 7.0, 0.0);
    assert_near(given[3].upper, 7.0, 0.0);
    ixs_fitting_dispose(&rules);
}

/* A chain: dho3 like dho2 like dho1. */
static void test_chain(void **state)
{
    (void)state;
    struct ixs_err err;
    struct ixs_fitting rules;
    const char *text = "<modes>3</modes><ties><offset parameter='dho3.fwhm' like='dho2.fwhm'"
                       " unit='meV'>1</offset><ratio parameter='dho2.fwhm' like='dho1.fwhm'>2"
                       "</ratio></ties>";
    if (!read_text(&rules, text, &err))
        fail_msg("%s", err.text);
    assert_int_equal(rules.map.root[10], 4);
    assert_near(rules.map.factor[10], 2.0, 0.0);
    assert_near(rules.map.offset[10], 1.0, 0.0);
    assert_false(rules.map.starts);
    ixs_fitting_dispose(&rules);
}

static const struct {
    const char *text, *says;
    int line;
} bad[] = {
    {"<modes>2</modes>\n<ties><equal parameter='dho2.fwhm' like='dho3.fwhm'/></ties>",
     "expected a parameter of this model: zero.zero elastic.area background.level dho1.omega0", 2},
    {"<modes>2</modes>\n<ties><equal parameter='dho2.fwhm' like='dho1.fwhm'/>\n"
     "<equal parameter='dho1.fwhm' like='dho2.fwhm'/></ties>",
     "tied to itself", 3},
    {"<modes>2</modes><ties><equal parameter='dho2.fwhm' like='dho1.fwhm'/>\n"
     "<ratio parameter='dho2.fwhm' like='dho1.fwhm'>2</ratio></ties>",
     "tied twice (line 1)", 2},
    {"<modes>2</modes><ties><equal parameter='dho2.fwhm' like='dho1.fwhm'/>\n"
     "<share parameter='dho2.fwhm' over='all'/></ties>",
     "shared and tied (line 1)", 2},
    {"<modes>2</modes><ties><share parameter='dho2.fwhm' over='all'/>\n\n"
     "<share parameter='dho1.fwhm dho2.fwhm' over='scans'/></ties>",
     "shared twice (line 1)", 3},
    {"<modes>1</modes>\n<ties><share parameter='dho1' over='all'/></ties>",
     "expected COMPONENT.NAME such as TA.omega0", 2},
    {"<modes>1</modes><ties>\n<ratio parameter='dho1.fwhm' like='dho1.omega0'>0</ratio></ties>",
     "found a ratio of 0", 2},
    {"<modes>1</modes><ties><share parameter='zero.zero' over='scans'>\n"
     "<offset analyzer='Ana9' unit='meV'>1</offset></share></ties>",
     "found analyzer Ana9, expected one of CALIB", 2},
    {"<components><mode name='A'>\n<omega0 unit='meV' start='3'><at analyzer='Ana7' start='4'/>"
     "</omega0></mode></components>",
     "found analyzer Ana7", 2},
    {"<components><mode name='A'><omega0 unit='meV' from='5' to='8'/></mode>\n"
     "<mode name='B'><omega0 unit='meV' from='20' to='30'/></mode></components>\n"
     "<ties><ratio parameter='B.omega0' like='A.omega0'>2</ratio></ties>",
     "B.omega0: found bounds that leave no value", 2},
    {"<components><mode name='A'>\n<omega0 unit='meV' from='8' to='5'/></mode></components>",
     "from above to", 2},
    {"<components><mode name='A'>\n<omega0 unit='meV' start='4' from='5'/></mode></components>",
     "a start outside the bounds", 2},
    {"<components><zero unit='meV'\n prior='0'/></components><modes>1</modes>",
     "a prior without a positive error", 2},
    {"<components><mode name='A'><omega0 unit='meV' start='5'/></mode>\n"
     "<mode name='B'><fwhm unit='meV' fixed='1'/></mode></components>",
     "found a start of omega0 of 1 of 2 modes", 1},
    {"<components><mode name='A'><omega0 unit='meV' start='5'/></mode>\n<mode name='A'/>"
     "</components>",
     "found two modes named A", 2},
    {"<components><mode name='A'><omega0 unit='meV' start='5'/><fwhm unit='meV' "
     "fixed='1'/></mode>\n"
     "<mode name='B'><omega0 unit='meV' start='9'/>\n<fwhm unit='meV' prior='1' "
     "error='0.1'/></mode>"
     "</components>\n<ties><equal parameter='B.fwhm' like='A.fwhm'/></ties>",
     "fixed, or with a prior, and tied (line 4)", 3},
    {"<modes>1</modes><components><mode name='A'/><mode name='B'/></components>",
     "found 2 named modes, but 1 asked for", 0},
    {"<ties><share parameter='zero.zero' over='scans'/></ties>",
     "the number of modes cannot be left to the data", 0},
    {"<modes>1</modes><components><quasielastic>\n<fwhm unit='meV' start='1'/></quasielastic>"
     "</components>",
     "found quasielastic.fwhm, expected a parameter of this model", 2},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(bad); i++) {
        struct ixs_err err;
        struct ixs_fitting rules;
        char where[64];
        if (read_text(&rules, bad[i].text, &err))
            fail_msg("accepted: %s", bad[i].text);
        assert_int_equal(err.code, IXS_USAGE);
        snprintf(where, sizeof where, bad[i].line > 0 ? "%s:%d" : "%s", path, bad[i].line);
        if (strstr(err.text, bad[i].says) == NULL || strcmp(err.where, where) != 0)
            fail_msg("found \"%s\" at %s, expected \"%s\" at %s", err.text, err.where, bad[i].says,
                     where);
        ixs_fitting_dispose(&rules);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arrives),
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests_name("fitting_model", tests, make_file, drop_file);
}
