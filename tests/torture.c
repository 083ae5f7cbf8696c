/* SPDX-License-Identifier: GPL-3.0-or-later
 * A library to preload (glibc): lets a program fail at every allocation, write or read in turn,
 * and looks at what it then does. `main` is run once to count the calls; then each call is made
 * to fail in a process of its own, split off at that very call where that is possible, so that a
 * try costs a fork and the way out, not a whole run. tests/torture.sh says how it is used.
 */
#define _GNU_SOURCE
#include "tests/torture.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static struct torture *shared;
static bool armed, roaming, slow;
static atomic_long calls; /* of all threads */
static long target, first = 1, step = 1;
/* Initial-exec: the first use of any other kind would allocate. */
static _Thread_local bool busy __attribute__((tls_model("initial-exec")));
static int (*program_main)(int, char **, char **);

/* ---- the decision at each call --------------------------------------------------------------- */

static void record(long number, const char *name, size_t size, bool folder_sync)
{
    snprintf(shared->fault.name, sizeof shared->fault.name, "%s", name);
    shared->fault.number = number;
    shared->fault.size = size;
    shared->fault.folder_sync = folder_sync;
    shared->fault.depth = backtrace(shared->fault.stack, TORTURE_DEPTH);
}

/* Splits the run here: true in the new process, where the call is to fail. */
static bool try_here(long number)
{
    if (number > first && number % step != 0)
        return false;
    if (!torture_alone()) {
        if (shared->ndeferred < TORTURE_MOST)
            shared->deferred[shared->ndeferred++] = number;
        return false;
    }
    pid_t child = torture_split(".");
    if (child != 0) {
        torture_judge(shared, child);
        return false;
    }
    roaming = false;
    target = number;
    return true;
}

bool torture_strike(enum torture_kind kind, const char *name, size_t size, bool folder_sync)
{
    int before = errno;
    if (!armed || busy || kind != shared->kind)
        return false;
    busy = true;
    long number = atomic_fetch_add(&calls, 1) + 1;
    if (target == 0)
        shared->calls = number;
    bool hit = number == target || (shared->rest && target > 0 && number > target);
    if (number == target || roaming)
        record(number, name, size, folder_sync);
    if (roaming)
        hit = try_here(number);
    if (hit && shared->kill)
        kill(getpid(), SIGKILL);
    busy = false;
    errno = before;
    return hit;
}

bool torture_watches(void)
{
    return armed && !busy;
}

bool torture_shortly(void)
{
    return armed && !busy && shared->shortly;
}

bool torture_slowly(void)
{
    return slow;
}

/* ---- the order of things --------------------------------------------------------------------- */

static long number_of(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? atol(text) : otherwise;
}

static const char *word_of(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? text : "";
}

static void set_up(void)
{
    static const char *const kinds[] = {"memory", "output", "input", "child"};
    const char *how = word_of("IXS_TORTURE_HOW");
    void *stack[4];
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        _exit(96);
    for (int k = 0; k < TORTURE_NKINDS; k++)
        if (strcmp(word_of("IXS_TORTURE_KIND"), kinds[k]) == 0)
            shared->kind = (enum torture_kind)k;
    shared->rest = strcmp(how, "rest") == 0;
    shared->kill = strcmp(how, "kill") == 0;
    shared->shortly = strcmp(how, "short") == 0;
    shared->several = number_of("IXS_TORTURE_SEVERAL", 0) != 0;
    shared->report = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 100);
    backtrace(stack, 4); /* loads what it needs */
}

/* gnuplot, in the folder of the try, tells how many calls it made. */
static void leave_count(void)
{
    FILE *file = fopen("../count", "w");
    if (file != NULL && fprintf(file, "%ld\n", shared->calls) > 0)
        fclose(file);
}

