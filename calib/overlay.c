/* SPDX-License-Identifier: GPL-3.0-or-later
 * A published or calculated dispersion from a file, to lie beside the measured one.
 *
 * CSV: the first line names the columns, in any order: `q` (1/Angstrom, from the zone centre) and
 * `energy` (meV), and if wanted `line` (a whole number: points with the same one are joined).
 * Separated by commas, blanks or tabs; lines that begin with # are left out.
 *
 * band.yaml of phonopy (FORCES, QPOINTS, band structure:
 * phonopy.github.io/phonopy/output-files.html): of all that YAML may be, the lines phonopy writes.
 * q is the distance along the segment from the end that is a zone centre, energies are 4.13567 meV
 * for each THz.
 */
#include "calib/branching.h"

#include "base/array.h"
#include "base/digest.h"
#include "base/lines.h"
#include "base/path.h"
#include "base/units.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double per_thz = 2 * IXS_PI * IXS_HBAR; /* meV */

struct reading {
    struct ixs_dispersion *out;
    struct ixs_lines *lines;
    const struct ixs_branching_overlay *overlay;
    int64_t path;      /* number of the path, 0: all */
    int64_t last_line; /* numbers given so far */
    size_t first;      /* row of OVERLAY that this file begins with */
};

static bool refuse(const struct reading *reading, const char *found, const char *expected,
                   struct ixs_err *err)
{
    return ixs_fail_at(err, IXS_INPUT, ixs_lines_path(reading->lines),
                       ixs_lines_number(reading->lines), "found \"%.60s\", expected %s", found,
                       expected);
}

static bool add(struct reading *reading, int64_t line, double position, double energy,
                struct ixs_err *err)
{
    struct ixs_dispersion *out = reading->out;
    size_t capacity = out->noverlays;
    const char *name = reading->overlay->name;
    if (!IXS_MORE(out->overlays, &capacity, out->noverlays, err))
        return false;
    struct ixs_dispersion_overlay *row = &out->overlays[out->noverlays++];
    *row = (struct ixs_dispersion_overlay){
        .line = line, .path = reading->path, .position = position, .energy = energy};
    ixs_copy(row->series, sizeof row->series,
             name[0] != '\0' ? name : ixs_base_name(reading->overlay->file));
    return true;
}

/* ---- CSV ------------------------------------------------------------------------------------- */

enum { MOST_COLUMNS = 16 };

struct columns { /* their places; -1: not there */
    int n, q, energy, line;
};

static void separate(char *text)
{
    for (; *text != '\0'; text++)
        if (*text == ',' || *text == ';')
            *text = ' ';
}

static bool read_heading(struct columns *columns, const struct reading *reading, const char *text,
                         struct ixs_err *err)
{
    const char *rest = text, *word;
    size_t length;
    *columns = (struct columns){0, -1, -1, -1};
    while ((word = ixs_word(&rest, &length)) != NULL && columns->n < MOST_COLUMNS) {
        int *place = length == 1 && word[0] == 'q'                         ? &columns->q
                     : length == 6 && strncmp(word, "energy", length) == 0 ? &columns->energy
                     : length == 4 && strncmp(word, "line", length) == 0   ? &columns->line
                                                                           : NULL;
        if (place != NULL)
            *place = columns->n;
        columns->n++;
    }
    return (columns->q >= 0 && columns->energy >= 0) ||
           refuse(reading, text, "a line that names the columns, among them q and energy", err);
}

static bool read_row(struct reading *reading, const struct columns *columns, const char *text,
                     struct ixs_err *err)
{
    double values[MOST_COLUMNS], line = 1;
    const char *rest = text, *word;
    size_t length;
    for (int k = 0; k < columns->n; k++) {
        bool used = k == columns->q || k == columns->energy || k == columns->line;
        if (used ? !ixs_number_next(&rest, &values[k]) : (word = ixs_word(&rest, &length)) == NULL)
            return refuse(reading, text, "as many columns as the first line names, with numbers",
                          err);
    }
    if (ixs_word(&rest, &length) != NULL)
        return refuse(reading, text, "no more columns than the first line names", err);
    if (columns->line >= 0)
        line = values[columns->line];
    if (!(fabs(line) < 1e9) || line != floor(line) || !(values[columns->q] >= 0) ||
        !(fabs(values[columns->energy]) < 1e6))
        return refuse(reading, text, "q of 0 or more, an energy, a line that is a whole number",
                      err);
    return add(reading, reading->last_line + (int64_t)line, values[columns->q],
               values[columns->energy], err);
}

static bool read_csv(struct reading *reading, char *text, struct ixs_err *err)
{
    struct columns columns = {0};
    size_t length;
    for (bool first = true; text != NULL;) {
        const char *rest = text;
        separate(text);
        const char *word = ixs_word(&rest, &length);
        if (word != NULL && word[0] != '#') {
            if (!(first ? read_heading(&columns, reading, text, err)
                        : read_row(reading, &columns, text, err)))
                return false;
            first = false;
        }
        if (!ixs_lines_next(reading->lines, &text, &length, err))
            return false;
    }
    return true;
}

