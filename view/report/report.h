/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pages: self-contained HTML that opens in any browser, without a server and without a network. One
 * a scan, one a calibration, one a beamtime.
 */
#ifndef IXS_VIEW_REPORT_REPORT_H
#define IXS_VIEW_REPORT_REPORT_H

#include "products/calibration.h"
#include "products/dispersion.h"
#include "products/fit.h"
#include "products/raw.h"
#include "products/spectra.h"

struct ixs_report_scan { /* of a RAW: how a scan went */
    char name[121];      /* base name of its file, without .fits */
    char date[32];
    struct ixs_raw_keys keys;
    char failed[241]; /* why nothing was made of it, "" if that is not known */
    bool used;        /* it is in a fit; known when a page is printed */
};

struct ixs_report_set { /* of a SPECTRA of merged scans; owns its rows */
    char name[121];
    size_t nrows;
    struct ixs_merged *rows;
};

struct ixs_report { /* what a page is made of; owns it, all-zero is empty */
    size_t nfits, fits_capacity;
    struct ixs_fit *fits;
    char (*names)[121]; /* [nfits] base names of their files, without .fits */
    size_t names_capacity;
    size_t nscans, scans_capacity;
    struct ixs_report_scan *scans;
    size_t nsets, sets_capacity;
    struct ixs_report_set *sets;
    struct ixs_calib calib;
    struct ixs_dispersion dispersion;
    bool has_calib, has_dispersion;
    int64_t refresh;     /* s after which the page loads itself again; 0: never */
    const char *reasons; /* folder with a file for each scan that failed, or NULL; borrowed */
};

/* Adds a FIT, CALIB, DISPERSION, RAW or SPECTRA of merged scans; other kinds are IXS_USAGE. */
IXS_MUST_CHECK bool ixs_report_add(struct ixs_report *report, const char *path,
                                   const struct ixs_reading *how, struct ixs_provenance *provenance,
                                   struct ixs_err *err);
/* NULL, or why there is nothing to make a page of. */
const char *ixs_report_complaint(const struct ixs_report *report);
void ixs_report_dispose(struct ixs_report *report);

/* Prints the page: of a scan if there is one FIT and neither CALIB nor DISPERSION, of a calibration
 * if there is a CALIB and nothing else, of a beamtime otherwise. */
void ixs_report_print(FILE *out, struct ixs_report *report);

/* ---- the pieces ------------------------------------------------------------------------------ */

enum ixs_verdict { IXS_VERDICT_GOOD, IXS_VERDICT_FAIR, IXS_VERDICT_BAD };

struct ixs_tally {                  /* spectra of a fit or of many */
    size_t good, doubtful, without; /* without: no-data */
};

void ixs_report_tally(struct ixs_tally *tally, const struct ixs_fit *fit);
const char *ixs_verdict_word(enum ixs_verdict verdict); /* class of its colour */
enum ixs_verdict ixs_report_judge(const struct ixs_tally *tally);
const char *ixs_status_class(const char *status);

/* Base name without ".fits". */
void ixs_report_name(char name[121], const char *path);
/* The RAW of that name, or else the only one of that number; NULL: there is none. */
struct ixs_report_scan *ixs_report_find(const struct ixs_report *report, const char *name,
                                        const char *number);
/* The RAW of the scan of a fit, NULL if it is of several. */
struct ixs_report_scan *ixs_report_scan_of(const struct ixs_report *report, size_t fit);
/* Ended before all of its points, or with losses. */
bool ixs_report_is_short(const struct ixs_report_scan *scan);
/* "ascan herixE -15 30  90 30: 40 of 91 points, ABORTED; 2 rows lost" */
void ixs_report_course(FILE *out, const struct ixs_report_scan *scan);

void ixs_report_head(FILE *out, const char *title, int64_t refresh);
void ixs_report_foot(FILE *out);
void ixs_report_scan(FILE *out, const struct ixs_report *report);
void ixs_report_beamtime(FILE *out, const struct ixs_report *report);
void ixs_report_calib(FILE *out, const struct ixs_report *report);
void ixs_report_calib_words(FILE *out, const struct ixs_calib *calib); /* a list of doubts */

/* ---- merged scans ---------------------------------------------------------------------------- */

enum { IXS_FATE_WORDS = 600 };

struct ixs_fate {               /* what became of a scan in a set, over its analyzers */
    const char *source, *scans; /* borrowed: the product it came from, its number */
    size_t nspectra;
    int64_t npoints, used, spikes, dips, lost, flagged;
    double shift, shift_err; /* meV */
    char spiky[IXS_FATE_WORDS], unused[IXS_FATE_WORDS], doubts[IXS_FATE_WORDS];
};

/* The next scan of a set from row *at on, which moves; false: there are no more, or no set. */
bool ixs_fate_next(const struct ixs_report_set *set, size_t *at, struct ixs_fate *fate);
/* The merging left out some of it, or found that it does not agree with the others. */
bool ixs_fate_is_doubtful(const struct ixs_fate *fate);
void ixs_fate_words(const struct ixs_fate *fate, char words[IXS_FATE_WORDS]);
/* The set that a fit is of, NULL if none. */
const struct ixs_report_set *ixs_report_set_of(const struct ixs_report *report, size_t fit);
void ixs_report_merged(FILE *out, const struct ixs_report *report, size_t fit);

/* ---- sections of the page of a scan ---------------------------------------------------------- */

/* What was fitted together, how many modes there are, what is beside them. */
void ixs_report_together(FILE *out, const struct ixs_fit *fit);
/* Each mode in a table. */
void ixs_report_modes(FILE *out, const struct ixs_fit *fit);

/* ---- sections of the page of a beamtime ------------------------------------------------------ */

enum { IXS_BRANCH_COLOURS = 6 }; /* classes m0 .. of report.css, by the rank of a branch */

/* Branches: pictures, a table, elastic constants, what to keep in mind. */
void ixs_report_branches(FILE *out, const struct ixs_dispersion *dispersion);
void ixs_report_dispersion(FILE *out, const struct ixs_dispersion *dispersion);
/* Modes against temperature: their laws in words, pictures, tables; nothing if there are none. */
void ixs_report_thermal(FILE *out, const struct ixs_dispersion *dispersion);
void ixs_report_thermal_words(FILE *out, const struct ixs_dispersion *dispersion);
void ixs_report_thermal_tables(FILE *out, const struct ixs_dispersion *dispersion);
/* The first row of a series in THERMAL, NULL: there is none. */
const struct ixs_thermal_row *ixs_report_series(const struct ixs_dispersion *dispersion,
                                                int64_t series);
/* Every scan with a link to its page. */
void ixs_report_scans(FILE *out, const struct ixs_report *report);
/* Every analyzer over all scans. */
void ixs_report_health(FILE *out, const struct ixs_report *report);
void ixs_report_health_words(FILE *out,
                             const struct ixs_report *report); /* of those without data */

#endif
