/* SPDX-License-Identifier: GPL-3.0-or-later
 * A beamtime while it is measured: when there is something to do for make, and what came of it.
 */
#ifndef IXS_CALIB_WATCH_SESSION_H
#define IXS_CALIB_WATCH_SESSION_H

#include "calib/watch/follow.h"
#include "calib/plan/plan.h"

#include <stdio.h>

struct ixs_told {  /* a scan that was told, as it was */
    uint64_t name; /* of its name, hashed */
    double modified;
};

struct ixs_session { /* owns all; ixs_session_dispose */
    char *experiment, *folder;
    char *makefile, *scans, *settled, *failed; /* Makefile, plan/scans.mk, plan/settled, failed */
    struct ixs_plan plan;                      /* what the experiment says */
    struct ixs_follow *files;                  /* [plan.nfiles] */
    double configured;                         /* newest time of an XML file, s */
    size_t seen, made; /* reasons to look: found until now, known when make last began */
    struct ixs_told *told;
    size_t ntold, told_capacity;
    /* ---- make, while it runs and after */
    pid_t child;        /* 0: none */
    char jobs[16];      /* -j of make */
    char *log, *bin;    /* bin: "BIN=..." or NULL */
    double retry;       /* s, when to try again without another reason; 0: not at all */
    double nfailed;     /* reasons in failed/ and their newest time, added up: has it changed? */
    char reasons[1024]; /* told last */
    int status;         /* of make when it ended last, as waitpid has it */
    char waiting[1024]; /* for what, as told last; "": for nothing */
};

/* Reads the experiment, makes the folder and, where there is none, its Makefile. jobs: for make. */
IXS_MUST_CHECK bool ixs_session_open(struct ixs_session *out, const char *experiment,
                                     const char *folder, size_t jobs, struct ixs_err *err);
/* Ends make, if it runs; what it has not done it does next time. */
void ixs_session_dispose(struct ixs_session *session);

/* Looks at all files. *due: make has something to do, and all SPEC files are there. */
IXS_MUST_CHECK bool ixs_session_look(struct ixs_session *session, bool *due, struct ixs_err *err);
/* Looks at all files, starts make where it has something to do, and tells `out` what came of it.
 * *idle: all that is there has been done. */
IXS_MUST_CHECK bool ixs_session_step(struct ixs_session *session, FILE *out, bool *idle,
                                     struct ixs_err *err);

/* After the last step: fails if a SPEC file is missing or holds no scan, or if make failed. */
IXS_MUST_CHECK bool ixs_session_verdict(const struct ixs_session *session, struct ixs_err *err);
/* Why make cannot run yet, "is not there"; NULL: this SPEC file does not hold it up. */
const char *ixs_session_lacks(const struct ixs_session *session, size_t file);

/* One line for each scan whose products are new, in the order of the file; out NULL: takes them as
 * told. Of more than twenty only the number is told. */
IXS_MUST_CHECK bool ixs_session_tell(struct ixs_session *session, FILE *out, struct ixs_err *err);
/* The last reasons that a log of make holds; true if one of them is the machine's (exit 4). */
bool ixs_session_reasons(const char *log, char room[1024]);

#endif
