/* SPDX-License-Identifier: GPL-3.0-or-later
 * SHA-256 against the examples of NIST (FIPS 180-4, CSRC "SHA256" examples and the long message),
 * the history of a product that is built on it, and the sums of its HDUs.
 */
#include "base/digest.h"
#include "base/digest_inside.h"
#include "base/array.h"
#include "base/product_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void digest_of(const void *bytes, size_t size, size_t step, char hex[65])
{
    struct ixs_digest digest;
    ixs_digest_begin(&digest);
    for (size_t at = 0; at < size; at += step)
        ixs_digest_add(&digest, (const char *)bytes + at, size - at < step ? size - at : step);
    ixs_digest_print(&digest, hex);
}

static void test_nist(void **state)
{
    (void)state;
    static const struct {
        const char *text, *hex;
    } known[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
         "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    char hex[65];
    for (size_t k = 0; k < IXS_COUNT(known); k++) {
        digest_of(known[k].text, strlen(known[k].text), 1000, hex);
        assert_string_equal(hex, known[k].hex);
        digest_of(known[k].text, strlen(known[k].text), 7, hex);
        assert_string_equal(hex, known[k].hex);
    }
}

/* Whichever way this processor goes, plain C gives the same. */
static void test_plain(void **state)
{
    static unsigned char bytes[64 * 40 + 8];
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * i * 7919 >> 5);
    struct ixs_digest digest, plain;
    for (size_t blocks = 1; blocks <= 40; blocks++) {
        const unsigned char *from = bytes + blocks % 8; /* aligned to nothing */
        ixs_digest_begin(&digest);
        plain = digest;
        ixs_digest_add(&digest, from, 64 * blocks);
        ixs_digest_plain(plain.state, from, blocks);
        assert_memory_equal(digest.state, plain.state, sizeof plain.state);
    }
}

