/* SPDX-License-Identifier: GPL-3.0-or-later
 * What pages share: reading, the frame of the page, verdicts.
 */
#include "view/report/report.h"

#include "base/array.h"
#include "base/lines.h"
#include "base/path.h"
#include "view/report/html.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const char
    *const ixs_report_style[]; /* lines of view/report/report.css, NULL behind the last */

void ixs_report_name(char name[121], const char *path)
{
    ixs_copy(name, 121, ixs_base_name(path));
    char *ending = strstr(name, ".fits");
    if (ending != NULL)
        *ending = '\0';
}

static bool refuse(struct ixs_err *err, const char *path, const char *which, const char *kind)
{
    return ixs_fail_at(err, IXS_USAGE, path, 0,
                       "found %s %s, expected FIT and RAW products, SPECTRA of merged scans, and "
                       "at most one CALIB and DISPERSION",
                       which, kind);
}

static bool add_fit(struct ixs_report *report, const char *path, const struct ixs_reading *how,
                    struct ixs_provenance *provenance, struct ixs_err *err)
{
    if (!IXS_MORE(report->fits, &report->fits_capacity, report->nfits, err) ||
        !IXS_MORE(report->names, &report->names_capacity, report->nfits, err))
        return false;
    ixs_report_name(report->names[report->nfits], path);
    return ixs_fit_read(&report->fits[report->nfits++], path, how, provenance, err);
}

/* The first line of the file of that name in the folder of reasons, if there is one. */
static bool read_reason(struct ixs_report_scan *scan, const char *folder,
                        struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_lines *lines = NULL;
    char *line = NULL, *path = ixs_text(err, "%s/%s", folder, scan->name);
    size_t length;
    bool ok = path != NULL;
    if (ok && access(path, F_OK) != 0)
        ok = errno != ENOTDIR ||
             ixs_fail_at(err, IXS_USAGE, folder, 0, "found a file, expected a folder of reasons");
    else if (ok) {
        ok = ixs_lines_open(&lines, path, err) && ixs_lines_next(lines, &line, &length, err) &&
             ixs_provenance_path(provenance, path, err);
        ixs_copy(scan->failed, sizeof scan->failed, ok && line != NULL ? line : "");
    }
    ixs_lines_close(lines);
    free(path);
    return ok;
}

static bool add_scan(struct ixs_report *report, const char *path, const struct ixs_reading *how,
                     struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_raw raw = {0};
    bool ok = IXS_MORE(report->scans, &report->scans_capacity, report->nscans, err) &&
              ixs_raw_read(&raw, path, how, provenance, err);
    if (ok) {
        struct ixs_report_scan *scan = &report->scans[report->nscans++];
        ixs_report_name(scan->name, path);
        ixs_copy(scan->date, sizeof scan->date, raw.identity.date);
        scan->keys = raw.keys;
        ok = report->reasons == NULL || read_reason(scan, report->reasons, provenance, err);
    }
    ixs_raw_dispose(&raw);
    return ok;
}

/* Only the rows of MERGED are kept. */
static bool add_set(struct ixs_report *report, const char *path, const struct ixs_reading *how,
                    struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_spectra spectra = {0};
    bool ok = IXS_MORE(report->sets, &report->sets_capacity, report->nsets, err) &&
              ixs_spectra_read(&spectra, path, how, provenance, err) &&
              (spectra.nmerged > 0 || refuse(err, path, "a", "SPECTRA"));
    if (ok) {
        struct ixs_report_set *set = &report->sets[report->nsets++];
        ixs_report_name(set->name, path);
        set->nrows = spectra.nmerged;
        set->rows = spectra.merged;
        spectra.nmerged = 0;
        spectra.merged = NULL;
    }
    ixs_spectra_dispose(&spectra);
    return ok;
}

bool ixs_report_add(struct ixs_report *report, const char *path, const struct ixs_reading *how,
                    struct ixs_provenance *provenance, struct ixs_err *err)
{
    char kind[16];
    if (!ixs_product_kind(kind, path, how, err))
        return false;
    if (strcmp(kind, "FIT") == 0)
        return add_fit(report, path, how, provenance, err);
    if (strcmp(kind, "RAW") == 0)
        return add_scan(report, path, how, provenance, err);
    if (strcmp(kind, "SPECTRA") == 0)
        return add_set(report, path, how, provenance, err);
    if (strcmp(kind, "CALIB") == 0 && !report->has_calib) {
        report->has_calib = true;
        return ixs_calib_read(&report->calib, path, how, provenance, err);
    }
    if (strcmp(kind, "DISPERSION") == 0 && !report->has_dispersion) {
        report->has_dispersion = true;
        return ixs_dispersion_read(&report->dispersion, path, how, provenance, err);
    }
    bool second = strcmp(kind, "CALIB") == 0 || strcmp(kind, "DISPERSION") == 0;
    return refuse(err, path, second ? "a second" : "a", kind);
}

const char *ixs_report_complaint(const struct ixs_report *report)
{
    bool alone = report->nfits == 0 && !report->has_calib && !report->has_dispersion;
    if (!alone)
        return NULL;
    return report->nscans > 0
               ? "found RAW products alone, expected a FIT, CALIB or DISPERSION beside them"
               : "found SPECTRA alone, expected a FIT, CALIB or DISPERSION beside them";
}

