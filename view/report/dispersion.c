/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pictures of a dispersion on the page of a beamtime: for each path energies and widths against
 * q with the laws of the branches.
 */
#include "view/report/report.h"

#include "base/array.h"
#include "view/show/branch_words.h"
#include "view/report/html.h"
#include "view/plot/dispersion.h"
#include "view/report/svg.h"

#include <math.h>
#include <string.h>

enum { HEIGHT = 640, MOST_PATHS = 12, PALE = 4 };

struct picture { /* of one path, energies or widths */
    const struct ixs_dispersion *d;
    int64_t path; /* 0: all modes */
    const char *name;
    bool widths;
    double coldest, warmest; /* K */
};

/* ---- what is drawn --------------------------------------------------------------------------- */

static bool is_on(const struct picture *picture, const struct ixs_dispersion_point *point)
{
    return picture->path == 0 || point->path == picture->path;
}

static bool is_bound(const struct picture *picture, const struct ixs_dispersion_point *point)
{
    return picture->widths ? ixs_dispersion_is_limit(point) : ixs_dispersion_is_above(point);
}

static double value_of(const struct picture *picture, const struct ixs_dispersion_point *point)
{
    if (!picture->widths)
        return ixs_dispersion_energy(point);
    if (ixs_dispersion_is_limit(point))
        return point->fwhm_ul90;
    return ixs_dispersion_is_above(point) ? (double)NAN : point->fwhm;
}

