/* SPDX-License-Identifier: GPL-3.0-or-later
 * Waiting for files, children and signals.
 */
#include "base/watch.h"

#include "base/array.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct ixs_watch {
    int files, signals; /* descriptors; files -1: polling alone */
    sigset_t before;
    bool stopped;
};

static void handled(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGCHLD);
}

bool ixs_watch_open(struct ixs_watch **out, struct ixs_err *err)
{
    sigset_t set;
    struct ixs_watch *watch = NULL;
    *out = NULL;
    if (!IXS_NEW(watch, 1, err))
        return false;
    *out = watch;
    handled(&set);
    sigprocmask(SIG_BLOCK, &set, &watch->before);
    watch->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    watch->files = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    return watch->signals >= 0 ||
           ixs_fail(err, IXS_OUTPUT, "signals cannot be waited for: %s", strerror(errno));
}

bool ixs_watch_add(struct ixs_watch *watch, const char *path, struct ixs_err *err)
{
    char *folder = ixs_path_folder(path, err);
    if (folder == NULL)
        return false;
    if (watch->files >= 0)
        inotify_add_watch(watch->files, folder,
                          IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE |
                              IN_DELETE);
    free(folder);
    return true;
}

static void drain_files(struct ixs_watch *watch)
{
    char room[4096];
    while (watch->files >= 0 && read(watch->files, room, sizeof room) > 0) {
    }
}

static void drain_signals(struct ixs_watch *watch)
{
    struct signalfd_siginfo info;
    while (read(watch->signals, &info, sizeof info) == (ssize_t)sizeof info)
        watch->stopped = watch->stopped || info.ssi_signo != SIGCHLD;
}

bool ixs_watch_wait(struct ixs_watch *watch, double seconds)
{
    struct pollfd fds[] = {{.fd = watch->signals, .events = POLLIN},
                           {.fd = watch->files, .events = POLLIN}};
    int wait = (int)ceil(1000 * fmin(fmax(seconds, 0), 3600));
    if (!watch->stopped && poll(fds, 2, wait) < 0 && errno != EINTR)
        watch->stopped = true;
    drain_files(watch);
    drain_signals(watch);
    return !watch->stopped;
}

void ixs_watch_close(struct ixs_watch *watch)
{
    if (watch == NULL)
        return;
    if (watch->files >= 0)
        close(watch->files);
    if (watch->signals >= 0)
        close(watch->signals);
    sigprocmask(SIG_SETMASK, &watch->before, NULL);
    free(watch);
}

double ixs_watch_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double ixs_watch_age(double modified)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return fmax(0, (double)now.tv_sec + 1e-9 * (double)now.tv_nsec - modified);
}

/* ---- one child ------------------------------------------------------------------------------- */

static void become(const char *const *argv, int log)
{
    sigset_t none;
    int input = open("/dev/null", O_RDONLY);
    setpgid(0, 0);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    if (input >= 0 && dup2(input, STDIN_FILENO) >= 0 && dup2(log, STDOUT_FILENO) >= 0 &&
        dup2(log, STDERR_FILENO) >= 0)
        // NOLINTNEXTLINE(performance-no-int-to-ptr): execvp writes to none of them
        execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

bool ixs_child_start(pid_t *child, const char *const *argv, const char *log, struct ixs_err *err)
{
    int out = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (out < 0)
        return ixs_fail_at(err, IXS_OUTPUT, log, 0, "cannot be written: %s", strerror(errno));
    *child = fork();
    if (*child == 0)
        become(argv, out);
    int reason = errno;
    close(out);
    if (*child < 0)
        return ixs_fail(err, IXS_OUTPUT, "%s cannot be started: %s", argv[0], strerror(reason));
    setpgid(*child, *child);
    return true;
}

bool ixs_child_ended(pid_t child, int *status)
{
    return waitpid(child, status, WNOHANG) == child;
}

void ixs_child_stop(pid_t child)
{
    int status;
    kill(-child, SIGTERM);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
}
