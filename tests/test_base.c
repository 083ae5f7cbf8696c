/* SPDX-License-Identifier: GPL-3.0-or-later
 * The bottom layer: status, arrays, lines, numbers, options, threads.
 */
#include "base/array.h"
#include "base/cli.h"
#include "base/lines.h"
#include "base/median.h"
#include "base/notes.h"
#include "base/parallel.h"
#include "base/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static void test_first_failure_stays(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    assert_false(ixs_fail_at(&err, IXS_INPUT, "a.spec", 12, "found %d, expected %d", 1, 2));
    assert_false(ixs_fail(&err, IXS_BUG, "later"));
    assert_false(ixs_within(&err, "analyzer %s", "Ana5"));
    assert_int_equal(err.code, IXS_INPUT);
    assert_string_equal(err.where, "a.spec:12");
    assert_string_equal(err.text, "analyzer Ana5: found 1, expected 2");
    ixs_in_file(&err, "other", 3);
    assert_string_equal(err.where, "a.spec:12");
}

static void test_array_overflow(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    double *values = NULL;
    size_t capacity = 0;
    assert_false(IXS_NEW(values, SIZE_MAX / 4, &err));
    assert_int_equal(err.code, IXS_OUTPUT);
    ixs_err_clear(&err);
    assert_false(ixs_grow(&values, &capacity, SIZE_MAX / 4, sizeof *values, &err));
    assert_int_equal(capacity, 0);
    ixs_err_clear(&err);
    for (size_t n = 0; n < 100; n++) {
        assert_true(IXS_MORE(values, &capacity, n, &err));
        assert_true(values[n] == 0);
        values[n] = 1;
    }
    free(values);
}

static void test_median(void **state)
{
    (void)state;
    double odd[] = {5, -1, 3}, even[] = {4, 1, 1000, 2}, one[] = {7};
    assert_true(ixs_median(3, odd) == 3);
    assert_true(ixs_median(4, even) == 3);
    assert_true(ixs_median(1, one) == 7);
    assert_true(isnan(ixs_median(0, NULL)));
}

static void test_base_name(void **state)
{
    (void)state;
    assert_string_equal(ixs_base_name("/data/a b/beam.spec"), "beam.spec");
    assert_string_equal(ixs_base_name("beam.spec"), "beam.spec");
    assert_string_equal(ixs_base_name("raw/"), "");
}

static void test_numbers(void **state)
{
    (void)state;
    static const char *const good[] = {"1", " -2.5e-3 ", "+.5", "7.", "2.54172e+38", "0", "-0.0"};
    static const char *const bad[] = {"",      " ",   "x",   "1x",  "nan", "inf", "0x10",
                                      "1e999", "1 2", "1,5", "--1", ".",   "e5"};
    double value = 42;
    for (size_t i = 0; i < IXS_COUNT(good); i++)
        assert_true(ixs_number(good[i], &value));
    value = 42;
    for (size_t i = 0; i < IXS_COUNT(bad); i++)
        assert_false(ixs_number(bad[i], &value));
    assert_true(value == 42);
    long integer = 7;
    assert_true(ixs_integer("-12", &integer) && integer == -12);
    assert_false(ixs_integer("1.5", &integer));
    assert_false(ixs_integer("99999999999999999999", &integer));
}

static void test_numbers_in_a_row(void **state)
{
    (void)state;
    const char *text = " 1.5\t-2 nan 3";
    double value;
    assert_true(ixs_number_next(&text, &value) && value == 1.5);
    assert_true(ixs_number_next(&text, &value) && value == -2);
    assert_false(ixs_number_next(&text, &value));
    size_t length;
    const char *word = ixs_word(&text, &length);
    assert_true(length == 3 && memcmp(word, "nan", 3) == 0);
    assert_true(ixs_number_next(&text, &value) && value == 3);
    assert_null(ixs_word(&text, &length));
}