void ixs_report_dispose(struct ixs_report *report)
{
    for (size_t i = 0; i < report->nfits; i++)
        ixs_fit_dispose(&report->fits[i]);
    for (size_t i = 0; i < report->nsets; i++)
        free(report->sets[i].rows);
    free(report->sets);
    free(report->fits);
    free(report->names);
    free(report->scans);
    ixs_calib_dispose(&report->calib);
    ixs_dispersion_dispose(&report->dispersion);
    *report = (struct ixs_report){0};
}

/* ---- verdicts -------------------------------------------------------------------------------- */

const char *ixs_verdict_word(enum ixs_verdict verdict)
{
    static const char *const words[] = {"good", "fair", "bad"};
    return words[verdict];
}

const char *ixs_status_class(const char *status)
{
    if (strcmp(status, "good") == 0)
        return "good";
    return strcmp(status, "no-data") == 0 ? "weak" : "bad";
}

void ixs_report_tally(struct ixs_tally *tally, const struct ixs_fit *fit)
{
    for (size_t i = 0; i < fit->nspectra; i++) {
        const char *status = fit->spectra[i].status;
        tally->good += strcmp(status, "good") == 0 ? 1 : 0;
        tally->without += strcmp(status, "no-data") == 0 ? 1 : 0;
        tally->doubtful += strcmp(status, "good") != 0 && strcmp(status, "no-data") != 0 ? 1 : 0;
    }
}

enum ixs_verdict ixs_report_judge(const struct ixs_tally *tally)
{
    if (tally->good == 0)
        return IXS_VERDICT_BAD;
    return tally->doubtful + tally->without > 0 ? IXS_VERDICT_FAIR : IXS_VERDICT_GOOD;
}

/* ---- how a scan went ------------------------------------------------------------------------- */

struct ixs_report_scan *ixs_report_find(const struct ixs_report *report, const char *name,
                                        const char *number)
{
    struct ixs_report_scan *found = NULL;
    char wanted[121];
    long scan = 0;
    size_t count = 0;
    bool single = ixs_integer(number, &scan);
    ixs_report_name(wanted, name);
    for (size_t i = 0; i < report->nscans; i++) {
        if (strcmp(report->scans[i].name, wanted) == 0)
            return &report->scans[i];
        if (!single || report->scans[i].keys.scan != scan)
            continue;
        found = &report->scans[i];
        count++;
    }
    return count == 1 ? found : NULL;
}

struct ixs_report_scan *ixs_report_scan_of(const struct ixs_report *report, size_t fit)
{
    const struct ixs_fit *of = &report->fits[fit];
    return ixs_report_find(report, report->names[fit],
                           of->nspectra > 0 ? of->spectra[0].id.scans : "");
}

static void note_used(struct ixs_report_scan *scan)
{
    if (scan != NULL)
        scan->used = true;
}

static void find_used(const struct ixs_report *report)
{
    for (size_t i = 0; i < report->nfits; i++) {
        struct ixs_fate fate;
        size_t at = 0;
        note_used(ixs_report_scan_of(report, i));
        while (ixs_fate_next(ixs_report_set_of(report, i), &at, &fate))
            note_used(ixs_report_find(report, fate.source, fate.scans));
    }
}

bool ixs_report_is_short(const struct ixs_report_scan *scan)
{
    return strcmp(scan->keys.ended, "COMPLETE") != 0 || scan->keys.ndropped > 0;
}

void ixs_report_course(FILE *out, const struct ixs_report_scan *scan)
{
    const struct ixs_raw_keys *keys = &scan->keys;
    ixs_html(out, keys->command);
    fprintf(out, ": %" PRId64, keys->npoints);
    if (keys->nplanned >= 0)
        fprintf(out, " of %" PRId64, keys->nplanned);
    fputs(" points, ", out);
    ixs_html(out, keys->ended);
    if (keys->ndropped > 0)
        fprintf(out, "; %" PRId64 " row%s that could not be read", keys->ndropped,
                ixs_html_plural((size_t)keys->ndropped));
    if (keys->nmissing > 0)
        fprintf(out, "; %" PRId64 " missing value%s", keys->nmissing,
                ixs_html_plural((size_t)keys->nmissing));
}

/* ---- the page -------------------------------------------------------------------------------- */

void ixs_report_head(FILE *out, const char *title, int64_t refresh)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n",
          out);
    if (refresh > 0)
        fprintf(out, "<meta http-equiv=\"refresh\" content=\"%" PRId64 "\">\n", refresh);
    fputs("<title>", out);
    ixs_html(out, title);
    fputs("</title>\n<style>\n", out);
    for (size_t i = 0; ixs_report_style[i] != NULL; i++)
        fputs(ixs_report_style[i], out);
    fputs("</style>\n</head>\n<body>\n", out);
}

void ixs_report_foot(FILE *out)
{
    fprintf(out, "<p class=\"weak\">ixsflow %s</p>\n</body>\n</html>\n", IXS_VERSION);
}

void ixs_report_print(FILE *out, struct ixs_report *report)
{
    find_used(report);
    if (report->nfits == 1 && !report->has_calib && !report->has_dispersion)
        ixs_report_scan(out, report);
    else if (report->nfits == 0 && report->has_calib && !report->has_dispersion)
        ixs_report_calib(out, report);
    else
        ixs_report_beamtime(out, report);
}
