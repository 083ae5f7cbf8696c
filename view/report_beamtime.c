/* SPDX-License-Identifier: GPL-3.0-or-later
 * The page of a beamtime: a verdict, the dispersion with its linewidths, the branches, every scan
 * with a link to its page, every analyzer over all scans.
 */
#include "view/report.h"

#include "view/quantity.h"
#include "view/svg.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { HEIGHT = 620 };

static const char *const styles[] = {"m0", "m1", "m2", "m3"};

/* ---- pictures -------------------------------------------------------------------------------- */

static double width_of(const struct ixs_dispersion_point *point)
{
    return strcmp(point->regime, "unresolved") == 0 ? NAN : point->fwhm;
}

static void find_axes(struct ixs_svg *svg, const struct ixs_dispersion *dispersion, bool widths)
{
    svg->x = svg->y = (struct ixs_svg_axis){0, 0, IXS_SVG_LINEAR};
    for (size_t i = 0; i < dispersion->npoints; i++) {
        const struct ixs_dispersion_point *point = &dispersion->points[i];
        double y = widths ? width_of(point) : point->omega0;
        if (strcmp(point->status, "good") != 0 || !isfinite(point->q_reduced) || !isfinite(y))
            continue;
        svg->x.high = fmax(svg->x.high, 1.03 * point->q_reduced);
        svg->y.high = fmax(svg->y.high, 1.15 * y);
    }
}

/* Modes of one branch (0: of none) with their errors. */
static void draw_branch(struct ixs_svg *svg, const struct ixs_dispersion *dispersion,
                        int64_t branch, bool widths)
{
    char dots[16];
    const char *style = branch > 0 ? styles[(branch - 1) % 4] : "elastic";
    snprintf(dots, sizeof dots, "%s dots", style);
    for (int pass = 0; pass < 2; pass++) {
        ixs_svg_begin(svg, pass == 0 ? style : dots);
        for (size_t i = 0; i < dispersion->npoints; i++) {
            const struct ixs_dispersion_point *point = &dispersion->points[i];
            double y = widths ? width_of(point) : point->omega0;
            double error = widths ? point->fwhm_err : point->omega0_err;
            if (point->branch != branch || strcmp(point->status, "good") != 0)
                continue;
            if (pass == 0)
                ixs_svg_bar(svg, point->q_reduced, y - error, y + error);
            else
                ixs_svg_dot(svg, point->q_reduced, y);
        }
        ixs_svg_end(svg);
    }
}

static void draw_dispersion(FILE *out, const struct ixs_dispersion *dispersion, bool widths)
{
    struct ixs_svg svg = {.out = out, .left = 80, .right = 985, .top = 10, .bottom = HEIGHT - 75};
    find_axes(&svg, dispersion, widths);
    fprintf(out, "<figure><figcaption>%s</figcaption>\n",
            widths ? "Full linewidths that are resolved" : "Phonon energies");
    ixs_svg_open(out, HEIGHT, widths ? "linewidths against q" : "energies against q");
    ixs_svg_frame(&svg, "reduced q, Å⁻¹", "meV");
    draw_branch(&svg, dispersion, 0, widths);
    for (size_t i = 0; i < dispersion->nbranches; i++)
        draw_branch(&svg, dispersion, dispersion->branches[i].branch, widths);
    ixs_svg_close(out);
    fputs("</figure>\n", out);
}

static void print_branches(FILE *out, const struct ixs_dispersion *dispersion)
{
    char velocity[IXS_QUANTITY_SIZE], centre[IXS_QUANTITY_SIZE], width[IXS_QUANTITY_SIZE];
    fputs(
        "<div class=\"scroll\"><table>\n<tr><th>branch</th><th>path</th><th>modes</th><th>law</th>"
        "<th>velocity, km/s</th><th>at q = 0, meV</th><th>mean FWHM, meV</th></tr>\n",
        out);
    for (size_t i = 0; i < dispersion->nbranches; i++) {
        const struct ixs_dispersion_branch *branch = &dispersion->branches[i];
        ixs_quantity(branch->velocity, branch->velocity_err, sizeof velocity, velocity);
        ixs_quantity(branch->omega_centre, branch->omega_centre_err, sizeof centre, centre);
        ixs_quantity(branch->fwhm_mean, branch->fwhm_mean_err, sizeof width, width);
        fprintf(out, "<tr><td>%" PRId64 "</td><td>", branch->branch);
        ixs_html(out, branch->path);
        fprintf(out, "</td><td class=\"number\">%" PRId64 "</td><td>", branch->npoints);
        ixs_html(out, branch->law);
        fprintf(out,
                "</td><td class=\"number\">%s</td><td class=\"number\">%s</td>"
                "<td class=\"number\">%s</td></tr>\n",
                velocity, centre, width);
    }
    fputs("</table></div>\n", out);
}

/* ---- scans ----------------------------------------------------------------------------------- */

static void print_scan(FILE *out, const struct ixs_report *report, size_t index)
{
    const struct ixs_fit *fit = &report->fits[index];
    const char *name = report->names[index];
    const struct ixs_report_scan *scan = ixs_report_find(report, name);
    struct ixs_tally tally = {0};
    char kelvin[IXS_QUANTITY_SIZE] = "-";
    ixs_report_tally(&tally, fit);
    if (fit->nspectra > 0)
        ixs_quantity_plain(fit->spectra[0].id.temperature, 4, sizeof kelvin, kelvin);
    fputs("<tr><td><a href=\"", out);
    ixs_html(out, name);
    fputs(".html\">", out);
    ixs_html(out, name);
    fputs("</a></td><td>", out);
    ixs_html(out, fit->identity.date);
    fprintf(out, "</td><td class=\"number\">%s</td><td class=\"number %s\">%zu</td>", kelvin,
            ixs_verdict_word(ixs_report_judge(&tally)), tally.good);
    fprintf(out,
            "<td class=\"number\">%zu</td><td class=\"number\">%zu</td><td class=\"number\">%zu"
            "</td><td>",
            tally.doubtful, tally.without, fit->nmodes);
    if (scan != NULL && ixs_report_is_short(scan))
        ixs_report_course(out, scan);
    fputs("</td></tr>\n", out);
}

