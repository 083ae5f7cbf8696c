/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the two halves of the torture library share: one run under test, and its verdict.
 */
#ifndef IXS_TESTS_TORTURE_H
#define IXS_TESTS_TORTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum torture_kind { TORTURE_MEMORY, TORTURE_OUTPUT, TORTURE_INPUT, TORTURE_CHILD, TORTURE_NKINDS };

enum { TORTURE_DEPTH = 24, TORTURE_MOST = 1 << 16 };

struct torture { /* lies in memory that all processes of a torture share */
    enum torture_kind kind;
    bool rest;    /* all calls from the chosen one on fail, not it alone */
    bool kill;    /* at the call the program is killed */
    bool shortly; /* no call fails: all writes are short or interrupted */
    bool several; /* the program has several outputs: each is the old or the new one */
    int report;   /* descriptor of the complaints */
    long calls;   /* of the kind, in a good run */
    long tried, failed, recovered, bad;
    struct { /* the call that failed */
        char name[16];
        long number;
        size_t size;
        bool folder_sync;
        int depth;
        void *stack[TORTURE_DEPTH];
    } fault;
    long ndeferred, deferred[TORTURE_MOST]; /* cannot be tried by splitting the process there */
};

/* ---- torture.c: for the calls ---------------------------------------------------------------- */

/* True if this call is to fail. */
bool torture_strike(enum torture_kind kind, const char *name, size_t size, bool folder_sync);
bool torture_watches(void);
bool torture_shortly(void);
bool torture_slowly(void); /* for tests/kill.sh: writing takes as long as all else */

/* ---- torture_judge.c ------------------------------------------------------------------------- */

/* Makes ../try a copy of the folder `from` (NULL: leaves it as it is) and forks. The child, where
 * this returns 0, stands in it, its results going to the file `stdout` there and its messages to
 * ../try.err. */
pid_t torture_split(const char *from);

/* Waits for it and judges what it left in ../try against ../old and ../new. */
void torture_judge(struct torture *torture, pid_t child);

/* True if the process can be split here: it has no open pipe, folder or file that it writes. */
bool torture_alone(void);

#endif