static void write_text(const char *path, const char *text, size_t size, bool packed)
{
    if (packed) {
        gzFile file = gzopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(gzwrite(file, text, (unsigned)size), (int)size);
        assert_int_equal(gzclose(file), Z_OK);
        return;
    }
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void read_three(const char *path)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_lines *lines;
    char *line;
    size_t length;
    assert_true(ixs_lines_open(&lines, path, &err));
    assert_true(ixs_lines_next(lines, &line, &length, &err));
    assert_string_equal(line, "one");
    assert_true(ixs_lines_next(lines, &line, &length, &err));
    assert_int_equal(length, 0);
    assert_true(ixs_lines_whole(lines));
    assert_true(ixs_lines_next(lines, &line, &length, &err));
    assert_string_equal(line, "three");
    assert_int_equal(ixs_lines_number(lines), 3);
    assert_false(ixs_lines_whole(lines));
    assert_true(ixs_lines_next(lines, &line, &length, &err));
    assert_null(line);
    ixs_lines_close(lines);
}

static void test_lines(void **state)
{
    (void)state;
    char path[] = "/tmp/ixs_lines_XXXXXX";
    close(mkstemp(path));
    static const char text[] = "one\r\n\nthree";
    write_text(path, text, sizeof text - 1, false);
    read_three(path);
    write_text(path, text, sizeof text - 1, true);
    read_three(path);
    unlink(path);
}

static void expect_input_error(const char *path, const char *part)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_lines *lines = NULL;
    char *line = NULL;
    size_t length;
    bool ok = ixs_lines_open(&lines, path, &err);
    while (ok && ixs_lines_next(lines, &line, &length, &err) && line != NULL)
        ;
    ixs_lines_close(lines);
    assert_int_equal(err.code, IXS_INPUT);
    assert_non_null(strstr(err.text, part));
}

static void test_bad_files(void **state)
{
    (void)state;
    char path[] = "/tmp/ixs_lines_XXXXXX", packed[4096];
    close(mkstemp(path));
    expect_input_error(path, "empty");
    expect_input_error("/tmp", "folder");
    expect_input_error("/tmp/no such file", "cannot be opened");
    expect_input_error("/dev/null", "special");
    write_text(path, "a\0b\n", 4, false);
    expect_input_error(path, "NUL");
    char *noise = malloc(4000);
    assert_non_null(noise);
    for (unsigned i = 0, x = 1; i < 4000; i++)
        noise[i] = (char)('a' + ((x = x * 1103515245u + 12345u) >> 16) % 26);
    write_text(path, noise, 4000, true);
    free(noise);
    FILE *file = fopen(path, "rb");
    size_t size = fread(packed, 1, sizeof packed, file);
    fclose(file);
    write_text(path, packed, size - 20, false);
    expect_input_error(path, "cut short");
    unlink(path);
}

struct values {
    const char *text;
    int64_t count;
    double real;
    bool flag, other;
};
static const struct ixs_option table[] = {
    {"text", 't', "TEXT", IXS_OPTION_TEXT, offsetof(struct values, text), "a text", 0, 0},
    {"jobs", 'j', "N", IXS_OPTION_INT, offsetof(struct values, count), "a count", 0, 8},
    {"real", 0, "X", IXS_OPTION_REAL, offsetof(struct values, real), "a number", 0, 0},
    {"quiet", 'q', NULL, IXS_OPTION_FLAG, offsetof(struct values, flag), "a flag", 0, 0},
    {"verbose", 'v', NULL, IXS_OPTION_FLAG, offsetof(struct values, other), "a flag", 0, 0},
};

static enum ixs_code parse(struct values *values, size_t *ninputs, const char **inputs, int argc,
                           const char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    const struct ixs_options lot = {table, IXS_COUNT(table), values};
    char *words[16];
    for (int i = 0; i < argc; i++)
        memcpy(&words[i], &argv[i], sizeof words[i]);
    bool ok = ixs_cli_parse(argc, words, &lot, 1, inputs, ninputs, &err);
    assert_true(ok == (err.code == IXS_OK));
    return err.code;
}

