/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the modes of FIT products have to do with each other: which of them have one energy or width
 * because it was shared, and how the others vary together, through what their spectra share.
 *
 * Two spectra a, b of a set meet in the shared parameters alone, so that with the covariances that
 * FIT has, C_as of a's parameters with those that it shares and C_ss of these,
 *   C_ab = C_as C_ss^-1 C_st C_tt^-1 C_tb
 * is what the joint fit itself would say (models/together/arrow_settle.c), but for errors of
 * responses.
 */
#ifndef IXS_CALIB_BRANCHING_KINSHIP_H
#define IXS_CALIB_BRANCHING_KINSHIP_H

#include "products/fit.h"

enum ixs_kin_figure { IXS_KIN_OMEGA0, IXS_KIN_FWHM, IXS_KIN_FIGURES };

struct ixs_kin_mode {
    size_t spectrum, place;      /* of which spectrum, and where in it */
    long datum[IXS_KIN_FIGURES]; /* below 0: shared; equal numbers are one value */
};

struct ixs_kin_spectrum { /* owns its arrays; figures: of its modes one after the other */
    size_t nfigures, set;
    double *covariance; /* [nfigures^2] */
    size_t nuses;
    size_t *uses;    /* [nuses], of the shared ones of its set */
    double *weights; /* [nuses][nfigures]: C_ss^-1 C_sa */
};

struct ixs_kin_set { /* owns its array */
    size_t nshared;
    double *covariance; /* [nshared^2] */
};

struct ixs_kinship { /* owns its arrays; all-zero is empty */
    size_t nmodes, nspectra, nsets, nshared;
    size_t modes_room, spectra_room, sets_room;
    struct ixs_kin_mode *modes; /* in the order of MODES, product after product */
    struct ixs_kin_spectrum *spectra;
    struct ixs_kin_set *sets;
};

/* Adds the modes of one more product. */
IXS_MUST_CHECK bool ixs_kinship_add(struct ixs_kinship *kinship, const struct ixs_fit *fit,
                                    struct ixs_err *err);
void ixs_kinship_dispose(struct ixs_kinship *kinship);

/* Whether any two modes of different spectra have to do with each other; kinship may be NULL. */
bool ixs_kinship_any(const struct ixs_kinship *kinship);

/* Whether they have one value. */
bool ixs_kinship_same(const struct ixs_kinship *kinship, size_t one, size_t other,
                      enum ixs_kin_figure figure);

/* Covariance of figures of two modes, and their correlation, that of one value being 1; 0 where
 * none is known. */
double ixs_kinship_covariance(const struct ixs_kinship *kinship, size_t one,
                              enum ixs_kin_figure figure, size_t other,
                              enum ixs_kin_figure its_figure);
double ixs_kinship_correlation(const struct ixs_kinship *kinship, size_t one,
                               enum ixs_kin_figure figure, size_t other,
                               enum ixs_kin_figure its_figure);

#endif
