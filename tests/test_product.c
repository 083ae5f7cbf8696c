/* SPDX-License-Identifier: GPL-3.0-or-later
 * Products: what is written is read back, what is wrong is refused with its noun, other programs
 * find nothing wrong, and the bytes do not depend on the hour.
 */
#include "tests/product_sample.h"

#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

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
    for (size_t k = 0; k < sizeof dates / sizeof dates[0]; k++) {
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

static void assert_refused(const char *path, const char *kind, const char *word)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_reader *reader;
    assert_false(ixs_reader_open(&reader, path, kind, NULL, &err));
    assert_int_equal(err.code, IXS_INPUT);
    assert_memory_equal(err.where, path, strlen(path));
    if (strstr(err.text, word) == NULL)
        fail_msg("%s: found '%s', expected '%s'", path, err.text, word);
    ixs_reader_close(reader);
}

static void put(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void test_not_a_product(void **state)
{
    (void)state;
    char bytes[2 * 2880];
    memset(bytes, ' ', sizeof bytes);
    static const char *const cards[] = {"SIMPLE  =                    T", "BITPIX  =   8",
                                        "NAXIS   =   0", "END"};
    for (size_t k = 0; k < 4; k++)
        memcpy(bytes + 80 * k, cards[k], strlen(cards[k]));
    put("other.fits", bytes, 2880);
    assert_refused("other.fits", NULL, "found a FITS file without PRODUCT");
    put("blank.fits", bytes, 5760);
    assert_refused("blank.fits", NULL, "no binary table at byte 2880");
    put("scan.spec", "#F beam\n#S 1\n", 13);
    assert_refused("scan.spec", NULL, "no FITS header (starts with '#F beam.#S 1.')");
    put("empty", "", 0);
    assert_refused("empty", NULL, "empty file");
    assert_refused("none.fits", NULL, "No such file");
    put("zipped", "\x1f\x8b\x08", 3);
    assert_refused("zipped", NULL, "gzip");
    assert_int_equal(mkdir("folder", 0777) | mkfifo("pipe", 0666), 0);
    assert_refused("folder", NULL, "folder");
    assert_refused("pipe", NULL, "special file");
    put("none.fits.gz", bytes, 2880); /* never read in place of another name */
    assert_refused("none.fits", NULL, "No such file");
    struct sample_keys keys = sample_keys();
    sample_write("a.fits", 0, NULL, &keys);
    assert_refused("a.fits", "SPECTRA", "found a FIT product, expected SPECTRA");
}

/* The whole of a.fits, a product of few rows. */
static unsigned char *small_product(size_t *size)
{
    struct sample *rows = sample_rows(20);
    struct sample_keys keys = sample_keys();
    unsigned char *bytes;
    sample_write("a.fits", 20, rows, &keys);
    bytes = sample_bytes("a.fits", size);
    free(rows);
    return bytes;
}

static bool opens(const char *path, const struct ixs_reading *how)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_reader *reader;
    bool ok = ixs_reader_open(&reader, path, "FIT", how, &err);
    assert_true(ok || err.code == IXS_INPUT);
    assert_true(ok || (err.text[0] != '\0' && strncmp(err.where, path, strlen(path)) == 0));
    ixs_reader_close(reader);
    return ok;
}

static void test_one_byte_changed(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes = small_product(&size);
    int file = open("a.fits", O_WRONLY);
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = bytes[i] ^ (unsigned char)(1 << i % 8);
        assert_int_equal(pwrite(file, &byte, 1, (off_t)i), 1);
        if (opens("a.fits", NULL))
            fail_msg("byte %zu changed and not found", i);
        assert_int_equal(pwrite(file, &bytes[i], 1, (off_t)i), 1);
    }
    assert_true(opens("a.fits", NULL));
    close(file);
    free(bytes);
}

static void test_cut_short(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes = small_product(&size);
    for (size_t cut = 0; cut < size; cut += cut % 2880 == 0 ? 1 : cut % 997 == 0 ? 3 : 1) {
        assert_int_equal(truncate("a.fits", (off_t)cut), 0);
        assert_false(opens("a.fits", NULL));
        put("a.fits", bytes, size);
        cut += 36;
    }
    for (size_t cut = 2880; cut < size; cut += 2880) { /* a file of whole HDUs is not whole */
        put("a.fits", bytes, cut);
        assert_false(opens("a.fits", NULL));
    }
    put("a.fits", bytes, size - 1);
    char words[80];
    snprintf(words, sizeof words, "cut short: %zu bytes, expected at least %zu", size - 1, size);
    assert_refused("a.fits", NULL, words);
    free(bytes);
}