static void test_million(void **state)
{
    (void)state;
    static char letters[1000000];
    static const size_t steps[] = {1, 63, 64, 65, 1000, 1000000};
    char hex[65];
    memset(letters, 'a', sizeof letters);
    for (size_t k = 0; k < IXS_COUNT(steps); k++) {
        digest_of(letters, sizeof letters, steps[k], hex);
        assert_string_equal(hex,
                            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
}

/* Printing does not end the digest itself, and a text is not its beginning. */
static void test_goes_on(void **state)
{
    (void)state;
    struct ixs_digest one, two;
    char first[65], again[65], other[65];
    ixs_digest_begin(&one);
    ixs_digest_begin(&two);
    ixs_digest_text(&one, "ab");
    ixs_digest_print(&one, first);
    ixs_digest_text(&one, "c");
    ixs_digest_print(&one, first);
    ixs_digest_add(&two, "ab\0c", 5);
    ixs_digest_print(&two, again);
    assert_string_equal(first, again);
    ixs_digest_begin(&two);
    ixs_digest_text(&two, "abc");
    ixs_digest_print(&two, other);
    assert_string_not_equal(first, other);
}

static void begin_step(struct ixs_provenance *step, const char *program)
{
    *step = (struct ixs_provenance){0};
    snprintf(step->program, sizeof step->program, "%s", program);
    snprintf(step->version, sizeof step->version, "0.1.0");
}

static void add_input(struct ixs_provenance *step, const char *role, const char *name,
                      const char *digest)
{
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(ixs_provenance_input(step, role, name, digest, "", "", &err));
}

static void step_name(struct ixs_provenance *step, char name[17])
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_ancestor *rows;
    size_t nrows;
    assert_true(ixs_provenance_rows(step, &nrows, &rows, &err));
    memcpy(name, rows[nrows - 1].step, 17);
    assert_int_equal(strlen(name), 16);
    free(rows);
}

/* The name of a step is the digest of what the header says it is. */
static void test_step_name(void **state)
{
    (void)state;
    static const char bytes[] = "ixs-fit\0"
                                "0.1.0\0"
                                "--window=5\0"
                                "input\0a.fits\0"
                                "00ff";
    struct ixs_provenance step;
    char hex[65], name[17];
    begin_step(&step, "ixs-fit");
    snprintf(step.options, sizeof step.options, "--window=5");
    add_input(&step, "input", "a.fits", "00ff");
    add_input(&step, "input", "a.fits", "00ff"); /* once */
    assert_int_equal(step.ninputs, 1);
    digest_of(bytes, sizeof bytes, sizeof bytes, hex);
    step_name(&step, name);
    assert_memory_equal(name, hex, 16);
    add_input(&step, "input", "b.fits", "00ff");
    step_name(&step, name);
    assert_memory_not_equal(name, hex, 16);
    ixs_provenance_dispose(&step);
    ixs_provenance_dispose(&step);
}

static void test_step_without_inputs(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_provenance step;
    struct ixs_ancestor *rows;
    size_t nrows;
    begin_step(&step, "ixs-simulate");
    assert_true(ixs_provenance_rows(&step, &nrows, &rows, &err));
    assert_int_equal(nrows, 1);
    assert_string_equal(rows[0].program, "ixs-simulate");
    assert_string_equal(rows[0].name, "");
    free(rows);
    ixs_provenance_dispose(&step);
}

/* A history of `nsteps` steps of two inputs each. */
static struct ixs_ancestor *history(size_t first, size_t nsteps)
{
    struct ixs_ancestor *rows = calloc(2 * nsteps, sizeof *rows);
    assert_non_null(rows);
    for (size_t i = 0; i < 2 * nsteps; i++) {
        snprintf(rows[i].step, sizeof rows[i].step, "%016zx", first + i / 2);
        snprintf(rows[i].name, sizeof rows[i].name, "input%zu", i % 2);
    }
    return rows;
}

static void test_merge_once(void **state)
{
    (void)state;
    enum { STEPS = 500 };
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_provenance step;
    begin_step(&step, "ixs-fit");
    struct ixs_ancestor *rows = history(0, STEPS), *more = history(STEPS / 2, STEPS);
    assert_true(ixs_provenance_merge(&step, rows, 2 * STEPS, &err));
    assert_true(ixs_provenance_merge(&step, rows, 2 * STEPS, &err));
    assert_int_equal(step.nancestors, 2 * STEPS);
    assert_true(ixs_provenance_merge(&step, more, 2 * STEPS, &err));
    assert_int_equal(step.nancestors, 3 * STEPS);
    for (size_t i = 0; i < step.nancestors; i++) { /* in order of arrival */
        assert_int_equal(strtoul(step.ancestors[i].step, NULL, 16), i / 2);
        assert_int_equal(step.ancestors[i].name[5], i % 2 ? '1' : '0');
    }
    free(rows);
    free(more);
    ixs_provenance_dispose(&step);
}

static void test_config_lines(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_provenance parent, step;
    struct ixs_config_line *lines, *again;
    char text[600], joined[800] = "";
    size_t nlines, nagain;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    begin_step(&parent, "ixs-reduce");
    assert_true(ixs_provenance_line(&parent, "a.xml", text, &err));
    assert_true(ixs_provenance_line(&parent, "a.xml", "", &err));
    add_input(&parent, "config", "a.xml", "0123456789abcdef0123");
    assert_true(ixs_provenance_lines(&parent, &nlines, &lines, &err));
    assert_int_equal(nlines, 4);
    snprintf(joined, sizeof joined, "%s%s%s", lines[0].text, lines[1].text + 1, lines[2].text + 1);
    assert_string_equal(joined, text);
    assert_true(lines[1].text[0] == '\\' && lines[2].text[0] == '\\');
    assert_string_equal(lines[0].digest, "0123456789abcdef");
    begin_step(&step, "ixs-fit"); /* the same file, used again, stands there once */
    add_input(&step, "config", "a.xml", "0123456789abcdef0123");
    assert_true(ixs_provenance_line(&step, "a.xml", text, &err));
    assert_true(ixs_provenance_line(&step, "b.xml", "<other/>", &err));
    assert_true(ixs_provenance_merge_lines(&step, lines, nlines, &err));
    assert_true(ixs_provenance_merge_lines(&step, lines, nlines, &err));
    assert_true(ixs_provenance_lines(&step, &nagain, &again, &err));
    assert_int_equal(nagain, 5);
    assert_string_equal(again[4].text, "<other/>");
    free(lines);
    free(again);
    ixs_provenance_dispose(&parent);
    ixs_provenance_dispose(&step);
}

/* FITS Standard 4.0 appendix J, word by word: what is carried out at the top comes in below. */
static uint32_t sum_by_words(uint32_t sum, const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += 4) {
        uint32_t word = (uint32_t)bytes[i] << 24 | (uint32_t)bytes[i + 1] << 16 |
                        (uint32_t)bytes[i + 2] << 8 | (uint32_t)bytes[i + 3];
        sum += word;
        sum += sum < word;
    }
    return sum;
}

/* Of all ones (the most that fits), and of numbers; in one piece and in two. */
static void test_sums(void **state)
{
    enum { MOST = 20000 };
    static unsigned char bytes[2][MOST];
    uint32_t number = 1;
    (void)state;
    memset(bytes[0], 0xff, MOST);
    for (size_t i = 0; i < MOST; i++)
        bytes[1][i] = (unsigned char)((number = number * 1664525 + 1013904223) >> 24);
    for (size_t k = 0; k < 2; k++)
        for (size_t size = 0; size <= MOST; size += size < 300 ? 4 : 2036) {
            uint32_t expected = sum_by_words(12345, bytes[k], size);
            size_t part = size / 8 * 4;
            uint32_t first = ixs_sum_words(12345, bytes[k], part);
            assert_int_equal(ixs_sum_words(12345, bytes[k], size), expected);
            assert_int_equal(ixs_sum_words(first, bytes[k] + part, size - part), expected);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nist),
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_million),
        cmocka_unit_test(test_goes_on),
        cmocka_unit_test(test_step_name),
        cmocka_unit_test(test_merge_once),
        cmocka_unit_test(test_step_without_inputs),
        cmocka_unit_test(test_config_lines),
        cmocka_unit_test(test_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
