/* SPDX-License-Identifier: GPL-3.0-or-later
 * The picture of fits: one panel a spectrum.
 */
#include "view/plot/fit.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PANELS = 64 };

struct chosen { /* the spectra to draw; owns its arrays */
    size_t nfits;
    struct ixs_fit *fits;
    size_t npanels, nleft_out;
    struct ixs_fit_drawing *panels;
    size_t capacity;
};

static bool wanted(const struct ixs_fit_spectrum *row, const struct ixs_plot_choice *choice)
{
    return (choice->spectrum == 0 || row->id.spectrum == choice->spectrum) &&
           (choice->analyzer == NULL || strcmp(row->id.analyzer, choice->analyzer) == 0);
}

static bool choose(struct chosen *chosen, const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    for (size_t f = 0; f < chosen->nfits; f++)
        for (size_t i = 0; i < chosen->fits[f].nspectra; i++) {
            if (!wanted(&chosen->fits[f].spectra[i], choice))
                continue;
            if (chosen->npanels == MOST_PANELS) {
                chosen->nleft_out++;
                continue;
            }
            if (!IXS_MORE(chosen->panels, &chosen->capacity, chosen->npanels, err))
                return false;
            chosen->panels[chosen->npanels++] = (struct ixs_fit_drawing){
                .fit = &chosen->fits[f], .row = &chosen->fits[f].spectra[i], .log = choice->log};
        }
    return true;
}

static bool read_all(struct chosen *chosen, size_t npaths, const char *const *paths,
                     const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    if (!IXS_NEW(chosen->fits, npaths, err))
        return false;
    chosen->nfits = npaths;
    for (size_t f = 0; f < npaths; f++)
        if (!ixs_fit_read(&chosen->fits[f], paths[f], choice->reading, NULL, err))
            return false;
    return choose(chosen, choice, err);
}

static void chosen_dispose(struct chosen *chosen)
{
    for (size_t f = 0; f < chosen->nfits; f++)
        ixs_fit_dispose(&chosen->fits[f]);
    free(chosen->fits);
    free(chosen->panels);
}

static bool same_scans(const struct chosen *chosen)
{
    for (size_t i = 1; i < chosen->npanels; i++)
        if (strcmp(chosen->panels[i].row->id.scans, chosen->panels[0].row->id.scans) != 0)
            return false;
    return true;
}

static bool same_temperature(const struct chosen *chosen)
{
    for (size_t i = 1; i < chosen->npanels; i++)
        if (!(fabs(chosen->panels[i].row->id.temperature - chosen->panels[0].row->id.temperature) <
              0.05))
            return false;
    return true;
}

/* The worst response among the panels, for the remark. */
static const char *remark(const struct chosen *chosen)
{
    bool lent = false, nominal = false;
    for (size_t i = 0; i < chosen->npanels; i++) {
        lent = lent || strcmp(chosen->panels[i].row->id.response, "lent") == 0;
        nominal = nominal || strcmp(chosen->panels[i].row->id.response, "nominal") == 0;
    }
    if (nominal)
        return "nominal response: linewidths are not intrinsic";
    return lent ? "response lent by another beamtime: linewidths are not intrinsic" : NULL;
}

static void title(const struct chosen *chosen, size_t size, char *room)
{
    const struct ixs_fit_spectrum *row = chosen->panels[0].row;
    const char *object = chosen->fits[0].identity.object;
    char scan[64] = "", kelvin[32] = "", more[48] = "";
    if (same_scans(chosen) && row->id.scans[0] != '\0')
        snprintf(scan, sizeof scan, ", scan %.40s", row->id.scans);
    if (same_temperature(chosen) && isfinite(row->id.temperature))
        snprintf(kelvin, sizeof kelvin, ", %.4g K", row->id.temperature);
    if (chosen->nleft_out > 0)
        snprintf(more, sizeof more, " (%zu more spectra not shown)", chosen->nleft_out);
    snprintf(room, size, "%s%s%s%s", object[0] ? object : "Spectra and fits", scan, kelvin, more);
}

