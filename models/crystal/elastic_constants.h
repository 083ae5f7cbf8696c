/* SPDX-License-Identifier: GPL-3.0-or-later
 * Elastic constants from sound velocities, by Christoffel's equation: rho v^2 are the eigenvalues
 * of Gamma_ik = C_ijkl n_j n_l for waves along n, its eigenvectors their polarizations (Fedorov,
 * Theory of Elastic Waves in Crystals, 1968; forms of C: Nye, Physical Properties of Crystals,
 * 1985, ch. 8). Axes: x3 along c, x2 along c x a, x1 = x2 x x3 (for trigonal and hexagonal x1 is
 * along a).
 */
#ifndef IXS_MODELS_CRYSTAL_ELASTIC_CONSTANTS_H
#define IXS_MODELS_CRYSTAL_ELASTIC_CONSTANTS_H

#include "base/err.h"

enum { IXS_ELASTIC_MOST = 21, IXS_ELASTIC_MOST_WAVES = 64 };

struct ixs_elastic_wave {           /* one acoustic branch */
    double direction[3];            /* of q, Cartesian in these axes, any length */
    double along[3];                /* of Q, likewise: a wave is seen as (Q . polarization)^2 */
    double modulus, err;            /* rho v^2, GPa */
    long family;                    /* waves of one direction: different polarizations */
    double fitted;                  /* out: by the constants */
    double share[IXS_ELASTIC_MOST]; /* out: of each constant in the modulus */
    bool sure;                      /* out: Q tells which of the three waves it is; else it is not
                                       used */
    double character;               /* out: (n . polarization)^2: 1 longitudinal, 0 transverse */
};

struct ixs_elastic_constants {
    size_t n;
    const char *const *names;                        /* [n], "C11" .. */
    bool known[IXS_ELASTIC_MOST];                    /* the directions determine it */
    double value[IXS_ELASTIC_MOST];                  /* GPa */
    double cov[IXS_ELASTIC_MOST * IXS_ELASTIC_MOST]; /* [n^2], GPa^2 */
    double chi2;
    long dof;
};

/* hkl -> these axes, for the lattice whose B is given; false if there is none. */
IXS_MUST_CHECK bool ixs_elastic_axes(const double b[9], double axes[9]);

/* The constants of a Laue class (models/crystal/laue.h) by weighted least squares of all waves.
 * Which polarization a wave has is taken from the order of velocities and the angle to Q; where
 * another choice is a third as good or better, the waves of that direction are left out.
 * correlation [nwaves^2] of the errors of the moduli, NULL: none. False if there is nothing to be
 * had. */
bool ixs_elastic_fit(const char *laue, size_t nwaves, struct ixs_elastic_wave *waves,
                     const double *correlation, struct ixs_elastic_constants *out);

/* rho v^2 of the three waves along a direction, rising, and their polarizations, row by row. */
void ixs_elastic_waves(const char *laue, const double *constants, const double direction[3],
                       double modulus[3], double polarization[9]);

/* "C11", "(C11-C12)/2": the shares as text where they are plain fractions, else "". */
void ixs_elastic_name(const struct ixs_elastic_constants *constants,
                      const struct ixs_elastic_wave *wave, size_t size, char *room);

#endif
