/* SPDX-License-Identifier: GPL-3.0-or-later
 * Runs of a tortured program in folders of their own, and the verdict on what they leave there.
 */
#define _GNU_SOURCE
#include "tests/torture.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_BYTES = 1 << 22, MOST_COMPLAINTS = 40, SECONDS = 20 };
static char room_a[MOST_BYTES], room_b[MOST_BYTES];

/* ---- folders: small, flat or one deep */

/* Calls `each` for every file below the folder, with its name there; stops at a false. */
// NOLINTNEXTLINE(misc-no-recursion): the folders of tests/fault_scene.sh are two deep
static bool walk(const char *folder, const char *inner, void *context,
                 bool (*each)(void *context, const char *name))
{
    char path[512], name[512];
    bool ok = true;
    snprintf(path, sizeof path, "%.250s/%.250s", folder, inner);
    DIR *list = opendir(path);
    if (list == NULL)
        return true;
    for (struct dirent *entry; ok && (entry = readdir(list)) != NULL;) {
        struct stat about;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(name, sizeof name, "%.200s%s%.250s", inner, inner[0] ? "/" : "", entry->d_name);
        snprintf(path, sizeof path, "%.250s/%.255s", folder, name);
        if (lstat(path, &about) == 0 && S_ISDIR(about.st_mode))
            ok = walk(folder, name, context, each);
        else
            ok = each(context, name);
    }
    closedir(list);
    return ok;
}

/* Bytes of folder/name, or -1. */
static ssize_t load(const char *folder, const char *name, char *room)
{
    char path[512];
    snprintf(path, sizeof path, "%.250s/%.255s", folder, name);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return -1;
    ssize_t size = 0, got;
    while ((got = read(file, room + size, MOST_BYTES - (size_t)size)) > 0)
        size += got;
    close(file);
    return size;
}

static bool same(const char *a, const char *b, const char *name)
{
    ssize_t size_a = load(a, name, room_a), size_b = load(b, name, room_b);
    return size_a >= 0 && size_a == size_b && memcmp(room_a, room_b, (size_t)size_a) == 0;
}

static bool remove_one(void *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%.250s/%.255s", (const char *)folder, name);
    unlink(path);
    return true;
}

static bool copy_one(void *from, const char *name)
{
    char path[512];
    const char *slash = strchr(name, '/');
    snprintf(path, sizeof path, "../try/%.*s", slash ? (int)(slash - name) : 0, name);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "../try/%.255s", name);
    ssize_t size = load(from, name, room_a);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool ok = size >= 0 && file >= 0 && write(file, room_a, (size_t)size) == size;
    if (file >= 0)
        close(file);
    return ok;
}

/* ---- a process that goes its own way */

bool torture_alone(void)
{
    struct stat about;
    for (int fd = 3; fd < 64; fd++) {
        if (fstat(fd, &about) != 0)
            continue;
        if (S_ISDIR(about.st_mode) || S_ISFIFO(about.st_mode) ||
            (S_ISREG(about.st_mode) && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY))
            return false;
    }
    return true;
}

/* Files open for reading get a position of their own. */
static void part_files(void)
{
    char path[64];
    struct stat about;
    for (int fd = 3; fd < 64; fd++) {
        if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) ||
            (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY)
            continue;
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        int copy = open(path, O_RDONLY | O_CLOEXEC);
        if (copy < 0)
            continue;
        lseek(copy, lseek(fd, 0, SEEK_CUR), SEEK_SET);
        dup3(copy, fd, O_CLOEXEC);
        close(copy);
    }
}