#define PARSE(...)                                                                                 \
    parse(&values, &ninputs, inputs,                                                               \
          (int)(sizeof((const char *[]){"x", __VA_ARGS__}) / sizeof(char *)),                      \
          (const char *[]){"x", __VA_ARGS__})

static void test_options(void **state)
{
    (void)state;
    struct values values = {0};
    size_t ninputs;
    const char *inputs[16];
    assert_int_equal(PARSE("a", "-j2", "-qv", "--text=u v", "--", "-b"), IXS_OK);
    assert_true(values.count == 2 && values.flag && values.other);
    assert_string_equal(values.text, "u v");
    assert_int_equal(ninputs, 2);
    assert_string_equal(inputs[1], "-b");
    assert_int_equal(PARSE("-j", "3", "--real", "-1.5", "-"), IXS_OK);
    assert_true(values.count == 3 && values.real == -1.5 && ninputs == 1);
    assert_int_equal(PARSE("--job", "3"), IXS_USAGE);
    assert_int_equal(PARSE("--jobs", "9"), IXS_USAGE);
    assert_int_equal(PARSE("--jobs", "x"), IXS_USAGE);
    assert_int_equal(PARSE("--jobs"), IXS_USAGE);
    assert_int_equal(PARSE("--quiet=1"), IXS_USAGE);
    assert_int_equal(PARSE("-z"), IXS_USAGE);
    assert_int_equal(PARSE("--real", "nan"), IXS_USAGE);
}

static void test_option_line(void **state)
{
    (void)state;
    struct values values = {.text = "a", .count = 4, .flag = true}, defaults = {.count = 1};
    const struct ixs_options lot = {table, IXS_COUNT(table), &values};
    char line[80];
    ixs_cli_line(&lot, &defaults, sizeof line, line);
    assert_string_equal(line, "--text=a --jobs=4 --quiet");
    ixs_cli_line(&lot, &values, sizeof line, line);
    assert_string_equal(line, "");
}

static bool square(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    double *values = context;
    (void)worker;
    values[index] = (double)index * (double)index;
    if (index == 30 || index == 60)
        return ixs_fail(err, IXS_INPUT, "job %zu", index);
    return true;
}

static void test_parallel(void **state)
{
    (void)state;
    double values[100];
    for (size_t threads = 1; threads < 5; threads++) {
        struct ixs_err err = IXS_ERR_NONE;
        memset(values, 0, sizeof values);
        assert_false(ixs_parallel(100, threads, square, values, &err));
        assert_string_equal(err.text, "job 30");
        for (size_t i = 0; i < 100; i++)
            assert_true(values[i] == (double)(i * i));
        ixs_err_clear(&err);
        assert_true(ixs_parallel(30, threads, square, values, &err));
        assert_true(ixs_parallel(0, threads, square, values, &err));
    }
}

static void test_notes(void **state)
{
    (void)state;
    struct ixs_notes notes = {0};
    ixs_note(&notes, "a.spec", 3, "row %d dropped", 5);
    ixs_note(&notes, NULL, 0, "general");
    assert_string_equal(notes.lines[0], "a.spec:3: warning: row 5 dropped");
    assert_string_equal(notes.lines[1], "warning: general");
    for (int i = 0; i < 20000; i++)
        ixs_note(&notes, NULL, 0, "more");
    assert_int_equal(notes.count + notes.uncounted, 20002);
    ixs_notes_dispose(&notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_failure_stays),
        cmocka_unit_test(test_array_overflow),
        cmocka_unit_test(test_median),
        cmocka_unit_test(test_base_name),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_numbers_in_a_row),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_bad_files),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_option_line),
        cmocka_unit_test(test_parallel),
        cmocka_unit_test(test_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