static void test_accept_changed(void **state)
{
    (void)state;
    struct ixs_reading how = {.accept_changed = true};
    struct ixs_provenance provenance = {0};
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_reader *reader;
    size_t size;
    unsigned char *bytes = small_product(&size);
    for (size_t i = 0; i < size; i++)
        if (memcmp(bytes + i, "number zero", 11) == 0) {
            bytes[i] = 'N';
            break;
        }
    put("a.fits", bytes, size);
    free(bytes);
    assert_refused("a.fits", NULL, "found data that do not add up to DATASUM");
    assert_ok(ixs_reader_open(&reader, "a.fits", "FIT", &how, &err), &err);
    assert_ok(ixs_reader_witness(reader, "input", &provenance, &err), &err);
    assert_int_equal(provenance.ninputs, 1);
    assert_string_equal(provenance.inputs[0].remark, "accepted though changed: POINTS");
    assert_string_equal(provenance.inputs[0].maker, provenance.ancestors[0].step);
    ixs_reader_close(reader);
    ixs_provenance_dispose(&provenance);
}

/* Reads all that a file has, whatever it is: nothing but an error may come of it. */
static bool read_everything(const char *path)
{
    struct ixs_reading how = {.accept_changed = true};
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_reader *reader;
    struct sample_keys keys;
    bool ok = ixs_reader_open(&reader, path, NULL, &how, &err);
    for (size_t n = 1; ok && n <= ixs_reader_count(reader); n++) {
        struct ixs_layout layout = {0};
        void *rows = NULL, *same = NULL;
        size_t count;
        ok =
            ixs_reader_layout(reader, ixs_reader_name(reader, n), &layout, &err) &&
            ixs_reader_table(reader, &layout.table, &count, &rows, &sample_keywords, &keys, &err) &&
            (n > 1 || ixs_reader_table(reader, &sample_table, &count, &same, NULL, NULL, &err));
        ixs_layout_dispose(&layout);
        free(rows);
        free(same);
    }
    struct ixs_provenance provenance = {0};
    ok = ok && ixs_reader_witness(reader, "input", &provenance, &err);
    assert_true(ok || err.code == IXS_INPUT);
    ixs_provenance_dispose(&provenance);
    ixs_reader_close(reader);
    return ok;
}

static void test_hostile_cards(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"NAXIS2  = ", "9223372036854775807"},
        {"NAXIS2  = ", "-1"},
        {"NAXIS2  = ", "1e9"},
        {"NAXIS2  = ", "99999999999999999999999"},
        {"NAXIS1  = ", "9223372036854775807"},
        {"NAXIS1  = ", "0"},
        {"NAXIS   = ", "999"},
        {"BITPIX  = ", "-64"},
        {"PCOUNT  = ", "2147483647"},
        {"GCOUNT  = ", "0"},
        {"TFIELDS = ", "999999"},
        {"TFIELDS = ", "999"},
        {"TFIELDS = ", "0"},
        {"TFORM1  = ", "'1PD(99)'"},
        {"TFORM1  = ", "'999999999D'"},
        {"TFORM1  = ", "'99999999999999999999D'"},
        {"TFORM1  = ", "'-1D'"},
        {"TFORM1  = ", "''"},
        {"TFORM1  = ", "'1Z'"},
        {"TFORM1  = ", "1D"},
        {"TTYPE1  = ", "'WHOLE'"},
        {"TTYPE1  = ", "''"},
        {"EXTNAME = ", "12"},
        {"EXTNAME = ", "'a quote that does not end"},
        {"COMMENT   ", NULL}, /* takes the name of its own column keyword, below */
    };
    static const char *const added[] = {
        "ZIMAGE  = T",       "ZTABLE  = T", "THEAP   = 99",   "TSCAL1  = 2.0",
        "TZERO2  = 1",       "TNULL2  = x", "TFORM01 = '9D'", "TFORM1  = '1D'",
        "naxis   = 1",       "NAXIS2  = 5", "TBCOL1  = 1",    "END",
        "TTYPE01 = 'OTHER'", "\x01"};
    size_t size, good = 0;
    unsigned char *bytes = small_product(&size), *bad = malloc(size);
    assert_non_null(bad);
    for (size_t k = 0; k + 1 < sizeof changes / sizeof changes[0]; k++) {
        memcpy(bad, bytes, size);
        size_t at = 2880;
        while (memcmp(bad + at, changes[k][0], 10) != 0)
            at += 80;
        memset(bad + at + 10, ' ', 70);
        memcpy(bad + at + 10, changes[k][1], strlen(changes[k][1]));
        put("a.fits", bad, size);
        if (read_everything("a.fits"))
            fail_msg("%s%s was taken", changes[k][0], changes[k][1]);
    }
    for (size_t k = 0; k < sizeof added / sizeof added[0]; k++, good++) {
        memcpy(bad, bytes, size);
        size_t at = 2880;
        while (memcmp(bad + at, "COMMENT   ", 8) != 0)
            at += 80;
        memset(bad + at, ' ', 80);
        memcpy(bad + at, added[k], strlen(added[k]));
        put("a.fits", bad, size);
        if (read_everything("a.fits"))
            fail_msg("%s was taken", added[k]);
    }
    put("a.fits", bytes, size);
    assert_true(read_everything("a.fits"));
    free(bytes);
    free(bad);
}

