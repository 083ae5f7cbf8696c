/* SPDX-License-Identifier: GPL-3.0-or-later
 * The archives that are known without being told, and how the beginning of a file shows which one
 * it is. Sources: FIELD notes on SPring-8's reducer and on ID28's exchange files; what the columns
 * hold was checked on the files themselves.
 */
#include "calib/archive/parts.h"

#include "base/array.h"
#include "base/lines.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum { LOOK = 400 }; /* lines of a file that are looked at */

#define UNKNOWN                                                                                    \
    .time = NAN, .reference = NAN, .temperature = NAN, .temperature_err = NAN,                     \
    .width = {NAN, NAN, NAN}

/* meV meV_shf tmk_lin npts secs norm aN error y_unitpk error ytc ytce. The second energy is the
 * first one shifted so that the largest peak is at 0, which is no zero of a phonon spectrum. */
static const struct ixs_archive_form spring8 = {
    .name = "spring8",
    .ncolumns = 9,
    .columns = {{1, "", IXS_ARCHIVE_ENERGY, 1.0, ""},
                {5, "", IXS_ARCHIVE_TIME, 1.0, ""},
                {6, "", IXS_ARCHIVE_MONITOR, 1.0, ""},
                {7, "", IXS_ARCHIVE_INTENSITY, 1.0, ""},
                {8, "", IXS_ARCHIVE_ERROR, 1.0, ""},
                {9, "", IXS_ARCHIVE_UNIT, 1.0, ""},
                {10, "", IXS_ARCHIVE_UNIT_ERROR, 1.0, ""},
                {11, "", IXS_ARCHIVE_BALANCED, 1.0, ""},
                {12, "", IXS_ARCHIVE_BALANCED_ERROR, 1.0, ""}},
    .width = 12,
    .labelled = true,
    .facts = {UNKNOWN, .monitor = "norm"},
};

/* energy, counts/monitor, its error, a flag, counts, monitor, sqrt(counts) */
static const struct ixs_archive_form id28 = {
    .name = "id28",
    .ncolumns = 5,
    .columns = {{1, "", IXS_ARCHIVE_ENERGY, 1.0, ""},
                {2, "", IXS_ARCHIVE_INTENSITY, 1.0, ""},
                {3, "", IXS_ARCHIVE_ERROR, 1.0, ""},
                {5, "", IXS_ARCHIVE_COUNTS, 1.0, ""},
                {6, "", IXS_ARCHIVE_MONITOR, 1.0, ""}},
    .width = 7,
    .facts = {UNKNOWN, .monitor = "monitor"},
};

/* energy, intensity, error: ID28's .nor, of unit area, and whatever else looks so */
static const struct ixs_archive_form three = {
    .name = "three columns",
    .ncolumns = 3,
    .columns = {{1, "", IXS_ARCHIVE_ENERGY, 1.0, ""},
                {2, "", IXS_ARCHIVE_INTENSITY, 1.0, ""},
                {3, "", IXS_ARCHIVE_ERROR, 1.0, ""}},
    .width = 3,
    .facts = {UNKNOWN},
};

void ixs_archive_no_facts(struct ixs_archive_facts *facts)
{
    *facts = (struct ixs_archive_facts){UNKNOWN};
}

static bool is_spring8_heading(size_t nwords, char **words)
{
    static const char *const names[] = {"meV", "meV_shf", "tmk_lin", "npts", "secs", "norm"};
    for (size_t i = 0; i < IXS_COUNT(names); i++)
        if (nwords != 12 || strcmp(words[i], names[i]) != 0)
            return false;
    return true;
}

/* A row of seven whose last is the root of the fifth and whose second the fifth over the sixth, to
 * the digits written. */
static bool is_id28_row(const double *row)
{
    double counts = row[4], monitor = row[5];
    return counts >= 0.0 && monitor > 0.0 && fabs(row[6] - sqrt(counts)) <= 1e-3 * (1.0 + row[6]) &&
           fabs(row[1] * monitor - counts) <= 1e-3 * (1.0 + counts);
}

static const struct ixs_archive_form *form_of_row(size_t nwords, char **words)
{
    double row[7];
    if (nwords != 3 && nwords != 7)
        return NULL;
    for (size_t i = 0; i < nwords; i++)
        if (!ixs_number(words[i], &row[i]))
            return NULL;
    if (nwords == 7)
        return is_id28_row(row) ? &id28 : NULL;
    return row[2] >= 0.0 ? &three : NULL;
}

/* A line that a gnuplot script of archives has, and nothing else does. */
static bool is_gpi_line(const char *line)
{
    static const char *const names[] = {"f_prefix", "tf_", "hkl_a"};
    line += strspn(line, " \t");
    for (size_t i = 0; i < IXS_COUNT(names); i++) {
        size_t length = strlen(names[i]);
        if (strncmp(line, names[i], length) != 0)
            continue;
        const char *rest = line + length;
        rest += strspn(rest, "0123456789");
        rest += strspn(rest, " \t");
        if (*rest == '=')
            return true;
    }
    return false;
}

struct look { /* what the beginning of a file shows */
    const struct ixs_archive_form *form;
    bool gpi, decided, commented;
};

/* A row before any line of another kind is not of a SPEC file. */
static void look_at(struct look *look, char *line)
{
    char *words[16];
    if (is_gpi_line(line)) {
        look->gpi = look->decided = true;
        return;
    }
    line += strspn(line, " \t");
    if (*line == '\0' || look->commented)
        return;
    look->commented = *line == '#' || *line == '@';
    if (look->commented)
        return;
    size_t nwords = ixs_archive_split(line, "", IXS_COUNT(words), words);
    look->form = nwords <= IXS_COUNT(words) && is_spring8_heading(nwords, words)
                     ? &spring8
                     : form_of_row(nwords, words);
    look->commented = look->form == NULL; /* words: maybe a script */
    look->decided = look->form != NULL;
}

bool ixs_archive_recognise(const char *path, const struct ixs_archive_form **form, bool *gpi,
                           struct ixs_err *err)
{
    struct ixs_lines *lines = NULL;
    struct look look = {0};
    char *line = NULL;
    size_t length;
    bool ok = ixs_lines_open(&lines, path, err), more = ok;
    for (int i = 0; more && !look.decided && i < LOOK; i++) {
        more = ixs_lines_next(lines, &line, &length, err) && line != NULL;
        if (more)
            look_at(&look, line);
    }
    if (ok && err->code == IXS_INPUT)
        ixs_err_clear(err); /* what is no text is for the reader to refuse in its own words */
    ixs_lines_close(lines);
    *form = look.form;
    *gpi = look.gpi;
    return ok && err->code == IXS_OK;
}

/* "a1" and "a01" are one name. */
static bool same_name(const char *one, const char *other)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t nletters = strspn(one, letters);
    if (nletters != strspn(other, letters) || strncasecmp(one, other, nletters) != 0 ||
        (one[nletters] == '\0') != (other[nletters] == '\0'))
        return false;
    one += nletters + strspn(one + nletters, "0");
    other += nletters + strspn(other + nletters, "0");
    return strcasecmp(one, other) == 0;
}

const struct ixs_archive_analyzer *ixs_archive_analyzer(const struct ixs_archive_facts *facts,
                                                        const char *name)
{
    for (size_t i = 0; facts != NULL && i < facts->nanalyzers; i++)
        if (same_name(facts->analyzers[i].name, name))
            return &facts->analyzers[i];
    return NULL;
}
