/* SPDX-License-Identifier: GPL-3.0-or-later
 * The SPEC reader against the quirks of real files, each in a small text of its own.
 */
#include "tests/spec_text.h"

#include "base/array.h"

#include <math.h>

#define HEADER                                                                                     \
    "#F /data/beam.spec\n#E 1447278756\n#D Wed Nov 11 15:52:36 2015\n#C quartz  User = ixs\n"
#define ROWS3 "1 10\n2 20\n3 30\n"

static void test_plain(void **state)
{
    (void)state;
    struct spec_read read = read_text(
        HEADER "#O0 HerixTTH  Motor 169    th\n#O1 HerixE\n#o0 tth m169 th\n#H0  T_Sample  Mode\n"
               "\n#S 7  ascan  herixE -1 1  2 30\n#D Wed Nov 11 15:52:50 2015\n#T 30  (Seconds)\n"
               "#G1 6.31 6.31 6.32 90 90 91 1 1 1\n#G3 1 2 3 4 5 6 7 8 9\n#G4 0 0 0 0.52262 1\n"
               "#Q 1 2 3\n#P0 1.5 2.5 -3\n#P1 0.25\n#V0  297.5  slow down\n#N 2\n#L HerixE  I 0\n"
               "#U MAIN_ANALYZER 9\n" ROWS3);
    assert_true(read.ok);
    assert_int_equal(read.count, 1);
    const struct ixs_raw *raw = &read.scans[0].raw;
    assert_int_equal(raw->keys.scan, 7);
    assert_int_equal(raw->keys.order, 1);
    assert_string_equal(raw->keys.command, "ascan  herixE -1 1  2 30");
    assert_string_equal(raw->keys.title, "quartz");
    assert_string_equal(raw->keys.source, "beam.spec");
    assert_string_equal(raw->keys.origin, "/data/beam.spec");
    assert_string_equal(raw->identity.date, "Wed Nov 11 15:52:50 2015");
    assert_string_equal(raw->keys.ended, "COMPLETE");
    assert_string_equal(raw->keys.e_axis, "HerixE");
    assert_true(raw->keys.epoch == 1447278756 && raw->keys.preset == 30);
    assert_true(raw->keys.lambda == 0.52262 && raw->keys.ub[8] == 9 && raw->keys.q[2] == 3);
    assert_true(raw->keys.lattice[2] == 6.32 && raw->keys.lattice[5] == 91);
    assert_int_equal(raw->npositions, 4);
    assert_string_equal(raw->positions[1].motor, "Motor 169");
    assert_string_equal(raw->positions[1].mnemonic, "m169");
    assert_true(ixs_raw_motor(raw, "herixe") == 0.25 && ixs_raw_motor(raw, "tth") == 1.5);
    assert_true(ixs_raw_metadata(raw, "T_Sample") == 297.5);
    assert_string_equal(raw->metadata[1].text, "slow down");
    assert_true(isnan(raw->metadata[1].value));
    assert_int_equal(raw->nlabels, 2);
    assert_string_equal(raw->labels[1], "I 0");
    assert_int_equal(raw->npoints, 3);
    assert_true(raw->values[5] == 30);
    assert_string_equal(raw->header[0].text, "#F /data/beam.spec");
    assert_string_equal(raw->header[raw->nheader - 1].text, "#U MAIN_ANALYZER 9");
    assert_int_equal(read.notes.count, 0);
    free_spec(&read);
}

static void test_how_scans_end(void **state)
{
    static const struct {
        const char *text, *ended;
    } cases[] = {
        {"#S 1 ascan x 0 1 2 1\n#L x  y\n" ROWS3, "COMPLETE"},
        {"#S 1 ascan x 0 1 2 1\n#L x  y\n" ROWS3 "#S 2\n", "COMPLETE"},
        {"#S 1 ascan x 0 1 9 1\n#L x  y\n" ROWS3, "WRITING"},
        {"#S 1 ascan x 0 1 9 1\n#L x  y\n" ROWS3 "#S 2\n", "ABORTED"},
        {"#S 1 ascan x 0 1 9 1\n#L x  y\n" ROWS3 "#F other\n", "ABORTED"},
        {"#S 1 ascan x 0 1 9 1\n#L x  y\n" ROWS3 "#C Scan aborted after 3 points.\n", "ABORTED"},
        {"#S 1 ascan x 0 1 9 1\n#L x  y\n" ROWS3 "#C Scan aborted.\n#C Scan resumed.\n", "WRITING"},
        {"#S 1 loopscan\n#L x  y\n" ROWS3, "WRITING"},
        {"#S 1 loopscan\n#L x  y\n" ROWS3 "#S 2\n", "COMPLETE"},
        {"#S 1 scan()\n#L x  y\n" ROWS3 "#C date.  exit_status = success\n", "COMPLETE"},
        {"#S 1 ascan x 0 1 9 1\n#L x  y\n", "WRITING"},
        {"#S 1 ascan x 0 1 9 1\n#L x  y\n#C Scan aborted after 0 points.\n", "EMPTY"},
        {"#S 1 ascan x 0 1 9 1\n#L x  y\n#S 2\n", "EMPTY"},
        {"#S 1 ascan x 0 1 2 1\n#L x  y\n1 10\n2 20\n3 30", "WRITING"},
        {"#S 1\n#S 2\n", "EMPTY"},
    };
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        struct spec_read read = read_text(cases[i].text);
        assert_true(read.ok);
        assert_string_equal(read.scans[0].raw.keys.ended, cases[i].ended);
        free_spec(&read);
    }
}