/* Random damage, checksums not in the way: cards, digits, letters, blocks. */
static void test_random_damage(void **state)
{
    (void)state;
    static const char likely[] = "0123456789'&/ =TDAKEPQX-+.\\";
    size_t size, taken = 0;
    unsigned char *bytes = small_product(&size), *bad = malloc(size);
    unsigned seed = 11;
    assert_non_null(bad);
    for (int round = 0; round < 4000; round++) {
        memcpy(bad, bytes, size);
        for (int n = round % 5; n >= 0; n--) {
            seed = seed * 1664525 + 1013904223;
            size_t at = (seed >> 8) % size, from = (size_t)(seed * 2654435761u >> 8) % size;
            if (seed >> 29 == 0 && at + 80 < size && from + 80 < size)
                memcpy(bad + at / 80 * 80, bad + from / 80 * 80, 80);
            else
                bad[at] = seed >> 30 ? (unsigned char)likely[seed % (sizeof likely - 1)]
                                     : (unsigned char)(seed >> 16);
        }
        put("b.fits", bad, size);
        taken += read_everything("b.fits");
    }
    assert_true(taken > 0 && taken < 4000);
    for (size_t i = 0; i < size; i++)
        bad[i] = (unsigned char)((seed = seed * 1664525 + 1013904223) >> 24);
    put("b.fits", bad, size);
    assert_false(read_everything("b.fits"));
    free(bytes);
    free(bad);
}

/* What a step read, and no more, makes the digest. */
static void digest_of(const char *path, const struct ixs_table *table, char digest[65])
{
    struct ixs_provenance provenance = {0};
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_reader *reader;
    void *rows = NULL;
    size_t count;
    assert_ok(ixs_reader_open(&reader, path, NULL, NULL, &err), &err);
    assert_ok(ixs_reader_table(reader, table, &count, &rows, NULL, NULL, &err), &err);
    assert_ok(ixs_reader_witness(reader, "input", &provenance, &err), &err);
    memcpy(digest, provenance.inputs[0].digest, 65);
    assert_string_equal(provenance.inputs[0].name, strrchr(path, '/') + 1);
    ixs_reader_close(reader);
    ixs_provenance_dispose(&provenance);
    free(rows);
}

static void test_digest(void **state)
{
    (void)state;
    struct sample *rows = sample_rows(20);
    struct sample_keys keys = sample_keys();
    struct ixs_table part = sample_table;
    char one[65], two[65], some[65], other[65];
    part.ncolumns = 2;
    sample_write("a.fits", 20, rows, &keys);
    digest_of("./a.fits", &sample_table, one);
    digest_of("./a.fits", &part, some);
    assert_string_not_equal(one, some);
    rows[3].text[0] = '!';
    keys.whole--;
    sample_write("a.fits", 20, rows, &keys);
    digest_of("./a.fits", &part, other);
    assert_string_equal(some, other);
    digest_of("./a.fits", &sample_table, two);
    assert_string_not_equal(one, two);
    rows[19].whole = 7;
    sample_write("a.fits", 20, rows, &keys);
    digest_of("./a.fits", &part, other);
    assert_string_not_equal(some, other);
    free(rows);
}

