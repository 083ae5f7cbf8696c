/* SPDX-License-Identifier: GPL-3.0-or-later
 * What calib/merge/ share: the spectra that go in, the groups of one analyzer that are merged,
 * and the lots of scans that have groups in common.
 */
#ifndef IXS_CALIB_MERGE_PARTS_H
#define IXS_CALIB_MERGE_PARTS_H

#include "calib/merge/merge.h"
#include "models/repeats/repeats.h"

struct ixs_merge_member { /* one spectrum of one input */
    size_t input;
    const struct ixs_spectrum *row;
    const struct ixs_point *points; /* of it, borrowed */
    size_t npoints;
    size_t scan;                       /* number of the scan it is of, over all inputs */
    size_t group;                      /* its place among the groups */
    bool repeated;                     /* given twice: left out */
    struct ixs_merge_difference apart; /* why it is not with a group of its analyzer */
    size_t apart_from;                 /* the first member of that group: the most alike */
    /* filled while it is compared with others */
    double shift, shift_err;
    struct ixs_repeats_agreement agreement;
    uint8_t *mark; /* [npoints] enum ixs_repeats_mark, borrowed */
};

struct ixs_merge_scan {
    size_t input;
    size_t lot;   /* the first scan of its lot */
    double drift; /* scans of its lot lie so many times farther apart than ZERO_ERR says */
    double prior; /* meV, error of the zero that all its analyzers have in common; NaN */
};

struct ixs_merging { /* owns its lists */
    size_t ninputs;
    const struct ixs_merge_input *inputs;
    const struct ixs_merge_rules *rules;
    struct ixs_merge_member *members;
    size_t nmembers;
    struct ixs_merge_scan *scans;
    size_t nscans;
    size_t *heads; /* [ngroups] their first members */
    size_t ngroups;
    uint8_t *marks; /* of all points of all members */
};

/* merge_group.c: members, scans, groups, lots. */
IXS_MUST_CHECK bool ixs_merge_group(struct ixs_merging *out, struct ixs_err *err);

/* merge_compare.c: shifts, agreement and marks of one lot (named by its first scan). */
IXS_MUST_CHECK bool ixs_merge_compare(struct ixs_merging *merging, size_t lot, struct ixs_err *err);

/* merge_sum.c: the points of a group, by rising energy; how many there are. out: room for twice
 * those that go in. */
size_t ixs_merge_points(struct ixs_point *out, const struct ixs_merging *merging, size_t group);

/* merge_spectrum.c: the spectrum of one group, added to *out, with its rows of MERGED. */
IXS_MUST_CHECK bool ixs_merge_spectrum(struct ixs_spectra *out, const struct ixs_merging *merging,
                                       size_t group, struct ixs_err *err);
/* "12,14-16": the scans of a group. */
void ixs_merge_scans(const struct ixs_merging *merging, size_t group, size_t size, char *room);
/* How many members a group has. */
size_t ixs_merge_count(const struct ixs_merging *merging, size_t group);

/* merge_tell.c */
void ixs_merge_tell(const struct ixs_merging *merging, const struct ixs_spectra *out,
                    struct ixs_notes *notes);

/* The narrowest true feature and the FWHM of a line that this analyzer can see, meV. */
double ixs_merge_narrowest(const struct ixs_merge_rules *rules, const char *analyzer);
double ixs_merge_fwhm(const struct ixs_merge_rules *rules, const char *analyzer);

/* What exposures of an input are to be multiplied by, so that they refer to one monitor rate. */
double ixs_merge_reference(const struct ixs_merging *merging, size_t input);

#endif
