/* SPDX-License-Identifier: GPL-3.0-or-later
 * A product of every type of column and keyword, for the tests of reading and writing.
 */
#ifndef IXS_TESTS_PRODUCT_SAMPLE_H
#define IXS_TESTS_PRODUCT_SAMPLE_H

#include "base/array.h"
#include "base/product.h"

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

struct sample {
    double real;
    int64_t whole;
    char text[41];
    char letter[2];
};

static const struct ixs_column sample_columns[] = {
    IXS_COLUMN_REAL(sample, real, "REAL", "meV", "a number"),
    IXS_COLUMN_INT(sample, whole, "WHOLE", "",
                   "a whole number, with a meaning so long that it needs "
                   "more than one card, 'quotes' and an & at the end &"),
    IXS_COLUMN_TEXT(sample, text, "TEXT", "a text of any bytes: \xe9"),
    IXS_COLUMN_TEXT(sample, letter, "LETTER", ""),
};
static IXS_TABLE(sample_table, "POINTS", "one row a point", sample, sample_columns);

struct sample_keys {
    double reals[6], missing;
    int64_t whole;
    char text[161], blank[9], none[9];
};

static const struct ixs_column sample_key_columns[] = {
    IXS_COLUMN_REAL(sample_keys, reals[0], "REAL1", "meV", "a real keyword"),
    IXS_COLUMN_REAL(sample_keys, reals[1], "REAL2", "", "another"),
    IXS_COLUMN_REAL(sample_keys, reals[2], "REAL3", "Angstrom**(-1)",
                    "one whose meaning does not fit beside the number, which is all right"),
    IXS_COLUMN_REAL(sample_keys, reals[3], "REAL4", "", ""),
    IXS_COLUMN_REAL(sample_keys, reals[4], "REAL5", "", ""),
    IXS_COLUMN_REAL(sample_keys, reals[5], "REAL6", "", ""),
    IXS_COLUMN_REAL(sample_keys, missing, "MISSING", "", ""),
    IXS_COLUMN_INT(sample_keys, whole, "WHOLE", "", "a whole number"),
    IXS_COLUMN_TEXT(sample_keys, text, "TEXT", "a long text"),
    IXS_COLUMN_TEXT(sample_keys, blank, "BLANKS", "blanks at both ends"),
    IXS_COLUMN_TEXT(sample_keys, none, "NONE", "an empty text"),
};
static IXS_TABLE(sample_keywords, "keywords", "", sample_keys, sample_key_columns);

static const struct ixs_identity sample_identity = {
    .kind = "FIT", .version = 1, .instrument = "BL43LXU", .object = "Si", .date = "2015-11-17"};

/* Fails with the message unless `ok`. */
static inline void assert_ok(bool ok, const struct ixs_err *err)
{
    if (!ok)
        fail_msg("%s: %s", err->where, err->text);
}

static inline struct sample *sample_rows(size_t count)
{
    static const double reals[] = {NAN,    1.0 / 3, -0.0,    INFINITY, -INFINITY, 4.9e-324,
                                   1e-308, 0,       1.7e308, -2.5e-7,  299792458};
    static const int64_t wholes[] = {0, INT64_MAX, INT64_MIN, -1, 1, 1LL << 53};
    static const char *const texts[] = {"number zero",
                                        "",
                                        " both ",
                                        "caf\xc3\xa9 \xb0",
                                        "\\x41\\x",
                                        "\x01\x7f\xff",
                                        "'",
                                        "\\",
                                        "a text of forty letters, as many as fit!"};
    struct sample *rows = calloc(count ? count : 1, sizeof *rows);
    assert_non_null(rows);
    for (size_t i = 0; i < count; i++) {
        rows[i].real = i < 11 ? reals[i] : sqrt((double)i) / 3;
        rows[i].whole = wholes[i % 6];
        ixs_copy(rows[i].text, sizeof rows[i].text, texts[i % 9]);
        rows[i].letter[0] = (char)(i % 3 ? 'A' + (char)(i % 26) : '\0');
    }
    return rows;
}

static inline struct sample_keys sample_keys(void)
{
    return (struct sample_keys){
        .reals = {1.0 / 3, 0.1, -12345.678901234567, 4.9e-324, 1.7976931348623157e308, -0.0},
        .missing = NAN,
        .whole = INT64_MAX,
        .text = "it's long, it has 'quotes' and an & and needs more than one card, more than "
                "sixty-eight letters it has, and at its end there are blanks and an &  &",
        .blank = "  two   "};
}

static inline void sample_write_step(const char *path, const struct ixs_identity *identity,
                                     size_t count, const struct sample *rows,
                                     const struct sample_keys *keys, struct ixs_provenance *step,
                                     bool *changed)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_writer *writer;
    assert_ok(
        ixs_writer_begin(&writer, identity, &err) &&
            ixs_writer_table(writer, &sample_table, count, rows, &sample_keywords, keys, &err) &&
            ixs_writer_commit(writer, path, step, NULL, changed, &err),
        &err);
    ixs_writer_free(writer);
    ixs_provenance_dispose(step);
}

static inline void sample_write_as(const char *path, const struct ixs_identity *identity,
                                   size_t count, const struct sample *rows,
                                   const struct sample_keys *keys)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_provenance step = {.program = "ixs-test", .version = "0.1.0"};
    assert_ok(ixs_provenance_input(&step, "config", "a.xml", "00ff", "", "", &err) &&
                  ixs_provenance_line(&step, "a.xml", "<instrument name=\"\xc3\x85\"/>", &err),
              &err);
    sample_write_step(path, identity, count, rows, keys, &step, NULL);
}

static inline void sample_write(const char *path, size_t count, const struct sample *rows,
                                const struct sample_keys *keys)
{
    sample_write_as(path, &sample_identity, count, rows, keys);
}

static inline unsigned char *sample_bytes(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(*size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

static inline void sample_put(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

/* Every test runs in a folder of its own. */
static inline int sample_enter(void **state)
{
    char *folder = strdup("/tmp/ixs-product-XXXXXX");
    *state = folder;
    return folder == NULL || mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static inline int sample_leave(void **state)
{
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    int failed = chdir("/") != 0 || system(command) != 0;
    free(*state);
    return failed;
}

#endif