/* Below which a share of the values of modes on branches (of all modes if there are none) lies. */
static double quantile(const struct picture *picture, double share, double most)
{
    double low = 0, high = most;
    for (int step = 0; step < 30; step++) {
        double middle = 0.5 * (low + high);
        size_t count = 0, all = 0;
        for (size_t i = 0; i < picture->d->npoints; i++) {
            double value = value_of(picture, &picture->d->points[i]);
            all += isfinite(value) ? 1 : 0;
            count += value <= middle ? 1 : 0;
        }
        if ((double)count < share * (double)all)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* A few that stand far above the others do not press those to the floor. */
static void find_axes(struct ixs_svg *svg, const struct picture *picture)
{
    double most = 0;
    svg->x = svg->y = (struct ixs_svg_axis){0, 0, IXS_SVG_LINEAR};
    for (size_t i = 0; i < picture->d->npoints; i++) {
        const struct ixs_dispersion_point *point = &picture->d->points[i];
        double value = value_of(picture, point), q = ixs_dispersion_q(point);
        if (!isfinite(value) || !isfinite(q))
            continue;
        most = fmax(most, value);
        if (is_on(picture, point))
            svg->x.high = fmax(svg->x.high, 1.03 * q);
    }
    svg->y.high = 1.12 * fmin(most, 2 * quantile(picture, 0.9, most));
}

/* The warmer the paler. */
static int paleness(const struct picture *picture, double kelvin)
{
    double span = picture->warmest - picture->coldest;
    return span > 1 && isfinite(kelvin)
               ? (int)lround((PALE - 1) * (kelvin - picture->coldest) / span)
               : 0;
}

static void name_style(char style[32], const struct picture *picture, size_t branch)
{
    const struct ixs_dispersion *d = picture->d;
    if (branch < d->nbranches)
        snprintf(style, 32, "m%zu pale%d", ixs_branch_rank(d, branch) % IXS_BRANCH_COLOURS,
                 paleness(picture, d->branches[branch].temperature));
    else
        snprintf(style, 32, "elastic");
}

/* ---- pictures -------------------------------------------------------------------------------- */

enum layer { BARS, ARROWS, DOTS, DOUBTFUL };

static bool is_in(const struct picture *picture, const struct ixs_dispersion_point *point,
                  enum layer layer)
{
    bool good = ixs_dispersion_is_good(point), bound = is_bound(picture, point);
    return layer == BARS     ? !bound
           : layer == ARROWS ? bound
           : layer == DOTS   ? good && !bound
                             : !good && !bound;
}

static void draw_layer(struct ixs_svg *svg, const struct picture *picture, int64_t branch,
                       const char *style, enum layer layer)
{
    bool any = false;
    for (size_t i = 0; i < picture->d->npoints; i++) {
        const struct ixs_dispersion_point *point = &picture->d->points[i];
        double q = ixs_dispersion_q(point), value = value_of(picture, point);
        double error = picture->widths ? point->fwhm_err : point->omega0_err;
        if (point->branch != branch || !is_on(picture, point) || !is_in(picture, point, layer) ||
            !isfinite(q) || !isfinite(value))
            continue;
        if (!any)
            ixs_svg_begin(svg, style);
        any = true;
        if (layer == BARS && (branch > 0 || error < value / 3))
            ixs_svg_bar(svg, q, value - error, value + error);
        else if (layer == ARROWS)
            ixs_svg_arrow(svg, q, value, picture->widths);
        else if (layer != BARS)
            ixs_svg_dot(svg, q, value);
    }
    if (any)
        ixs_svg_end(svg);
}

static void draw_branch(struct ixs_svg *svg, const struct picture *picture, size_t branch)
{
    const struct ixs_dispersion *d = picture->d;
    int64_t number = branch < d->nbranches ? d->branches[branch].branch : 0;
    char style[32], dots[48];
    name_style(style, picture, branch);
    draw_layer(svg, picture, number, style, BARS);
    draw_layer(svg, picture, number, style, ARROWS);
    snprintf(dots, sizeof dots, "%s dots", style);
    draw_layer(svg, picture, number, dots, DOTS);
    snprintf(dots, sizeof dots, "%s doubt", style);
    draw_layer(svg, picture, number, dots, DOUBTFUL);
}

static void draw_law(struct ixs_svg *svg, const struct picture *picture, size_t branch)
{
    const struct ixs_dispersion *d = picture->d;
    char style[32];
    if (picture->path != 0 && d->branches[branch].path_number != picture->path)
        return;
    name_style(style, picture, branch);
    ixs_svg_begin(svg, style);
    for (size_t i = 0; i < d->ncurves; i++)
        if (d->curves[i].branch == d->branches[branch].branch)
            ixs_svg_point(svg, d->curves[i].position,
                          picture->widths ? d->curves[i].fwhm : d->curves[i].energy);
    ixs_svg_end(svg);
}

/* A published or calculated dispersion, a gap between its lines. */
static void draw_overlay(struct ixs_svg *svg, const struct picture *picture)
{
    const struct ixs_dispersion *d = picture->d;
    if (d->noverlays == 0 || picture->widths)
        return;
    ixs_svg_begin(svg, "elastic dash");
    for (size_t i = 0; i < d->noverlays; i++) {
        const struct ixs_dispersion_overlay *row = &d->overlays[i];
        if (row->path != 0 && picture->path != 0 && row->path != picture->path)
            continue;
        if (i > 0 && row->line != d->overlays[i - 1].line)
            ixs_svg_point(svg, NAN, NAN);
        ixs_svg_point(svg, row->position, row->energy);
    }
    ixs_svg_end(svg);
}

static void draw(FILE *out, const struct picture *picture)
{
    const struct ixs_dispersion *d = picture->d;
    struct ixs_svg svg = {.out = out, .left = 80, .right = 985, .top = IXS_SVG_HEAD};
    svg.bottom = HEIGHT - IXS_SVG_FOOT;
    find_axes(&svg, picture);
    fprintf(out, "<figure><figcaption>%s", picture->widths ? "Full linewidths" : "Phonon energies");
    fputs(picture->name[0] != '\0' ? ": " : "", out);
    ixs_html(out, picture->name);
    fputs("</figcaption>\n", out);
    ixs_svg_open(out, HEIGHT, picture->widths ? "linewidths against q" : "energies against q");
    ixs_svg_frame(&svg, "reduced q, Å⁻¹", "meV");
    draw_overlay(&svg, picture);
    for (size_t b = 0; b < d->nbranches; b++)
        draw_law(&svg, picture, b);
    for (size_t b = d->nbranches + 1; b-- > 0;)
        draw_branch(&svg, picture, b);
    ixs_svg_close(out);
    fputs("</figure>\n", out);
}

static void draw_both(FILE *out, struct picture *picture)
{
    for (int widths = 0; widths < 2; widths++) {
        picture->widths = widths == 1;
        draw(out, picture);
    }
}

/* One pair for all, or one for each path that has a branch. */
static void draw_paths(FILE *out, struct picture *picture)
{
    const struct ixs_dispersion *d = picture->d;
    size_t count = 0;
    for (size_t p = 0; p < d->npaths && d->npaths > 1; p++) {
        bool any = false;
        for (size_t b = 0; b < d->nbranches; b++)
            any = any || d->branches[b].path_number == d->paths[p].path;
        if (!any || count++ >= MOST_PATHS)
            continue;
        picture->path = d->paths[p].path;
        picture->name = d->paths[p].name;
        draw_both(out, picture);
    }
    if (count == 0)
        draw_both(out, picture);
}

static void print_legend(FILE *out, const struct picture *picture)
{
    fputs(
        "<p class=\"weak\">A colour a branch, grey on none; small: the fit is doubtful; an arrow: "
        "a limit (widths: 90 %); at the upper edge: beyond it",
        out);
    if (picture->warmest - picture->coldest > 1)
        fprintf(out, "; strong at %.4g K, pale at %.4g K", picture->coldest, picture->warmest);
    if (picture->d->noverlays > 0) {
        fputs("; dashed: ", out);
        ixs_html(out, picture->d->overlays[0].series);
    }
    fputs("</p>\n", out);
}

void ixs_report_dispersion(FILE *out, const struct ixs_dispersion *d)
{
    struct picture picture = {.d = d, .name = "", .coldest = NAN, .warmest = NAN};
    for (size_t i = 0; i < d->npoints; i++) {
        picture.coldest = fmin(picture.coldest, d->points[i].temperature);
        picture.warmest = fmax(picture.warmest, d->points[i].temperature);
    }
    print_legend(out, &picture);
    fputs("<div class=\"panels wide\">\n", out);
    draw_paths(out, &picture);
    fputs("</div>\n", out);
}
