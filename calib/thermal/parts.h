/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside calib/thermal/: series, and what their files share.
 */
#ifndef IXS_CALIB_THERMAL_PARTS_H
#define IXS_CALIB_THERMAL_PARTS_H

#include "calib/thermal/thermal.h"
#include "models/thermal/thermal.h"

struct ixs_thermal_series { /* one mode through the temperatures; borrows the modes */
    size_t n;
    const struct ixs_thermal_mode **modes; /* [n], from cold to warm */
    struct ixs_thermal_point *points;      /* [n] */
    struct ixs_thermal_kin kin;            /* of the points; owns its arrays, empty: none */
    double *correlation;                   /* [2n][2n], owned */
    bool has_laws;
    struct ixs_thermal_fit laws; /* those that are carried on */
    double t_lo, t_hi;           /* K */
    bool own;                    /* all responses are of this beamtime */
};

struct ixs_thermal_list { /* owns them; all-zero is empty */
    size_t n, capacity;
    struct ixs_thermal_series *series;
};
void ixs_thermal_list_dispose(struct ixs_thermal_list *list);

/* Series of at least two temperatures, ordered as the modes came. */
IXS_MUST_CHECK bool ixs_thermal_follow(struct ixs_thermal_list *out,
                                       const struct ixs_thermal_modes *modes,
                                       const struct ixs_thermal_rules *rules, double warm,
                                       struct ixs_err *err);

/* Fits the laws of a series. */
void ixs_thermal_settle(struct ixs_thermal_series *series, const struct ixs_thermal_rules *rules);

/* Rows of THERMAL_LAWS, of THERMAL (without velocities), and KAPPA with the rest of THERMAL. */
IXS_MUST_CHECK bool ixs_thermal_tell_laws(struct ixs_dispersion *out,
                                          const struct ixs_thermal_list *list,
                                          const struct ixs_thermal_rules *rules,
                                          struct ixs_err *err);
IXS_MUST_CHECK bool ixs_thermal_tell_rows(struct ixs_dispersion *out,
                                          const struct ixs_thermal_list *list, struct ixs_err *err);
IXS_MUST_CHECK bool ixs_thermal_conduct(struct ixs_dispersion *out,
                                        const struct ixs_thermal_list *list,
                                        const struct ixs_thermal_rules *rules, double warm,
                                        const struct ixs_kinship *kinship, struct ixs_err *err);

/* How the laws of series vary together (thermal_bonds.c). */
struct ixs_thermal_bonds { /* owns its arrays but the series; all-zero is empty */
    const struct ixs_kinship *kinship;
    size_t n;
    const struct ixs_thermal_series **series; /* [n] */
    double **follow; /* [n] how the parameters of the laws follow what the points tell */
};
/* Of the series which[n] of a list. */
IXS_MUST_CHECK bool ixs_thermal_bonds_make(struct ixs_thermal_bonds *out,
                                           const struct ixs_kinship *kinship, size_t n,
                                           const size_t *which, const struct ixs_thermal_list *list,
                                           struct ixs_err *err);
void ixs_thermal_bonds_dispose(struct ixs_thermal_bonds *bonds);
/* As ixs_kappa_between. */
void ixs_thermal_bonds_between(const void *context, size_t one, size_t other, double *covariance);

struct ixs_thermal_part { /* what the error of one width, of the mode of that index, adds */
    size_t mode;
    double error;
};
/* Variance of the sum of such. */
double ixs_thermal_bonds_variance(const struct ixs_kinship *kinship, size_t n,
                                  const struct ixs_thermal_part *parts);

/* A new row of THERMAL_LAWS, for which ixs_thermal_tell_laws made room; all figures NaN. */
struct ixs_thermal_law_row *ixs_thermal_law_new(struct ixs_dispersion *out);

#endif
