/* SPDX-License-Identifier: GPL-3.0-or-later
 * Independent jobs on several threads. Each job writes only to its own place, so the result is the
 * same for any number of threads.
 */
#ifndef IXS_BASE_PARALLEL_H
#define IXS_BASE_PARALLEL_H

#include "base/err.h"

/* One job: `index` of `n`, on thread `worker` (0 .. threads-1, for its workspace). */
typedef bool ixs_job_run(void *context, size_t index, size_t worker, struct ixs_err *err);

/* Runs all jobs on at most `threads` threads (0: as many as there are processors). If some fail,
 * the failure of the lowest index is reported. No cfitsio inside a job. */
IXS_MUST_CHECK bool ixs_parallel(size_t njobs, size_t threads, ixs_job_run *run, void *context,
                                 struct ixs_err *err);
size_t ixs_parallel_threads(size_t asked); /* what 0 means here; at least 1 */

#endif
