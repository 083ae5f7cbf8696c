/* SPDX-License-Identifier: GPL-3.0-or-later
 * More quirks of SPEC files: empty cells, NUL bytes, MCA spectra, comments within a scan, Bluesky's
 * metadata, times. Each in a small text of its own; real files have them in
 * tests/test_spec_herix.c.
 */
#include "tests/spec_text.h"

#include "base/array.h"

#include <math.h>

static void test_empty_cells(void **state)
{
    (void)state;
    struct spec_read read = read_text("#S 1\n#N 4\n#L a  b  c  d\n" /* 1-3 */
                                      "1 2 3 4\n5 6  8\n 10 11 12\n13 14 15 \n"
                                      "\n17  19  \n21 22 23\n24   27\n#S 2\n");
    const struct ixs_raw *raw = &read.scans[0].raw;
    static const double expected[] = {1,  2,  3,  4,  5,  6,  -1, 8,  -1, 10,
                                      11, 12, 13, 14, 15, -1, 24, -1, -1, 27};
    assert_int_equal(raw->npoints, 5);
    for (size_t i = 0; i < IXS_COUNT(expected); i++)
        assert_true(expected[i] < 0 ? isnan(raw->values[i]) : raw->values[i] == expected[i]);
    assert_int_equal(raw->keys.nmissing, 5);
    assert_int_equal(raw->keys.ndropped, 2); /* "17  19  " is five cells, "21 22 23" is three */
    assert_true(has_note(&read, 5, "found 5 values that are not numbers in this scan"));
    free_spec(&read);
}

static void test_blanks_that_are_no_cells(void **state)
{
    (void)state;
    /* where whole rows are padded, a short one is short */
    struct spec_read read = read_text("#S 1\n#L a  b  c\n 1  2  3\n 4  5\n 6  7  8\n"
                                      "#S 2\n#L a\tb\tc\n1\t\t3\n\t\t\n#S 3\n");
    assert_int_equal(read.scans[0].raw.npoints, 2);
    assert_int_equal(read.scans[0].raw.keys.ndropped, 1);
    assert_true(has_note(&read, 4, "found 2 values, expected 3"));
    assert_int_equal(read.scans[1].raw.npoints, 1);
    assert_true(isnan(read.scans[1].raw.values[1]));
    free_spec(&read);
}

static void test_nul_bytes(void **state)
{
    static const char text[] = "#S 1 ascan x 0 1 2 1\n#L a  b\n1 2\n\0\0\0\0#S 2\n#L a  b\n"
                               "3 4\n5\0 6\n#U a\0b\n7 8\n\0\0";
    (void)state;
    struct spec_read read = read_bytes(text, sizeof text - 1, NULL);
    assert_true(read.ok);
    assert_int_equal(read.count, 2);
    assert_int_equal(read.scans[0].raw.npoints, 1);
    assert_int_equal(read.scans[1].raw.npoints, 2);
    assert_int_equal(read.scans[1].raw.keys.ndropped, 1);
    const struct ixs_raw *raw = &read.scans[1].raw;
    assert_string_equal(raw->header[raw->nheader - 1].text, "#U a b");
    assert_true(has_note(&read, 4, "found 4 NUL bytes in front of this line, passed over, and 0"));
    assert_true(has_note(&read, 7, "found NUL bytes in a row: row dropped"));
    assert_true(has_note(&read, 10, "found 2 NUL bytes"));
    free_spec(&read);
}

static void test_byte_order_mark(void **state)
{
    (void)state;
    struct spec_read read = read_text("\xef\xbb\xbf#F /a/beam\n#S 1\n#L a\n1\n");
    assert_string_equal(read.scans[0].raw.keys.origin, "/a/beam");
    assert_int_equal(read.notes.count, 0);
    free_spec(&read);
}

static struct spec_read read_spectra(const char *text)
{
    char path[] = "/tmp/ixs-spectra-XXXXXX";
    struct spec_read read = {.err = IXS_ERR_NONE};
    struct ixs_spec *spec = NULL;
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
    assert_non_null(read.scans = calloc(1, sizeof *read.scans));
    assert_true(ixs_spec_open(&spec, path, NULL, &read.notes, &read.err));
    ixs_spec_keep_mca(spec);
    read.ok = ixs_spec_next(spec, read.scans, &read.err);
    read.count = 1;
    ixs_spec_close(spec);
    unlink(path);
    return read;
}

struct channel {
    int64_t point, detector, channel;
    double counts;
};

static void assert_channels(const char *text, size_t count, const struct channel *expected)
{
    struct spec_read read = read_spectra(text);
    const struct ixs_raw *raw = &read.scans[0].raw;
    assert_true(read.ok);
    assert_int_equal(raw->nchannels, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(raw->channels[i].point, expected[i].point);
        assert_int_equal(raw->channels[i].detector, expected[i].detector);
        assert_int_equal(raw->channels[i].channel, expected[i].channel);
        assert_true(raw->channels[i].counts == expected[i].counts ||
                    (isnan(raw->channels[i].counts) && isnan(expected[i].counts)));
    }
    free_spec(&read);
}

