/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-report: what happened to a scan, a calibration or a beamtime, as a page.
 */
#include "reduce/stage.h"

#include "base/memfile.h"
#include "view/report/report.h"

struct values {
    int64_t refresh;
    const char *reasons;
};
static const struct values defaults = {0};

static const struct ixs_option options[] = {
    {"refresh", 0, "S", IXS_OPTION_INT, offsetof(struct values, refresh),
     "the page loads itself again after S seconds (default: never)", 0, 86400},
    {"reasons", 0, "FOLDER", IXS_OPTION_TEXT, offsetof(struct values, reasons),
     "where --failed of other programs left why scans failed, in files of their names", 0, 0},
};

static bool write_page(struct ixs_job *job, struct ixs_report *report, struct ixs_err *err)
{
    struct ixs_memfile page = {0};
    bool ok = ixs_memfile_begin(&page, err);
    if (ok)
        ixs_report_print(page.out, report);
    ok = ok && ixs_memfile_end(&page, err) &&
         ixs_file_commit(job->output, page.text, page.size, &job->commit, NULL, err);
    ixs_memfile_dispose(&page);
    return ok;
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_report report = {.refresh = values->refresh, .reasons = values->reasons};
    bool ok = ixs_stage_needs(job->output, "output", err);
    for (size_t i = 0; ok && i < job->ninputs; i++)
        ok = ixs_report_add(&report, job->inputs[i], &job->reading, &job->provenance, err);
    const char *complaint = ok ? ixs_report_complaint(&report) : NULL;
    ok = ok && (complaint == NULL || ixs_fail(err, IXS_USAGE, "%s", complaint)) &&
         write_page(job, &report, err);
    ixs_report_dispose(&report);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-report",
    .summary = "what happened to a scan, a calibration or a beamtime, at a glance",
    .reads = "one FIT product: the page of its scan; a CALIB alone: that of the calibration; "
             "several, a CALIB, a DISPERSION: the page of the beamtime, with links to the others. "
             "RAW products beside them tell how scans ended, SPECTRA of ixs-merge what became of "
             "scans that were merged",
    .writes = "a self-contained HTML page with its pictures, for any browser",
    .usage = "[options] PRODUCT.fits ... -o page.html",
    .example = "ixs-report fit.fits -o scan.html",
    .takes = IXS_TAKES_OUTPUT,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = 1000000,
    .run = run,
};
