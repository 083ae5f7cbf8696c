/* SPDX-License-Identifier: GPL-3.0-or-later
 * gnuplot as a child process: script in by a pipe, picture and messages out by pipes, no shell.
 */
#include "view/plot/plot.h"

#include "base/array.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHUNK = 65536, MOST_BYTES = 1 << 28, NO_PROGRAM = 127 };

struct stream { /* bytes that came from the child */
    int fd;
    char *bytes;
    size_t size, capacity;
};

struct child {
    pid_t pid;
    int input; /* -1 once all is sent */
    bool cut;  /* it did not take all of the script */
    struct stream picture, messages;
};

static void shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* In the child: only exec and _exit. No ~/.gnuplot (-d), no locale, no broken pipe ignored. */
static void become_gnuplot(const int in[2], const int out[2], const int messages[2])
{
    char *const arguments[] = {"gnuplot", "-d", NULL};
    signal(SIGPIPE, SIG_DFL);
    setenv("LC_ALL", "C", 1);
    if (dup2(in[0], STDIN_FILENO) >= 0 && dup2(out[1], STDOUT_FILENO) >= 0 &&
        dup2(messages[1], STDERR_FILENO) >= 0)
        execvp(arguments[0], arguments);
    _exit(NO_PROGRAM);
}

static bool start(struct child *child, struct ixs_err *err)
{
    int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
    bool ok = true;
    for (size_t i = 0; i < 3 && ok; i++)
        ok = pipe(pipes[i]) == 0 && fcntl(pipes[i][0], F_SETFD, FD_CLOEXEC) == 0 &&
             fcntl(pipes[i][1], F_SETFD, FD_CLOEXEC) == 0;
    child->pid = ok ? fork() : -1;
    if (child->pid == 0)
        become_gnuplot(pipes[0], pipes[1], pipes[2]);
    if (child->pid < 0)
        ixs_fail(err, IXS_OUTPUT, "gnuplot cannot be started: %s", strerror(errno));
    shut(&pipes[0][0]);
    shut(&pipes[1][1]);
    shut(&pipes[2][1]);
    child->input = pipes[0][1];
    child->picture.fd = pipes[1][0];
    child->messages.fd = pipes[2][0];
    if (child->pid > 0 && fcntl(child->input, F_SETFL, O_NONBLOCK) == 0)
        return true;
    return ixs_fail(err, IXS_OUTPUT, "gnuplot cannot be spoken to: %s", strerror(errno));
}

static void send(struct child *child, const char *script, size_t length, size_t *sent)
{
    ssize_t count = write(child->input, script + *sent, length - *sent);
    if (count > 0)
        *sent += (size_t)count;
    if (*sent == length || (count < 0 && errno != EAGAIN && errno != EINTR))
        shut(&child->input); /* a child that reads no more says why itself */
}

static bool take(struct stream *stream, struct ixs_err *err)
{
    if (stream->size > MOST_BYTES)
        return ixs_fail(err, IXS_OUTPUT, "found a picture of more than %d bytes", MOST_BYTES);
    if (!ixs_grow(&stream->bytes, &stream->capacity, stream->size + CHUNK, 1, err))
        return false;
    ssize_t count = read(stream->fd, stream->bytes + stream->size, CHUNK - 1);
    if (count > 0)
        stream->size += (size_t)count;
    else if (count == 0)
        shut(&stream->fd);
    else if (errno != EINTR)
        return ixs_fail(err, IXS_OUTPUT, "gnuplot cannot be heard: %s", strerror(errno));
    stream->bytes[stream->size] = '\0';
    return true;
}

static bool talk(struct child *child, const char *script, size_t length, struct ixs_err *err)
{
    size_t sent = 0;
    bool ok = true;
    while (ok && (child->picture.fd >= 0 || child->messages.fd >= 0)) {
        struct pollfd ends[] = {{child->input, POLLOUT, 0},
                                {child->picture.fd, POLLIN, 0},
                                {child->messages.fd, POLLIN, 0}};
        if (poll(ends, 3, -1) < 0 && errno != EINTR)
            return ixs_fail(err, IXS_OUTPUT, "gnuplot cannot be heard: %s", strerror(errno));
        if (ends[0].revents != 0)
            send(child, script, length, &sent);
        if (ends[1].revents != 0)
            ok = take(&child->picture, err);
        if (ends[2].revents != 0)
            ok = ok && take(&child->messages, err);
    }
    child->cut = sent < length;
    return ok;
}

/* gnuplot's complaint without its echo of the line and without the line number of the pipe. */
static const char *complaint(struct stream *messages)
{
    char *last = NULL, *rest = NULL;
    for (char *line = messages->bytes ? strtok_r(messages->bytes, "\n", &rest) : NULL; line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        line += strspn(line, " \t^");
        if (*line != '\0')
            last = line;
    }
    return last ? last : "no message";
}

static bool judge(struct child *child, int status, struct ixs_err *err)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == NO_PROGRAM)
        return ixs_fail(err, IXS_OUTPUT,
                        "found no gnuplot on PATH, expected it: install the package gnuplot-nox");
    if (WIFSIGNALED(status))
        return ixs_fail(err, IXS_OUTPUT, "gnuplot was stopped by signal %d", WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return ixs_fail(err, IXS_OUTPUT, "gnuplot failed: %s", complaint(&child->messages));
    if (child->picture.size == 0 || child->cut)
        return ixs_fail(err, IXS_OUTPUT, "gnuplot drew %s: %s",
                        child->cut ? "only a part" : "nothing", complaint(&child->messages));
    return true;
}

bool ixs_gnuplot(const char *script, size_t length, char **bytes, size_t *size, struct ixs_err *err)
{
    struct child child = {.pid = -1, .input = -1, .picture.fd = -1, .messages.fd = -1};
    int status = 0;
    bool ok = start(&child, err) && talk(&child, script, length, err);
    shut(&child.input);
    shut(&child.picture.fd);
    shut(&child.messages.fd);
    while (child.pid > 0 && waitpid(child.pid, &status, 0) < 0 && errno == EINTR)
        ;
    ok = ok && judge(&child, status, err);
    free(child.messages.bytes);
    if (!ok) {
        free(child.picture.bytes);
        return false;
    }
    *bytes = child.picture.bytes;
    *size = child.picture.size;
    return true;
}