/* ---- band.yaml ------------------------------------------------------------------------------- */

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

static bool take_segment(struct bands *bands, const struct reading *reading, const char *text,
                         struct ixs_err *err)
{
    const char *rest = text;
    while (*rest == ' ' || *rest == '-')
        rest++;
    long count;
    if (!ixs_integer(rest, &count) || count < 1 || count > 1000000)
        return refuse(reading, text, "a number of points of segment_nqpoint", err);
    if (!IXS_MORE(bands->segments, &bands->segments_capacity, bands->nsegments, err))
        return false;
    bands->segments[bands->nsegments++] = count;
    return true;
}

static bool take_phonon(struct bands *bands, const struct reading *reading, const char *text,
                        struct ixs_err *err)
{
    const char *value;
    double number;
    if ((value = value_of(text, "q-position")) != NULL) {
        struct band point = {.distance = NAN};
        if (!read_vector(value, point.q))
            return refuse(reading, text, "q-position: [ x, y, z ]", err);
        if (!IXS_MORE(bands->points, &bands->capacity, bands->n, err))
            return false;
        bands->points[bands->n++] = point;
        return true;
    }
    bool distance = (value = value_of(text, "distance")) != NULL;
    if (!distance && (value = value_of(text, "frequency")) == NULL)
        return true; /* labels, eigenvectors, group velocities */
    if (bands->n == 0 || !ixs_number(value, &number))
        return refuse(reading, text, "a number, behind a q-position", err);
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

static bool take_line(struct bands *bands, const struct reading *reading, const char *text,
                      struct ixs_err *err)
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
static bool add_segment(struct reading *reading, const struct bands *bands, size_t from, size_t to,
                        struct ixs_err *err)
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
            if (!add(reading, reading->last_line, q, bands->energies[i * nbands + b], err))
                return false;
        }
    }
    return true;
}

static bool add_bands(struct reading *reading, const struct bands *bands, struct ixs_err *err)
{
    size_t from = 0;
    for (size_t i = 0; i < bands->n; i++)
        if (bands->points[i].number != bands->points[0].number || bands->points[i].number == 0 ||
            isnan(bands->points[i].distance))
            return refuse(reading, "a q-position without its distance or with other bands",
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
    return from == bands->n ||
           refuse(reading, "another number of q-position", "as many as segment_nqpoint says", err);
}

static bool read_bands(struct reading *reading, char *text, struct ixs_err *err)
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

/* ---- either ---------------------------------------------------------------------------------- */

static bool witness(const struct reading *reading, struct ixs_provenance *provenance,
                    struct ixs_err *err)
{
    const char *file = reading->overlay->file;
    struct ixs_digest digest;
    char hex[65];
    ixs_digest_begin(&digest);
    for (size_t i = reading->first; i < reading->out->noverlays; i++) {
        const struct ixs_dispersion_overlay *row = &reading->out->overlays[i];
        ixs_digest_add(&digest, &row->position, sizeof row->position);
        ixs_digest_add(&digest, &row->energy, sizeof row->energy);
    }
    ixs_digest_print(&digest, hex);
    return ixs_provenance_path(provenance, file, err) &&
           ixs_provenance_input(provenance, "overlay", ixs_base_name(file), hex, "", "", err);
}

/* The number of the path that the overlay names. */
static bool find_path(struct reading *reading, struct ixs_err *err)
{
    const char *name = reading->overlay->path;
    for (size_t i = 0; i < reading->out->npaths; i++)
        if (strcmp(reading->out->paths[i].name, name) == 0)
            reading->path = reading->out->paths[i].path;
    return name[0] == '\0' || reading->path > 0 ||
           ixs_fail(err, IXS_USAGE, "found <overlay> of the path \"%s\", expected one of PATHS",
                    name);
}

static bool read_one(struct ixs_dispersion *out, const struct ixs_branching_overlay *overlay,
                     struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct reading reading = {.out = out, .overlay = overlay, .first = out->noverlays};
    const char *name = ixs_base_name(overlay->file), *ending = strrchr(name, '.');
    bool yaml = ending != NULL && (strcmp(ending, ".yaml") == 0 || strcmp(ending, ".yml") == 0);
    char *text = NULL;
    size_t length;
    bool ok = find_path(&reading, err) && ixs_lines_open(&reading.lines, overlay->file, err) &&
              ixs_lines_next(reading.lines, &text, &length, err) &&
              (yaml ? read_bands(&reading, text, err) : read_csv(&reading, text, err));
    if (ok && out->noverlays == reading.first)
        ok = ixs_fail_at(err, IXS_INPUT, overlay->file, 0, "found nothing to draw, expected %s",
                         yaml ? "a segment that begins or ends at a zone centre"
                              : "rows of q and energy");
    ok = ok && witness(&reading, provenance, err);
    ixs_lines_close(reading.lines);
    return ok;
}

bool ixs_branching_overlays(struct ixs_dispersion *out, const struct ixs_branching *rules,
                            struct ixs_provenance *provenance, struct ixs_err *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < rules->noverlays; i++)
        ok = read_one(out, &rules->overlays[i], provenance, err);
    return ok;
}
