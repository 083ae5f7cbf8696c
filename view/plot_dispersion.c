/* SPDX-License-Identifier: GPL-3.0-or-later
 * The picture of a DISPERSION: energies against reduced q with the branches' laws, and beneath them
 * the linewidths, upper limits hollow with an arrow. Laws: omega = hbar v q; omega = Z sin(hbar v
 * q / Z); omega = mean.
 */
#include "view/plot_dispersion.h"
#include "view/plot_thermal.h"

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
        return top(point->omega0, point->omega0_err);
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

static bool find_ranges(struct ixs_dispersion_picture *picture, struct ixs_err *err)
{
    const struct ixs_dispersion *d = picture->dispersion;
    for (size_t i = 0; i < d->npoints; i++)
        if (isfinite(ixs_dispersion_q(&d->points[i])))
            picture->q_hi = fmax(picture->q_hi, ixs_dispersion_q(&d->points[i]));
    picture->q_hi = picture->q_hi > 0.0 ? 1.05 * picture->q_hi : 1.0;
    if (!axis_end(&picture->energy_hi, d, false, err) ||
        !axis_end(&picture->width_hi, d, true, err))
        return false;
    for (size_t i = 0; i < d->npoints; i++)
        picture->nbeyond += top_of(&d->points[i], false) > picture->energy_hi ||
                            top_of(&d->points[i], true) > picture->width_hi;
    return true;
}

static double law(const struct ixs_dispersion_branch *branch, double q)
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

/* From q = 0 for a law that starts there, and through the range that its points cover. */
static int put_law(struct ixs_script *script, const struct ixs_dispersion_branch *branch)
{
    bool optic = strcmp(branch->law, "linear") != 0 && strcmp(branch->law, "sine") != 0;
    double from = optic ? branch->q_lo : 0.0, to = branch->q_hi;
    if (!isfinite(law(branch, to)) || !isfinite(from) || !(to > from))
        return 0;
    int block = ixs_script_block(script);
    for (int i = 0; i <= 60; i++) {
        double q = from + (to - from) * i / 60.0;
        ixs_script_pair(script, q, law(branch, q));
    }
    ixs_script_block_end(script);
    return block;
}

static bool draw_energies(struct ixs_script *script, const struct ixs_dispersion_picture *picture,
                          struct ixs_err *err)
{
    int laws[IXS_MOST_BRANCHES];
    for (size_t b = 0; b < picture->dispersion->nbranches && b < IXS_MOST_BRANCHES; b++)
        laws[b] = put_law(script, &picture->dispersion->branches[b]);
    fprintf(script->out, "set xrange [0:%.8g]\nset yrange [0:%.8g]\nset format x ''\n",
            picture->q_hi, picture->energy_hi);
    ixs_script_ylabel(script, &picture->energies, "Phonon energy Ω₀ (meV)");
    return ixs_dispersion_points(script, picture, false, laws, err);
}

static bool draw_widths(struct ixs_script *script, const struct ixs_dispersion_picture *picture,
                        struct ixs_err *err)
{
    ixs_script_panel(script, &picture->widths);
    fprintf(script->out, "set xrange [0:%.8g]\nset yrange [0:%.8g]\n", picture->q_hi,
            picture->width_hi);
    ixs_script_xlabel(script, &picture->widths, "Reduced momentum transfer q (Å⁻¹)");
    ixs_script_ylabel(script, &picture->widths, "FWHM (meV)");
    return ixs_dispersion_points(script, picture, true, NULL, err);
}

static void lay_out(const struct ixs_script *script, struct ixs_dispersion_picture *picture)
{
    double right = script->width - 330.0, height = script->height - 62.0 - 66.0;
    picture->energies = (struct ixs_panel){92.0, right, 62.0 + 0.36 * height, 62.0 + height};
    picture->widths = (struct ixs_panel){92.0, right, 62.0, 62.0 + 0.34 * height};
    picture->side = (struct ixs_panel){right + 14.0, script->width - 8.0, 62.0, 62.0 + height};
}

static bool draw(struct ixs_script *script, const struct ixs_dispersion *dispersion,
                 const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    struct ixs_dispersion_picture picture = {.dispersion = dispersion};
    struct ixs_words words = {0};
    ixs_script_begin(script, choice, 1200.0, 800.0);
    script->font = 15.0;
    lay_out(script, &picture);
    if (!find_ranges(&picture, err))
        return false;
    ixs_dispersion_words(&words, &picture);
    ixs_script_panel(script, &picture.energies);
    ixs_dispersion_heading(script, &picture);
    ixs_words_put(script, &words, &picture.side, true);
    bool ok = draw_energies(script, &picture, err) && draw_widths(script, &picture, err);
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
