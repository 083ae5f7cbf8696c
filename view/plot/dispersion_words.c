/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words of a picture of a dispersion.
 */
#include "view/plot/dispersion.h"

#include "view/quantity.h"

#include <math.h>
#include <string.h>

static const char *const marks[] = {"●", "■", "▲", "◆", "▼", "⬟", "●"};

static void add_first(struct ixs_words *words, const struct ixs_dispersion_branch *row, bool brief)
{
    char text[IXS_QUANTITY_SIZE], points[32] = "";
    const char *colour = ixs_dispersion_colour(row->branch);
    const char *mark = row->branch > 0 ? marks[(size_t)(row->branch - 1) % 7] : "";
    if (brief)
        snprintf(points, sizeof points, ", %lld points", (long long)row->npoints);
    if (isfinite(row->velocity)) {
        ixs_quantity(row->velocity, row->velocity_err, sizeof text, text);
        ixs_words_add(words, colour, brief ? 0.9 : 1.0, "%s  %s km/s%s", mark, text, points);
    } else if (isfinite(row->omega_centre)) {
        ixs_quantity(row->omega_centre, row->omega_centre_err, sizeof text, text);
        ixs_words_add(words, colour, brief ? 0.9 : 1.0, "%s  %s meV at q = 0%s", mark, text,
                      points);
    } else {
        ixs_words_add(words, colour, brief ? 0.9 : 1.0, "%s  no law%s", mark, points);
    }
}

static void add_rest(struct ixs_words *words, const struct ixs_dispersion_branch *row)
{
    char text[IXS_QUANTITY_SIZE];
    const char *colour = ixs_dispersion_colour(row->branch);
    ixs_words_add(words, colour, 0.85, "     %s", row->path);
    ixs_words_add(words, colour, 0.85, "     %s, %lld points", row->law, (long long)row->npoints);
    if (row->dof > 0 && isfinite(row->chi2))
        ixs_words_add(words, colour, 0.85, "     χ² %.0f / %lld", row->chi2, (long long)row->dof);
    if (row->scatter > 0.0)
        ixs_words_add(words, colour, 0.85, "     scatter beyond errors %.2g meV", row->scatter);
    if (row->nresolved > 0 && isfinite(row->fwhm_mean)) {
        ixs_quantity(row->fwhm_mean, row->fwhm_mean_err, sizeof text, text);
        ixs_words_add(words, colour, 0.85, "     FWHM %s meV (mean of %lld)", text,
                      (long long)row->nresolved);
    }
    if (isfinite(row->fwhm_power)) {
        ixs_quantity(row->fwhm_power, row->fwhm_power_err, sizeof text, text);
        ixs_words_add(words, colour, 0.85, "     FWHM as q to the power %s", text);
    }
    if (isfinite(row->modulus)) {
        ixs_quantity(row->modulus, row->modulus_err, sizeof text, text);
        ixs_words_add(words, colour, 0.85, "     %s%s%s GPa", row->constant,
                      row->constant[0] != '\0' ? " = " : "ρv² = ", text);
    }
    ixs_words_add(words, colour, 0.4, " ");
}

static void add_symbols(struct ixs_words *words, const struct ixs_dispersion_picture *picture)
{
    const struct ixs_dispersion *dispersion = picture->dispersion;
    size_t limits = 0, none = 0, doubtful = 0, above = 0, astray = 0;
    for (size_t i = 0; i < dispersion->npoints; i++) {
        limits += ixs_dispersion_is_limit(&dispersion->points[i]);
        above += ixs_dispersion_is_above(&dispersion->points[i]);
        bool on_path = dispersion->npaths == 0 || dispersion->points[i].path > 0;
        none += on_path && dispersion->points[i].branch <= 0;
        astray += !on_path;
        doubtful += !ixs_dispersion_is_good(&dispersion->points[i]);
    }
    ixs_words_add(words, "#404040", 0.4, " ");
    if (limits > 0)
        ixs_words_add(words, "#404040", 0.85, "○↓  width not resolved: 90 %% limit");
    if (above > 0)
        ixs_words_add(words, "#404040", 0.85, "○↑  energy not told from width: lower limit");
    if (dispersion->noverlays > 0)
        ixs_words_add(words, IXS_GREY, 0.85, "╌╌  %s", dispersion->overlays[0].series);
    if (picture->nleft_out > 0)
        ixs_words_add(words, IXS_GREY, 0.85, "%zu more paths", picture->nleft_out);
    if (doubtful > 0)
        ixs_words_add(words, "#404040", 0.85, "○    fit not good (%zu)", doubtful);
    if (none > 0)
        ixs_words_add(words, IXS_GREY, 0.85, "×    on no branch (%zu)", none);
    if (astray > 0)
        ixs_words_add(words, IXS_GREY, 0.85, "%zu modes on no path", astray);
    if (picture->nbeyond > 0)
        ixs_words_add(words, IXS_GREY, 0.85, "%zu reach beyond the axes", picture->nbeyond);
}

void ixs_dispersion_words(struct ixs_words *words, const struct ixs_dispersion_picture *picture)
{
    enum { FULL = 4, MOST = 20 };
    const struct ixs_dispersion *dispersion = picture->dispersion;
    bool brief = dispersion->nbranches > FULL;
    for (size_t i = 0; i < dispersion->nbranches && i < MOST; i++) {
        const struct ixs_dispersion_branch *row = &dispersion->branches[i];
        if (brief && picture->npanels > 1 && (i == 0 || row->path_number != row[-1].path_number))
            ixs_words_add(words, IXS_BLACK, 0.85, "%s", row->path);
        add_first(words, &dispersion->branches[i], brief);
        if (!brief)
            add_rest(words, &dispersion->branches[i]);
    }
    if (dispersion->nbranches > MOST)
        ixs_words_add(words, IXS_GREY, 0.85, "and %zu more branches", dispersion->nbranches - MOST);
    add_symbols(words, picture);
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

void ixs_dispersion_heading(struct ixs_script *script, const struct ixs_dispersion_picture *picture)
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
    ixs_script_text(script, picture->panels[0].energies.left, script->height - 26.0, "left", 1.2,
                    IXS_BLACK, title);
    if (remark != NULL)
        ixs_script_text(script, picture->panels[0].energies.left, script->height - 50.0, "left",
                        0.9, IXS_VERMILLION, remark);
}
