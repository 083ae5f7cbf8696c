/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words about products: values with errors, aligned tables, CSV that reads back the same.
 */
#include "tests/view_scene.h"

#include "base/array.h"

#include "view/quantity.h"
#include "view/show/rows.h"
#include "view/show/sheet.h"
#include "view/show/show.h"

static void test_quantity(void **state)
{
    (void)state;
    static const struct {
        double value, error;
        const char *text;
    } cases[] = {
        {4.988, 0.02, "4.99(2)"},
        {4.988, 0.009, "4.988(9)"},
        {0.817, 0.018, "0.817(18)"},
        {9.96, 0.05, "9.96(5)"},
        {9.96, 0.099, "9.96(10)"},
        {9.996, 0.01, "9.996(10)"},
        {9.996, 0.03, "10.00(3)"},
        {0.0, 0.3, "0.0(3)"},
        {-0.001, 0.3, "0.0(3)"},
        {-7.47, 0.03, "-7.47(3)"},
        {12.34, 1.5, "12.3(1.5)"},
        {12.34, 2.0, "12(2)"},
        {1234.0, 56.0, "1230(60)"},
        {1234.0, 12.0, "1234(12)"},
        {0.3, 1000.0, "0(1000)"},
        {1.2345e7, 3e4, "1.234(3)e7"},
        {1.5e-5, 2e-6, "1.5(2)e-5"},
        {5.0, 0.0996, "5.00(10)"},
        {4.99, NAN, "4.99"},
        {4.99, 0.0, "4.99"},
        {NAN, 0.1, "-"},
        {NAN, NAN, "-"},
        {INFINITY, 1.0, "-"},
        {4.99, INFINITY, "4.99"},
        {0.0, 0.0, "0"},
        {-0.0, NAN, "0"},
        {1.0, 1e-14, "1"},
        {99.96, 0.1, "99.96(10)"},
        {0.00123, 0.0004, "0.0012(4)"},
        {7.0, 0.95, "7.0(9)"},
    };
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        char text[IXS_QUANTITY_SIZE];
        ixs_quantity(cases[i].value, cases[i].error, sizeof text, text);
        if (strcmp(text, cases[i].text) != 0)
            fail_msg("%.17g +- %.17g is %s, expected %s", cases[i].value, cases[i].error, text,
                     cases[i].text);
    }
}

/* Whatever the numbers, value and error read back from the text are near what went in. */
static void test_quantity_reads_back(void **state)
{
    (void)state;
    for (int i = -40; i <= 40; i++)
        for (int k = -20; k <= 20; k++) {
            double value = 1.2345 * pow(1.7, i), error = 0.73 * pow(2.3, k);
            char text[IXS_QUANTITY_SIZE], *end = NULL;
            ixs_quantity(value, error, sizeof text, text);
            double scale = strchr(text, 'e') ? pow(10.0, atof(strchr(text, 'e') + 1)) : 1.0;
            double read = strtod(text, &end) * scale;
            if (error <= 1e-12 * value)
                continue;
            if (!(fabs(read - value) <= 0.51 * error) || *end != '(')
                fail_msg("%g +- %g is %s", value, error, text);
        }
}

static void test_hkl_and_units(void **state)
{
    (void)state;
    char text[IXS_QUANTITY_SIZE];
    ixs_quantity_hkl(5.5, -0.00001, 6.29655, sizeof text, text);
    assert_string_equal(text, "(5.5 0 6.297)");
    ixs_quantity_hkl(5.5, NAN, 6.0, sizeof text, text);
    assert_string_equal(text, "-");
    assert_string_equal(ixs_unit_plain("Angstrom**(-1)"), "A^-1");
    assert_string_equal(ixs_unit_typeset("Angstrom**(-1)"), "Å⁻¹");
    assert_string_equal(ixs_unit_plain("furlong"), "furlong");
}

