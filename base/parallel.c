/* SPDX-License-Identifier: GPL-3.0-or-later
 * A pool that lives for one call: threads take the next index until none is left.
 */
#include "base/parallel.h"

#include "base/array.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct pool {
    ixs_job_run *run;
    void *context;
    size_t njobs;
    atomic_size_t next;
    pthread_mutex_t lock;
    size_t failed; /* lowest index that failed, or njobs */
    struct ixs_err err;
};

struct worker {
    struct pool *pool;
    size_t number;
    pthread_t thread;
};

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct pool *pool = worker->pool;
    for (size_t i; (i = atomic_fetch_add(&pool->next, 1)) < pool->njobs;) {
        struct ixs_err err = IXS_ERR_NONE;
        if (pool->run(pool->context, i, worker->number, &err))
            continue;
        pthread_mutex_lock(&pool->lock);
        if (i < pool->failed) {
            pool->failed = i;
            pool->err = err;
        }
        pthread_mutex_unlock(&pool->lock);
    }
    return NULL;
}

size_t ixs_parallel_threads(size_t asked)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (asked > 0)
        return asked;
    return processors > 0 ? (size_t)processors : 1;
}

bool ixs_parallel(size_t njobs, size_t threads, ixs_job_run *run, void *context,
                  struct ixs_err *err)
{
    struct pool pool = {.run = run, .context = context, .njobs = njobs, .failed = njobs};
    struct worker *workers = NULL;
    size_t started = 0;
    threads = ixs_parallel_threads(threads);
    if (threads > njobs)
        threads = njobs ? njobs : 1;
    if (!IXS_NEW(workers, threads, err))
        return false;
    atomic_init(&pool.next, 0);
    pthread_mutex_init(&pool.lock, NULL);
    workers[0] = (struct worker){.pool = &pool};
    for (size_t i = 1; i < threads; i++) {
        workers[i] = (struct worker){.pool = &pool, .number = i};
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            break;
        started++;
    }
    work(&workers[0]);
    for (size_t i = 1; i <= started; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_mutex_destroy(&pool.lock);
    free(workers);
    if (pool.failed < njobs)
        *err = pool.err;
    return pool.failed == njobs;
}
