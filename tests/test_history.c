/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a product tells of its ancestors, and what of an input makes its digest.
 */
#include "tests/product_sample.h"

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
    sample_write("a.fits.gz", 20, rows, &keys); /* packed is the same */
    digest_of("./a.fits.gz", &part, some);
    assert_string_equal(some, other);
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_enter, sample_leave)
    const struct CMUnitTest tests[] = {TEST(test_digest), TEST(test_history)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