static void move_in(bool afresh)
{
    off_t place = afresh ? 0 : lseek(STDOUT_FILENO, 0, SEEK_CUR);
    part_files();
    int messages = open("../try.err", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (chdir("../try") != 0 || messages < 0)
        _exit(99);
    int results = open("stdout", O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (ftruncate(results, place) != 0 || lseek(results, place, SEEK_SET) != place)
        _exit(98);
    dup2(results, STDOUT_FILENO);
    dup2(messages, STDERR_FILENO);
    close(results);
    close(messages);
    alarm(SECONDS);
}

pid_t torture_split(const char *from)
{
    char source[256];
    mkdir("../try", 0777);
    if (from != NULL) {
        snprintf(source, sizeof source, "%s", from);
        walk("../try", "", (char[]){"../try"}, remove_one);
        if (!walk(source, "", source, copy_one))
            _exit(97);
    }
    pid_t child = fork();
    if (child == 0)
        move_in(from == NULL || strcmp(from, ".") != 0);
    return child;
}

/* ---- the verdict */

struct verdict {
    const struct torture *torture;
    bool done; /* exit 0 */
    char fault[400];
};

static bool blame(struct verdict *verdict, const char *name, const char *what)
{
    snprintf(verdict->fault, sizeof verdict->fault, "%.250s %s", name, what);
    return false;
}

/* gnuplot now and then leaves out a label or a curve when an allocation of its own fails,
 * and says nothing. Its picture is then at least a whole document. */
static bool is_drawn(const struct torture *torture, const char *name)
{
    static const char end[] = "</svg>\n\n";
    const ssize_t length = sizeof end - 1, size = load("../try", name, room_a);
    return torture->kind == TORTURE_CHILD && size > length &&
           memcmp(room_a + size - length, end, sizeof end - 1) == 0;
}

static bool check_left(void *context, const char *name)
{
    struct verdict *verdict = context;
    const struct torture *torture = verdict->torture;
    bool temporary = strstr(name, ".tmp-") != NULL;
    bool either = torture->several || torture->kill || torture->fault.folder_sync;
    if (verdict->done)
        return same("../try", "../new", name) || is_drawn(torture, name) ||
               blame(verdict, name, "is not what a good run leaves, but exit 0");
    if (strcmp(name, "stdout") == 0 || (temporary && torture->kill) ||
        same("../try", "../old", name) || (either && same("../try", "../new", name)))
        return true;
    return blame(verdict, name,
                 temporary ? "is left behind" : "is neither the old nor the new one");
}

static bool check_kept(void *context, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "../try/%.255s", name);
    return access(path, F_OK) == 0 || blame(context, name, "is gone");
}

static bool said_error(void)
{
    ssize_t size = load("..", "try.err", room_a);
    room_a[size > 0 && size < MOST_BYTES ? size : 0] = '\0';
    return strstr(room_a, "error: ") != NULL;
}

static void check_status(struct verdict *verdict, int status)
{
    const struct torture *torture = verdict->torture;
    char number[32];
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    bool may_refuse = torture->kind == TORTURE_INPUT && (code == 2 || code == 3);
    snprintf(number, sizeof number, "%s %d", WIFSIGNALED(status) ? "signal" : "exit",
             WIFSIGNALED(status) ? WTERMSIG(status) : code);
    verdict->done = code == 0;
    if (WIFSIGNALED(status) && !(torture->kill && WTERMSIG(status) == SIGKILL))
        blame(verdict, number, WTERMSIG(status) == SIGALRM ? "(hung)" : "(died)");
    else if (!WIFSIGNALED(status) && code != 0 && code != 4 && !may_refuse)
        blame(verdict, number, "(not documented for this)");
    else if (code > 0 && torture->fault.number == 0)
        blame(verdict, number, "(but no call failed)");
    else if (code == 0 && !torture->kill && strcmp(torture->fault.name, "fsync") == 0)
        blame(verdict, number, "(but what a failed fsync left may not be on the disk)");
    else if (code > 0 && !said_error())
        blame(verdict, number, "without a message");
}

/* The stack of the fault as MODULE+OFFSET, for addr2line. */
static void say_stack(const struct torture *torture)
{
    Dl_info own = {0}, about;
    dladdr(room_a, &own);
    for (int i = 0; i < torture->fault.depth; i++) {
        if (dladdr(torture->fault.stack[i], &about) == 0 || about.dli_fname == NULL ||
            about.dli_fbase == own.dli_fbase)
            continue;
        const char *slash = strrchr(about.dli_fname, '/');
        dprintf(torture->report, "    %s+%#lx %s\n", slash ? slash + 1 : about.dli_fname,
                (unsigned long)((char *)torture->fault.stack[i] - (char *)about.dli_fbase),
                about.dli_sname ? about.dli_sname : "");
    }
}

static void complain(struct torture *torture, const char *fault)
{
    ssize_t size = load("..", "try.err", room_a);
    torture->bad++;
    if (torture->bad > MOST_COMPLAINTS && getenv("IXS_TORTURE_ALL") == NULL)
        return;
    dprintf(torture->report, "%s%s number %ld (%zu bytes): %s; said: %.*s\n",
            torture->rest ? "from " : "", torture->fault.name, torture->fault.number,
            torture->fault.size, fault, (int)(size > 300 ? 300 : size), room_a);
    say_stack(torture);
}

void torture_judge(struct torture *torture, pid_t child)
{
    struct verdict verdict = {.torture = torture};
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    check_status(&verdict, status);
    if (verdict.fault[0] == '\0' && walk("../try", "", &verdict, check_left))
        walk(verdict.done ? "../new" : "../old", "", &verdict, check_kept);
    torture->tried++;
    torture->failed += !verdict.done;
    torture->recovered += verdict.done;
    if (verdict.fault[0] != '\0')
        complain(torture, verdict.fault);
}
