/* SPDX-License-Identifier: GPL-3.0-or-later
 * The plan of a beamtime: which scans there are, what each is good for, and the Makefile that takes
 * them to dispersion.
 */
#ifndef IXS_CALIB_PLAN_PLAN_H
#define IXS_CALIB_PLAN_PLAN_H

#include "base/notes.h"
#include "calib/reduction/reduction.h"
#include "calib/import/scan_choice.h"
#include "products/raw.h"
#include "products/spectra.h"

enum ixs_role {
    IXS_ROLE_OTHER,     /* alignment, a search, nothing to reduce */
    IXS_ROLE_REFERENCE, /* of a sample that scatters elastically: responses, zeros */
    IXS_ROLE_PHONON,    /* to be reduced and fitted */
    IXS_ROLE_CELL, /* of the empty cell, or the bare substrate: goes with all that are fitted */
};

struct ixs_plan_lot { /* <scans>: a list and its role */
    struct ixs_scan_choice scans;
    enum ixs_role role;
    long line;
};

struct ixs_plan_file { /* <spec> */
    char *path;        /* beside the experiment */
    char *stem;        /* of its products: raw/<stem>_S0012.fits */
    bool finished;     /* nothing more will be written to it */
    double settle;     /* s without a new line after which a scan is taken to have ended */
    struct ixs_plan_lot *lots;
    size_t nlots;
};

struct ixs_plan_scan {
    size_t file;
    char name[200]; /* beam_S0012 */
    int64_t number, order, npoints, nplanned;
    char command[161], date[32], ended[13], title[65];
    double lattice[6]; /* Angstrom, deg; NaN: not stated */
    double kelvin;     /* NaN: no thermometer tells */
    enum ixs_role role;
    struct ixs_spectra setting; /* where its analyzers look; no points */
    struct ixs_sight *sights;   /* [setting.nspectra] */
    size_t set;                 /* the first scan that it repeats; itself, if it repeats none */
    bool stated;                /* the experiment names its role */
    bool unfinished;            /* has no end, and is to be taken as far as it goes */
    char why[121];              /* the reason for its role */
};

struct ixs_plan {      /* owns all; ixs_plan_dispose */
    char *path;        /* of the experiment XML */
    char *instrument;  /* of the instrument XML, NULL if none is named */
    char *calibration; /* of a CALIB that is there already; NULL: from the reference scans */
    struct ixs_experiment experiment;
    char *table;      /* of a calculated S(Q,E) that the model names, NULL: none */
    size_t noverlays; /* of calculated branches that the experiment names */
    char **overlays;
    struct ixs_plan_file *files;
    size_t nfiles;
    struct ixs_plan_scan *scans;
    size_t nscans;
    bool separate;                /* repeats are not merged */
    double momentum, temperature; /* what ixs-merge takes for the same; NaN: as it does unasked */
};

/* The word for a role in XML: "reference". */
const char *ixs_role_word(enum ixs_role role);

/* The reason of a scan that does not move the energy of its instrument. */
extern const char ixs_role_no_energy[];

/* What a scan looks good for, with the reason in words: an energy scan that at least two analyzers
 * see as one line is a reference; other energy scans of at least 5 s a point are phonon scans. It
 * depends on this scan alone, so that a scan to come changes no role. */
IXS_MUST_CHECK bool ixs_role_guess(enum ixs_role *role, char why[121], const struct ixs_raw *raw,
                                   const struct ixs_instrument *instrument, struct ixs_err *err);

/* Which phonon scans repeat each other: most of the analyzers that both have are at one setting, as
 * ixs-merge will find (plan_repeats.c). */
void ixs_plan_repeats(struct ixs_plan *plan);
/* How many scans repeat this one, itself included; 0: it is not the first of them. */
size_t ixs_plan_set_size(const struct ixs_plan *plan, size_t scan);

/* Reads the experiment and what it says of SPEC files; no SPEC file yet. */
IXS_MUST_CHECK bool ixs_plan_read(struct ixs_plan *out, const char *path, struct ixs_err *err);

/* A plan of one SPEC file of which nothing is known: for a draft. */
IXS_MUST_CHECK bool ixs_plan_of_file(struct ixs_plan *out, const char *spec, const char *instrument,
                                     struct ixs_err *err);

/* Looks through all SPEC files. settled: a file that says which scans without an end are to be
 * taken ("beam_S0012 57000": its name and the size of the file in bytes; written by ixs-watch), or
 * NULL. */
IXS_MUST_CHECK bool ixs_plan_scans(struct ixs_plan *plan, const char *settled,
                                   struct ixs_notes *notes, struct ixs_err *err);
void ixs_plan_dispose(struct ixs_plan *plan);

/* ---- what is written ------------------------------------------------------------------------- */

/* The Makefile, to lie at `path`. An edited one is not overwritten unless `force`. */
IXS_MUST_CHECK bool ixs_plan_makefile(const struct ixs_plan *plan, const char *path, bool force,
                                      const struct ixs_commit *how, struct ixs_err *err);

/* Refuses a Makefile that is for another experiment, or not by ixs-plan. */
IXS_MUST_CHECK bool ixs_plan_own_makefile(const struct ixs_plan *plan, const char *path,
                                          struct ixs_err *err);

/* scans.mk, and beside it the slices of the XML that each stage reads. */
IXS_MUST_CHECK bool ixs_plan_write(struct ixs_plan *plan, const char *path,
                                   const struct ixs_commit *how, struct ixs_err *err);

/* The slices alone (plan_slices.c); finds table and overlays. */
IXS_MUST_CHECK bool ixs_plan_slices(struct ixs_plan *plan, const char *folder,
                                    const struct ixs_commit *how, struct ixs_err *err);
bool ixs_plan_has_cell(const struct ixs_plan *plan); /* an empty cell was measured */
/* Refuses names that a Makefile cannot hold. */
IXS_MUST_CHECK bool ixs_plan_name(const char *name, struct ixs_err *err);

/* An experiment XML that says what is known and leaves room for the rest. */
IXS_MUST_CHECK bool ixs_plan_draft(const struct ixs_plan *plan, const char *path,
                                   const struct ixs_commit *how, struct ixs_err *err);
/* Notes a SPEC file of which no scan moves the instrument's energy: it is of another beamline. */
void ixs_plan_doubt(const struct ixs_plan *plan, struct ixs_notes *notes);

#endif
