/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tests of following a SPEC file while it grows: when scans end, in whatever pieces they come, and
 * files that are cut, replaced, written anew, gone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/array.h"
#include "calib/watch/follow.h"

struct scene {
    char path[64];
    struct ixs_follow follow;
};

static int set_up(void **state)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    strcpy(scene->path, "/tmp/ixs-follow-XXXXXX");
    int file = mkstemp(scene->path);
    assert_true(file >= 0);
    close(file);
    assert_true(ixs_follow_open(&scene->follow, scene->path, &err));
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    unlink(scene->path);
    ixs_follow_dispose(&scene->follow);
    free(scene);
    return 0;
}

static void write_text(const struct scene *scene, const char *how, const char *text)
{
    FILE *out = fopen(scene->path, how);
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

static struct ixs_follow *look(struct scene *scene)
{
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(ixs_follow_read(&scene->follow, &err));
    return &scene->follow;
}

static void append(struct scene *scene, const char *text)
{
    write_text(scene, "a", text);
    look(scene);
}

static void test_ends(void **state)
{
    struct scene *scene = *state;
    const struct ixs_follow *follow = &scene->follow;
    append(scene, "#F x\n#E 1\n\n#S 7 ascan e 0 1 2 1\n#N 2\n#L E  A\n");
    assert_true(follow->running);
    assert_int_equal(follow->number, 7);
    assert_int_equal(follow->planned, 3);
    size_t before = follow->nended;
    append(scene, "0 1\n1 1\n");
    assert_true(follow->running);
    assert_int_equal(follow->nended, before);
    append(scene, "2 1"); /* a row that is still being written is none */
    assert_true(follow->running);
    append(scene, "\n");
    assert_false(follow->running);
    assert_true(follow->nended > before);
    append(scene, "\n#S 8 ascan e 0 1 2 1\n0 1\n");
    assert_true(follow->running);
    before = follow->nended;
    append(scene, "#C Wed. Scan aborted after 1 points.\n");
    assert_false(follow->running);
    assert_true(follow->nended > before);
    append(scene, "#S 7 timescan 1\n0 1\n1 1\n2 1\n3 1\n");
    assert_true(follow->running);
    assert_int_equal(follow->order, 2);
    assert_int_equal(follow->planned, -1);
    before = follow->nended;
    append(scene, "#S 8 timescan 1\n");
    assert_true(follow->running);
    assert_int_equal(follow->nended, before + 1);
    append(scene, "#F another\n");
    assert_false(follow->running);
}

/* In pieces of any length it is the same. */
static void test_pieces(void **state)
{
    static const char text[] = "#F x\n#E 1\n\n#S 1 ascan e 0 1 2 1\n#L E  A\n0 1\n1 1\n2 1\n\n"
                               "#S 2 ascan e 0 1 9 1\n#L E  A\n0 1\n1 1\n#C Scan aborted\n\n"
                               "#S 3 ascan e 0 1 9 1\n#L E  A\n0 1\n1 1\n";
    struct scene *scene = *state;
    for (size_t step = 1; step < 40; step++) {
        struct ixs_err err = IXS_ERR_NONE;
        write_text(scene, "w", "");
        ixs_follow_dispose(&scene->follow);
        assert_true(ixs_follow_open(&scene->follow, scene->path, &err));
        look(scene);
        size_t before = scene->follow.nended;
        for (size_t at = 0; at < sizeof text - 1; at += step) {
            char piece[64];
            snprintf(piece, step + 1, "%s", text + at);
            append(scene, piece);
        }
        assert_int_equal(scene->follow.nended, before + 2);
        assert_int_equal(scene->follow.number, 3);
        assert_int_equal(scene->follow.rows, 2);
        assert_int_equal(scene->follow.nreplaced, 0);
        assert_true(scene->follow.running);
    }
}

static void test_another_file(void **state)
{
    struct scene *scene = *state;
    const struct ixs_follow *follow = &scene->follow;
    append(scene, "#S 1 ascan e 0 1 2 1\n0 1\n1 1\n2 1\n#S 2 ascan e 0 1 2 1\n0 1\n");
    size_t before = follow->nended;
    write_text(scene, "w", "#S 1 ascan e 0 1 2 1\n0 1\n"); /* cut short */
    look(scene);
    assert_int_equal(follow->nreplaced, 1);
    assert_true(follow->nended > before);
    assert_int_equal(follow->number, 1);
    assert_int_equal(follow->order, 1);
    assert_int_equal(follow->rows, 1);
    /* longer, and another one */
    write_text(scene, "w", "#F y\n#S 5 ascan e 0 1 2 1\n0 1\n1 1\n2 1\n#S 6 ascan e 0 1 2 1\n");
    look(scene);
    assert_int_equal(follow->nreplaced, 2);
    assert_int_equal(follow->number, 6);
    /* gone, and back as it was */
    before = follow->nended;
    char aside[80];
    snprintf(aside, sizeof aside, "%s.aside", scene->path);
    assert_int_equal(rename(scene->path, aside), 0);
    look(scene);
    assert_false(follow->there);
    assert_int_equal(rename(aside, scene->path), 0);
    look(scene);
    assert_true(follow->there);
    assert_int_equal(follow->nreplaced, 2);
    assert_true(follow->nended > before);
}

static void test_without_news(void **state)
{
    struct scene *scene = *state;
    append(scene, "#S 1 ascan e 0 1 2 1\n0 1\n1 1\n2 1\n");
    size_t before = scene->follow.nended;
    for (int i = 0; i < 10; i++)
        look(scene);
    assert_int_equal(scene->follow.nended, before);
    append(scene, "#C between\n");
    assert_int_equal(scene->follow.nended, before + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_pieces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_another_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_without_news, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
