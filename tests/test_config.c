/* SPDX-License-Identifier: GPL-3.0-or-later
 * Configuration files: values and defaults, faults with file and line in our own words, what is
 * recorded of what was used.
 */
#include "base/config.h"
#include "tests/text_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct model {
    int64_t modes, most_modes;
    double from, to;
};
static const struct ixs_field fields[] = {
    IXS_FIELD(model, modes, "modes", IXS_FIELD_INT),
    IXS_FIELD(model, from, "from", IXS_FIELD_REAL),
    IXS_FIELD(model, to, "to", IXS_FIELD_REAL),
};

static char path[] = "/tmp/ixs_config_XXXXXX";

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

static struct ixs_config *open_text(const char *text, struct ixs_err *err)
{
    struct ixs_config *config = NULL;
    text_file_write(path, "%s", text);
    if (!ixs_config_open(&config, path, "model", err)) {
        ixs_config_close(config);
        return NULL;
    }
    return config;
}

static void test_values(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct model model = {.modes = 9, .most_modes = 4, .from = 1, .to = 7.5};
    struct ixs_config *config = open_text("<model><modes>2</modes>\n"
                                          "<from unit=\"meV\"> -10.5 </from></model>",
                                          &err);
    assert_non_null(config);
    assert_true(ixs_node_fields(config, ixs_config_root(config), fields, 3, &model, &err));
    assert_int_equal(model.modes, 2);
    assert_true(model.from == -10.5);
    assert_true(model.to == 7.5); /* not in the file: stays */
    ixs_config_close(config);
}

static void expect_fault(const char *text, int line, const char *part)
{
    struct ixs_err err = IXS_ERR_NONE;
    char where[80];
    assert_null(open_text(text, &err));
    snprintf(where, sizeof where, "%s:%d", path, line);
    if (line > 0)
        assert_string_equal(err.where, where);
    assert_int_equal(err.code, IXS_USAGE);
    if (strstr(err.text, part) == NULL)
        fail_msg("found \"%s\", expected \"%s\" in it", err.text, part);
}

static void test_faults(void **state)
{
    (void)state;
    expect_fault("<model>\n<from unit=\"eV\">1</from></model>", 2,
                 "found 'eV' in attribute unit of <from>, expected 'meV'");
    expect_fault("<model>\n\n<from unit=\"meV\">x</from></model>", 3,
                 "found 'x' in <from>, expected a number");
    expect_fault("<model><from>1</from></model>", 1, "found <from> without attribute unit");
    expect_fault("<model>\n<phonons>2</phonons></model>", 2, "found <phonons> here, expected");
    expect_fault("<model><modes>9</modes></model>", 1, "found '9' in <modes>, expected at most 6");
    expect_fault("<model><modes>-1</modes></model>", 1,
                 "found '-1' in <modes>, expected at least 0");
    expect_fault("<instrument/>", 1, "found <instrument>, expected <model>");
    expect_fault("<model><omega0_to unit=\"meV\">20 meV</omega0_to></model>", 1,
                 "found '20 meV' in <omega0_to>, expected a number");
    expect_fault("<model><choose>chi2</choose></model>", 1, "<choose>, expected one of '");
    expect_fault("<model most=\"1\"/>", 1,
                 "found attribute most of <model>, expected no attribute");
    expect_fault("<model><from units=\"meV\">1</from></model>", 1,
                 "found attribute units of <from>, expected unit");
    expect_fault(
        "<model><modes>2</modes><ties>\n<share parameters=\"a\" over=\"all\"/></ties></model>", 2,
        "found attribute parameters of <share>, expected parameter, over");
    expect_fault("<model>", 1, "expected well-formed XML");
    expect_fault("", 0, "found an empty file, expected well-formed XML");
    expect_fault("  #F beam\n#S 1  ascan", 0, "found no XML (starts with '#F beam'), expected");
    expect_fault("<!DOCTYPE model [<!ENTITY a \"2\">]>\n<model><modes>&a;</modes></model>", 1,
                 "found a DTD");
    expect_fault("<model><modes>1</modes><modes>2</modes></model>", 1, "found <modes> here");
}

static void test_not_files(void **state)
{
    (void)state;
    static const char *const paths[] = {"/tmp", "/dev/zero", "/tmp/no such file.xml"};
    for (size_t i = 0; i < 3; i++) {
        struct ixs_err err = IXS_ERR_NONE;
        struct ixs_config *config = NULL;
        assert_false(ixs_config_open(&config, paths[i], "model", &err));
        assert_int_equal(err.code, IXS_USAGE);
        assert_string_equal(err.where, paths[i]);
        ixs_config_close(config);
    }
}

static void record(const char *text, size_t nfields, struct ixs_provenance *provenance)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct model model = {0};
    struct ixs_config *config = open_text(text, &err);
    assert_non_null(config);
    assert_true(ixs_node_fields(config, ixs_config_root(config), fields, nfields, &model, &err));
    assert_true(ixs_config_witness(config, "model", provenance, &err));
    ixs_config_close(config);
}

/* Comments, blanks and elements that were not used leave the record as it is. */
static void test_witness(void **state)
{
    (void)state;
    struct ixs_provenance a = {0}, b = {0}, c = {0};
    record("<model><modes>2</modes><from unit=\"meV\">1</from></model>", 1, &a);
    record("<!-- x --><model>\n\n <modes>2<!-- y --></modes> <from unit=\"meV\">5</from></model>",
           1, &b);
    record("<model><modes>3</modes></model>", 1, &c);
    assert_string_equal(a.inputs[0].digest, b.inputs[0].digest);
    assert_string_not_equal(a.inputs[0].digest, c.inputs[0].digest);
    assert_int_equal(a.nlines, 3);
    assert_string_equal(a.lines[1].text, "  <modes>2</modes>");
    ixs_provenance_dispose(&a);
    ixs_provenance_dispose(&b);
    ixs_provenance_dispose(&c);
}

static void test_beside(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_config *config = open_text("<model/>", &err);
    char *name = ixs_config_beside(config, "herix.xml", &err);
    char *whole = ixs_config_beside(config, "/a/herix.xml", &err);
    assert_string_equal(name, "/tmp/herix.xml");
    assert_string_equal(whole, "/a/herix.xml");
    free(name);
    free(whole);
    ixs_config_close(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),    cmocka_unit_test(test_faults),
        cmocka_unit_test(test_not_files), cmocka_unit_test(test_witness),
        cmocka_unit_test(test_beside),
    };
    return cmocka_run_group_tests(tests, make_file, drop_file);
}
