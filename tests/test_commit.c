/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files are put in place whole or not at all: names, links, permissions, times, full disks, killed
 * writers.
 */
#include "base/product.h"

#include "base/array.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

/* Every test runs in a folder of its own. */
static int enter_folder(void **state)
{
    char *folder = strdup("/tmp/ixs-commit-XXXXXX");
    *state = folder;
    return folder == NULL || mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int leave_folder(void **state)
{
    char command[200];
    snprintf(command, sizeof command, "chmod -R u+w '%s'; rm -rf '%s'", (char *)*state,
             (char *)*state);
    int failed = chdir("/") != 0 || system(command) != 0;
    free(*state);
    return failed;
}

static size_t count_entries(const char *folder)
{
    size_t count = 0;
    DIR *list = opendir(folder);
    assert_non_null(list);
    for (struct dirent *entry; (entry = readdir(list)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(list);
    return count;
}

static size_t read_file(const char *path, char *room, size_t size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t got = fread(room, 1, size, file);
    fclose(file);
    return got;
}

static void assert_content(const char *path, const char *text)
{
    char room[256];
    size_t got = read_file(path, room, sizeof room);
    assert_int_equal(got, strlen(text));
    assert_memory_equal(room, text, got);
}

static bool put(const char *path, const char *text, bool *changed, struct ixs_err *err)
{
    *err = IXS_ERR_NONE;
    return ixs_file_commit(path, text, strlen(text), NULL, changed, err);
}

static void assert_put(const char *path, const char *text)
{
    struct ixs_err err;
    bool changed;
    if (!put(path, text, &changed, &err))
        fail_msg("%s: %s: %s", path, err.where, err.text);
    assert_content(path, text);
}

static void assert_refused(const char *path, const char *word)
{
    struct ixs_err err;
    bool changed = true;
    assert_false(put(path, "text", &changed, &err));
    assert_int_equal(err.code, IXS_OUTPUT);
    assert_string_equal(err.where, path);
    assert_non_null(strstr(err.text, word));
}

static void test_names(void **state)
{
    (void)state;
    static const char *const names[] = {
        "plain",     "a[1].fits",       "(out)",       "in(out).fits", "!keep.fits", "a+1",
        "two words", "new\nline",       "-x",          ".hidden",      "quote'\"",   "mem:x",
        "file://a",  "http://x/a.fits", "caf\xc3\xa9", "%s%n",         "*?",         "a.gz.fits"};
    char longest[256];
    assert_int_equal(mkdir("file:", 0777) | mkdir("http:", 0777) | mkdir("http:/x", 0777), 0);
    for (size_t k = 0; k < IXS_COUNT(names); k++)
        assert_put(names[k], names[k]);
    memset(longest, 'n', 255);
    longest[255] = '\0';
    assert_put(longest, "the longest name there is");
    assert_int_equal(count_entries("."), IXS_COUNT(names) + 1);
}

static void test_refused(void **state)
{
    (void)state;
    assert_int_equal(mkdir("folder", 0777), 0);
    assert_int_equal(mkfifo("pipe", 0666), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    assert_refused("folder", "folder");
    assert_refused("folder/", "file name");
    assert_refused("", "file name");
    assert_refused("none/file", "none");
    assert_refused("pipe/file", "pipe");
    assert_refused("pipe", "special");
    assert_refused("/dev/null", "special");
    assert_refused("loop", "links");
    assert_int_equal(count_entries("."), 3);
}

/* Root may write everywhere: the child is nobody. */
static void test_protected(void **state)
{
    (void)state;
    assert_put("old", "old");
    assert_int_equal(mkdir("shut", 0777) | chmod("old", 0444) | chmod("shut", 0555), 0);
    assert_int_equal(chmod(".", 0777), 0);
    pid_t child = fork();
    if (child == 0) {
        struct ixs_err err;
        bool changed, root = geteuid() == 0;
        if (root && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(9);
        bool old = put("old", "new", &changed, &err);
        bool told = strstr(err.text, "protected") != NULL && err.code == IXS_OUTPUT;
        bool shut = put("shut/new", "new", &changed, &err);
        _exit(old || !told || shut || err.code != IXS_OUTPUT);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_content("old", "old");
    assert_int_equal(count_entries("shut"), 0);
}

static void set_old_time(const char *path)
{
    struct timespec times[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void look(const char *path, struct stat *about)
{
    assert_int_equal(stat(path, about), 0);
}

static void test_unchanged(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_commit keep = {.keep_time = true}, dry = {.dry_run = true};
    struct stat first, again;
    bool changed = false;
    assert_true(put("a", "text", &changed, &err));
    assert_true(changed);
    set_old_time("a");
    look("a", &first);
    assert_true(ixs_file_commit("a", "text", 4, &keep, &changed, &err));
    look("a", &again);
    assert_false(changed);
    assert_int_equal(again.st_mtime, 1000000000);
    assert_true(put("a", "text", &changed, &err));
    look("a", &again);
    assert_false(changed);
    assert_int_equal(again.st_ino, first.st_ino);
    assert_true(again.st_mtime >= time(NULL) - 10);
    set_old_time("a");
    assert_true(ixs_file_commit("a", "next", 4, &dry, &changed, &err));
    assert_true(changed);
    assert_true(ixs_file_commit("a", "text", 4, &dry, &changed, &err));
    assert_false(changed);
    assert_true(ixs_file_commit("b", "text", 4, &dry, &changed, &err));
    look("a", &again);
    assert_int_equal(again.st_mtime, 1000000000);
    assert_content("a", "text");
    assert_int_equal(count_entries("."), 1);
    assert_put("a", "");
}

static void test_permissions(void **state)
{
    (void)state;
    struct stat about;
    mode_t old = umask(027);
    assert_put("new", "1");
    look("new", &about);
    assert_int_equal(about.st_mode & 07777, 0640);
    assert_int_equal(chmod("new", 0604), 0);
    assert_put("new", "2");
    look("new", &about);
    assert_int_equal(about.st_mode & 07777, 0604);
    umask(old);
}

static void test_links(void **state)
{
    (void)state;
    struct stat about;
    assert_int_equal(mkdir("far", 0777) | mkdir("near", 0777), 0);
    assert_int_equal(symlink("../far/goal", "near/link"), 0);
    assert_int_equal(symlink("near/link", "link"), 0);
    assert_put("link", "through a dangling link");
    assert_put("link", "again");
    assert_content("far/goal", "again");
    assert_int_equal(lstat("link", &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(lstat("near/link", &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(lstat("far/goal", &about), 0);
    assert_true(S_ISREG(about.st_mode));
    assert_int_equal(link("far/goal", "hard"), 0); /* the other name keeps the old file */
    assert_put("far/goal", "new");
    assert_content("hard", "again");
}

static void make_old(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Left over by a dead writer: removed. Not ours, or locked by a living one: stays. */
static void test_left_over(void **state)
{
    (void)state;
    int ready[2];
    char letter;
    assert_int_equal(pipe(ready), 0);
    make_old(".a.tmp-1-00", "half");
    make_old(".ab.tmp-1-00", "of another name");
    make_old("a.tmp-1", "not ours");
    pid_t child = fork();
    if (child == 0) {
        int file = open(".a.tmp-2-00", O_WRONLY | O_CREAT, 0666);
        bool ok = file >= 0 && flock(file, LOCK_EX) == 0 && write(ready[1], "x", 1) == 1;
        while (pause() != 0 && ok) {
        }
        _exit(1);
    }
    assert_int_equal(read(ready[0], &letter, 1), 1);
    assert_put("a", "text");
    assert_int_equal(access(".a.tmp-1-00", F_OK), -1);
    assert_int_equal(access(".a.tmp-2-00", F_OK), 0);
    assert_int_equal(access(".ab.tmp-1-00", F_OK), 0);
    assert_int_equal(access("a.tmp-1", F_OK), 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_put("a", "next");
    assert_int_equal(access(".a.tmp-2-00", F_OK), -1);
    close(ready[0]);
    close(ready[1]);
}

enum { BIG = 1 << 20, ROUNDS = 120 };

static void keep_writing(char *bytes)
{
    struct ixs_err err = IXS_ERR_NONE;
    for (char letter = 'a';; letter = letter == 'a' ? 'b' : 'a') {
        memset(bytes, letter, BIG);
        if (!ixs_file_commit("target", bytes, BIG, NULL, NULL, &err))
            _exit(1);
    }
}

/* Killed at any moment, the old or the new file stands there, whole; the next run cleans up. */
static void test_killed(void **state)
{
    (void)state;
    static char bytes[BIG];
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(ixs_file_commit("target", bytes, BIG, NULL, NULL, &err));
    srand(1);
    for (int round = 0; round < ROUNDS; round++) {
        struct timespec wait = {.tv_nsec = rand() % 15000000};
        pid_t child = fork();
        if (child == 0)
            keep_writing(bytes);
        nanosleep(&wait, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        assert_int_equal(read_file("target", bytes, BIG), BIG);
        for (size_t i = 1; i < BIG; i++)
            if (bytes[i] != bytes[0])
                fail_msg("round %d: found two files in one", round);
    }
    assert_put("target", "at last");
    assert_int_equal(count_entries("."), 1);
}

/* Two writers of one name: one of them wins, none fails. */
static void test_two_writers(void **state)
{
    (void)state;
    pid_t children[2];
    for (int k = 0; k < 2; k++) {
        children[k] = fork();
        if (children[k] == 0) {
            struct ixs_err err = IXS_ERR_NONE;
            bool ok = true;
            for (int n = 0; ok && n < 150; n++) {
                char text[32];
                snprintf(text, sizeof text, "%d %d", k, n);
                ok = ixs_file_commit("target", text, strlen(text), NULL, NULL, &err);
            }
            _exit(!ok);
        }
    }
    for (int k = 0; k < 2; k++) {
        int status;
        assert_int_equal(waitpid(children[k], &status, 0), children[k]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(count_entries("."), 1);
}

static void test_full_disk(void **state)
{
    (void)state;
    static char bytes[BIG];
    struct ixs_err err = IXS_ERR_NONE;
    bool changed;
    assert_int_equal(mkdir("small", 0777), 0);
    if (mount("none", "small", "tmpfs", 0, "size=64k") != 0) {
        printf("# skipped: a small file system needs root\n");
        skip();
    }
    bool before = put("small/a", "old", &changed, &err);
    bool big = ixs_file_commit("small/a", bytes, BIG, NULL, NULL, &err);
    struct ixs_err told = err;
    size_t entries = count_entries("small");
    char room[16];
    size_t got = read_file("small/a", room, sizeof room);
    umount("small");
    assert_true(before);
    assert_false(big);
    assert_int_equal(told.code, IXS_OUTPUT);
    assert_non_null(strstr(told.text, "no room for 1048576 bytes"));
    assert_int_equal(entries, 1);
    assert_int_equal(got, 3);
}

static void test_compressed(void **state)
{
    (void)state;
    static char bytes[BIG], room[BIG];
    struct ixs_err err = IXS_ERR_NONE;
    bool changed;
    for (size_t i = 0; i < BIG; i++)
        bytes[i] = (char)(i * i >> 9);
    assert_true(ixs_file_commit("a.gz", bytes, BIG, NULL, &changed, &err));
    gzFile file = gzopen("a.gz", "rb");
    assert_int_equal(gzdirect(file), 0);
    assert_int_equal(gzread(file, room, BIG), BIG);
    gzclose(file);
    assert_memory_equal(bytes, room, BIG);
    assert_true(read_file("a.gz", room, BIG) < BIG);
    static const unsigned char head[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0};
    assert_memory_equal(room, head, 8); /* no name, no time */
    assert_true(ixs_file_commit("a.gz", bytes, BIG, NULL, &changed, &err));
    assert_false(changed);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)
    const struct CMUnitTest tests[] = {
        TEST(test_names),     TEST(test_refused),     TEST(test_protected),  TEST(test_unchanged),
        TEST(test_links),     TEST(test_permissions), TEST(test_left_over),  TEST(test_killed),
        TEST(test_full_disk), TEST(test_two_writers), TEST(test_compressed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
