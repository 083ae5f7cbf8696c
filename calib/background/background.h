/* SPDX-License-Identifier: GPL-3.0-or-later
 * An empty cell, or a bare substrate, beside the spectra of what is in it or on it: which of its
 * spectra belongs to which, how much of it is in the beam, and its counts carried along.
 */
#ifndef IXS_CALIB_BACKGROUND_BACKGROUND_H
#define IXS_CALIB_BACKGROUND_BACKGROUND_H

#include "base/notes.h"
#include "base/provenance.h"
#include "products/spectra.h"

/* What light that a wall of the cell scatters has to go through: the sample, on the way in (a wall
 * behind it) or on the way out (one before it). */
enum ixs_background_walls { IXS_WALLS_AROUND, IXS_WALLS_BEFORE, IXS_WALLS_BEHIND };

struct ixs_background_rules {
    double transmission, error; /* of the sample; NaN: by the slab */
    double thickness, length;   /* mm, of a slab across the beam, and in which the beam falls to
                                   1/e; NaN: none is stated */
    bool turns;                 /* a slab that is not across the beam: its paths are not known */
    enum ixs_background_walls walls;
    double momentum;    /* 1/Angstrom, spectra as near as this belong together; NaN: half the
                           acceptance, 0.05 where that is not known */
    double temperature; /* K, told beyond */
};
#define IXS_BACKGROUND_RULES                                                                       \
    {                                                                                              \
        .transmission = __builtin_nan(""), .error = __builtin_nan(""),                             \
        .thickness = __builtin_nan(""), .length = __builtin_nan(""),                               \
        .momentum = __builtin_nan(""), .temperature = 5.0                                          \
    }

/* Puts <cell> and the slab of <sample> of an experiment into what is not stated yet; they are
 * witnessed. NULL: nothing. */
IXS_MUST_CHECK bool ixs_background_experiment(struct ixs_background_rules *rules, const char *path,
                                              struct ixs_provenance *provenance,
                                              struct ixs_err *err);

struct ixs_background_input { /* borrowed */
    const char *path;
    const struct ixs_spectra *spectra;
};

struct ixs_background_job { /* all borrowed */
    struct ixs_spectra *sample;
    const char *path; /* of its product */
    size_t ncells;
    const struct ixs_background_input *cells;
    const struct ixs_background_rules *rules;
    struct ixs_notes *notes;
};

/* Fills BACKGROUND of the sample's spectra, and SUBTRACTED of its points. *without: how many
 * spectra found no cell. What differs between the two is noted. */
IXS_MUST_CHECK bool ixs_background_join(const struct ixs_background_job *job, size_t *without,
                                        struct ixs_err *err);

/* Share of the cell's light that is left with the sample in it, and its error (background_slab.c);
 * q in 1/Angstrom, wavelength in Angstrom. NaN where it cannot be told. */
double ixs_background_share(const struct ixs_background_rules *rules, double q, double wavelength,
                            double *error);

/* SUBTRACTED of the points of one spectrum, from its rows of BACKGROUND. */
void ixs_background_subtract(size_t npoints, struct ixs_point *points, size_t n,
                             const struct ixs_background *rows);

#endif
