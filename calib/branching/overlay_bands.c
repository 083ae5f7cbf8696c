/* SPDX-License-Identifier: GPL-3.0-or-later
 * phonopy's band.yaml (phonopy.github.io/phonopy/output-files.html): of all that YAML may be, the
 * lines that phonopy writes; docs/decisions/overlay.md says why. q is the distance along the
 * segment from the end that is a zone centre, energies are 4.13567 meV for each THz.
 */
#include "calib/branching/overlay.h"

#include "base/array.h"
#include "base/units.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double per_thz = 2 * IXS_PI * IXS_HBAR; /* meV */

struct band { /* one q point of the file */
    double q[3], distance;
    int64_t segment, number;
};

struct bands {
    struct band *points;
    size_t n, capacity;
    double *energies; /* [n x nbands] */
    size_t nenergies, energies_capacity;
    long *segments; /* numbers of points */
    size_t nsegments, segments_capacity;
    bool in_segments, in_phonon;
};

/* "key: value" -> value, where the line (behind blanks and "- ") has that key; else NULL. */
static const char *value_of(const char *text, const char *key)
{
    size_t length = strlen(key);
    while (*text == ' ' || *text == '-')
        text++;
    return strncmp(text, key, length) == 0 && text[length] == ':' ? text + length + 1 : NULL;
}

static bool read_vector(const char *text, double out[3])
{
    char plain[128], *at = plain;
    const char *rest = plain;
    size_t blanks;
    if (!ixs_copy(plain, sizeof plain, text))
        return false;
    for (; *at != '\0'; at++)
        if (*at == '[' || *at == ']' || *at == ',')
            *at = ' ';
    return ixs_numbers(&rest, 3, out, &blanks) == 3 && *rest == '\0';
}

static bool take_segment(struct bands *bands, const struct ixs_overlay_reading *reading,
                         const char *text, struct ixs_err *err)
{
    const char *rest = text;
    while (*rest == ' ' || *rest == '-')
        rest++;
    long count;
    if (!ixs_integer(rest, &count) || count < 1 || count > 1000000)
        return ixs_overlay_refuse(reading, text, "a number of points of segment_nqpoint", err);
    if (!IXS_MORE(bands->segments, &bands->segments_capacity, bands->nsegments, err))
        return false;
    bands->segments[bands->nsegments++] = count;
    return true;
}

static bool take_phonon(struct bands *bands, const struct ixs_overlay_reading *reading,
                        const char *text, struct ixs_err *err)
{
    const char *value;
    double number;
    if ((value = value_of(text, "q-position")) != NULL) {
        struct band point = {.distance = NAN};
        if (!read_vector(value, point.q))
            return ixs_overlay_refuse(reading, text, "q-position: [ x, y, z ]", err);
        if (!IXS_MORE(bands->points, &bands->capacity, bands->n, err))
            return false;
        bands->points[bands->n++] = point;
        return true;
    }
    bool distance = (value = value_of(text, "distance")) != NULL;
    if (!distance && (value = value_of(text, "frequency")) == NULL)
        return true; /* labels, eigenvectors, group velocities */
    if (bands->n == 0 || !ixs_number(value, &number) || !(fabs(number) < 1e6))
        return ixs_overlay_refuse(reading, text, "a number, behind a q-position", err);
    if (distance) {
        bands->points[bands->n - 1].distance = number;
        return true;
    }
    if (!IXS_MORE(bands->energies, &bands->energies_capacity, bands->nenergies, err))
        return false;
    bands->energies[bands->nenergies++] = number * per_thz;
    bands->points[bands->n - 1].number++;
    return true;
}

static bool take_line(struct bands *bands, const struct ixs_overlay_reading *reading,
                      const char *text, struct ixs_err *err)
{
    bool top = isalpha((unsigned char)text[0]);
    if (top) {
        bands->in_segments = value_of(text, "segment_nqpoint") != NULL;
        bands->in_phonon = value_of(text, "phonon") != NULL;
        return true;
    }
    if (bands->in_segments && text[0] != '\0')
        return take_segment(bands, reading, text, err);
    return !bands->in_phonon || take_phonon(bands, reading, text, err);
}

static bool is_centre(const double q[3])
{
    return fabs(q[0] - round(q[0])) + fabs(q[1] - round(q[1])) + fabs(q[2] - round(q[2])) < 1e-6;
}

/* One segment: each band a line, from its zone centre. */
static bool add_segment(struct ixs_overlay_reading *reading, const struct bands *bands, size_t from,
                        size_t to, struct ixs_err *err)
{
    bool forth = is_centre(bands->points[from].q), back = is_centre(bands->points[to - 1].q);
    size_t nbands = (size_t)bands->points[from].number;
    double origin = bands->points[forth ? from : to - 1].distance;
    if (!forth && !back)
        return true;
    for (size_t b = 0; b < nbands; b++) {
        reading->last_line++;
        for (size_t i = from; i < to; i++) {
            /* phonopy's reciprocal vectors are without 2 pi */
            double q = 2 * IXS_PI * fabs(bands->points[i].distance - origin);
            if (!ixs_overlay_add(reading, reading->last_line, q, bands->energies[i * nbands + b],
                                 err))
                return false;
        }
    }
    return true;
}

static bool add_bands(struct ixs_overlay_reading *reading, const struct bands *bands,
                      struct ixs_err *err)
{
    size_t from = 0;
    for (size_t i = 0; i < bands->n; i++)
        if (bands->points[i].number != bands->points[0].number || bands->points[i].number == 0 ||
            isnan(bands->points[i].distance))
            return ixs_overlay_refuse(
                reading, "a q-position without its distance or with other bands",
                "a distance and the same number of frequencies at every q-position", err);
    for (size_t s = 0; s < bands->nsegments; s++) {
        size_t to = from + (size_t)bands->segments[s];
        bool wanted = reading->overlay->segment == 0 || reading->overlay->segment == (int64_t)s + 1;
        if (to > bands->n)
            break;
        if (wanted && !add_segment(reading, bands, from, to, err))
            return false;
        from = to;
    }
    return from == bands->n || ixs_overlay_refuse(reading, "another number of q-position",
                                                  "as many as segment_nqpoint says", err);
}

bool ixs_overlay_bands(struct ixs_overlay_reading *reading, char *text, struct ixs_err *err)
{
    struct bands bands = {0};
    size_t length;
    bool ok = true;
    while (ok && text != NULL)
        ok = take_line(&bands, reading, text, err) &&
             ixs_lines_next(reading->lines, &text, &length, err);
    ok = ok && add_bands(reading, &bands, err);
    free(bands.points);
    free(bands.energies);
    free(bands.segments);
    return ok;
}
