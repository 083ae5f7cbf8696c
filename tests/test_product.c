/* SPDX-License-Identifier: GPL-3.0-or-later
 * Products: what is written is read back, what is wrong is refused with its noun, other programs
 * find nothing wrong, and the bytes do not depend on the hour.
 */
#include "tests/product_sample.h"

#include "base/array.h"

#include <math.h>
#include <time.h>
#include <unistd.h>

static void test_round_trip(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    struct sample *rows = sample_rows(COUNT), *back = NULL;
    struct sample_keys keys = sample_keys(), read = {0};
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_reader *reader;
    size_t count;
    sample_write("a.fits", COUNT, rows, &keys);
    assert_ok(ixs_reader_open(&reader, "a.fits", "FIT", NULL, &err), &err);
    assert_ok(ixs_reader_table(reader, &sample_table, &count, &back, &sample_keywords, &read, &err),
              &err);
    assert_int_equal(count, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        assert_memory_equal(&back[i].real, &rows[i].real, sizeof rows[i].real);
        assert_int_equal(back[i].whole, rows[i].whole);
        assert_string_equal(back[i].text, rows[i].text);
        assert_string_equal(back[i].letter, rows[i].letter);
    }
    assert_memory_equal(read.reals, keys.reals, sizeof keys.reals);
    assert_true(isnan(read.missing));
    assert_int_equal(read.whole, keys.whole);
    assert_string_equal(read.text, keys.text);
    assert_string_equal(read.blank, keys.blank);
    assert_string_equal(read.none, "");
    ixs_reader_close(reader);
    free(rows);
    free(back);
}

/* Keywords of any text, through CONTINUE, quotes, escapes and padding. */
static void test_key_texts(void **state)
{
    (void)state;
    struct sample_keys keys = sample_keys(), read;
    unsigned seed = 7;
    for (int round = 0; round < 300; round++) {
        struct ixs_err err = IXS_ERR_NONE;
        struct ixs_reader *reader;
        struct sample *none;
        size_t count, length = (size_t)round % sizeof keys.text;
        static const char usual[] = "'&\\x41 /=\xe9\x01";
        for (size_t i = 0; i < length; i++) {
            seed = seed * 1664525 + 1013904223;
            keys.text[i] = seed >> 31 ? usual[(seed >> 8) % (sizeof usual - 1)]
                                      : (char)(1 + (seed >> 8) % 255);
        }
        keys.text[length] = '\0';
        memset(&read, 'z', sizeof read);
        sample_write("a.fits", 0, NULL, &keys);
        assert_ok(ixs_reader_open(&reader, "a.fits", "FIT", NULL, &err), &err);
        assert_ok(
            ixs_reader_table(reader, &sample_table, &count, &none, &sample_keywords, &read, &err),
            &err);
        assert_string_equal(read.text, keys.text);
        assert_int_equal(count, 0);
        ixs_reader_close(reader);
        free(none);
    }
}

static void test_identity(void **state)
{
    (void)state;
    static const char *const dates[][2] = {
        {"2015-11-17", "'2015-11-17'"},
        {"2015-11-17T11:26:05", "'2015-11-17T11:26:05'"},
        {"2015-11-17T11:26:05.25+09:00", "'2015-11-17T11:26:05'"},
        {"Tue Nov 17 11:26:05 2015", "'2015-11-17T11:26:05'"},
        {"Sun Feb 30 11:26:05 2015", NULL},
        {"yesterday", NULL},
        {"", NULL}};
    for (size_t k = 0; k < IXS_COUNT(dates); k++) {
        struct ixs_identity identity = {.kind = "RAW", .version = 3, .instrument = "ID28"};
        struct ixs_err err = IXS_ERR_NONE;
        struct ixs_reader *reader;
        struct sample_keys keys = sample_keys();
        char found[32] = "";
        size_t ncards;
        ixs_copy(identity.date, sizeof identity.date, dates[k][0]);
        ixs_copy(identity.object, sizeof identity.object, "\xc3\x84pfel & 'Co'");
        sample_write_as("a.fits", &identity, 0, NULL, &keys);
        assert_ok(ixs_reader_open(&reader, "a.fits", NULL, NULL, &err), &err);
        assert_memory_equal(ixs_reader_identity(reader), &identity, sizeof identity);
        const char *cards = ixs_reader_cards(reader, 0, &ncards);
        for (size_t i = 0; i < ncards; i++)
            if (memcmp(cards + 80 * i, "DATE-OBS= ", 10) == 0)
                sscanf(cards + 80 * i + 10, "%31s", found);
        assert_string_equal(found, dates[k][1] ? dates[k][1] : "");
        ixs_reader_close(reader);
    }
}

