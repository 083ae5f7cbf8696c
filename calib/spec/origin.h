/* SPDX-License-Identifier: GPL-3.0-or-later
 * The origin of the energy axis: the resets that a SPEC file's comments tell of, added up.
 *
 * "#C ... herixE reset from a to b" says that the reading a is called b from then on. With
 * E_ORIGIN += a - b, reading + E_ORIGIN stays on the scale that the file began with. The sum goes
 * on through further file headers (#F, #E) of the same beamtime: in CdOsO the motor keeps its
 * reading over three of them. It starts again where #F names another file, which is another
 * beamtime.
 */
#ifndef IXS_CALIB_SPEC_ORIGIN_H
#define IXS_CALIB_SPEC_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>

enum { IXS_SPEC_AXES = 8 };

struct ixs_spec_origin { /* a value; copy it to keep the state of a moment */
    const char *asked;   /* the axis that was asked for, borrowed; NULL: the first known one */
    double sum[IXS_SPEC_AXES]; /* of each axis watched */
    bool told[IXS_SPEC_AXES];  /* a reset of it was seen */
};

/* The axes that are watched, in order of preference; *count of them. */
const char *ixs_spec_axis(const struct ixs_spec_origin *origin, size_t axis); /* NULL: no more */

/* Takes the resets of the watched axes out of a comment; true if there were any. */
bool ixs_spec_origin_comment(struct ixs_spec_origin *origin, const char *comment);

/* Forgets all resets: another beamtime begins. True if there were any. */
bool ixs_spec_origin_restart(struct ixs_spec_origin *origin);

#endif
