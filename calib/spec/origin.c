/* SPDX-License-Identifier: GPL-3.0-or-later
 * Resets of the energy axis in SPEC comments.
 */
#include "calib/spec/origin.h"

#include "base/array.h"

#include "calib/spec/line.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Energy axes by the name of the motor: HERIX 30-ID, NSLS-II 10-ID, ID28. */
static const char *const known_axes[] = {"HerixE", "hrmE", "DeltaE"};
enum { NKNOWN = IXS_COUNT(known_axes) };
_Static_assert((int)NKNOWN <= (int)IXS_SPEC_AXES, "room for all known axes");

const char *ixs_spec_axis(const struct ixs_spec_origin *origin, size_t axis)
{
    if (origin->asked != NULL)
        return axis == 0 ? origin->asked : NULL;
    return axis < NKNOWN ? known_axes[axis] : NULL;
}

/* Is the motor named just before `end` of a comment that begins at `start` this one? */
static bool names_axis(const char *start, const char *end, const char *axis)
{
    size_t length = strlen(axis);
    if ((size_t)(end - start) < length || strncasecmp(end - length, axis, length) != 0)
        return false;
    return (size_t)(end - start) == length || strchr(" \t", end[-(long)length - 1]) != NULL;
}

/* Reads "a to b." */
static bool read_reset(const char *text, double *moved)
{
    char *end;
    double from = strtod(text, &end);
    if (end == text || strncmp(end, " to ", 4) != 0)
        return false;
    text = end + 4;
    double to = strtod(text, &end);
    *moved = from - to;
    return end != text && *moved - *moved == 0;
}

bool ixs_spec_origin_comment(struct ixs_spec_origin *origin, const char *comment)
{
    static const char phrase[] = " reset from ";
    bool any = false;
    const char *at = comment;
    while ((at = ixs_spec_find(at, phrase)) != NULL) {
        double moved;
        bool read = read_reset(at + strlen(phrase), &moved);
        for (size_t i = 0; read && ixs_spec_axis(origin, i) != NULL; i++)
            if (names_axis(comment, at, ixs_spec_axis(origin, i))) {
                origin->sum[i] += moved;
                origin->told[i] = any = true;
            }
        at += strlen(phrase);
    }
    return any;
}

bool ixs_spec_origin_restart(struct ixs_spec_origin *origin)
{
    bool any = false;
    for (size_t i = 0; i < IXS_SPEC_AXES; i++) {
        any = any || origin->told[i];
        origin->told[i] = false;
        origin->sum[i] = 0;
    }
    return any;
}
