/* SPDX-License-Identifier: GPL-3.0-or-later
 * The picture of a DISPERSION: for each path energies against reduced q with the branches' laws,
 * and beneath them the linewidths with theirs; limits hollow with an arrow, an overlay dashed.
 */
#include "view/plot/dispersion.h"
#include "view/plot/thermal.h"

#include "base/array.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An error larger than its value does not stretch the axis. */
static double top(double value, double error)
{
    double bar = isfinite(error) ? fmin(error, fabs(value)) : 0.0;
    return isfinite(value) ? value + bar : 0.0;
}

static double top_of(const struct ixs_dispersion_point *point, bool width)
{
    if (!width)
        return top(ixs_dispersion_energy(point), point->omega0_err);
    return ixs_dispersion_is_limit(point) ? top(point->fwhm_ul90, NAN)
                                          : top(point->fwhm, point->fwhm_err);
}

static int by_size(const void *a, const void *b)
{
    const double *one = a, *other = b;
    return (*one > *other) - (*one < *other);
}

/* The end of an axis: all points on branches (all points if there are none), but a few that stand
 * far above the others do not press those to the floor. */
static bool axis_end(double *end, const struct ixs_dispersion *dispersion, bool width,
                     struct ixs_err *err)
{
    double *tops = NULL;
    size_t count = 0;
    if (!IXS_NEW(tops, dispersion->npoints, err))
        return false;
    for (int all = 0; all < 2 && count == 0; all++)
        for (size_t i = 0; i < dispersion->npoints; i++)
            if (all == 1 || dispersion->points[i].branch > 0)
                tops[count++] = top_of(&dispersion->points[i], width);
    qsort(tops, count, sizeof tops[0], by_size);
    double most = count > 0 ? tops[count - 1] : 0.0;
    double usual = count > 0 ? tops[(count - 1) * 9 / 10] : 0.0;
    *end = most > 0.0 ? 1.1 * (usual > 0.0 ? fmin(most, 2.0 * usual) : most) : 1.0;
    free(tops);
    return true;
}

static bool is_on(const struct ixs_dispersion_panel *panel,
                  const struct ixs_dispersion_point *point)
{
    return panel->path == 0 || point->path == panel->path;
}

static bool find_ranges(struct ixs_dispersion_picture *picture, struct ixs_err *err)
{
    const struct ixs_dispersion *d = picture->dispersion;
    for (size_t k = 0; k < picture->npanels; k++) {
        struct ixs_dispersion_panel *panel = &picture->panels[k];
        for (size_t i = 0; i < d->npoints; i++)
            if (is_on(panel, &d->points[i]) && isfinite(ixs_dispersion_q(&d->points[i])))
                panel->q_hi = fmax(panel->q_hi, ixs_dispersion_q(&d->points[i]));
        panel->q_hi = panel->q_hi > 0.0 ? 1.05 * panel->q_hi : 1.0;
    }
    if (!axis_end(&picture->energy_hi, d, false, err) ||
        !axis_end(&picture->width_hi, d, true, err))
        return false;
    for (size_t i = 0; i < d->npoints; i++)
        picture->nbeyond += (d->npaths == 0 || d->points[i].path > 0) &&
                            (top_of(&d->points[i], false) > picture->energy_hi ||
                             top_of(&d->points[i], true) > picture->width_hi);
    return true;
}

