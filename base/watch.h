/* SPDX-License-Identifier: GPL-3.0-or-later
 * Waiting for files to change, for a child to end, or to be stopped. inotify makes it quick;
 * polling makes it sure, since inotify sees nothing of what another machine writes over NFS, or of
 * what a symbolic link points to.
 */
#ifndef IXS_BASE_WATCH_H
#define IXS_BASE_WATCH_H

#include "base/err.h"

#include <sys/types.h>

struct ixs_watch; /* one in a process: it takes over SIGINT, SIGTERM, SIGHUP and SIGCHLD */

IXS_MUST_CHECK bool ixs_watch_open(struct ixs_watch **out, struct ixs_err *err);
/* Wakes up for changes in the folder of `path` too; a folder that cannot be watched is polled. */
IXS_MUST_CHECK bool ixs_watch_add(struct ixs_watch *watch, const char *path, struct ixs_err *err);

/* Sleeps until something may have happened, at most `seconds`. False once a signal has asked the
 * process to stop. */
bool ixs_watch_wait(struct ixs_watch *watch, double seconds);
void ixs_watch_close(struct ixs_watch *watch); /* accepts NULL; gives the signals back */

double ixs_watch_now(void); /* s, of a clock that is not set */
/* Seconds since a file was last written, by the machine's clock; 0 if that lies ahead. */
double ixs_watch_age(double modified);

/* ---- one child ------------------------------------------------------------------------------- */

/* Starts a program (argv[0] is looked for in PATH) in a process group of its own, its output going
 * to a new file `log`. */
IXS_MUST_CHECK bool ixs_child_start(pid_t *child, const char *const *argv, const char *log,
                                    struct ixs_err *err);
/* Has it ended? *status as waitpid has it. */
bool ixs_child_ended(pid_t child, int *status);
/* Asks the whole group to end and waits for it. */
void ixs_child_stop(pid_t child);

#endif
