/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words of a picture of a dispersion.
 */
#include "view/plot_dispersion.h"

#include "view/quantity.h"

#include <math.h>
#include <string.h>

static const char *const marks[] = {"●", "■", "▲", "◆", "▼", "⬟", "●"};

void ixs_dispersion_branch_words(struct ixs_words *words, const struct ixs_dispersion_branch *row)
{
    char text[IXS_QUANTITY_SIZE];
    const char *colour = ixs_dispersion_colour(row->branch);
    const char *mark = row->branch > 0 ? marks[(size_t)(row->branch - 1) % 7] : "";
    if (isfinite(row->velocity)) {
        ixs_quantity(row->velocity, row->velocity_err, sizeof text, text);
        ixs_words_add(words, colour, 1.0, "%s  %s km/s", mark, text);
    } else if (isfinite(row->omega_mean)) {
        ixs_quantity(row->omega_mean, row->omega_mean_err, sizeof text, text);
        ixs_words_add(words, colour, 1.0, "%s  mean %s meV", mark, text);
    } else {
        ixs_words_add(words, colour, 1.0, "%s  no law", mark);
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

void ixs_dispersion_remark_words(struct ixs_words *words, const struct ixs_dispersion *dispersion)
{
    size_t limits = 0, none = 0, doubtful = 0;
    for (size_t i = 0; i < dispersion->npoints; i++) {
        limits += ixs_dispersion_is_limit(&dispersion->points[i]);
        none += dispersion->points[i].branch <= 0;
        doubtful += !ixs_dispersion_is_good(&dispersion->points[i]);
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
    ixs_script_text(script, picture->energies.left, script->height - 26.0, "left", 1.2, IXS_BLACK,
                    title);
    if (remark != NULL)
        ixs_script_text(script, picture->energies.left, script->height - 50.0, "left", 0.9,
                        IXS_VERMILLION, remark);
}
