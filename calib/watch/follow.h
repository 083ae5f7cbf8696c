/* SPDX-License-Identifier: GPL-3.0-or-later
 * A SPEC file while it grows: only what was appended is read, to know when a scan has ended. What a
 * scan holds is not looked at: that is the import's work.
 */
#ifndef IXS_CALIB_WATCH_FOLLOW_H
#define IXS_CALIB_WATCH_FOLLOW_H

#include "base/err.h"
#include "calib/spec/tally.h"

#include <stdint.h>
#include <sys/types.h>

struct ixs_follow { /* owns its texts; ixs_follow_dispose */
    char *path;
    /* ---- what was found */
    bool there;                           /* the file exists */
    bool running;                         /* its last scan has no end yet */
    int64_t number, order, rows, planned; /* of the last scan; planned -1: not said */
    char command[161];
    size_t nended; /* scans that have ended, and lines behind an end: grows with each reason to
                         look again */
    size_t
        nreplaced; /* times that the file was another one than before; the reader may set it back */
    double modified; /* s, its time as the file system has it */
    int64_t size;    /* bytes */
    /* ---- how far it was read */
    dev_t device;
    ino_t inode;
    int64_t offset;
    size_t ntail;
    char tail[64]; /* the last bytes before offset: are they still there? */
    bool packed;   /* gzip: only its size and time are looked at */
    char *part;    /* a line without an end */
    size_t npart, part_capacity;
    struct ixs_spec_tally tally;
};

IXS_MUST_CHECK bool ixs_follow_open(struct ixs_follow *out, const char *path, struct ixs_err *err);
/* Reads what is new. A file that is not there, or cannot be read just now, is no failure. */
IXS_MUST_CHECK bool ixs_follow_read(struct ixs_follow *follow, struct ixs_err *err);
void ixs_follow_dispose(struct ixs_follow *follow);

#endif
