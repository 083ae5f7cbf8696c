/* SPDX-License-Identifier: GPL-3.0-or-later
 * The picture of a DISPERSION: energies against reduced q with the branches' laws, and beneath them
 * the linewidths, upper limits hollow with an arrow. Laws: omega = hbar v q; omega = Z sin(hbar v
 * q / Z); omega = mean.
 */
#include "view/page.h"

#include "base/units.h"
#include "products/dispersion.h"
#include "view/quantity.h"

#include <math.h>
#include <string.h>

struct picture {
    const struct ixs_dispersion *dispersion;
    struct ixs_panel energies, widths, side;
    double q_hi, energy_hi, width_hi;
};

static double q_of(const struct ixs_dispersion_point *point)
{
    return isfinite(point->position) ? point->position : point->q_reduced;
}

static bool is_limit(const struct ixs_dispersion_point *point)
{
    return strcmp(point->regime, "unresolved") == 0;
}

static bool is_good(const struct ixs_dispersion_point *point)
{
    return strcmp(point->status, "good") == 0;
}

/* An error larger than its value does not stretch the axis. */
static double top(double value, double error)
{
    double bar = isfinite(error) ? fmin(error, fabs(value)) : 0.0;
    return isfinite(value) ? value + bar : 0.0;
}

static void find_ranges(struct picture *picture)
{
    const struct ixs_dispersion *d = picture->dispersion;
    for (size_t i = 0; i < d->npoints; i++) {
        const struct ixs_dispersion_point *p = &d->points[i];
        if (isfinite(q_of(p)))
            picture->q_hi = fmax(picture->q_hi, q_of(p));
        picture->energy_hi = fmax(picture->energy_hi, top(p->omega0, p->omega0_err));
        picture->width_hi = fmax(picture->width_hi,
                                 is_limit(p) ? top(p->fwhm_ul90, NAN) : top(p->fwhm, p->fwhm_err));
    }
    picture->q_hi = picture->q_hi > 0.0 ? 1.05 * picture->q_hi : 1.0;
    picture->energy_hi = picture->energy_hi > 0.0 ? 1.08 * picture->energy_hi : 1.0;
    picture->width_hi = picture->width_hi > 0.0 ? 1.12 * picture->width_hi : 1.0;
}

static double law(const struct ixs_dispersion_branch *branch, double q)
{
    double line = IXS_MEV_A_PER_KM_S * branch->velocity * q;
    if (strcmp(branch->law, "linear") == 0)
        return line;
    if (strcmp(branch->law, "sine") == 0 && branch->omega_zone > 0.0)
        return branch->omega_zone * sin(line / branch->omega_zone);
    return branch->omega_mean;
}

/* From q = 0 for a law that starts there, and through the range that its points cover. */
static int put_law(struct ixs_script *script, const struct ixs_dispersion_branch *branch)
{
    bool flat = strcmp(branch->law, "linear") != 0 && strcmp(branch->law, "sine") != 0;
    double from = flat ? branch->q_lo : 0.0, to = branch->q_hi;
    if (!isfinite(law(branch, to)) || !isfinite(from) || !(to > from))
        return 0;
    int block = ixs_script_block(script);
    for (int i = 0; i <= 60; i++) {
        double q = from + (to - from) * i / 60.0;
        ixs_script_number(script, q);
        ixs_script_number(script, law(branch, q));
        fputc('\n', script->out);
    }
    ixs_script_block_end(script);
    return block;
}

/* Which points a block holds. */
struct sort {
    int64_t branch;
    bool widths; /* else energies */
    bool solid;  /* good and, of widths, resolved */
};

static bool belongs(const struct ixs_dispersion_point *point, const struct sort *sort)
{
    bool solid = is_good(point) && !(sort->widths && is_limit(point));
    double value = !sort->widths ? point->omega0 : is_limit(point) ? point->fwhm_ul90 : point->fwhm;
    return point->branch == sort->branch && solid == sort->solid && isfinite(value) &&
           isfinite(q_of(point));
}

static void put_point(struct ixs_script *script, const struct ixs_dispersion_point *point,
                      bool widths)
{
    bool limit = widths && is_limit(point);
    double value = limit ? point->fwhm_ul90 : widths ? point->fwhm : point->omega0;
    double error = limit ? 0.0 : widths ? point->fwhm_err : point->omega0_err;
    ixs_script_number(script, q_of(point));
    ixs_script_number(script, value);
    ixs_script_number(script, error > 0.0 && isfinite(error) ? error : 0.0);
    ixs_script_number(script, limit ? 1.0 : 0.0);
    fputc('\n', script->out);
}