/* A chain of three: each tells all steps before it. */
static void test_history(void **state)
{
    (void)state;
    struct sample_keys keys = sample_keys();
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_ancestor *rows;
    size_t count;
    sample_write("1.fits", 0, NULL, &keys);
    for (int n = 2; n <= 3; n++) {
        struct ixs_provenance step = {.program = "ixs-fit", .version = "0.1.0"};
        struct ixs_reader *reader;
        char path[32];
        snprintf(path, sizeof path, "%d.fits", n - 1);
        snprintf(step.options, sizeof step.options, "--n=%d", n);
        assert_ok(ixs_reader_open(&reader, path, "FIT", NULL, &err), &err);
        assert_ok(ixs_reader_witness(reader, "input", &step, &err), &err);
        ixs_reader_close(reader);
        snprintf(path, sizeof path, "%d.fits", n);
        sample_write_step(path, &sample_identity, 0, NULL, &keys, &step, NULL);
    }
    struct ixs_reader *reader;
    assert_ok(ixs_reader_open(&reader, "3.fits", "FIT", NULL, &err), &err);
    assert_ok(ixs_reader_table(reader, &ixs_table_provenance, &count, &rows, NULL, NULL, &err),
              &err);
    assert_int_equal(count, 3);
    assert_string_equal(rows[0].program, "ixs-test");
    assert_string_equal(rows[1].maker, rows[0].step);
    assert_string_equal(rows[2].maker, rows[1].step);
    assert_string_equal(rows[2].name, "2.fits");
    assert_string_equal(rows[2].options, "--n=3");
    ixs_reader_close(reader);
    free(rows);
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
    sample_write("a.fits", 2000, rows, &keys);
    sample_write("a.fits.gz", 2000, rows, &keys);
    sample_write("b.fits.gz", 2000, rows, &keys);
    free(sample_bytes("a.fits", &plain));
    unsigned char *first = sample_bytes("a.fits.gz", &packed);
    unsigned char *second = sample_bytes("b.fits.gz", &plain);
    assert_int_equal(packed, plain);
    assert_memory_equal(first, second, plain);
    assert_true(first[0] == 0x1f && first[1] == 0x8b);
    char one[65], two[65];
    digest_of("./a.fits", &sample_table, one);
    digest_of("./a.fits.gz", &sample_table, two);
    assert_string_equal(one, two);
    for (size_t cut = 1; cut < packed; cut += 997) {
        put("a.fits.gz", first, packed - cut);
        assert_false(opens("a.fits.gz", NULL));
    }
    free(first);
    free(second);
    free(rows);
}

/* A small file that unpacks into more than a product may have: one packed MiB again and again. */
static void write_bomb(const char *path, int times)
{
    static unsigned char zeros[1 << 20], packed[1 << 14];
    z_stream stream = {0};
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    for (int n = 0; n < times; n++) {
        if (n < 2) { /* after the second full flush every MiB packs alike */
            stream.next_in = zeros, stream.avail_in = sizeof zeros;
            stream.next_out = packed, stream.avail_out = sizeof packed;
            assert_int_equal(deflate(&stream, Z_FULL_FLUSH), Z_OK);
        }
        size_t size = sizeof packed - stream.avail_out;
        assert_int_equal(fwrite(packed, 1, size, file), size);
    }
    deflateEnd(&stream);
    fclose(file);
}

static void test_too_big(void **state)
{
    (void)state;
    put("sparse.fits", "SIMPLE", 6);
    assert_int_equal(truncate("sparse.fits", (off_t)1 << 40), 0);
    assert_refused("sparse.fits", NULL, "found more than 1073741824 bytes");
    if (sysconf(_SC_AVPHYS_PAGES) < (3L << 30) / sysconf(_SC_PAGESIZE)) {
        printf("# skipped: little memory\n");
        skip();
    }
    write_bomb("bomb.fits", 1030);
    struct stat about;
    assert_int_equal(stat("bomb.fits", &about), 0);
    assert_true(about.st_size < 2 << 20);
    assert_refused("bomb.fits", NULL, "found more than 1073741824 bytes");
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
    put("look.py", script, sizeof script - 1);
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
        TEST(test_round_trip),      TEST(test_key_texts),      TEST(test_identity),
        TEST(test_layout),          TEST(test_other_columns),  TEST(test_not_a_product),
        TEST(test_cut_short),       TEST(test_accept_changed), TEST(test_one_byte_changed),
        TEST(test_hostile_cards),   TEST(test_random_damage),  TEST(test_digest),
        TEST(test_history),         TEST(test_same_bytes),     TEST(test_compressed),
        TEST(test_too_big),         TEST(test_other_programs), TEST(test_many_rows),
        TEST(test_refused_to_write)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