static void test_sheet(void **state)
{
    (void)state;
    static const struct ixs_sheet_column columns[] = {{"NAME", "", true}, {"E", "meV", false}};
    struct ixs_sheet sheet = {.ncolumns = 2, .columns = columns, .most = 2};
    struct ixs_err err = IXS_ERR_NONE;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    ixs_sheet_cell(&sheet, "Ana7");
    ixs_sheet_quantity(&sheet, -4.99, 0.02);
    ixs_sheet_cell(&sheet, "%s", "");
    ixs_sheet_number(&sheet, NAN);
    ixs_sheet_cell(&sheet, "a");
    ixs_sheet_cell(&sheet, "b");
    assert_ok(ixs_sheet_print(&sheet, 1, out, &err), &err);
    fclose(out);
    assert_string_equal(text, " NAME         E\n"
                              "            meV\n"
                              " Ana7  -4.99(2)\n"
                              " -            -\n"
                              " and 1 more (--table NAME shows all)\n");
    ixs_sheet_dispose(&sheet);
    free(text);
}

static void test_labels(void **state)
{
    (void)state;
    static const char *const yes[] = {"Ana5", "deta7", "a03", "TD1", "ANA12", "Ana_3"};
    static const char *const no[] = {"An9_Temp", "HRMth1", "APD4",     "Ana",   "A",
                                     "deta7b",   "HM_IC0", "prem_ad5", "a1234", ""};
    static const char labels[][49] = {"Ana1", "Ana10", "Seconds", "Ana9", "Ana2"};
    size_t columns[5], count = 0;
    for (size_t i = 0; i < IXS_COUNT(yes); i++)
        assert_true(ixs_label_is_analyzer(yes[i]));
    for (size_t i = 0; i < IXS_COUNT(no); i++)
        if (ixs_label_is_analyzer(no[i]))
            fail_msg("'%s' is taken for an analyzer", no[i]);
    ixs_analyzer_columns(5, labels, &count, columns); /* the first column is the abscissa */
    assert_int_equal(count, 3);
    assert_int_equal(columns[0], 4);
    assert_int_equal(columns[1], 3);
    assert_int_equal(columns[2], 1);
}

/* ---- CSV ------------------------------------------------------------------------------------- */

/* The next field of RFC 4180 text, into room; the character behind it is returned. */
static int next_field(const char **text, char *room)
{
    const char *at = *text;
    bool quoted = *at == '"';
    at += quoted ? 1 : 0;
    while (*at != '\0' && (quoted || (*at != ',' && *at != '\n'))) {
        if (quoted && at[0] == '"' && at[1] != '"')
            break;
        at += quoted && *at == '"' ? 1 : 0;
        *room++ = *at++;
    }
    at += quoted ? 1 : 0;
    *room = '\0';
    *text = *at ? at + 1 : at;
    return *at;
}

static char *to_csv(const char *path, const char *table, const char *columns, struct ixs_rows *rows)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_reader *reader = NULL;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_ok(ixs_reader_open(&reader, path, NULL, NULL, &err), &err);
    assert_ok(ixs_rows_read(rows, reader, table, columns, &err), &err);
    ixs_rows_csv_header(rows, false, out);
    ixs_rows_csv(rows, NULL, out);
    fclose(out);
    ixs_reader_close(reader);
    return text;
}

static void compare_cell(const struct ixs_column *column, const char *cell, const char *field)
{
    double real, read;
    int64_t whole;
    if (column->type == IXS_TEXT) {
        assert_string_equal(cell, field);
    } else if (column->type == IXS_INT) {
        memcpy(&whole, cell, sizeof whole);
        assert_true(whole == strtoll(field, NULL, 10));
    } else {
        memcpy(&real, cell, sizeof real);
        read = field[0] ? strtod(field, NULL) : NAN;
        if (isnan(real) ? !isnan(read) : memcmp(&real, &read, sizeof real) != 0)
            fail_msg("%s: %.17g reads back as '%s'", column->name, real, field);
    }
}