static void test_same_number_again(void **state)
{
    (void)state;
    struct spec_read read = read_text("#S 5\n#S 1\n#S 5\n#S 5\n");
    assert_int_equal(read.count, 4);
    assert_int_equal(read.scans[3].raw.keys.order, 3);
    assert_int_equal(read.scans[1].raw.keys.order, 1);
    free_spec(&read);
}

static void test_headers_in_the_middle(void **state)
{
    (void)state;
    struct spec_read read =
        read_text(HEADER "#O0 a  b\n#S 1\n#P0 1 2\n#L x\n1\n" /* a header without a blank line */
                         "#F beam.spec\n#E 2\n#O0 c  b\n#S 2\n#P0 3 4\n#L x\n1\n"
                         "#E 3\n#C glass\n#O0 d  e\n#S 3\n#P0 5 6\n#L x\n1\n");
    assert_int_equal(read.count, 3);
    assert_true(ixs_raw_motor(&read.scans[0].raw, "a") == 1);
    assert_true(ixs_raw_motor(&read.scans[1].raw, "c") == 3);
    assert_true(isnan(ixs_raw_motor(&read.scans[1].raw, "a")));
    assert_true(ixs_raw_motor(&read.scans[2].raw, "e") == 6);
    assert_true(read.scans[1].raw.keys.epoch == 2 && read.scans[2].raw.keys.epoch == 3);
    assert_string_equal(read.scans[1].raw.keys.origin, "beam.spec");
    assert_string_equal(read.scans[2].raw.keys.origin, "beam.spec"); /* a lone #E keeps #F */
    assert_string_equal(read.scans[2].raw.keys.title, "glass");
    free_spec(&read);
}

