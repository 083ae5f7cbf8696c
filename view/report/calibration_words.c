/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is to be doubted of a calibration, in words.
 */
#include "view/report/report.h"

#include "view/report/html.h"
#include "view/quantity.h"

#include <math.h>
#include <string.h>

static const double much = 1.5;             /* deviance per degree of freedom */
static const double noted = 3;              /* errors */
static const double harm[2] = {0.02, 0.01}; /* relative, of areas and widths over the run */

static size_t count_of(const struct ixs_calib *calib, const char *quality)
{
    size_t count = 0;
    for (size_t i = 0; i < calib->nanalyzers; i++)
        count += strcmp(calib->analyzers[i].quality, quality) == 0;
    return count;
}

static void say_analyzers(FILE *out, const struct ixs_calib *calib)
{
    size_t others = 0;
    for (size_t i = 0; i < calib->nanalyzers; i++) {
        const struct ixs_calib_analyzer *row = &calib->analyzers[i];
        if (strcmp(row->quality, "good") != 0 && others++ < 12)
            ixs_html_item(out, "%s is %s%s%s.", row->analyzer, row->quality,
                          row->reason[0] ? ": " : "", row->reason);
        if (row->dof > 0 && row->deviance > much * (double)row->dof)
            ixs_html_item(
                out,
                "%s: its response leaves a deviance of %.1f per degree of freedom. Look at the "
                "residuals; its errors are enlarged by this.",
                row->analyzer, row->deviance / (double)row->dof);
        if (strcmp(row->quality, "good") == 0 && !isfinite(row->efficiency_err))
            ixs_html_item(out,
                          "%s: its efficiency is not known, for it shares no angle with others.",
                          row->analyzer);
    }
    if (others > 12)
        ixs_html_item(out, "%zu more analyzers are not good: see the table.", others - 12);
}

/* How far out the responses are known. */
static void say_sample(FILE *out, const struct ixs_calib *calib)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < calib->nanalyzers; i++) {
        const struct ixs_calib_analyzer *row = &calib->analyzers[i];
        if (!isfinite(row->known_lo) || !isfinite(row->known_hi))
            continue;
        least = fmin(least, fmin(-row->known_lo, row->known_hi));
        most = fmax(most, fmax(-row->known_lo, row->known_hi));
    }
    if (!(most > 0))
        return;
    if (strcmp(calib->keys.removal, "joint") == 0)
        ixs_html_item(
            out,
            "What the sample scatters inelastically was taken off by one fit of all scans. "
            "Responses are known within 10 %% out to %.1f to %.1f meV.",
            least, most);
    else if (strcmp(calib->keys.removal, "prior") == 0)
        ixs_html_item(
            out,
            "What the sample scatters inelastically was taken off as it was stated, %.2g +- %.1g "
            "%% of the line. Responses are known within 10 %% out to %.1f to %.1f meV.",
            100 * calib->keys.prior, 100 * calib->keys.prior_err, least, most);
    else
        ixs_html_item(
            out,
            "What the sample scatters inelastically is still in the responses: they are known "
            "within 10 %% only out to %.1f to %.1f meV. Scans at other temperatures, or a "
            "<standard> with its <inelastic> in the experiment, would tell it.",
            least, most);
}

static void say_change(FILE *out, const char *what, const double change[2], double hours,
                       double least)
{
    char text[IXS_QUANTITY_SIZE];
    if (!(fabs(change[0]) > noted * change[1]) || !(fabs(change[0]) * hours > least))
        return;
    ixs_quantity(100 * change[0], 100 * change[1], sizeof text, text);
    ixs_html_item(
        out,
        "%s change by %s %% an hour at unchanged settings: is the sample damaged by the beam, or "
        "does the beam move?",
        what, text);
}

static void say_repeats(FILE *out, const struct ixs_calib *calib)
{
    const struct ixs_calib_keys *keys = &calib->keys;
    double hours = 0;
    for (size_t i = 0; i < calib->nsettings; i++)
        hours = fmax(hours, calib->settings[i].time / 3600);
    say_change(out, "Areas", (const double[]){keys->fading, keys->fading_err}, hours, harm[0]);
    say_change(out, "Widths", (const double[]){keys->widening, keys->widening_err}, hours, harm[1]);
    if (keys->width_scatter > 0)
        ixs_html_item(out,
                      "Widths repeat within %.2g %%, which is in FWHM_ERR and in the fits' errors.",
                      100 * keys->width_scatter);
    if (keys->efficiency_scatter > 0)
        ixs_html_item(out, "Areas repeat within %.2g %%, which is in EFFICIENCY_ERR.",
                      100 * keys->efficiency_scatter);
    if (keys->jitter > 0)
        ixs_html_item(out, "The energy axis jitters by %.2g meV from point to point.",
                      keys->jitter);
    if (keys->walk > 0)
        ixs_html_item(out, "All zeros wander together by %.2g meV in an hour.", keys->walk);
    if (keys->scale > 0 && keys->scale_err >= 0)
        ixs_html_item(out, "Energies are %.5f +- %.5f of the instrument's, from known lines.",
                      keys->scale, keys->scale_err);
}

void ixs_report_calib_words(FILE *out, const struct ixs_calib *calib)
{
    size_t good = count_of(calib, "good"), bad = count_of(calib, "uncalibrated");
    enum ixs_verdict verdict = good == calib->nanalyzers ? IXS_VERDICT_GOOD
                               : bad < calib->nanalyzers ? IXS_VERDICT_FAIR
                                                         : IXS_VERDICT_BAD;
    fprintf(out, "<div class=\"verdict %s\"><span>%zu of %zu analyzers calibrated",
            ixs_verdict_word(verdict), good, calib->nanalyzers);
    if (good + bad < calib->nanalyzers)
        fprintf(out, ", %zu with nominal or lent responses", calib->nanalyzers - good - bad);
    fputs(".</span></div>\n<ul>\n", out);
    say_analyzers(out, calib);
    say_sample(out, calib);
    say_repeats(out, calib);
    fputs("</ul>\n", out);
}
