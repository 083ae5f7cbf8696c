/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words beside a fit: a width that is not resolved is said as its limit.
 */
#include "view/plot/fit_words.h"

#include "base/array.h"

#include "view/quantity.h"

#include <math.h>
#include <string.h>

const struct ixs_fit_mode *ixs_fit_mode_of(const struct ixs_fit *fit, int64_t spectrum,
                                           int64_t mode)
{
    for (size_t k = 0; k < fit->nmodes; k++)
        if (fit->modes[k].id.spectrum == spectrum && fit->modes[k].mode == mode)
            return &fit->modes[k];
    return NULL;
}

const char *ixs_fit_mode_colour(size_t k)
{
    static const char *const colours[] = {IXS_BLUE, IXS_GREEN, IXS_PURPLE, IXS_SKY};
    return colours[k % IXS_COUNT(colours)];
}

static const char *status_colour(const char *status)
{
    if (strcmp(status, "good") == 0)
        return IXS_GREEN;
    return strcmp(status, "no-data") == 0 ? IXS_GREY : IXS_VERMILLION;
}

void ixs_fit_place(const struct ixs_fit_spectrum *row, bool scan, bool temperature, size_t size,
                   char *room)
{
    char hkl[IXS_QUANTITY_SIZE], reduced[64] = "", kelvin[48] = "", number[64] = "";
    ixs_quantity_hkl(row->id.h, row->id.k, row->id.l, sizeof hkl, hkl);
    if (isfinite(row->id.q_reduced))
        snprintf(reduced, sizeof reduced, "  q %.3f Å⁻¹", row->id.q_reduced);
    if (temperature && isfinite(row->id.temperature))
        snprintf(kelvin, sizeof kelvin, "  %.4g K", row->id.temperature);
    if (scan && row->id.scans[0] != '\0')
        snprintf(number, sizeof number, "scan %.40s  ", row->id.scans);
    snprintf(room, size, "%s%s%s%s", number, hkl[0] == '-' ? "" : hkl, reduced, kelvin);
}

void ixs_fit_width_words(const struct ixs_fit_mode *mode, const char *level, size_t size,
                         char *room)
{
    char width[IXS_QUANTITY_SIZE];
    if (strcmp(mode->regime, "overdamped") == 0 && isfinite(mode->relaxation)) {
        ixs_quantity(mode->relaxation, mode->relaxation_err, sizeof width, width);
        snprintf(room, size, "relaxation %s meV", width);
    } else if (strcmp(mode->regime, "unresolved") != 0) {
        ixs_quantity(mode->fwhm, mode->fwhm_err, sizeof width, width);
        snprintf(room, size, "FWHM %s meV", width);
    } else if (isfinite(mode->fwhm_ul90)) {
        snprintf(room, size, "FWHM <%.2g meV%s", mode->fwhm_ul90, level);
    } else {
        snprintf(room, size, "FWHM not resolved");
    }
}

static void add_status(struct ixs_words *words, const struct ixs_fit_spectrum *row, double size)
{
    if (isfinite(row->deviance) && row->dof > 0)
        ixs_words_add(words, status_colour(row->status), size, "%s: %s %.0f / %lld", row->status,
                      strcmp(row->statist, "GAUSSIAN") == 0 ? "χ²" : "deviance", row->deviance,
                      (long long)row->dof);
    else
        ixs_words_add(words, status_colour(row->status), size, "%s", row->status);
}

void ixs_fit_words_short(struct ixs_words *words, const struct ixs_fit *fit,
                         const struct ixs_fit_spectrum *row)
{
    enum { MOST = 3 };
    add_status(words, row, 0.88);
    for (int64_t k = 1; k <= row->nmodes && k <= MOST; k++) {
        const struct ixs_fit_mode *mode = ixs_fit_mode_of(fit, row->id.spectrum, k);
        char energy[IXS_QUANTITY_SIZE], width[64];
        if (mode == NULL)
            continue;
        ixs_quantity_above(mode->omega0, mode->omega0_err, mode->omega0_lo, sizeof energy, energy);
        ixs_fit_width_words(mode, "", sizeof width, width);
        ixs_words_add(words, ixs_fit_mode_colour((size_t)k - 1), 0.88, "%s, %s", energy, width);
    }
    if (row->nmodes > MOST)
        ixs_words_add(words, IXS_GREY, 0.88, "and %lld more", (long long)row->nmodes - MOST);
}

