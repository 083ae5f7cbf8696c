/* SPDX-License-Identifier: GPL-3.0-or-later
 * The date of a product. FITS Standard 4.0 section 9.1.1 wants 2015-11-17T11:26:05; SPEC writes
 * what asctime does, Tue Nov 17 11:26:05 2015. The time zone stays the beamline's own.
 */
#include "base/product_fits.h"

#include <stdio.h>
#include <string.h>

/* The letters of `date` that are a date as FITS has it, before a fraction or a time zone; 0: none.
 */
static size_t fits_date_length(const char *date)
{
    static const char form[] = "####-##-##T##:##:##";
    size_t i = 0;
    while (form[i] == '#' ? date[i] >= '0' && date[i] <= '9' : form[i] != 0 && date[i] == form[i])
        i++;
    return form[i] == '\0' || (i == 10 && date[i] == '\0') ? i : 0;
}

static int month_of(const char *name)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int month = 0; month < 12; month++)
        if (memcmp(names + 3 * month, name, 3) == 0)
            return month + 1;
    return 0;
}

static bool from_asctime(const char *date, char room[48])
{
    char weekday[4] = "", name[4] = "";
    int day, hour, minute, second, year, end = 0;
    if (sscanf(date, "%3s %3s %2d %2d:%2d:%2d %4d%n", weekday, name, &day, &hour, &minute, &second,
               &year, &end) != 7 ||
        date[end] != '\0' || strlen(name) != 3)
        return false;
    int month = month_of(name);
    if (month == 0 || day < 1 || day > 31 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 60 || year < 1900)
        return false;
    snprintf(room, 48, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day, hour, minute, second);
    return true;
}

/* The days of a month are cfitsio's to know. */
static bool is_real_date(const char *date)
{
    int year, month, day, hour, minute, status = 0;
    double second;
    char room[48];
    snprintf(room, sizeof room, "%.19s", date);
    fits_write_errmark();
    fits_str2time(room, &year, &month, &day, &hour, &minute, &second, &status);
    fits_clear_errmark();
    return status == 0;
}

void ixs_cards_date(struct ixs_writer *writer, const char *date)
{
    char room[48] = "";
    size_t length = fits_date_length(date);
    if (date[0] == '\0')
        return;
    snprintf(room, sizeof room, "%.*s", (int)length, date);
    bool known = (length > 0 || from_asctime(date, room)) && is_real_date(room);
    if (known)
        ixs_card_text(writer, "DATE-OBS", room, "local time of the beamline");
    if (!known || strcmp(room, date) != 0)
        ixs_card_text(writer, "OBSTEXT", date, "date as the beamline wrote it");
}
