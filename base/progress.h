/* SPDX-License-Identifier: GPL-3.0-or-later
 * A progress bar for work of over a second, on a terminal. It writes only to the stream that the
 * stage has given it; without one all calls do nothing. Steps may come from several threads.
 */
#ifndef IXS_BASE_PROGRESS_H
#define IXS_BASE_PROGRESS_H

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>

struct ixs_progress {
    FILE *out;        /* a terminal, or NULL: show nothing */
    const char *what; /* "fitting"; borrowed */
    size_t done, total;
    double share;          /* where total is 0 */
    double started, shown; /* s, monotonic clock; shown 0: nothing on the screen */
    pthread_mutex_t lock;
};
#define IXS_PROGRESS_NONE ((struct ixs_progress){.lock = PTHREAD_MUTEX_INITIALIZER})

/* progress may be NULL in all of these. */
void ixs_progress_begin(struct ixs_progress *progress, const char *what, size_t total);
void ixs_progress_step(struct ixs_progress *progress);
/* Where nothing can be counted beforehand (total 0): 0 .. 1 of it is done. */
void ixs_progress_share(struct ixs_progress *progress, double share);
void ixs_progress_end(struct ixs_progress *progress); /* clears the line */

#endif
