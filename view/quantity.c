/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbers for people. The concise notation of errors is that of the GUM (JCGM 100:2008, 7.2.2).
 */
#include "view/quantity.h"

#include "base/array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void drop_sign_of_zero(char *room)
{
    if (room[0] == '-' && room[1] != '\0' && strpbrk(room, "123456789") == NULL)
        memmove(room, room + 1, strlen(room));
}

void ixs_quantity_plain(double value, int digits, size_t size, char *room)
{
    if (!isfinite(value))
        snprintf(room, size, "-");
    else
        snprintf(room, size, "%.*g", digits, value);
    drop_sign_of_zero(room);
}

/* Decimal place of the last digit that counts: -2 for 0.02 and for 0.14. */
static int last_place(double error)
{
    char text[32];
    snprintf(text, sizeof text, "%.1e", error);
    int exponent = atoi(strchr(text, 'e') + 1);
    return text[0] == '1' ? exponent - 1 : exponent;
}

static void print_value(double value, int place, size_t size, char *room)
{
    double unit = pow(10.0, place);
    if (place < 0)
        snprintf(room, size, "%.*f", -place, value);
    else
        snprintf(room, size, "%.0f", round(value / unit) * unit);
    drop_sign_of_zero(room);
}

static void print_pair(double value, double error, size_t size, char *room)
{
    char text[IXS_QUANTITY_SIZE];
    int place = last_place(error);
    print_value(value, place, sizeof text, text);
    if (error >= 1.0 || place >= 0) {
        char bare[IXS_QUANTITY_SIZE];
        print_value(error, place, sizeof bare, bare);
        snprintf(room, size, "%.20s(%.20s)", text, bare);
    } else {
        snprintf(room, size, "%.30s(%.0f)", text, round(error / pow(10.0, place)));
    }
}

void ixs_quantity(double value, double error, size_t size, char *room)
{
    if (!isfinite(value) || !isfinite(error) || error <= 1e-12 * fabs(value)) {
        ixs_quantity_plain(value, 5, size, room);
        return;
    }
    double larger = fmax(fabs(value), error);
    if (larger < 1e6 && larger >= 1e-3) {
        print_pair(value, error, size, room);
        return;
    }
    int scale = (int)floor(log10(larger));
    double unit = pow(10.0, scale < -300 ? -300 : scale);
    char pair[IXS_QUANTITY_SIZE];
    print_pair(value / unit, error / unit, sizeof pair, pair);
    snprintf(room, size, "%.40se%d", pair, scale);
}

void ixs_quantity_above(double value, double error, double lo, size_t size, char *room)
{
    if (isfinite(value) && isnan(error) && isfinite(lo))
        snprintf(room, size, ">%.2g", lo);
    else
        ixs_quantity(value, error, size, room);
}

void ixs_quantity_hkl(double h, double k, double l, size_t size, char *room)
{
    const double hkl[3] = {h, k, l};
    char text[3][IXS_QUANTITY_SIZE];
    for (size_t i = 0; i < 3; i++)
        ixs_quantity_plain(round(hkl[i] * 1000.0) / 1000.0, 5, sizeof text[i], text[i]);
    if (isfinite(h) && isfinite(k) && isfinite(l))
        snprintf(room, size, "(%.12s %.12s %.12s)", text[0], text[1], text[2]);
    else
        snprintf(room, size, "-");
}

struct unit_word {
    const char *fits, *plain, *typeset;
};

static const struct unit_word unit_words[] = {
    {"Angstrom", "A", "Å"},
    {"Angstrom**(-1)", "A^-1", "Å⁻¹"},
    {"Angstrom**-1", "A^-1", "Å⁻¹"},
    {"meV**(-1)", "meV^-1", "meV⁻¹"},
    {"meV.count/s", "meV count/s", "meV count/s"},
    {"meV count/s", "meV count/s", "meV count/s"},
    {"meV**2", "meV^2", "meV²"},
    {"deg", "deg", "°"},
};

static const struct unit_word *find_unit(const char *unit)
{
    for (size_t i = 0; i < IXS_COUNT(unit_words); i++)
        if (strcmp(unit_words[i].fits, unit) == 0)
            return &unit_words[i];
    return NULL;
}

const char *ixs_unit_plain(const char *unit)
{
    const struct unit_word *word = find_unit(unit);
    return word ? word->plain : unit;
}

const char *ixs_unit_typeset(const char *unit)
{
    const struct unit_word *word = find_unit(unit);
    return word ? word->typeset : unit;
}
