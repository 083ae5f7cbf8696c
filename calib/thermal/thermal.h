/* SPDX-License-Identifier: GPL-3.0-or-later
 * FIT products of several temperatures -> THERMAL, THERMAL_LAWS and KAPPA of a DISPERSION: the
 * modes of one analyzer at one HKL followed through the temperatures.
 */
#ifndef IXS_CALIB_THERMAL_THERMAL_H
#define IXS_CALIB_THERMAL_THERMAL_H

#include "calib/branching/kinship.h"
#include "products/dispersion.h"
#include "products/fit.h"

struct ixs_thermal_rules {
    const char *width_law,
        *energy_law;   /* words of models/thermal/thermal.h; NULL: what carries on best */
    bool compare;      /* all laws are fitted, beside */
    double same_q;     /* r.l.u., how far apart HKL of one series may be */
    double zone;       /* 1/Angstrom, radius of the sphere of KAPPA; 0: largest q */
    const char *along; /* "H,K,L": only modes whose q lies along it; NULL: all */
};

struct ixs_thermal_mode { /* a mode of a FIT */
    struct ixs_fit_mode fit;
    size_t index;       /* among all */
    double correlation; /* of OMEGA0 and FWHM; 0: not told */
};

struct ixs_thermal_modes { /* of all FIT products; owns its array, all-zero is empty */
    size_t n, capacity;
    struct ixs_thermal_mode *modes;
    struct ixs_kinship kinship; /* of them, in their order */
};

IXS_MUST_CHECK bool ixs_thermal_add(struct ixs_thermal_modes *modes, const struct ixs_fit *fit,
                                    struct ixs_err *err);
void ixs_thermal_modes_dispose(struct ixs_thermal_modes *modes);

/* NULL, or what is wrong with the rules. */
const char *ixs_thermal_rules_complaint(const struct ixs_thermal_rules *rules);

/* Fills the tables, after branches were found; temperatures within `warm` (K) of each other are
 * one. Leaves them empty where no mode was seen at two temperatures. */
IXS_MUST_CHECK bool ixs_thermal_gather(struct ixs_dispersion *out,
                                       const struct ixs_thermal_modes *modes,
                                       const struct ixs_thermal_rules *rules, double warm,
                                       struct ixs_err *err);

#endif
