/* SPDX-License-Identifier: GPL-3.0-or-later
 * Energy and damping width of one mode against temperature: what fits tell at each temperature, and
 * laws through all of it at once.
 *
 * A law is a sum of terms or a power. With n(E) = 1/(exp(E/kT) - 1) and w an energy of the mode
 * that is given, three phonons: N3 = 1 + 2 n(w/2)                  (Klemens, Phys. Rev. 148, 845,
 * 1966) four phonons:  N4 = 1 + 3 n(w/3) + 3 n(w/3)^2     (Balkanski, Wallis & Haro, Phys. Rev. B
 * 28, 1928, 1983) sums:  P0 [+ P1 N3] ..: the terms of the law in the order rest (1), N3, N4 power:
 * P0 (T/T0)^P1
 */
#ifndef IXS_MODELS_THERMAL_THERMAL_H
#define IXS_MODELS_THERMAL_THERMAL_H

#include <stdbool.h>
#include <stddef.h>

enum ixs_thermal_law {
    IXS_THERMAL_CONSTANT,
    IXS_THERMAL_THREE,
    IXS_THERMAL_THREE_REST,
    IXS_THERMAL_FOUR,
    IXS_THERMAL_FOUR_REST,
    IXS_THERMAL_THREE_FOUR,
    IXS_THERMAL_ALL, /* three, four and rest */
    IXS_THERMAL_POWER,
    IXS_THERMAL_CHOOSE, /* by AICc among those above (models/evidence/select.h) */
};

/* Their words: constant, three, three+rest, four, four+rest, three+four, three+four+rest, power,
 * choose. The law of that word; false if there is none. */
const char *ixs_thermal_word(enum ixs_thermal_law law);
bool ixs_thermal_find(const char *word, enum ixs_thermal_law *law);

enum { IXS_THERMAL_MOST_TERMS = 3, IXS_THERMAL_MOST = 2 * IXS_THERMAL_MOST_TERMS };

/* Number of parameters of a law. */
size_t ixs_thermal_terms(enum ixs_thermal_law law);

enum ixs_thermal_told { /* what the data of one temperature tell of the mode */
                        IXS_THERMAL_NOTHING,
                        IXS_THERMAL_BOTH,   /* OMEGA0 and FWHM */
                        IXS_THERMAL_DAMPED, /* both, but better as OMEGA0^2/FWHM and 1/FWHM
                                               (models/line/relaxation.h) */
                        IXS_THERMAL_LIMIT,  /* OMEGA0, and what is left of the likelihood of FWHM at
                                               0 */
                        IXS_THERMAL_RELAXATION, /* OMEGA0^2/FWHM alone */
                        IXS_THERMAL_OUTLIER,    /* what ixs_thermal_trim left out */
};

struct ixs_thermal_kin { /* how the figures of n points vary together; borrowed */
    size_t n;
    const double *correlation; /* [2n][2n]: OMEGA0 and FWHM of each point in turn; 1: one value */
    double *room;              /* [4 n^2 + 2 n] */
    size_t *first;             /* [2n] room, too */
};

struct ixs_thermal_point { /* as the FIT product has it; 68 % intervals, NaN: not told */
    double kelvin;
    double omega0, omega0_err; /* meV */
    double fwhm, fwhm_err, fwhm_lo, fwhm_hi;
    double correlation; /* of OMEGA0 and FWHM */
    double relaxation, relaxation_lo, relaxation_hi;
    bool unresolved;
    enum ixs_thermal_told told;        /* set by ixs_thermal_tell */
    const struct ixs_thermal_kin *kin; /* of all points, the same for each; NULL: independent */
};

/* Sets `told` by what the other members say. */
void ixs_thermal_tell(struct ixs_thermal_point *point);

struct ixs_thermal_fit { /* laws of OMEGA0 and FWHM fitted together; a value */
    enum ixs_thermal_law omega_law, width_law;
    double kelvin_ref; /* T0 */
    double omega_ref;  /* w, meV; NaN: OMEGA0 is told nowhere */
    size_t nparameters;
    double p[IXS_THERMAL_MOST];                      /* of OMEGA0's law, then of FWHM's */
    double cov[IXS_THERMAL_MOST * IXS_THERMAL_MOST]; /* [nparameters^2] */
    size_t ndata;                                    /* figures that entered */
    double chi2, p_value, aicc;
    long dof;
};