static size_t most_modes(const struct chosen *chosen)
{
    int64_t most = 0;
    for (size_t i = 0; i < chosen->npanels; i++)
        if (chosen->panels[i].row->nmodes > most)
            most = chosen->panels[i].row->nmodes;
    return most > IXS_FIT_MOST_MODES ? IXS_FIT_MOST_MODES : (size_t)most;
}

/* Whether a component of that name is fitted in any panel. */
static bool any_component(const struct chosen *chosen, const char *component)
{
    for (size_t i = 0; i < chosen->npanels; i++) {
        const struct ixs_fit *fit = chosen->panels[i].fit;
        for (size_t k = 0; k < fit->nparameters; k++)
            if (strcmp(fit->parameters[k].component, component) == 0)
                return true;
    }
    return false;
}

static void draw_head(struct ixs_script *script, struct ixs_page *page, const struct chosen *chosen)
{
    char head[256], styles[IXS_FIT_MOST_MODES][64], names[IXS_FIT_MOST_MODES][16];
    struct ixs_legend legend[8 + IXS_FIT_MOST_MODES] = {
        {"points pt 7 ps 0.5 lc rgb '" IXS_BLACK "'", "data"},
        {"points pt 6 ps 0.5 lc rgb '" IXS_GREY "'", "flagged"},
        {"lines lw 2 lc rgb '" IXS_VERMILLION "'", "fit"},
        {"lines lw 1.5 lc rgb '" IXS_ORANGE "'", "elastic"},
        {"lines lw 1.5 dt 2 lc rgb '" IXS_GREY "'", "background"},
    };
    size_t modes = most_modes(chosen), n = 5;
    if (any_component(chosen, "quasielastic"))
        legend[n++] = (struct ixs_legend){"lines lw 1.5 lc rgb '" IXS_BROWN "'", "quasi-elastic"};
    if (any_component(chosen, "table"))
        legend[n++] = (struct ixs_legend){"lines lw 1.5 lc rgb '" IXS_BLACK "'", "calculated"};
    if (any_component(chosen, "cell"))
        legend[n++] = (struct ixs_legend){"lines lw 1.5 lc rgb '" IXS_GREY "'", "cell"};
    for (size_t k = 0; k < modes; k++) {
        snprintf(styles[k], sizeof styles[k], "lines lw 1.5 lc rgb '%s'", ixs_fit_mode_colour(k));
        snprintf(names[k], sizeof names[k], "mode %zu", k + 1);
        legend[n++] = (struct ixs_legend){styles[k], names[k]};
    }
    title(chosen, sizeof head, head);
    const struct ixs_heading heading = {head, remark(chosen), true};
    ixs_page_head(script, page, &heading, n, legend);
}

static bool draw(struct ixs_script *script, const struct chosen *chosen,
                 const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    struct ixs_page page;
    ixs_page_begin(script, choice, chosen->npanels, &page);
    draw_head(script, &page, chosen);
    for (size_t i = 0; i < chosen->npanels; i++) {
        struct ixs_fit_drawing panel = chosen->panels[i];
        panel.say_scan = !same_scans(chosen);
        panel.say_temperature = !same_temperature(chosen);
        if (!ixs_fit_draw(script, &page, i, &panel, err))
            return false;
    }
    ixs_script_end(script);
    return true;
}

bool ixs_plot_fit(struct ixs_script *script, size_t npaths, const char *const *paths,
                  const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    struct chosen chosen = {0};
    bool ok = read_all(&chosen, npaths, paths, choice, err);
    const struct ixs_fit *fit = chosen.fits;
    if (ok && chosen.npanels == 0 && (choice->analyzer != NULL || choice->spectrum != 0))
        ok = ixs_plot_none(choice, paths[0], fit->nspectra,
                           fit->nspectra > 0 ? fit->spectra[0].id.analyzer : "",
                           sizeof fit->spectra[0], err);
    else if (ok && chosen.npanels == 0)
        ixs_page_empty(script, choice, "no spectra in this FIT");
    else
        ok = ok && draw(script, &chosen, choice, err);
    chosen_dispose(&chosen);
    return ok;
}
