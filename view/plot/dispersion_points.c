/* SPDX-License-Identifier: GPL-3.0-or-later
 * The points of a dispersion: one colour and symbol a branch, solid where the fit is good and the
 * width resolved, an arrow down from an upper limit.
 */
#include "view/plot/dispersion.h"

#include <math.h>
#include <string.h>

double ixs_dispersion_q(const struct ixs_dispersion_point *point)
{
    return isfinite(point->position) ? point->position : point->q_reduced;
}

bool ixs_dispersion_is_limit(const struct ixs_dispersion_point *point)
{
    return strcmp(point->regime, "unresolved") == 0;
}

bool ixs_dispersion_is_good(const struct ixs_dispersion_point *point)
{
    return strcmp(point->status, "good") == 0;
}

bool ixs_dispersion_is_above(const struct ixs_dispersion_point *point)
{
    return isnan(point->omega0_err) && point->omega0_lo > 0;
}

double ixs_dispersion_energy(const struct ixs_dispersion_point *point)
{
    return ixs_dispersion_is_above(point) ? point->omega0_lo : point->omega0;
}

/* Which points a block holds. */
struct sort {
    int64_t path; /* 0: all */
    int64_t branch;
    bool widths; /* else energies */
    bool solid;  /* good and told: neither a limit nor part of one */
};

static bool is_bound(const struct ixs_dispersion_point *point, const struct sort *sort)
{
    return sort->widths ? ixs_dispersion_is_limit(point) : ixs_dispersion_is_above(point);
}

static double value_of(const struct ixs_dispersion_point *point, const struct sort *sort)
{
    return !sort->widths           ? ixs_dispersion_energy(point)
           : is_bound(point, sort) ? point->fwhm_ul90
                                   : point->fwhm;
}

static bool belongs(const struct ixs_dispersion_point *point, const struct sort *sort)
{
    bool solid = ixs_dispersion_is_good(point) && !is_bound(point, sort);
    bool told = !(sort->widths && ixs_dispersion_is_above(point));
    return told && (sort->path == 0 || point->path == sort->path) &&
           point->branch == sort->branch && solid == sort->solid &&
           isfinite(value_of(point, sort)) && isfinite(ixs_dispersion_q(point));
}

/* The points of one sort as dots; the frame is linear, so that it changes nothing. */
static bool to_dots(struct ixs_dots *dots, const struct ixs_dispersion *dispersion,
                    const struct sort *sort, struct ixs_err *err)
{
    if (!ixs_dots_make(dots, dispersion->npoints, err))
        return false;
    for (size_t i = 0; i < dispersion->npoints; i++) {
        const struct ixs_dispersion_point *point = &dispersion->points[i];
        if (!belongs(point, sort))
            continue;
        dots->x[dots->n] = ixs_dispersion_q(point);
        dots->y[dots->n] = value_of(point, sort);
        dots->error[dots->n++] = is_bound(point, sort) ? 0.0
                                 : sort->widths        ? point->fwhm_err
                                                       : point->omega0_err;
    }
    return true;
}

/* An upper limit of a width points down, a lower one of an energy up; both are hollow. */
static int put_arrows(struct ixs_script *script, const struct ixs_dispersion *dispersion,
                      const struct sort *sort)
{
    int block = 0;
    for (size_t i = 0; i < dispersion->npoints; i++) {
        const struct ixs_dispersion_point *point = &dispersion->points[i];
        if (!belongs(point, sort) || !is_bound(point, sort))
            continue;
        if (block == 0)
            block = ixs_script_block(script);
        ixs_script_pair(script, ixs_dispersion_q(point), value_of(point, sort));
    }
    if (block > 0)
        ixs_script_block_end(script);
    return block;
}

const char *ixs_dispersion_colour(int64_t branch)
{
    return branch > 0 ? ixs_script_colour((size_t)branch - 1) : IXS_GREY;
}

/* gnuplot's hollow symbols stand one before the solid ones; a mode on no branch is a cross. */
static int symbol_of(int64_t branch, bool solid)
{
    if (branch <= 0)
        return 2;
    return ixs_script_symbol((size_t)branch - 1) - (solid ? 0 : 1);
}

struct layer { /* one sort of points and how it is drawn */
    struct ixs_dots_block block;
    int arrows;
    int64_t branch;
    bool solid;
};

static bool make_layer(struct layer *layer, struct ixs_script *script,
                       const struct ixs_dispersion *dispersion, const struct sort *sort,
                       struct ixs_err *err)
{
    struct ixs_dots dots = {0};
    const struct ixs_frame linear = {.log = false};
    bool ok = to_dots(&dots, dispersion, sort, err);
    if (ok)
        *layer = (struct layer){ixs_script_dots(script, &dots, &linear).plain,
                                put_arrows(script, dispersion, sort), sort->branch, sort->solid};
    ixs_dots_dispose(&dots);
    return ok;
}

static void plot_layer(struct ixs_script *script, const struct layer *layer, double arrow)
{
    char symbol[32];
    const char *colour = ixs_dispersion_colour(layer->branch);
    if (layer->arrows > 0)
        fprintf(script->out,
                ", $d%d using 1:2:(0):(%g) with vectors head filled size screen 0.006,20 lw 1.2 lc "
                "rgb '%s' notitle",
                layer->arrows, arrow, colour);
    snprintf(symbol, sizeof symbol, "pt %d ps 1.1", symbol_of(layer->branch, layer->solid));
    ixs_script_dots_plot(script, &layer->block, symbol, 1.2, colour);
}

static bool make_layers(struct layer *layers, size_t *count, struct ixs_script *script,
                        const struct ixs_dispersion *dispersion, const struct sort *like,
                        struct ixs_err *err)
{
    *count = 0;
    for (size_t b = 0; b <= dispersion->nbranches && b < IXS_MOST_BRANCHES; b++)
        for (int solid = 0; solid < 2; solid++) {
            struct sort sort = *like;
            sort.branch = b < dispersion->nbranches ? dispersion->branches[b].branch : 0;
            sort.solid = solid == 1;
            if (!make_layer(&layers[(*count)++], script, dispersion, &sort, err))
                return false;
        }
    return true;
}

bool ixs_dispersion_points(struct ixs_script *script, const struct ixs_dispersion_picture *picture,
                           const struct ixs_dispersion_panel *panel, bool widths,
                           const struct ixs_dispersion_lines *lines, struct ixs_err *err)
{
    struct layer layers[2 * IXS_MOST_BRANCHES];
    const struct ixs_dispersion *dispersion = picture->dispersion;
    const struct sort like = {.path = panel->path, .widths = widths};
    double arrow = widths ? -0.09 * picture->width_hi : 0.05 * picture->energy_hi;
    size_t count = 0;
    if (!make_layers(layers, &count, script, dispersion, &like, err))
        return false;
    fputs("plot NaN notitle", script->out);
    if (lines->overlay > 0)
        fprintf(script->out, ", $d%d using 1:2 with lines lw 1.0 dt 2 lc rgb '%s' notitle",
                lines->overlay, IXS_GREY);
    for (size_t b = 0; b < dispersion->nbranches && b < IXS_MOST_BRANCHES; b++)
        if (lines->laws[b] > 0)
            fprintf(script->out, ", $d%d using 1:2 with lines lw 1.8 lc rgb '%s' notitle",
                    lines->laws[b], ixs_dispersion_colour(dispersion->branches[b].branch));
    for (size_t i = 0; i < count; i++)
        plot_layer(script, &layers[i], arrow);
    fputc('\n', script->out);
    return true;
}