/* By given laws: least squares of asymmetric errors (width linear in the value: Barlow, arXiv:
 * physics/0406120). False if the points (told set) do not determine the parameters. */
bool ixs_thermal_fit(size_t n, const struct ixs_thermal_point *points,
                     enum ixs_thermal_law omega_law, enum ixs_thermal_law width_law,
                     struct ixs_thermal_fit *out);

/* The same, IXS_THERMAL_CHOOSE among laws of widths whose terms are not negative. */
bool ixs_thermal_choose(size_t n, const struct ixs_thermal_point *points,
                        enum ixs_thermal_law omega_law, enum ixs_thermal_law width_law,
                        struct ixs_thermal_fit *out);

/* The laws that carry on to lifetimes and conductivity: OMEGA0 by `omega_law`, or by a power where
 * that has no slope; FWHM by a power of T, for a stiffer law would have an exponent that is not in
 * the data; where a power does not hold (P below 1 %), by the best sum of two or three terms. What
 * all temperatures share is constant. */
bool ixs_thermal_carry(size_t n, const struct ixs_thermal_point *points,
                       enum ixs_thermal_law omega_law, struct ixs_thermal_fit *out);

/* The same without the one point that is farthest from the laws of the others, where the laws hold
 * for these (P above 1 %) and not for all (below 0.1 %): it becomes an OUTLIER. For five points or
 * more; false if there is none such. */
bool ixs_thermal_trim(size_t n, struct ixs_thermal_point *points, enum ixs_thermal_law omega_law,
                      struct ixs_thermal_fit *out);

/* How the parameters of laws fitted to these points follow what the points tell: out[k * 2 n + 2 i]
 * is what parameter k gains when OMEGA0 of point i is one of its errors more, out[.. + 1] the same
 * of FWHM. */
void ixs_thermal_follow_data(const struct ixs_thermal_fit *fit, size_t n,
                             const struct ixs_thermal_point *points, double *out);

/* OMEGA0 and FWHM (meV) of the laws with parameters p (NULL: those of the fit). */
double ixs_thermal_omega(const struct ixs_thermal_fit *fit, const double *p, double kelvin);
double ixs_thermal_width(const struct ixs_thermal_fit *fit, const double *p, double kelvin);

/* A figure that follows from the parameters: its slopes by them, and its error. */
typedef double ixs_thermal_figure(const void *context, const struct ixs_thermal_fit *fit,
                                  const double *p);
void ixs_thermal_slopes(const struct ixs_thermal_fit *fit, ixs_thermal_figure *figure,
                        const void *context, double slopes[IXS_THERMAL_MOST]);
double ixs_thermal_error(const struct ixs_thermal_fit *fit, ixs_thermal_figure *figure,
                         const void *context);
/* Error of OMEGA0, FWHM and FWHM/OMEGA0 of the laws at a temperature. */
double ixs_thermal_omega_error(const struct ixs_thermal_fit *fit, double kelvin);
double ixs_thermal_width_error(const struct ixs_thermal_fit *fit, double kelvin);
double ixs_thermal_ratio_error(const struct ixs_thermal_fit *fit, double kelvin);

/* The lowest temperature within lo .. hi where FWHM = ratio x OMEGA0 by the laws, and its error;
 * false if there is none. */
bool ixs_thermal_crossing(const struct ixs_thermal_fit *fit, double ratio, double lo, double hi,
                          double *kelvin, double *error);

struct ixs_thermal_power { /* value (T/T0)^exponent */
    double kelvin_ref, value, value_err, exponent, exponent_err;
    double chi2, p_value;
    long dof;
};

/* A power through n > 1 positive values whose 68 % intervals lo .. hi are symmetric in ln value. */
bool ixs_thermal_power(size_t n, const double *kelvin, const double *value, const double *lo,
                       const double *hi, struct ixs_thermal_power *out);

#endif
