/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pages: self-contained HTML that opens in any browser, without a server and without a network. One
 * a scan, one a calibration, one a beamtime.
 */
#ifndef IXS_VIEW_REPORT_H
#define IXS_VIEW_REPORT_H

#include "products/calibration.h"
#include "products/dispersion.h"
#include "products/fit.h"
#include "products/raw.h"

struct ixs_report_scan { /* of a RAW: how a scan went */
    char name[121];      /* base name of its file, without .fits */
    struct ixs_raw_keys keys;
};

struct ixs_report { /* what a page is made of; owns it, all-zero is empty */
    size_t nfits, fits_capacity;
    struct ixs_fit *fits;
    char (*names)[121]; /* [nfits] base names of their files, without .fits */
    size_t names_capacity;
    size_t nscans, scans_capacity;
    struct ixs_report_scan *scans;
    struct ixs_calib calib;
    struct ixs_dispersion dispersion;
    bool has_calib, has_dispersion;
    int64_t refresh; /* s after which the page loads itself again; 0: never */
};

/* Adds a FIT, CALIB, DISPERSION or RAW; other kinds are IXS_USAGE. */
IXS_MUST_CHECK bool ixs_report_add(struct ixs_report *report, const char *path,
                                   const struct ixs_reading *how, struct ixs_provenance *provenance,
                                   struct ixs_err *err);
/* NULL, or why there is nothing to make a page of. */
const char *ixs_report_complaint(const struct ixs_report *report);
void ixs_report_dispose(struct ixs_report *report);

/* Prints the page: of a scan if there is one FIT and nothing else, of a calibration if there is a
 * CALIB and nothing else, of a beamtime otherwise. */
void ixs_report_print(FILE *out, const struct ixs_report *report);

/* ---- the pieces ------------------------------------------------------------------------------ */

enum ixs_verdict { IXS_VERDICT_GOOD, IXS_VERDICT_FAIR, IXS_VERDICT_BAD };

struct ixs_tally {                  /* spectra of a fit or of many */
    size_t good, doubtful, without; /* without: no-data */
};

void ixs_report_tally(struct ixs_tally *tally, const struct ixs_fit *fit);
const char *ixs_verdict_word(enum ixs_verdict verdict); /* class of its colour */
enum ixs_verdict ixs_report_judge(const struct ixs_tally *tally);
const char *ixs_status_class(const char *status);
const struct ixs_report_scan *ixs_report_find(const struct ixs_report *report, const char *name);
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

#endif