static void test_spectra_before_rows(void **state)
{
    static const struct channel expected[] = {
        {1, 1, 10, 1},   {1, 1, 12, 2}, {1, 1, 14, 3}, {1, 2, 10, 4},
        {1, 2, 12, NAN}, {0, 1, 10, 5}, {2, 1, 10, 6}, {0, 1, 10, 7},
    };
    (void)state;
    assert_channels(
        "#S 1\n#@CHANN 3 10 14 2\n#L a  b\n@A 1 2\\\n 3\n@A 4 x\n1 2\n@A 5\n1\n@A 6\n3 4\n"
        "@A 7\n",
        IXS_COUNT(expected), expected);
}

static void test_spectra_behind_rows(void **state)
{
    static const struct channel expected[] = {
        {1, 1, 0, 1}, {1, 1, 1, 2}, {1, 2, 0, 3}, {0, 1, 0, 4}, {2, 1, 0, 5}};
    (void)state;
    assert_channels("#S 1\n#L a  b\n1 2\n@A1 1 2\n@A2 3\n1 2 3\n@A 4\n3 4\n@A 5\\\n#C end\n",
                    IXS_COUNT(expected), expected);
}

static void test_calibration_among_rows(void **state)
{
    (void)state;
    struct spec_read read = read_text("#S 1\n#L a\n1\n@CALIB 1 2 3\n@A 1 2\n2\n");
    const struct ixs_raw *raw = &read.scans[0].raw;
    assert_int_equal(raw->keys.nspectra, 1);
    assert_int_equal(raw->nchannels, 0); /* not asked for */
    assert_string_equal(raw->header[raw->nheader - 1].text, "@CALIB 1 2 3");
    free_spec(&read);
}

static void test_comments(void **state)
{
    (void)state;
    struct spec_read read = read_text("#S 1 ascan x 0 1 9 1\n#C first\n#L a\n1\n#C beam dump\n2\n"
                                      "#C refill\n#C Scan aborted after 2 points.\n#C next\n");
    const struct ixs_raw *raw = &read.scans[0].raw;
    static const char *const expected[] = {
        "#S 1 ascan x 0 1 9 1", "#C first",  "#L a",
        "#C beam dump",         "#C refill", "#C Scan aborted after 2 points."};
    assert_int_equal(raw->nheader, IXS_COUNT(expected));
    for (size_t i = 0; i < raw->nheader; i++)
        assert_string_equal(raw->header[i].text, expected[i]);
    free_spec(&read);
}

static void test_bluesky(void **state)
{
    (void)state;
    struct spec_read read = read_text(
        "#S 1 rel_scan()\n#MD uid = 05eec9d5\n#MD acquire_period = 0.5 \n#MD alone\n"
        "#MD versions = {'apstools': '1.6.1+2.g1de05de', 'bluesky': '1.8.2', 'databroker': 'x'}\n"
        "#L x\n1\n#C exit_status = success\n");
    const struct ixs_raw *raw = &read.scans[0].raw;
    assert_int_equal(raw->nmetadata, 4);
    assert_string_equal(raw->metadata[0].name, "uid");
    assert_string_equal(raw->metadata[0].text, "05eec9d5");
    assert_true(ixs_raw_metadata(raw, "acquire_period") == 0.5);
    assert_string_equal(raw->metadata[2].text, "");
    assert_string_equal(raw->header[4].text + 82, "'x'}"); /* HEADER has all of it */
    assert_true(has_note(&read, 1, "found 1 names or values too long"));
    assert_string_equal(raw->keys.ended, "COMPLETE");
    free_spec(&read);
}

static void test_times(void **state)
{
    (void)state;
    struct spec_read read = read_text("#E 1447278756\n#S 1\n#L Epoch  a\n18831.883 1\n"
                                      "#S 2\n#L a  epoch\n1 None\n1 1447297587.88\n#S 3\n#L a\n1\n"
                                      "#S 4\n#L Epoch\n");
    assert_true(read.scans[0].raw.keys.epoch_add == 1447278756);
    assert_true(read.scans[1].raw.keys.epoch_add == 0);
    assert_true(isnan(read.scans[2].raw.keys.epoch_add));
    assert_true(isnan(read.scans[3].raw.keys.epoch_add));
    free_spec(&read);
    read = read_text("#S 1\n#L Epoch\n5.5\n");
    assert_true(isnan(read.scans[0].raw.keys.epoch_add)); /* relative to what nobody says */
    free_spec(&read);
}

static void test_scan_numbers(void **state)
{
    (void)state;
    struct spec_read read =
        read_text("#S 12.1  ascan x 0 1 2 1\n#S12 again\n#S 7\n#S 12x\n#S 3 a\n");
    static const int64_t expected[][2] = {{12, 1}, {12, 2}, {7, 1}, {3, 1}};
    assert_int_equal(read.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(read.scans[i].raw.keys.scan, expected[i][0]);
        assert_int_equal(read.scans[i].raw.keys.order, expected[i][1]);
    }
    assert_string_equal(read.scans[0].raw.keys.command, "ascan x 0 1 2 1");
    assert_string_equal(read.scans[1].raw.keys.command, "again");
    free_spec(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_cells),
        cmocka_unit_test(test_blanks_that_are_no_cells),
        cmocka_unit_test(test_nul_bytes),
        cmocka_unit_test(test_byte_order_mark),
        cmocka_unit_test(test_spectra_before_rows),
        cmocka_unit_test(test_spectra_behind_rows),
        cmocka_unit_test(test_calibration_among_rows),
        cmocka_unit_test(test_comments),
        cmocka_unit_test(test_bluesky),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_scan_numbers),
    };
    return cmocka_run_group_tests_name("spec_quirks", tests, NULL, NULL);
}