/* One panel for all, or one for each path that has a branch, in their order. */
static void choose_panels(struct ixs_dispersion_picture *picture)
{
    const struct ixs_dispersion *d = picture->dispersion;
    for (size_t p = 0; p < d->npaths && d->npaths > 1; p++) {
        bool any = false;
        for (size_t b = 0; b < d->nbranches; b++)
            any = any || d->branches[b].path_number == d->paths[p].path;
        if (any && picture->npanels < IXS_MOST_PATHS)
            picture->panels[picture->npanels++] =
                (struct ixs_dispersion_panel){.path = d->paths[p].path, .name = d->paths[p].name};
        else
            picture->nleft_out++;
    }
    if (picture->npanels > 0)
        return;
    picture->nleft_out = 0;
    picture->npanels = 1;
    picture->panels[0].name = "";
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Of products from before CURVES. */
static double old_law(const struct ixs_dispersion_branch *branch, double q)
{
    double line = IXS_MEV_A_PER_KM_S * branch->velocity * q;
    if (strcmp(branch->law, "linear") == 0)
        return line;
    if (strcmp(branch->law, "sine") == 0 && branch->omega_zone > 0.0)
        return branch->omega_zone * sin(line / branch->omega_zone);
    if (strcmp(branch->law, "curved") == 0)
        return branch->omega_centre + branch->curvature * q * q;
    return branch->omega_centre;
}

static int put_old_law(struct ixs_script *script, const struct ixs_dispersion_branch *branch)
{
    double from = isfinite(branch->velocity) ? 0.0 : branch->q_lo, to = branch->q_hi;
    if (!isfinite(old_law(branch, to)) || !isfinite(from) || !(to > from))
        return 0;
    int block = ixs_script_block(script);
    for (int i = 0; i <= 60; i++) {
        double q = from + (to - from) * i / 60.0;
        ixs_script_pair(script, q, old_law(branch, q));
    }
    ixs_script_block_end(script);
    return block;
}

static int put_law(struct ixs_script *script, const struct ixs_dispersion *dispersion,
                   const struct ixs_dispersion_branch *branch, bool widths)
{
    int block = 0;
    for (size_t i = 0; i < dispersion->ncurves; i++) {
        const struct ixs_dispersion_curve *row = &dispersion->curves[i];
        double y = widths ? row->fwhm : row->energy;
        if (row->branch != branch->branch || !isfinite(y))
            continue;
        if (block == 0)
            block = ixs_script_block(script);
        ixs_script_pair(script, row->position, y);
    }
    if (block > 0)
        ixs_script_block_end(script);
    return block > 0 || widths || dispersion->ncurves > 0 ? block : put_old_law(script, branch);
}

/* Lines of the overlay that belong to the panel, a gap between them. */
static int put_overlay(struct ixs_script *script, const struct ixs_dispersion *dispersion,
                       const struct ixs_dispersion_panel *panel)
{
    int block = 0;
    int64_t line = -1;
    for (size_t i = 0; i < dispersion->noverlays; i++) {
        const struct ixs_dispersion_overlay *row = &dispersion->overlays[i];
        if (row->path != 0 && panel->path != 0 && row->path != panel->path)
            continue;
        if (block == 0)
            block = ixs_script_block(script);
        else if (row->line != line)
            fputc('\n', script->out);
        line = row->line;
        ixs_script_pair(script, row->position, row->energy);
    }
    if (block > 0)
        ixs_script_block_end(script);
    return block;
}

static void put_lines(struct ixs_dispersion_lines *out, struct ixs_script *script,
                      const struct ixs_dispersion *dispersion,
                      const struct ixs_dispersion_panel *panel, bool widths)
{
    *out = (struct ixs_dispersion_lines){.overlay = 0};
    for (size_t b = 0; b < dispersion->nbranches && b < IXS_MOST_BRANCHES; b++)
        if (panel->path == 0 || dispersion->branches[b].path_number == panel->path)
            out->laws[b] = put_law(script, dispersion, &dispersion->branches[b], widths);
    if (!widths)
        out->overlay = put_overlay(script, dispersion, panel);
}

/* ---- panels ---------------------------------------------------------------------------------- */

static bool draw_panel(struct ixs_script *script, const struct ixs_dispersion_picture *picture,
                       const struct ixs_dispersion_panel *panel, bool widths, struct ixs_err *err)
{
    const struct ixs_panel *where = widths ? &panel->widths : &panel->energies;
    bool first = panel == picture->panels, alone = picture->npanels == 1;
    const char *momentum = alone ? "Reduced momentum transfer q (Å⁻¹)" : "q (Å⁻¹)";
    struct ixs_dispersion_lines lines;
    put_lines(&lines, script, picture->dispersion, panel, widths);
    fprintf(script->out, "set xrange [0:%.8g]\nset yrange [0:%.8g]\n", panel->q_hi,
            widths ? picture->width_hi : picture->energy_hi);
    fprintf(script->out, "set format x '%s'\nset format y '%s'\n", widths ? "%g" : "",
            first ? "%g" : "");
    if (first)
        ixs_script_ylabel(script, where, widths ? "FWHM (meV)" : "Phonon energy Ω₀ (meV)");
    if (widths)
        ixs_script_xlabel(script, where, momentum);
    else if (panel->name[0] != '\0')
        ixs_script_text(script, 0.5 * (where->left + where->right), where->top - 14.0, "center",
                        0.9, IXS_BLACK, panel->name);
    return ixs_dispersion_points(script, picture, panel, widths, &lines, err);
}

/* Panels side by side, as wide as their q reach, but none below a sixth. */
static void lay_out(const struct ixs_script *script, struct ixs_dispersion_picture *picture)
{
    double left = 92.0, right = script->width - 330.0, height = script->height - 62.0 - 66.0;
    double sum = 0.0, gap = 10.0, room = right - left - gap * ((double)picture->npanels - 1.0);
    for (size_t k = 0; k < picture->npanels; k++)
        sum += picture->panels[k].q_hi;
    double least = sum / 6.0, total = 0.0;
    for (size_t k = 0; k < picture->npanels; k++)
        total += fmax(least, picture->panels[k].q_hi);
    for (size_t k = 0; k < picture->npanels; k++) {
        struct ixs_dispersion_panel *panel = &picture->panels[k];
        double end = left + room * fmax(least, panel->q_hi) / total;
        panel->energies = (struct ixs_panel){left, end, 62.0 + 0.36 * height, 62.0 + height};
        panel->widths = (struct ixs_panel){left, end, 62.0, 62.0 + 0.34 * height};
        left = end + gap;
    }
    picture->side = (struct ixs_panel){right + 14.0, script->width - 8.0, 62.0, 62.0 + height};
}

static bool draw(struct ixs_script *script, const struct ixs_dispersion *dispersion,
                 const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    struct ixs_dispersion_picture picture = {.dispersion = dispersion};
    struct ixs_words words = {0};
    ixs_script_begin(script, choice, 1200.0, 800.0);
    script->font = 15.0;
    choose_panels(&picture);
    if (!find_ranges(&picture, err))
        return false;
    lay_out(script, &picture);
    ixs_dispersion_words(&words, &picture);
    bool ok = true;
    for (size_t k = 0; ok && k < picture.npanels; k++) {
        ixs_script_panel(script, &picture.panels[k].energies);
        if (k == 0) {
            ixs_dispersion_heading(script, &picture);
            ixs_words_put(script, &words, &picture.side, true);
        }
        ok = draw_panel(script, &picture, &picture.panels[k], false, err);
        ixs_script_panel(script, &picture.panels[k].widths);
        ok = ok && draw_panel(script, &picture, &picture.panels[k], true, err);
    }
    ixs_script_end(script);
    return ok;
}

bool ixs_plot_dispersion(struct ixs_script *script, size_t npaths, const char *const *paths,
                         const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    struct ixs_dispersion dispersion = {0};
    (void)npaths;
    bool ok = ixs_dispersion_read(&dispersion, paths[0], choice->reading, NULL, err);
    if (ok && choice->view == IXS_VIEW_THERMAL)
        ok = ixs_plot_thermal(script, &dispersion, choice, err);
    else if (ok && dispersion.npoints == 0)
        ixs_page_empty(script, choice, "no modes in this dispersion");
    else
        ok = ok && draw(script, &dispersion, choice, err);
    ixs_dispersion_dispose(&dispersion);
    return ok;
}