static void test_energy_origin(void **state)
{
    static const char text[] =
        "#F /a/beam\n#C herixE reset from 8 to 0.\n#S 1\n#L HerixE\n1\n"
        "#C date.  tth reset from 4 to 3.\n#C date.  herixE reset from 2 to 0.\n"
        "#S 2\n#L x\n#C Scan aborted.  herixE reset from 0.25 to 0.\n" /* an empty scan has none of
                                                                          it */
        "#S 3\n#L x\n1\n#F beam\n#S 4\n#L x\n1\n"
        "1 2#C torn, herixE reset from 1 to 0.5\n#S 5\n#L x\n1\n#C herixE reset from 1 to 0\n2\n"
        "#F /a/other\n#S 1\n#L x\n1\n";
    static const double expected[] = {8, 10, 10.25, 10.25, 10.75, 0};
    (void)state;
    struct spec_read read = read_text(text), tth = read_bytes(text, strlen(text), "tth");
    assert_int_equal(read.count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_true(read.scans[i].raw.keys.e_origin == expected[i]);
    assert_true(has_note(&read, 23, "reset of HerixE in the middle of a scan"));
    assert_true(has_note(&read, 24, "energy origin starts again"));
    assert_true(tth.scans[4].raw.keys.e_origin == 1);
    assert_string_equal(tth.scans[4].raw.keys.e_axis, "tth");
    free_spec(&read);
    free_spec(&tth);
}

static void test_rows_that_are_no_rows(void **state)
{
    (void)state;
    struct spec_read read = read_text("#S 1\n#N 2\n#L x  y\n"  /* 1-3 */
                                      "1 10\n2\n3 x\n4 40 5\n" /* 4-7 */
                                      "5 50#C Wed Jun 18.  Scan aborted after 4 points.\n"
                                      "6 nan\nNone -inf\n7 2.5e+38\n8");
    assert_true(read.ok);
    const struct ixs_raw *raw = &read.scans[0].raw;
    assert_int_equal(raw->npoints, 4);
    assert_true(raw->values[2] == 6 && isnan(raw->values[3]) && isnan(raw->values[4]));
    assert_true(raw->values[7] == 2.5e+38);
    assert_int_equal(raw->keys.nmissing, 3);
    assert_int_equal(raw->keys.ndropped, 5);
    assert_string_equal(raw->keys.ended, "ABORTED");
    assert_true(has_note(&read, 5, "found 1 values, expected 2"));
    assert_true(has_note(&read, 6, "found 'x', expected a number"));
    assert_true(has_note(&read, 7, "found 3 values, expected 2"));
    assert_true(has_note(&read, 8, "glued to a row"));
    assert_true(has_note(&read, 9, "3 values that are not numbers"));
    assert_true(has_note(&read, 12, "last line without an end"));
    free_spec(&read);
}

static void test_rows_over_lines(void **state)
{
    (void)state;
    struct spec_read read = read_text("#S 1\n#N 5 3\n#L a  b  c  d  e\n1 2 3 \n4 5\n6 7 8\n9 10\n"
                                      "11 12 13\n14 15 16\n17 18\n#S 2\n");
    const struct ixs_raw *raw = &read.scans[0].raw;
    assert_int_equal(raw->nlabels, 5);
    assert_int_equal(raw->npoints, 2);
    assert_true(raw->values[4] == 5 && raw->values[5] == 6 && raw->values[9] == 10);
    assert_int_equal(raw->keys.ndropped, 2); /* six values, and two left over */
    free_spec(&read);
}

static void test_spectra_passed_over(void **state)
{
    (void)state;
    struct spec_read read = read_text("#S 1\n#@MCA %2C\n#L a  b\n@A 0 0\\\n 1 1\\\n 2 2\n1 2\n"
                                      "@CALIB 1 2 3\n3 4\n@A 5 6\n@A 7\\\n#S 2\n#L a\n9\n");
    assert_int_equal(read.count, 2);
    assert_int_equal(read.scans[0].raw.npoints, 2);
    assert_int_equal(read.scans[0].raw.keys.nspectra, 3);
    assert_int_equal(read.scans[1].raw.npoints, 1);
    assert_true(has_note(&read, 1, "3 MCA spectra"));
    free_spec(&read);
}

static void test_dialects(void **state)
{
    (void)state;
    /* CR LF, tabs, motors inside the scan, duplicate labels, unknown keys, latin-1 */
    struct spec_read read = read_text("#S 1 scan\r\n#O0 a\tb b\tc\r\n#P0 1 2 3\r\n#XYZ \xc5\r\n"
                                      "#L t\tSeconds\tSeconds\r\n1\t2\t3\r\n");
    assert_true(read.ok);
    const struct ixs_raw *raw = &read.scans[0].raw;
    assert_int_equal(raw->npositions, 3);
    assert_true(ixs_raw_motor(raw, "b b") == 2);
    assert_int_equal(raw->nlabels, 3);
    assert_string_equal(raw->labels[2], "Seconds");
    assert_string_equal(raw->header[3].text, "#XYZ \xc5");
    assert_int_equal(raw->npoints, 1);
    free_spec(&read);
    /* no labels at all, values without names, a scan number that is none */
    read = read_text("1 2 3\n#S x\n1 2\n#S 3\n#P2 7 8\n1 2\n");
    assert_int_equal(read.count, 1);
    raw = &read.scans[0].raw;
    assert_string_equal(raw->labels[1], "Column_2");
    assert_string_equal(raw->positions[1].motor, "P2_2");
    assert_true(has_note(&read, 2, "#S without a number"));
    assert_true(has_note(&read, 1, "2 lines outside of all scans"));
    free_spec(&read);
}

static void test_long_lines_go_on(void **state)
{
    char line[700], joined[700] = "";
    size_t used = 0;
    (void)state;
    memset(line, 'x', sizeof line);
    memset(line + 230, ' ', 20);
    memcpy(line, "#S 1\n#U ", 8);
    line[sizeof line - 2] = '\n';
    line[sizeof line - 1] = '\0';
    struct spec_read read = read_text(line);
    const struct ixs_raw *raw = &read.scans[0].raw;
    assert_true(raw->nheader > 2);
    for (size_t i = 1; i < raw->nheader; i++) {
        assert_true((raw->header[i].text[0] == '\\') == (i > 1));
        assert_int_not_equal(raw->header[i].text[strlen(raw->header[i].text) - 1], ' ');
        used += (size_t)snprintf(joined + used, sizeof joined - used, "%s",
                                 raw->header[i].text + (i > 1));
    }
    line[sizeof line - 2] = '\0';
    assert_string_equal(joined, line + 5);
    free_spec(&read);
}

/* ---- digests: a file that grows, or is commented on, changes no scan that was there ---------- */

static void assert_same_scan(const struct ixs_spec_scan *a, const struct ixs_spec_scan *b,
                             bool same)
{
    assert_int_equal(strcmp(a->digest, b->digest) == 0, same);
    if (same) {
        assert_int_equal(a->raw.nheader, b->raw.nheader);
        assert_memory_equal(a->raw.header, b->raw.header, a->raw.nheader * sizeof *a->raw.header);
        assert_memory_equal(&a->raw.keys, &b->raw.keys, sizeof a->raw.keys);
    }
}

static void test_digest(void **state)
{
#define SCAN1 "#S 1 ascan x 0 1 2 1\n#C in the header\n#L HerixE\n1\n2\n3\n"
    static const struct {
        const char *text;
        bool same;
    } cases[] = {
        {HEADER SCAN1 "\n#S 2\n", true},
        {HEADER SCAN1 "#C macro done\n\n", true},
        {HEADER SCAN1 "#C herixE reset from 1 to 0\n#S 2\n", true},
        {HEADER SCAN1 "#S 2 torn", true},
        {HEADER "#C do before.mac\n" SCAN1, true},
        {HEADER "#C herixE reset from 1 to 0\n" SCAN1, false},
        {HEADER "#O0 x\n" SCAN1, false},
        {HEADER SCAN1 "4\n", false},
        {HEADER "#S 1 ascan x 0 1 2 1\n#L HerixE\n1\n2\n3.5\n", false},
        {HEADER "#S 1 ascan x 0 1 2 1\n#L HerixE\n1\n2\n", false},
    };
    (void)state;
    struct spec_read first = read_text(HEADER SCAN1);
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        struct spec_read read = read_text(cases[i].text);
        assert_same_scan(&first.scans[0], &read.scans[0], cases[i].same);
        free_spec(&read);
    }
    free_spec(&first);
}