static void add_value(struct ixs_words *words, const char *name, double value, double error,
                      const char *unit)
{
    char text[IXS_QUANTITY_SIZE];
    ixs_quantity(value, error, sizeof text, text);
    if (isfinite(value))
        ixs_words_add(words, IXS_BLACK, 0.9, "%s %s %s", name, text, unit);
}

/* What an overdamped mode determines beside its relaxation is its susceptibility. */
static void add_strength(struct ixs_words *words, const struct ixs_fit_mode *mode,
                         const char *colour)
{
    char text[IXS_QUANTITY_SIZE];
    if (strcmp(mode->regime, "overdamped") == 0 && isfinite(mode->susceptibility)) {
        ixs_quantity(mode->susceptibility, mode->susceptibility_err, sizeof text, text);
        ixs_words_add(words, colour, 0.9, "    susceptibility %s count/s", text);
    } else if (isfinite(mode->strength)) {
        ixs_quantity(mode->strength, mode->strength_err, sizeof text, text);
        ixs_words_add(words, colour, 0.9, "    strength %s meV count/s", text);
    }
}

static void add_mode(struct ixs_words *words, const struct ixs_fit_mode *mode)
{
    char energy[IXS_QUANTITY_SIZE], width[64];
    const char *colour = ixs_fit_mode_colour((size_t)mode->mode - 1);
    ixs_quantity_above(mode->omega0, mode->omega0_err, mode->omega0_lo, sizeof energy, energy);
    ixs_fit_width_words(mode, " (90 %)", sizeof width, width);
    ixs_words_add(words, colour, 1.0, "mode %lld: Ω₀ %s%s meV", (long long)mode->mode,
                  energy[0] == '>' ? "" : "= ", energy);
    ixs_words_add(words, colour, 0.9, "    %s, %s", width, mode->regime);
    add_strength(words, mode, colour);
}

/* A reason is a phrase: broken at a blank so that it stays in the column. */
static void add_phrase(struct ixs_words *words, const char *colour, double size, const char *text,
                       size_t width)
{
    while (*text != '\0') {
        size_t length = strlen(text), cut = length;
        if (length > width) {
            cut = width;
            while (cut > 0 && text[cut] != ' ')
                cut--;
            cut = cut > 0 ? cut : width;
        }
        ixs_words_add(words, colour, size, "%.*s", (int)cut, text);
        text += cut;
        text += strspn(text, " ");
    }
}

void ixs_fit_words_long(struct ixs_words *words, const struct ixs_fit *fit,
                        const struct ixs_fit_spectrum *row)
{
    add_status(words, row, 1.05);
    if (isfinite(row->p_value))
        ixs_words_add(words, IXS_BLACK, 0.9, "chance of a larger one: %.2g", row->p_value);
    add_phrase(words, IXS_VERMILLION, 0.85, row->reason, 38);
    ixs_words_add(words, IXS_BLACK, 0.5, " ");
    for (int64_t k = 1; k <= row->nmodes; k++) {
        const struct ixs_fit_mode *mode = ixs_fit_mode_of(fit, row->id.spectrum, k);
        if (mode != NULL && k <= 4)
            add_mode(words, mode);
    }
    ixs_words_add(words, IXS_BLACK, 0.5, " ");
    add_value(words, "elastic", row->elastic, row->elastic_err, "meV count/s");
    add_value(words, "background", row->background, row->background_err, "count/s");
    add_value(words, "zero, taken off:", row->zero, row->zero_err, "meV");
    if (strcmp(row->id.response, "good") != 0 && row->id.response[0] != '\0')
        ixs_words_add(words, IXS_VERMILLION, 0.9, "response %s: widths not intrinsic",
                      row->id.response);
}