static void print_scans(FILE *out, const struct ixs_report *report)
{
    fputs("<h2>Scans</h2>\n<div class=\"scroll\"><table>\n<tr><th>scan</th><th>begun</th><th>K</th>"
          "<th>good</th><th>doubtful</th><th>no data</th><th>modes</th><th>how it ended, if not "
          "complete</th></tr>\n",
          out);
    for (size_t i = 0; i < report->nfits; i++)
        print_scan(out, report, i);
    fputs("</table></div>\n", out);
}

/* ---- analyzers ------------------------------------------------------------------------------- */

enum { MOST_ANALYZERS = 64 };

struct health { /* of one analyzer over all scans */
    const char *name;
    struct ixs_tally tally;
    const char *last; /* the last reason, "" if there was none */
};

static struct health *health_of(struct health *list, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    if (*count == MOST_ANALYZERS)
        return NULL;
    list[*count] = (struct health){.name = name, .last = ""};
    return &list[(*count)++];
}

static size_t gather_health(struct health *list, const struct ixs_report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < report->nfits; i++)
        for (size_t k = 0; k < report->fits[i].nspectra; k++) {
            struct ixs_fit_spectrum *row = &report->fits[i].spectra[k];
            struct health *one = health_of(list, &count, row->id.analyzer);
            const struct ixs_fit alone = {.spectra = row, .nspectra = 1};
            if (one == NULL)
                continue;
            ixs_report_tally(&one->tally, &alone);
            if (row->reason[0] != '\0')
                one->last = row->reason;
        }
    return count;
}

static void print_health(FILE *out, const struct ixs_report *report)
{
    struct health list[MOST_ANALYZERS];
    size_t count = gather_health(list, report);
    fputs("<h2>Analyzers</h2>\n<div class=\"scroll\"><table>\n<tr><th>analyzer</th><th>good</th>"
          "<th>doubtful</th><th>no data</th><th>FWHM, meV</th><th>zero, meV</th>"
          "<th>calibration</th><th>last reason</th></tr>\n",
          out);
    for (size_t i = 0; i < count; i++) {
        const struct ixs_calib_analyzer *row = ixs_calib_find(&report->calib, list[i].name);
        char width[IXS_QUANTITY_SIZE] = "-", zero[IXS_QUANTITY_SIZE] = "-";
        if (row != NULL) {
            ixs_quantity(row->fwhm, row->fwhm_err, sizeof width, width);
            ixs_quantity(row->zero, row->zero_err, sizeof zero, zero);
        }
        fputs("<tr><td>", out);
        ixs_html(out, list[i].name);
        fprintf(out, "</td><td class=\"number %s\">%zu</td><td class=\"number\">%zu</td>",
                ixs_verdict_word(ixs_report_judge(&list[i].tally)), list[i].tally.good,
                list[i].tally.doubtful);
        fprintf(out, "<td class=\"number\">%zu</td><td class=\"number\">%s</td>",
                list[i].tally.without, width);
        fprintf(out, "<td class=\"number\">%s</td><td>", zero);
        ixs_html(out, row != NULL ? row->quality : "");
        fputs("</td><td>", out);
        ixs_html(out, list[i].last);
        fputs("</td></tr>\n", out);
    }
    fputs("</table></div>\n", out);
    if (report->has_calib)
        fputs("<p><a href=\"calibration.html\">The calibration</a></p>\n", out);
}

static void print_verdict(FILE *out, const struct ixs_report *report)
{
    struct ixs_tally tally = {0};
    size_t nmodes = 0;
    for (size_t i = 0; i < report->nfits; i++) {
        ixs_report_tally(&tally, &report->fits[i]);
        nmodes += report->fits[i].nmodes;
    }
    size_t all = tally.good + tally.doubtful + tally.without;
    fprintf(
        out,
        "<div class=\"verdict %s\"><span>%zu scans, %zu spectra: %zu fitted well, %zu doubtful, "
        "%zu without data; %zu modes in %zu branches.</span></div>\n",
        ixs_verdict_word(ixs_report_judge(&tally)), report->nfits, all, tally.good, tally.doubtful,
        tally.without, nmodes, report->dispersion.nbranches);
}

void ixs_report_beamtime(FILE *out, const struct ixs_report *report)
{
    const struct ixs_identity *identity =
        report->nfits > 0 ? &report->fits[0].identity : &report->dispersion.identity;
    const char *title = identity->object[0] != '\0' ? identity->object : "Beamtime";
    ixs_report_head(out, title, report->refresh);
    fputs("<h1>", out);
    ixs_html(out, title);
    fputs("</h1>\n<p class=\"weak\">", out);
    ixs_html(out, identity->instrument);
    fputs("</p>\n", out);
    print_verdict(out, report);
    if (report->dispersion.npoints > 0) {
        fputs("<h2>Dispersion</h2>\n<div class=\"panels\">\n", out);
        draw_dispersion(out, &report->dispersion, false);
        draw_dispersion(out, &report->dispersion, true);
        fputs("</div>\n", out);
        print_branches(out, &report->dispersion);
    }
    print_scans(out, report);
    print_health(out, report);
    ixs_report_foot(out);
}