static int put_points(struct ixs_script *script, const struct ixs_dispersion *dispersion,
                      const struct sort *sort)
{
    int block = 0;
    for (size_t i = 0; i < dispersion->npoints; i++) {
        if (!belongs(&dispersion->points[i], sort))
            continue;
        if (block == 0)
            block = ixs_script_block(script);
        put_point(script, &dispersion->points[i], sort->widths);
    }
    if (block > 0)
        ixs_script_block_end(script);
    return block;
}

static const char *colour_of(int64_t branch)
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

struct layer { /* one block and how it is drawn */
    int block;
    int64_t branch;
    bool solid;
};

static void plot_layer(struct ixs_script *script, const struct layer *layer, double arrow)
{
    if (layer->block == 0)
        return;
    if (arrow > 0.0 && !layer->solid)
        fprintf(script->out,
                ", $d%d using 1:($4 > 0 ? $2 : NaN):(0):(-%g) with vectors head filled size screen "
                "0.006,20 lw 1.2 lc rgb '%s' notitle",
                layer->block, arrow, colour_of(layer->branch));
    fprintf(script->out,
            ", $d%d using 1:2:3 with yerrorbars pt %d ps 1.1 lw 1.2 lc rgb '%s' notitle",
            layer->block, symbol_of(layer->branch, layer->solid), colour_of(layer->branch));
}

static void plot_points(struct ixs_script *script, const struct ixs_dispersion *dispersion,
                        bool widths, double arrow, size_t nlaws, const int *laws)
{
    enum { MOST = 64 };
    struct layer layers[2 * MOST];
    size_t count = 0;
    for (size_t b = 0; b <= dispersion->nbranches && b < MOST; b++)
        for (int solid = 0; solid < 2; solid++) {
            int64_t branch = b < dispersion->nbranches ? dispersion->branches[b].branch : 0;
            struct sort sort = {branch, widths, solid == 1};
            layers[count++] =
                (struct layer){put_points(script, dispersion, &sort), branch, sort.solid};
        }
    fputs("plot NaN notitle", script->out);
    for (size_t b = 0; b < nlaws; b++)
        if (laws[b] > 0)
            fprintf(script->out, ", $d%d using 1:2 with lines lw 1.8 lc rgb '%s' notitle", laws[b],
                    colour_of(dispersion->branches[b].branch));
    for (size_t i = 0; i < count; i++)
        plot_layer(script, &layers[i], arrow);
    fputc('\n', script->out);
}

static void draw_energies(struct ixs_script *script, const struct picture *picture)
{
    enum { MOST = 64 };
    int laws[MOST];
    size_t n = picture->dispersion->nbranches < MOST ? picture->dispersion->nbranches : MOST;
    for (size_t b = 0; b < n; b++)
        laws[b] = put_law(script, &picture->dispersion->branches[b]);
    fprintf(script->out, "set xrange [0:%.8g]\nset yrange [0:%.8g]\nset format x ''\n",
            picture->q_hi, picture->energy_hi);
    ixs_script_ylabel(script, "Phonon energy Ω₀ (meV)");
    plot_points(script, picture->dispersion, false, 0.0, n, laws);
}

static void draw_widths(struct ixs_script *script, const struct picture *picture)
{
    ixs_script_panel(script, &picture->widths);
    fprintf(script->out, "set xrange [0:%.8g]\nset yrange [0:%.8g]\n", picture->q_hi,
            picture->width_hi);
    ixs_script_xlabel(script, "Reduced momentum transfer q (Å⁻¹)");
    ixs_script_ylabel(script, "FWHM (meV)");
    plot_points(script, picture->dispersion, true, 0.09 * picture->width_hi, 0, NULL);
}

static const char *const marks[] = {"●", "■", "▲", "◆", "▼", "⬟", "●"};

static void add_branch(struct ixs_words *words, const struct ixs_dispersion_branch *row)
{
    char text[IXS_QUANTITY_SIZE];
    const char *colour = colour_of(row->branch);
    const char *mark = row->branch > 0 ? marks[(size_t)(row->branch - 1) % 7] : "";
    if (isfinite(row->velocity)) {
        ixs_quantity(row->velocity, row->velocity_err, sizeof text, text);
        ixs_words_add(words, colour, 1.0, "%s  %s km/s", mark, text);
    } else {
        ixs_quantity(row->omega_mean, row->omega_mean_err, sizeof text, text);
        ixs_words_add(words, colour, 1.0, "%s  mean %s meV", mark, text);
    }
    ixs_words_add(words, colour, 0.85, "     %s", row->path);
    if (row->dof > 0 && isfinite(row->chi2))
        ixs_words_add(words, colour, 0.85, "     %s, %lld points, χ² %.3g / %lld", row->law,
                      (long long)row->npoints, row->chi2, (long long)row->dof);
    else
        ixs_words_add(words, colour, 0.85, "     %s, %lld points", row->law,
                      (long long)row->npoints);
    if (row->nresolved > 0 && isfinite(row->fwhm_mean)) {
        ixs_quantity(row->fwhm_mean, row->fwhm_mean_err, sizeof text, text);
        ixs_words_add(words, colour, 0.85, "     FWHM %s meV (mean of %lld)", text,
                      (long long)row->nresolved);
    }
    ixs_words_add(words, colour, 0.4, " ");
}

