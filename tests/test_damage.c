/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files that are not what they should be: of another kind, cut short, changed, hostile, random, too
 * big. Each is refused with its noun; none harms.
 */
#include "tests/product_sample.h"

#include "base/array.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

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

static void test_not_a_product(void **state)
{
    (void)state;
    char bytes[2 * 2880];
    memset(bytes, ' ', sizeof bytes);
    static const char *const cards[] = {"SIMPLE  =                    T", "BITPIX  =   8",
                                        "NAXIS   =   0", "END"};
    for (size_t k = 0; k < 4; k++)
        memcpy(bytes + 80 * k, cards[k], strlen(cards[k]));
    sample_put("other.fits", bytes, 2880);
    assert_refused("other.fits", NULL, "found a FITS file without PRODUCT");
    sample_put("blank.fits", bytes, 5760);
    assert_refused("blank.fits", NULL, "no binary table at byte 2880");
    sample_put("scan.spec", "#F beam\n#S 1\n", 13);
    assert_refused("scan.spec", NULL, "no FITS header (starts with '#F beam.#S 1.')");
    sample_put("empty", "", 0);
    assert_refused("empty", NULL, "empty file");
    assert_refused("none.fits", NULL, "No such file");
    sample_put("zipped", "\x1f\x8b\x08", 3);
    assert_refused("zipped", NULL, "gzip");
    assert_int_equal(mkdir("folder", 0777) | mkfifo("pipe", 0666), 0);
    assert_refused("folder", NULL, "folder");
    assert_refused("pipe", NULL, "special file");
    sample_put("none.fits.gz", bytes, 2880); /* never read in place of another name */
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
        sample_put("a.fits", bytes, size);
        cut += 36;
    }
    for (size_t cut = 2880; cut < size; cut += 2880) { /* a file of whole HDUs is not whole */
        sample_put("a.fits", bytes, cut);
        assert_false(opens("a.fits", NULL));
    }
    sample_put("a.fits", bytes, size - 1);
    char words[80];
    snprintf(words, sizeof words, "cut short: %zu bytes, expected at least %zu", size - 1, size);
    assert_refused("a.fits", NULL, words);
    free(bytes);
}

static void test_compressed_cut_short(void **state)
{
    (void)state;
    struct sample *rows = sample_rows(2000);
    struct sample_keys keys = sample_keys();
    size_t size;
    sample_write("a.fits.gz", 2000, rows, &keys);
    unsigned char *bytes = sample_bytes("a.fits.gz", &size);
    assert_true(opens("a.fits.gz", NULL));
    for (size_t cut = 1; cut < size; cut += 997) {
        sample_put("a.fits.gz", bytes, size - cut);
        assert_false(opens("a.fits.gz", NULL));
    }
    bytes[size] = 'x';
    sample_put("a.fits.gz", bytes, size + 1);
    assert_refused("a.fits.gz", NULL, "followed by other bytes");
    free(bytes);
    free(rows);
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
    sample_put("a.fits", bytes, size);
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
    for (size_t k = 0; k + 1 < IXS_COUNT(changes); k++) {
        memcpy(bad, bytes, size);
        size_t at = 2880;
        while (memcmp(bad + at, changes[k][0], 10) != 0)
            at += 80;
        memset(bad + at + 10, ' ', 70);
        memcpy(bad + at + 10, changes[k][1], strlen(changes[k][1]));
        sample_put("a.fits", bad, size);
        if (read_everything("a.fits"))
            fail_msg("%s%s was taken", changes[k][0], changes[k][1]);
    }
    for (size_t k = 0; k < IXS_COUNT(added); k++, good++) {
        memcpy(bad, bytes, size);
        size_t at = 2880;
        while (memcmp(bad + at, "COMMENT   ", 8) != 0)
            at += 80;
        memset(bad + at, ' ', 80);
        memcpy(bad + at, added[k], strlen(added[k]));
        sample_put("a.fits", bad, size);
        if (read_everything("a.fits"))
            fail_msg("%s was taken", added[k]);
    }
    sample_put("a.fits", bytes, size);
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
        sample_put("b.fits", bad, size);
        taken += read_everything("b.fits");
    }
    assert_true(taken > 0 && taken < 4000);
    for (size_t i = 0; i < size; i++)
        bad[i] = (unsigned char)((seed = seed * 1664525 + 1013904223) >> 24);
    sample_put("b.fits", bad, size);
    assert_false(read_everything("b.fits"));
    free(bytes);
    free(bad);
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
    sample_put("sparse.fits", "SIMPLE", 6);
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_enter, sample_leave)
    const struct CMUnitTest tests[] = {TEST(test_not_a_product),        TEST(test_cut_short),
                                       TEST(test_compressed_cut_short), TEST(test_accept_changed),
                                       TEST(test_one_byte_changed),     TEST(test_hostile_cards),
                                       TEST(test_random_damage),        TEST(test_too_big)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