static long take_count(void)
{
    long count = 0;
    FILE *file = fopen("../count", "r");
    if (file == NULL || fscanf(file, "%ld", &count) != 1)
        dprintf(shared->report, "the child does not say how many calls it made\n");
    if (file != NULL)
        fclose(file);
    return count;
}

struct command {
    int argc;
    char **argv, **envp;
};

static _Noreturn void run(const struct command *command, long number)
{
    char text[32];
    target = number;
    armed = true;
    if (shared->kind == TORTURE_CHILD) {
        snprintf(text, sizeof text, "%ld", number);
        setenv("IXS_TORTURE_NUMBER", text, 1);
    }
    exit(program_main(command->argc, command->argv, command->envp));
}

/* A run in which that call fails (0: none), of the folder `from` (NULL: of what is left there). */
static void try_once(const struct command *command, const char *from, long number)
{
    memset(&shared->fault, 0, sizeof shared->fault);
    pid_t child = torture_split(from);
    if (child == 0)
        run(command, number);
    shared->fault.number = number;
    torture_judge(shared, child);
}

/* After a kill the next run sets things right. */
static void try_from_start(const struct command *command, long number)
{
    bool kills = shared->kill;
    try_once(command, "../old", number);
    if (!kills || number == 0)
        return;
    shared->kill = false;
    try_once(command, NULL, 0);
    shared->kill = true;
}

/* One good run, with a try split off at each call. */
static void try_on_the_way(const struct command *command)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        roaming = true;
        run(command, 0);
    }
    if (waitpid(child, &status, 0) != child || status != 0) {
        shared->bad++;
        dprintf(shared->report, "the run that was split ended with status %#x\n", status);
    }
}

/* With more calls than IXS_TORTURE_MOST: all at the beginning, and every so many of the others. */
static void choose_calls(long ncalls)
{
    long most = number_of("IXS_TORTURE_MOST", TORTURE_MOST);
    first = ncalls <= most ? ncalls : most / 4;
    step = ncalls <= most ? 1 : (ncalls - first) / (most - first) + 1;
}

static int torture(const struct command *command)
{
    set_up();
    try_from_start(command, 0);
    long ncalls = shared->kind == TORTURE_CHILD ? take_count() : shared->calls;
    choose_calls(ncalls);
    if (shared->kind == TORTURE_MEMORY)
        try_on_the_way(command);
    else if (!shared->shortly)
        for (long k = 1; k <= ncalls; k++)
            if (k <= first || k % step == 0)
                try_from_start(command, k);
    for (long k = 0; k < shared->ndeferred; k++)
        try_from_start(command, shared->deferred[k]);
    dprintf(shared->report, "%ld tries at %ld calls: %ld failed, %ld went well, %ld wrong\n",
            shared->tried, ncalls, shared->failed, shared->recovered, shared->bad);
    return shared->bad > 0 || ncalls == 0;
}

static bool is_called(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    return strcmp(slash ? slash + 1 : path, name) == 0;
}

static int torture_main(int argc, char **argv, char **envp)
{
    const struct command command = {argc, argv, envp};
    slow = getenv("IXS_TORTURE_SLOW") != NULL;
    if (is_called(argv[0], word_of("IXS_TORTURE_PROGRAM")))
        _exit(torture(&command));
    if (!is_called(argv[0], "gnuplot") || getenv("IXS_TORTURE_NUMBER") == NULL)
        return program_main(argc, argv, envp);
    setenv("IXS_TORTURE_KIND", "memory", 1);
    set_up();
    if (number_of("IXS_TORTURE_NUMBER", 0) == 0)
        atexit(leave_count);
    run(&command, number_of("IXS_TORTURE_NUMBER", 0));
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*loader)(void), void *stack);

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*loader)(void), void *stack)
{
    int (*start)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
                 void (*)(void), void *);
    void *symbol = dlsym(RTLD_NEXT, "__libc_start_main");
    memcpy(&start, &symbol, sizeof start);
    program_main = main;
    return start(torture_main, argc, argv, init, fini, loader, stack);
}
