/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a slab takes of the beam that it scatters: its own absorption on the way in and out.
 */
#ifndef IXS_CALIB_EXPERIMENT_ABSORPTION_H
#define IXS_CALIB_EXPERIMENT_ABSORPTION_H

#include "calib/instrument/geometry.h"

struct ixs_slab {     /* NaN: not stated */
    double thickness; /* mm */
    double length;    /* mm, in which the beam falls to 1/e */
    double normal[3]; /* of its face; any length */
    bool hkl;         /* normal in r.l.u., of the crystal; else in the frame fixed to phi */
    bool turns;       /* with the sample's circles; else its normal is the beam */
};

/* Scattering of the slab at an analyzer, as a share of that of the same slab without absorption at
 * right angles to the beam, a beam smaller than the slab: with i and o the cosines of the beam and
 * of the scattered beam to the normal, x = thickness/(length i), y = thickness/(length |o|),
 *   through (i o > 0):  (exp(-x) - exp(-y))/(y - x) / i,   at x = y exp(-x)/i,
 *   back (i o < 0):     (1 - exp(-x - y))/(x + y) / i.
 * `angles` of the analyzer. crystal: for a normal in r.l.u. NaN where it is seen edge on or
 * something is not known. */
double ixs_absorption(const struct ixs_slab *slab, const struct ixs_angles *angles,
                      const struct ixs_crystal *crystal);

#endif