static void test_layout(void **state)
{
    (void)state;
    struct sample *rows = sample_rows(50);
    struct sample_keys keys = sample_keys();
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_reader *reader;
    struct ixs_layout layout;
    char *back;
    size_t count;
    sample_write("a.fits", 50, rows, &keys);
    assert_ok(ixs_reader_open(&reader, "a.fits", NULL, NULL, &err), &err);
    assert_int_equal(ixs_reader_count(reader), 3);
    assert_string_equal(ixs_reader_name(reader, 1), "POINTS");
    assert_true(ixs_reader_has(reader, "PROVENANCE") && ixs_reader_has(reader, "config"));
    assert_false(ixs_reader_has(reader, "MODES"));
    assert_ok(ixs_reader_layout(reader, "POINTS", &layout, &err), &err);
    assert_int_equal(layout.table.ncolumns, sample_table.ncolumns);
    assert_ok(ixs_reader_table(reader, &layout.table, &count, &back, NULL, NULL, &err), &err);
    assert_int_equal(count, 50);
    for (size_t k = 0; k < sample_table.ncolumns; k++) {
        const struct ixs_column *column = &layout.columns[k], *old = &sample_table.columns[k];
        assert_string_equal(column->name, old->name);
        assert_string_equal(column->unit, old->unit);
        assert_string_equal(column->meaning, old->meaning);
        for (size_t i = 0; i < count; i++) {
            char one[80], two[80];
            ixs_cell_print(column, back + i * layout.table.row_size, sizeof one, one);
            ixs_cell_print(old, &rows[i], sizeof two, two);
            assert_string_equal(one, two);
        }
    }
    ixs_layout_dispose(&layout);
    ixs_layout_dispose(&layout);
    ixs_reader_close(reader);
    free(back);
    free(rows);
}

/* Reads POINTS of a.fits as `table` says; the message, or "". */
static const char *complaint_of(const struct ixs_table *table)
{
    static struct ixs_err err;
    struct ixs_reader *reader;
    void *rows = NULL;
    size_t count;
    err = IXS_ERR_NONE;
    bool ok = ixs_reader_open(&reader, "a.fits", "FIT", NULL, &err) &&
              ixs_reader_table(reader, table, &count, &rows, NULL, NULL, &err);
    assert_true(ok || err.code == IXS_INPUT);
    assert_true(ok || strcmp(err.where, "a.fits[POINTS]") == 0);
    ixs_reader_close(reader);
    free(rows);
    return err.text;
}

static void test_other_columns(void **state)
{
    (void)state;
    struct sample *rows = sample_rows(20);
    struct sample_keys keys = sample_keys();
    struct ixs_column columns[4];
    struct ixs_table table = sample_table;
    sample_write("a.fits", 20, rows, &keys);
    free(rows);
    table.columns = columns;
    memcpy(columns, sample_table.columns, sizeof columns);
    columns[0].name = "rEaL";
    assert_string_equal(complaint_of(&table), "");
    columns[0].unit = "K";
    assert_string_equal(complaint_of(&table),
                        "found the unit 'meV' of the column rEaL, expected 'K'");
    columns[0] = sample_table.columns[0];
    columns[0].type = IXS_INT;
    assert_string_equal(complaint_of(&table),
                        "found real numbers in the column REAL, expected whole numbers");
    columns[0] = sample_table.columns[0];
    columns[2].width = 3;
    assert_non_null(strstr(complaint_of(&table), "TEXT of more letters than expected, 3"));
    columns[2] = sample_table.columns[2];
    columns[1].name = "LATER";
    assert_string_equal(complaint_of(&table), "found no column LATER, expected one");
    columns[1].since = 2; /* the file is of version 1 */
    assert_string_equal(complaint_of(&table), "");
    table.ncolumns = 1;
    assert_string_equal(complaint_of(&table), "");
}

static void test_same_bytes(void **state)
{
    (void)state;
    struct sample *rows = sample_rows(20);
    struct sample_keys keys = sample_keys();
    struct timespec wait = {.tv_sec = 1, .tv_nsec = 100000000};
    size_t one, two;
    sample_write("a.fits", 20, rows, &keys);
    nanosleep(&wait, NULL);
    rows[0].real = -NAN; /* one NaN is like another */
    sample_write("b.fits", 20, rows, &keys);
    unsigned char *first = sample_bytes("a.fits", &one), *second = sample_bytes("b.fits", &two);
    assert_int_equal(one, two);
    assert_memory_equal(first, second, one);
    assert_int_equal(one % 2880, 0);
    free(first);
    free(second);
    free(rows);
}

static void test_compressed(void **state)
{
    (void)state;
    struct sample *rows = sample_rows(2000);
    struct sample_keys keys = sample_keys();
    size_t plain, packed;
    sample_write("a.fits.gz", 2000, rows, &keys);
    sample_write("b.fits.gz", 2000, rows, &keys);
    unsigned char *first = sample_bytes("a.fits.gz", &packed);
    unsigned char *second = sample_bytes("b.fits.gz", &plain);
    assert_int_equal(packed, plain);
    assert_memory_equal(first, second, plain);
    assert_true(first[0] == 0x1f && first[1] == 0x8b);
    free(first);
    free(second);
    free(rows);
}

static bool has_tool(const char *tool)
{
    char command[200];
    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", tool);
    return system(command) == 0;
}

