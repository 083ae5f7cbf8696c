/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two threads that pass places of a ring to each other, and scans written behind the reader's back.
 */
#include "base/relay.h"

#include "calib/import/import.h"

#include "base/array.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROOM = 3, MANY = 20000 };

struct pair {
    struct ixs_relay relay;
    int ring[ROOM];
    int most, given; /* what the maker may make, and made */
};

static void *make(void *argument)
{
    struct pair *pair = argument;
    for (size_t place; pair->given < pair->most && ixs_relay_wait_free(&pair->relay, &place);) {
        pair->ring[place] = pair->given++;
        ixs_relay_hand_over(&pair->relay);
    }
    if (pair->given == pair->most)
        ixs_relay_stop(&pair->relay);
    return NULL;
}

/* Takes up to `most`, or to the end; how many came, each in its turn. */
static int take(struct pair *pair, int most)
{
    int taken = 0;
    for (size_t place; taken < most && ixs_relay_wait_made(&pair->relay, &place); taken++) {
        assert_int_equal(pair->ring[place], taken);
        ixs_relay_give_back(&pair->relay);
    }
    return taken;
}

static void test_all_comes_in_order(void **state)
{
    static const int amounts[] = {0, 1, ROOM, ROOM + 1, MANY};
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(amounts); i++) {
        struct pair pair = {.most = amounts[i]};
        pthread_t thread;
        ixs_relay_begin(&pair.relay, ROOM);
        assert_int_equal(pthread_create(&thread, NULL, make, &pair), 0);
        assert_int_equal(take(&pair, MANY + 1), amounts[i]);
        pthread_join(thread, NULL);
        ixs_relay_end(&pair.relay);
    }
}

/* The maker waits at a full ring, and leaves when it hears that nothing more is wanted. */
static void test_stop_by_the_taker(void **state)
{
    struct pair pair = {.most = MANY};
    pthread_t thread;
    (void)state;
    ixs_relay_begin(&pair.relay, ROOM);
    assert_int_equal(pthread_create(&thread, NULL, make, &pair), 0);
    assert_int_equal(take(&pair, 10), 10);
    ixs_relay_stop(&pair.relay);
    pthread_join(thread, NULL);
    assert_in_range(pair.given, 10, 10 + ROOM);
    ixs_relay_end(&pair.relay);
}

/* ---- import ---------------------------------------------------------------------------------- */

enum { SCANS = 8 };

/* Each scan has a row that is dropped, with a note. */
static void write_spec(const char *path)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs("#F f\n#E 1\n#D Fri Jun 07 10:00:00 2024\n", out);
    for (int scan = 1; scan <= SCANS; scan++)
        fprintf(out, "\n#S %d  ascan  x 0 1 1 1\n#N 2\n#L x  y\n0 1\n1 x\n1 2\n", scan);
    assert_int_equal(fclose(out), 0);
}

static size_t count_files(const char *folder)
{
    size_t count = 0;
    DIR *list = opendir(folder);
    for (struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (list != NULL)
        closedir(list);
    return count;
}

static bool import(const char *path, struct ixs_scan_choice *scans, struct ixs_notes *notes,
                   struct ixs_err *err)
{
    const struct ixs_provenance program = {.program = "ixs-import", .version = "test"};
    struct ixs_import import = {.scans = scans, .folder = "relay", .program = &program};
    const char *paths[] = {path};
    return ixs_import_all(&import, paths, 1, notes, err);
}

/* Where products 3 and 5 cannot be written, 3 is the reason, and the notes go to scan 3. */
static void test_first_failure(void **state)
{
    struct ixs_scan_choice all = {0};
    (void)state;
    write_spec("relay.spec");
    mkdir("relay", 0777);
    mkdir("relay/relay_S0003.fits", 0777);
    mkdir("relay/relay_S0005.fits", 0777);
    for (int n = 0; n < 50; n++) {
        struct ixs_notes notes = {0};
        struct ixs_err err = IXS_ERR_NONE;
        assert_false(import("relay.spec", &all, &notes, &err));
        assert_int_equal(err.code, IXS_OUTPUT);
        assert_string_equal(err.where, "relay/relay_S0003.fits");
        assert_int_equal(notes.count, 3);
        assert_int_equal(notes.uncounted, 0);
        assert_int_equal(count_files("relay"), 2);
        ixs_notes_dispose(&notes);
    }
    rmdir("relay/relay_S0003.fits");
    rmdir("relay/relay_S0005.fits");
}

/* A product that cannot be written comes before a scan that is missed. */
static void test_failure_before_the_readers(void **state)
{
    struct ixs_scan_choice choice = {0};
    struct ixs_notes notes = {0};
    struct ixs_err err = IXS_ERR_NONE;
    (void)state;
    assert_true(ixs_scan_choice_parse(&choice, "1-8,99", &err));
    mkdir("relay/relay_S0008.fits", 0777);
    assert_false(import("relay.spec", &choice, &notes, &err));
    assert_string_equal(err.where, "relay/relay_S0008.fits");
    rmdir("relay/relay_S0008.fits");
    ixs_err_clear(&err);
    assert_false(import("relay.spec", &choice, &notes, &err));
    assert_string_equal(err.text, "found no scan 99");
    assert_int_equal(count_files("relay"), 0);
    ixs_scan_choice_dispose(&choice);
    ixs_notes_dispose(&notes);
}

static void test_all_are_written(void **state)
{
    struct ixs_scan_choice all = {0};
    struct ixs_notes notes = {0};
    struct ixs_err err = IXS_ERR_NONE;
    (void)state;
    assert_true(import("relay.spec", &all, &notes, &err));
    assert_int_equal(notes.count, SCANS);
    assert_int_equal(count_files("relay"), SCANS);
    ixs_notes_dispose(&notes);
}

static int enter_folder(void **state)
{
    char *folder = strdup("/tmp/ixs_relay_XXXXXX");
    *state = folder;
    return folder == NULL || mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int leave_folder(void **state)
{
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    int failed = chdir("/") != 0 || system(command) != 0;
    free(*state);
    return failed;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_comes_in_order),
        cmocka_unit_test(test_stop_by_the_taker),
        cmocka_unit_test(test_first_failure),
        cmocka_unit_test(test_failure_before_the_readers),
        cmocka_unit_test(test_all_are_written),
    };
    return cmocka_run_group_tests_name("relay", tests, enter_folder, leave_folder);
}