/* ---- what is no SPEC file -------------------------------------------------------------------- */

static void test_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *text;
    } cases[] = {
        {"", 0, "empty file"},
        {"hello\nworld\n", 12, "found no line that starts with #S"},
        {"#F x\n#E 1\n", 10, "found no line that starts with #S"},
        {"SIMPLE  =                    T", 30, "found a FITS file"},
        {"\x89HDF\r\n\x1a\n", 8, "found an HDF5"},
        {"\xff\xfe#\0S\0", 6, "16-bit characters"},
    };
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        struct spec_read read = read_bytes(cases[i].bytes, cases[i].size, NULL);
        assert_false(read.ok);
        assert_int_equal(read.err.code, IXS_INPUT);
        assert_non_null(strstr(read.err.text, cases[i].text));
        assert_non_null(strstr(read.err.where, "beam.spec"));
        free_spec(&read);
    }
}

static void test_too_many_columns(void **state)
{
    static char text[5000];
    (void)state;
    size_t used = (size_t)snprintf(text, sizeof text, "#S 1\n");
    for (size_t i = 0; i < 1000; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%zu ", i);
    snprintf(text + used, sizeof text - used, "\n");
    struct spec_read read = read_text(text);
    assert_false(read.ok);
    assert_int_equal(read.err.code, IXS_INPUT);
    assert_non_null(strstr(read.err.text, "found 1000 columns"));
    assert_non_null(strstr(read.err.where, "beam.spec:2"));
    free_spec(&read);
}

/* Every beginning of a file reads, or is refused; so does one with a byte changed. */
static void test_cut_and_changed(void **state)
{
    static const char text[] = HEADER "#O0 a  b\n#H0 t\n#S 1 ascan x 0 1 2 1\n#G3 1 2\n#P0 1 2 3\n"
                                      "#V0 x\n#N 2 1\n#L a  b\n@A 1\\\n2\n1 nan\n2 3#C x\n\n#S 2\n";
    char changed[sizeof text];
    (void)state;
    for (size_t i = 1; i < sizeof text - 1; i++) {
        struct spec_read read = read_bytes(text, i, NULL);
        assert_true(read.ok || read.err.code == IXS_INPUT);
        free_spec(&read);
        memcpy(changed, text, sizeof text);
        changed[i] = (char)(i * 131 + 7);
        read = read_bytes(changed, sizeof text - 1, NULL);
        assert_true(read.ok || read.err.code == IXS_INPUT);
        free_spec(&read);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_how_scans_end),
        cmocka_unit_test(test_same_number_again),
        cmocka_unit_test(test_headers_in_the_middle),
        cmocka_unit_test(test_energy_origin),
        cmocka_unit_test(test_rows_that_are_no_rows),
        cmocka_unit_test(test_rows_over_lines),
        cmocka_unit_test(test_spectra_passed_over),
        cmocka_unit_test(test_dialects),
        cmocka_unit_test(test_long_lines_go_on),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_too_many_columns),
        cmocka_unit_test(test_cut_and_changed),
    };
    return cmocka_run_group_tests_name("spec_file", tests, NULL, NULL);
}
