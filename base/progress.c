/* SPDX-License-Identifier: GPL-3.0-or-later
 * The progress bar: drawn after a second, then ten times a second at most.
 */
#include "base/progress.h"

#include <string.h>
#include <time.h>

enum { BAR = 30 };
static const double patience = 1.0, pause = 0.1; /* s */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void ixs_progress_begin(struct ixs_progress *progress, const char *what, size_t total)
{
    if (progress == NULL || progress->out == NULL)
        return;
    progress->what = what;
    progress->total = total;
    progress->done = 0;
    progress->share = 0;
    progress->started = now();
    progress->shown = 0;
}

static void draw(struct ixs_progress *progress, double time)
{
    char bar[BAR + 1];
    size_t filled =
        progress->total ? BAR * progress->done / progress->total : (size_t)(BAR * progress->share);
    memset(bar, '.', BAR);
    memset(bar, '#', filled < BAR ? filled : BAR);
    bar[BAR] = '\0';
    fprintf(progress->out, "\r%s [%s] ", progress->what, bar);
    if (progress->total > 0)
        fprintf(progress->out, "%zu/%zu", progress->done, progress->total);
    else
        fprintf(progress->out, "%.0f %%", 100 * progress->share);
    fflush(progress->out);
    progress->shown = time;
}

static void advance(struct ixs_progress *progress, size_t steps, double share)
{
    if (progress == NULL || progress->out == NULL)
        return;
    pthread_mutex_lock(&progress->lock);
    double time = now();
    progress->done += steps;
    progress->share = share;
    if (time - progress->started > patience && time - progress->shown > pause)
        draw(progress, time);
    pthread_mutex_unlock(&progress->lock);
}

void ixs_progress_step(struct ixs_progress *progress)
{
    advance(progress, 1, 0);
}

void ixs_progress_share(struct ixs_progress *progress, double share)
{
    advance(progress, 0, share);
}

void ixs_progress_end(struct ixs_progress *progress)
{
    if (progress == NULL || progress->out == NULL || !(progress->shown > 0))
        return;
    fputs("\r\033[K", progress->out);
    fflush(progress->out);
    progress->shown = 0;
}