static void run_tool(const char *tool, const char *command)
{
    if (!has_tool(tool))
        printf("# skipped: no %s here\n", tool);
    else if (system(command) != 0)
        fail_msg("%s", command);
}

/* Other programs find nothing wrong. */
static void test_other_programs(void **state)
{
    (void)state;
    struct sample *rows = sample_rows(300);
    struct sample_keys keys = sample_keys();
    sample_write("a.fits", 300, rows, &keys);
    sample_write("empty.fits", 0, NULL, &keys);
    sample_write("packed.fits.gz", 300, rows, &keys);
    free(rows);
    run_tool("fitsverify", "fitsverify -q a.fits empty.fits packed.fits.gz >out || "
                           "{ fitsverify a.fits; exit 1; } >&2");
    run_tool("fitscheck", "fitscheck a.fits empty.fits >out 2>&1 || { cat out >&2; exit 1; }");
    if (system("/usr/bin/python3 -c 'import astropy' 2>/dev/null") != 0) {
        printf("# skipped: no astropy here\n");
        return;
    }
    static const char script[] =
        "import sys, warnings\n"
        "warnings.simplefilter('error')\n"
        "from astropy.io import fits\n"
        "from astropy.table import Table\n"
        "with fits.open('a.fits', checksum=True) as f:\n"
        "    f.verify('exception')\n"
        "    h, d = f['POINTS'].header, f['POINTS'].data\n"
        "    assert f[0].header['CREATOR'] == 'ixs-test 0.1.0', f[0].header\n"
        "    assert f[0].header['NEXTEND'] == len(f) - 1\n"
        "    assert len(d) == 300 and d['REAL'][1] == 1 / 3, d['REAL'][:3]\n"
        "    assert d['WHOLE'][2] == -2**63 and d['TEXT'][0] == 'number zero', d[:3]\n"
        "    assert h['REAL2'] == 0.1 and h['WHOLE'] == 2**63 - 1 and 'MISSING' not in h\n"
        "    assert h['TEXT'].startswith(\"it's long\") and len(h['TEXT']) > 100, h['TEXT']\n"
        "    assert h['TCOMM1'] == 'a number' and h.comments['REAL1'] == '[meV] a real keyword'\n"
        "    assert str(Table.read(f['POINTS'])['REAL'].unit) == 'meV'\n";
    sample_put("look.py", script, sizeof script - 1);
    assert_int_equal(system("/usr/bin/python3 look.py >&2"), 0);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void test_many_rows(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    struct sample *rows = sample_rows(COUNT), *back;
    struct sample_keys keys = sample_keys();
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_reader *reader;
    size_t count;
    double start = seconds();
    sample_write("a.fits", COUNT, rows, &keys);
    double written = seconds();
    assert_ok(ixs_reader_open(&reader, "a.fits", "FIT", NULL, &err), &err);
    assert_ok(ixs_reader_table(reader, &sample_table, &count, &back, NULL, NULL, &err), &err);
    printf("# %d rows written in %.3f s, read in %.3f s\n", COUNT, written - start,
           seconds() - written);
    assert_int_equal(count, COUNT);
    assert_memory_equal(&back[COUNT - 1].real, &rows[COUNT - 1].real, 8);
    assert_string_equal(back[COUNT - 1].text, rows[COUNT - 1].text);
    ixs_reader_close(reader);
    free(back);
    free(rows);
}

struct long_keys {
    char text[8192];
};
static const struct ixs_column long_columns[] = {
    IXS_COLUMN_TEXT(long_keys, text, "LETTERS", "more than a keyword holds"),
};
static IXS_TABLE(long_keywords, "keywords", "", long_keys, long_columns);

static void test_long_keyword(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_writer *writer;
    static struct long_keys keys;
    memset(keys.text, 'x', sizeof keys.text - 1);
    assert_ok(ixs_writer_begin(&writer, &sample_identity, &err), &err);
    assert_false(ixs_writer_table(writer, &sample_table, 0, NULL, &long_keywords, &keys, &err));
    assert_int_equal(err.code, IXS_BUG);
    assert_non_null(strstr(err.text, "found a LETTERS of more than 4000 letters"));
    ixs_writer_free(writer);
}

static void test_refused_to_write(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_writer *writer;
    struct sample_keys keys = sample_keys();
    assert_ok(ixs_writer_begin(&writer, &sample_identity, &err), &err);
    keys.reals[0] = INFINITY;
    assert_false(ixs_writer_table(writer, &sample_table, 0, NULL, &sample_keywords, &keys, &err));
    assert_int_equal(err.code, IXS_BUG);
    assert_non_null(strstr(err.text, "infinite REAL1"));
    ixs_writer_free(writer);
    ixs_writer_free(NULL);
    ixs_reader_close(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_enter, sample_leave)
    const struct CMUnitTest tests[] = {
        TEST(test_round_trip),   TEST(test_key_texts),       TEST(test_identity),
        TEST(test_layout),       TEST(test_other_columns),   TEST(test_same_bytes),
        TEST(test_compressed),   TEST(test_many_rows),       TEST(test_other_programs),
        TEST(test_long_keyword), TEST(test_refused_to_write)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
