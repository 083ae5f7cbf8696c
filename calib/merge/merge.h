/* SPDX-License-Identifier: GPL-3.0-or-later
 * Repeated scans of one setting to one spectrum for each analyzer: which belong together, where
 * each stands on the energy axis, whether they agree, and their counts summed or side by side.
 */
#ifndef IXS_CALIB_MERGE_MERGE_H
#define IXS_CALIB_MERGE_MERGE_H

#include "base/notes.h"
#include "calib/instrument/instrument.h"
#include "products/calibration.h"
#include "products/spectra.h"

struct ixs_merge_rules {
    double momentum;    /* 1/Angstrom, settings as near as this are the same */
    double temperature; /* K, the same; NaN: 1 % of it, and at most 2 K */
    double tolerance;   /* meV, points as near as this are summed; NaN: a twentieth of the FWHM */
    double bin;         /* meV, of a common grid; 0: the scans' own energies */
    double most_shift;  /* meV, where no zero is known; 0: nothing is shifted */
    double own;         /* meV, rms, of what one analyzer drifts by itself; NaN: of CALIB */
    double narrowest;   /* meV, FWHM of the narrowest true feature; NaN: of the response */
    double jitter;      /* meV, rms, of each point's energy; NaN: of CALIB */
    bool side_by_side;  /* points stay as they are, under one spectrum */
    bool all_points;    /* none is looked at as an outlier */
    size_t threads;     /* 0: as many as there are processors */
    const struct ixs_calib *calib;           /* NULL: none */
    const struct ixs_instrument *instrument; /* for narrowest where there is no CALIB; NULL: none */
};
#define IXS_MERGE_RULES                                                                            \
    {                                                                                              \
        .momentum = 0.002, .temperature = __builtin_nan(""), .tolerance = __builtin_nan(""),       \
        .most_shift = 2.0, .own = __builtin_nan(""), .narrowest = __builtin_nan(""),               \
        .jitter = __builtin_nan("")                                                                \
    }

struct ixs_merge_input { /* borrowed */
    const char *path;
    const struct ixs_spectra *spectra;
};

/* Merges the spectra of all inputs; those that repeat nothing come through alone, looked through
 * for spikes beside their neighbours. *doubts: how many spectra disagree with what they were merged
 * with. What is merged, left out or not merged is noted. */
IXS_MUST_CHECK bool ixs_merge(struct ixs_spectra *out, size_t ninputs,
                              const struct ixs_merge_input *inputs,
                              const struct ixs_merge_rules *rules, size_t *doubts,
                              struct ixs_notes *notes, struct ixs_err *err);

struct ixs_merge_difference {
    char text[200]; /* "Q: 1.2 and 1.3 1/Angstrom"; "" */
    int passed;     /* comparisons before it */
};

/* Whether two spectra are of the same setting; if not, *why (may be NULL) says in what they differ.
 * of_a, of_b: their products. */
bool ixs_merge_alike(const struct ixs_spectrum *a, const struct ixs_spectra *of_a,
                     const struct ixs_spectrum *b, const struct ixs_spectra *of_b,
                     const struct ixs_merge_rules *rules, struct ixs_merge_difference *why);

#endif
