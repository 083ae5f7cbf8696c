/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files that write a simulated beamtime share.
 */
#ifndef IXS_CALIB_FORWARD_SPEC_H
#define IXS_CALIB_FORWARD_SPEC_H

#include "calib/forward/forward.h"

struct ixs_forward_motor {
    const char *name;
    double value; /* where it ordinarily stands */
};

extern const struct ixs_forward_motor ixs_forward_motors[];
extern const size_t ixs_forward_nmotors;

/* The header block of the file: names of motors and of metadata. */
void ixs_forward_file_header(const struct ixs_forward *forward, int64_t clock, FILE *out);
/* #G and #Q of a scan, as SPEC has them. */
void ixs_forward_geometry(const struct ixs_forward_crystal *crystal,
                          const struct ixs_forward_shot *shot, FILE *out);
/* The whole file in any dialect but that of HERIX. */
void ixs_forward_dialect(const struct ixs_forward_beamtime *beamtime, FILE *out);
/* A scan's own header, without labels: #S to #V. */
void ixs_forward_scan_header(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                             FILE *out);
/* Date as SPEC writes it, "Wed Nov 11 15:52:36 2015", of the beamtime's clock. */
void ixs_forward_date(const struct ixs_forward *forward, double clock, size_t size, char *room);

/* Identity of a truth product. */
struct ixs_identity ixs_forward_identity(const struct ixs_forward_beamtime *beamtime,
                                         const char *kind);
/* Whether an analyzer has a true spectrum of this scan: phonons, and not masked. */
bool ixs_forward_tells(const struct ixs_forward_shot *shot, size_t analyzer);

#endif
