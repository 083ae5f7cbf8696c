/* SPDX-License-Identifier: GPL-3.0-or-later
 * The one `main`: a program declares itself here and gets its options, help, exit codes, messages
 * and provenance for nothing.
 */
#ifndef IXS_REDUCE_STAGE_H
#define IXS_REDUCE_STAGE_H

#include "base/array.h"
#include "base/cli.h"
#include "base/notes.h"
#include "base/product.h"
#include "base/progress.h"

struct ixs_job {        /* one run of one program */
    const void *values; /* of the program's own options: its struct, defaults filled in */
    const char **inputs;
    size_t ninputs;
    const char *output;      /* -o; NULL if not given */
    const char *instrument;  /* -i */
    const char *experiment;  /* -e */
    const char *model;       /* -m */
    const char *calibration; /* -c */
    int64_t jobs;            /* -j; 0: as many as there are processors */
    bool quiet, verbose, strict;
    struct ixs_commit commit;         /* --dry-run, --keep-time */
    struct ixs_reading reading;       /* --accept-changed */
    struct ixs_progress *progress;    /* a bar to move on, or NULL */
    struct ixs_notes notes;           /* printed at the end, unless -q */
    struct ixs_provenance provenance; /* program, version and options are filled in */
};

/* Which of the common options a program takes. */
enum ixs_takes {
    IXS_TAKES_OUTPUT = 1,
    IXS_TAKES_INSTRUMENT = 2,
    IXS_TAKES_EXPERIMENT = 4,
    IXS_TAKES_MODEL = 8,
    IXS_TAKES_CALIBRATION = 16,
    IXS_TAKES_JOBS = 32,
    IXS_TAKES_STRICT = 64,
};

struct ixs_program {
    const char *name;           /* ixs-fit */
    const char *summary;        /* one line */
    const char *reads, *writes; /* for --help */
    const char *usage;   /* what stands behind the name: "[options] scan.fits ... -o out.fits" */
    const char *example; /* a command line that works on the demo's files */
    unsigned takes;      /* enum ixs_takes; -o is then needed */
    const struct ixs_option *options; /* its own, filling a copy of `defaults`: job->values */
    size_t noptions;
    const void *defaults;
    size_t values_size;
    size_t least_inputs, most_inputs;
    bool (*run)(struct ixs_job *job, struct ixs_err *err);
};

extern const struct ixs_program ixs_program; /* each program file defines it */

/* Fails with IXS_USAGE when -o (or -i, -c ...: the value and its name) was not given. */
IXS_MUST_CHECK bool ixs_stage_needs(const char *value, const char *option, struct ixs_err *err);

/* A verdict for --strict: marks the run as not good with a note; the stage decides what follows.
 * Returns false (with IXS_NOT_GOOD) under --strict. */
IXS_MUST_CHECK bool ixs_stage_doubt(struct ixs_job *job, struct ixs_err *err, const char *format,
                                    ...) IXS_PRINTF(3, 4);

#endif
