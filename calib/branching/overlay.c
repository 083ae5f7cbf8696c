/* SPDX-License-Identifier: GPL-3.0-or-later
 * A published or calculated dispersion from a file, to lie beside the measured one.
 *
 * CSV: the first line names the columns, in any order: `q` (1/Angstrom, from the zone centre) and
 * `energy` (meV), and if wanted `line` (a whole number: points with the same one are joined).
 * Separated by commas, semicolons, blanks or tabs; lines that begin with # are left out.
 */
#include "calib/branching/overlay.h"

#include "base/array.h"
#include "base/digest.h"
#include "base/path.h"

#include <math.h>
#include <string.h>

bool ixs_overlay_refuse(const struct ixs_overlay_reading *reading, const char *found,
                        const char *expected, struct ixs_err *err)
{
    return ixs_fail_at(err, IXS_INPUT, ixs_lines_path(reading->lines),
                       ixs_lines_number(reading->lines), "found \"%.60s\", expected %s", found,
                       expected);
}

bool ixs_overlay_add(struct ixs_overlay_reading *reading, int64_t line, double position,
                     double energy, struct ixs_err *err)
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

static bool read_heading(struct columns *columns, const struct ixs_overlay_reading *reading,
                         const char *text, struct ixs_err *err)
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
           ixs_overlay_refuse(reading, text,
                              "a line that names the columns, among them q and energy", err);
}

static bool read_row(struct ixs_overlay_reading *reading, const struct columns *columns,
                     const char *text, struct ixs_err *err)
{
    double values[MOST_COLUMNS] = {0}, line = 1;
    const char *rest = text;
    size_t length;
    for (int k = 0; k < columns->n; k++) {
        bool used = k == columns->q || k == columns->energy || k == columns->line;
        if (used ? !ixs_number_next(&rest, &values[k]) : ixs_word(&rest, &length) == NULL)
            return ixs_overlay_refuse(reading, text,
                                      "as many columns as the first line names, with numbers", err);
    }
    if (ixs_word(&rest, &length) != NULL)
        return ixs_overlay_refuse(reading, text, "no more columns than the first line names", err);
    if (columns->line >= 0)
        line = values[columns->line];
    if (!(fabs(line) < 1e9) || line != floor(line) || !(values[columns->q] >= 0) ||
        !(fabs(values[columns->energy]) < 1e6))
        return ixs_overlay_refuse(reading, text,
                                  "q of 0 or more, an energy, a line that is a whole number", err);
    return ixs_overlay_add(reading, reading->last_line + (int64_t)line, values[columns->q],
                           values[columns->energy], err);
}

static bool read_csv(struct ixs_overlay_reading *reading, char *text, struct ixs_err *err)
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

static bool witness(const struct ixs_overlay_reading *reading, struct ixs_provenance *provenance,
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
static bool find_path(struct ixs_overlay_reading *reading, struct ixs_err *err)
{
    const char *name = reading->overlay->path;
    for (size_t i = 0; i < reading->out->npaths; i++)
        if (strcmp(reading->out->paths[i].name, name) == 0)
            reading->path = reading->out->paths[i].path;
    return name[0] == '\0' || reading->path > 0 ||
           ixs_fail(err, IXS_USAGE, "found <overlay> of the path \"%s\", expected one of PATHS",
                    name);
}

/* The first line that says something; YAML begins with a word and a colon. */
static bool first_line(const struct ixs_overlay_reading *reading, char **text, bool *yaml,
                       struct ixs_err *err)
{
    size_t length;
    do
        if (!ixs_lines_next(reading->lines, text, &length, err))
            return false;
    while (*text != NULL && (*text)[strspn(*text, " \t")] == '\0');
    *yaml = *text != NULL && (*text)[strcspn(*text, " \t,;:#")] == ':';
    return true;
}

static bool read_one(struct ixs_dispersion *out, const struct ixs_branching_overlay *overlay,
                     struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_overlay_reading reading = {.out = out, .overlay = overlay, .first = out->noverlays};
    bool yaml = false;
    char *text = NULL;
    bool ok = find_path(&reading, err) && ixs_lines_open(&reading.lines, overlay->file, err) &&
              first_line(&reading, &text, &yaml, err) &&
              (yaml ? ixs_overlay_bands(&reading, text, err) : read_csv(&reading, text, err));
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