static void add_remarks(struct ixs_words *words, const struct ixs_dispersion *dispersion)
{
    size_t limits = 0, none = 0, doubtful = 0;
    for (size_t i = 0; i < dispersion->npoints; i++) {
        limits += is_limit(&dispersion->points[i]);
        none += dispersion->points[i].branch <= 0;
        doubtful += !is_good(&dispersion->points[i]);
    }
    if (limits > 0)
        ixs_words_add(words, "#404040", 0.85, "○↓  width not resolved: 90 %% limit");
    if (doubtful > 0)
        ixs_words_add(words, "#404040", 0.85, "○    fit not good (%zu)", doubtful);
    if (none > 0)
        ixs_words_add(words, IXS_GREY, 0.85, "×    on no branch (%zu)", none);
}

static const char *response_remark(const struct ixs_dispersion *dispersion)
{
    bool lent = false, nominal = false;
    for (size_t i = 0; i < dispersion->npoints; i++) {
        lent = lent || strcmp(dispersion->points[i].response, "lent") == 0;
        nominal = nominal || strcmp(dispersion->points[i].response, "nominal") == 0;
    }
    if (nominal)
        return "Nominal response: linewidths are not intrinsic";
    return lent ? "Response lent by another beamtime: linewidths are not intrinsic" : NULL;
}

static void put_heading(struct ixs_script *script, const struct picture *picture)
{
    const struct ixs_dispersion *d = picture->dispersion;
    const char *object = d->identity.object, *remark = response_remark(d);
    double least = INFINITY, most = -INFINITY;
    char title[200], kelvin[48] = "";
    for (size_t i = 0; i < d->npoints; i++) {
        least = fmin(least, d->points[i].temperature);
        most = fmax(most, d->points[i].temperature);
    }
    if (isfinite(least) && most - least < 0.5)
        snprintf(kelvin, sizeof kelvin, ", %.4g K", least);
    else if (isfinite(least) && isfinite(most))
        snprintf(kelvin, sizeof kelvin, ", %.4g to %.4g K", least, most);
    snprintf(title, sizeof title, "%s%sphonon dispersion and linewidths%s", object,
             object[0] ? ": " : "", kelvin);
    ixs_script_text(script, picture->energies.left, script->height - 26.0, "left", 1.2, IXS_BLACK,
                    title);
    if (remark != NULL)
        ixs_script_text(script, picture->energies.left, script->height - 50.0, "left", 0.9,
                        IXS_VERMILLION, remark);
}

static void lay_out(const struct ixs_script *script, struct picture *picture)
{
    double right = script->width - 330.0, height = script->height - 62.0 - 66.0;
    picture->energies = (struct ixs_panel){92.0, right, 62.0 + 0.36 * height, 62.0 + height};
    picture->widths = (struct ixs_panel){92.0, right, 62.0, 62.0 + 0.34 * height};
    picture->side = (struct ixs_panel){right + 14.0, script->width - 8.0, 62.0, 62.0 + height};
}

static void draw(struct ixs_script *script, const struct ixs_dispersion *dispersion,
                 const struct ixs_plot_choice *choice)
{
    struct picture picture = {.dispersion = dispersion};
    struct ixs_words words = {0};
    ixs_script_begin(script, choice, 1200.0, 800.0);
    script->font = 15.0;
    lay_out(script, &picture);
    find_ranges(&picture);
    for (size_t i = 0; i < dispersion->nbranches && i < 5; i++)
        add_branch(&words, &dispersion->branches[i]);
    add_remarks(&words, dispersion);
    ixs_script_panel(script, &picture.energies);
    put_heading(script, &picture);
    ixs_words_put(script, &words, &picture.side, true);
    draw_energies(script, &picture);
    draw_widths(script, &picture);
    ixs_script_end(script);
}

bool ixs_plot_dispersion(struct ixs_script *script, size_t npaths, const char *const *paths,
                         const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    struct ixs_dispersion dispersion = {0};
    (void)npaths;
    bool ok = ixs_dispersion_read(&dispersion, paths[0], choice->reading, NULL, err);
    if (ok && dispersion.npoints == 0)
        ixs_page_empty(script, choice, "no modes in this dispersion");
    else if (ok)
        draw(script, &dispersion, choice);
    ixs_dispersion_dispose(&dispersion);
    return ok;
}