static void read_back(const char *path, const char *table, size_t expected)
{
    struct ixs_rows rows = {0};
    char *text = to_csv(path, table, NULL, &rows), field[512];
    const char *at = text;
    while (next_field(&at, field) == ',')
        ;
    for (size_t i = 0; i < rows.nrows; i++)
        for (size_t c = 0; c < rows.ncolumns; c++) {
            int behind = next_field(&at, field);
            assert_int_equal(behind, c + 1 < rows.ncolumns ? ',' : '\n');
            compare_cell(rows.columns[c],
                         rows.rows + i * rows.layout.table.row_size + rows.columns[c]->offset,
                         field);
        }
    assert_int_equal(*at, '\0');
    assert_int_equal(rows.nrows, expected);
    ixs_rows_dispose(&rows);
    free(text);
}

static void test_csv_reads_back(void **state)
{
    struct samples *samples = *state;
    struct ixs_err err = IXS_ERR_NONE;
    double *values = samples->raw.values;
    values[0] = 0.1 + 0.2;
    values[5] = 5e-324;
    values[10] = -1.7976931348623157e308;
    values[15] = 123456789012345680.0;
    snprintf(samples->fit.modes[0].id.analyzer, 25, " a,\"b\" 'c'; d");
    snprintf(samples->fit.modes[1].id.analyzer, 25, "\"");
    assert_ok(samples_write(samples, &err), &err);
    read_back("raw.fits", "SCAN", SAMPLE_POINTS);
    read_back("fit.fits", "MODES", 2);
    read_back("fit.fits", "curves", 2 * SAMPLE_POINTS);
    read_back("spectra.fits", "POINTS", SAMPLE_ANALYZERS * SAMPLE_POINTS);
    read_back("calib.fits", "RESOLUTION_COV", 0);
}

static void test_csv_columns(void **state)
{
    struct samples *samples = *state;
    struct ixs_rows rows = {0};
    struct ixs_err err = IXS_ERR_NONE;
    assert_ok(samples_write(samples, &err), &err);
    char *text = to_csv("raw.fits", "SCAN", "seconds_2,Heat Stage T1", &rows);
    const char *first = "Seconds_2,Heat_Stage_T1\n30,";
    assert_int_equal(strncmp(text, first, strlen(first)), 0);
    ixs_rows_dispose(&rows);
    free(text);
    text = to_csv("fit.fits", "MODES", "OMEGA0,REGIME", &rows);
    assert_string_equal(text, "OMEGA0 [meV],REGIME\n4.99,underdamped\n4.99,unresolved\n");
    ixs_rows_dispose(&rows);
    free(text);
}

static void test_no_such_column(void **state)
{
    struct samples *samples = *state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_rows rows = {0};
    struct ixs_reader *reader = NULL;
    assert_ok(samples_write(samples, &err), &err);
    assert_ok(ixs_reader_open(&reader, "fit.fits", NULL, NULL, &err), &err);
    assert_false(ixs_rows_read(&rows, reader, "MODES", "OMEGA0,NOISE", &err));
    assert_int_equal(err.code, IXS_USAGE);
    assert_non_null(strstr(err.text, "NOISE"));
    assert_non_null(strstr(err.text, "OMEGA0_ERR"));
    ixs_rows_dispose(&rows);
    ixs_err_clear(&err);
    assert_false(ixs_rows_read(&rows, reader, "NOISE", NULL, &err));
    assert_int_equal(err.code, IXS_USAGE);
    assert_non_null(strstr(err.text, "PARAMETERS"));
    ixs_rows_dispose(&rows);
    ixs_reader_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantity),      cmocka_unit_test(test_quantity_reads_back),
        cmocka_unit_test(test_hkl_and_units), cmocka_unit_test(test_sheet),
        cmocka_unit_test(test_labels),        WITH_SAMPLES(test_csv_reads_back),
        WITH_SAMPLES(test_csv_columns),       WITH_SAMPLES(test_no_such_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
