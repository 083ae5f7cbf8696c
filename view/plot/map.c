/* SPDX-License-Identifier: GPL-3.0-or-later
 * The map of S(Q,E): a band for each spectrum at its Q, intensity as colour on a logarithmic scale.
 */
#include "view/plot/spectra.h"

#include "base/array.h"
#include "base/median.h"

#include <math.h>
#include <stdlib.h>

struct band { /* of one spectrum; owns its cells */
    double q, lo, hi;
    size_t n;
    struct cell {
        double energy, value;
    } * cells;
};

struct map { /* owns its bands */
    size_t n;
    struct band *bands;
    double e_lo, e_hi, least, most;
    bool elastic_off;
};

static int by_energy(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;
    return (x->energy > y->energy) - (x->energy < y->energy);
}

static int by_q(const void *a, const void *b)
{
    const struct band *x = a, *y = b;
    return (x->q > y->q) - (x->q < y->q);
}

static void dispose(struct map *map)
{
    for (size_t i = 0; i < map->n; i++)
        free(map->bands[i].cells);
    free(map->bands);
}

/* What remains beside elastic line and background, or the intensity where that is not known. */
static bool take(struct map *map, const struct ixs_spectra_shown *shown, struct ixs_err *err)
{
    struct band *band = &map->bands[map->n];
    const struct ixs_spectra *product = shown->product;
    size_t n = 0;
    const struct ixs_point *points = ixs_spectra_points(product, shown->row->spectrum, &n);
    if (!IXS_NEW(band->cells, n + product->nsqw, err))
        return false;
    map->n++;
    band->q = shown->row->q;
    for (size_t i = 0; i < product->nsqw; i++)
        if (product->sqw[i].spectrum == shown->row->spectrum)
            band->cells[band->n++] = (struct cell){product->sqw[i].energy, product->sqw[i].s};
    map->elastic_off = map->elastic_off || band->n > 0;
    for (size_t i = 0; product->nsqw == 0 && i < n; i++)
        if (!ixs_flags_bar(points[i].flags))
            band->cells[band->n++] = (struct cell){points[i].energy, points[i].intensity};
    qsort(band->cells, band->n, sizeof *band->cells, by_energy);
    for (size_t i = 0; i < band->n; i++) {
        map->e_lo = fmin(map->e_lo, band->cells[i].energy);
        map->e_hi = fmax(map->e_hi, band->cells[i].energy);
        map->most = fmax(map->most, isfinite(band->cells[i].value) ? band->cells[i].value : 0.0);
    }
    return true;
}

static double gap(const struct map *map, size_t i)
{
    return map->bands[i + 1].q - map->bands[i].q;
}

/* Halfway to the neighbours, but not wider than what is usual, nor next to nothing. */
static bool lay_out(struct map *map, struct ixs_err *err)
{
    double *gaps = NULL, usual = 0.1;
    size_t ngaps = 0;
    if (!IXS_NEW(gaps, map->n, err))
        return false;
    qsort(map->bands, map->n, sizeof *map->bands, by_q);
    for (size_t i = 0; i + 1 < map->n; i++)
        if (gap(map, i) > 0.0)
            gaps[ngaps++] = gap(map, i);
    if (ngaps > 0)
        usual = ixs_median(ngaps, gaps);
    free(gaps);
    for (size_t i = 0; i < map->n; i++) {
        double below = i > 0 ? 0.5 * gap(map, i - 1) : 0.5 * usual;
        double above = i + 1 < map->n ? 0.5 * gap(map, i) : 0.5 * usual;
        map->bands[i].lo = map->bands[i].q - fmax(fmin(below, 0.6 * usual), 0.08 * usual);
        map->bands[i].hi = map->bands[i].q + fmax(fmin(above, 0.6 * usual), 0.08 * usual);
    }
    return true;
}

/* Rectangles: centre, edges, value; what is below the scale takes its lowest colour. */
static int put_cells(struct ixs_script *script, const struct map *map)
{
    int block = ixs_script_block(script);
    for (size_t b = 0; b < map->n; b++) {
        const struct band *band = &map->bands[b];
        for (size_t i = 0; i < band->n; i++) {
            double e = band->cells[i].energy, value = band->cells[i].value;
            double lo = i > 0 ? 0.5 * (band->cells[i - 1].energy + e) : e - 0.2;
            double hi = i + 1 < band->n ? 0.5 * (band->cells[i + 1].energy + e) : e + 0.2;
            if (isfinite(value))
                fprintf(script->out, "%.6g %.6g %.6g %.6g %.6g %.6g %.6g\n", e, band->q, lo, hi,
                        band->lo, band->hi, fmax(value, map->least));
        }
    }
    ixs_script_block_end(script);
    return block;
}

static void draw(struct ixs_script *script, const struct map *map)
{
    struct ixs_panel panel = {90.0, script->width - 130.0, 70.0, script->height - 76.0};
    int cells = put_cells(script, map);
    ixs_script_panel(script, &panel);
    ixs_script_xlabel(script, &panel, "Energy transfer (meV)");
    ixs_script_ylabel(script, &panel, "Q (Å⁻¹)");
    ixs_script_text(script, script->width - 118.0, script->height - 60.0, "left", 0.9, IXS_BLACK,
                    "count/s");
    fprintf(script->out,
            "set xrange [%.8g:%.8g]\nset yrange [%.8g:%.8g]\n"
            "set object 1 rectangle from graph 0,0 to graph 1,1 behind fc rgb '#e8e8e8' fs solid "
            "noborder\n"
            "set palette defined (0 '#440154', 0.25 '#3b528b', 0.5 '#21918c', 0.75 '#5ec962', 1 "
            "'#fde725')\n"
            "set logscale cb\nset cbrange [%.8g:%.8g]\nset format cb '10^{%%T}'\n"
            "set colorbox user origin screen %.6g,%.6g size screen %.6g,%.6g\n"
            "set style fill solid 1.0 noborder\n"
            "plot $d%d using 1:2:3:4:5:6:7 with boxxyerror lc palette notitle\n"
            "unset object 1\n",
            map->e_lo - 0.5, map->e_hi + 0.5, map->bands[0].lo, map->bands[map->n - 1].hi,
            map->least, map->most, (script->width - 118.0) / script->width,
            panel.bottom / script->height, 18.0 / script->width,
            (panel.top - panel.bottom) / script->height, cells);
}

bool ixs_plot_map(struct ixs_script *script, const struct ixs_spectra_chosen *chosen,
                  const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    struct map map = {.e_lo = INFINITY, .e_hi = -INFINITY};
    struct ixs_page page = {.npanels = 1};
    char title[256];
    bool ok = IXS_NEW(map.bands, chosen->npanels, err);
    for (size_t i = 0; ok && i < chosen->npanels; i++)
        ok = !isfinite(chosen->panels[i].row->q) || take(&map, &chosen->panels[i], err);
    ok = ok && lay_out(&map, err);
    map.least = 2e-3 * map.most;
    if (ok && (map.n == 0 || !(map.most > 0.0)))
        ixs_page_empty(script, choice, map.n == 0 ? "no spectrum has a Q" : "nothing to draw");
    else if (ok) {
        ixs_script_begin(script, choice, 1200.0, 800.0);
        script->font = 15.0;
        ixs_spectra_heading(chosen, sizeof title, title);
        ixs_page_head(script, &page,
                      &(struct ixs_heading){.title = title,
                                            .remark = map.elastic_off
                                                          ? "elastic line and background taken off"
                                                          : NULL},
                      0, NULL);
        draw(script, &map);
        ixs_script_end(script);
    }
    dispose(&map);
    return ok;
}
