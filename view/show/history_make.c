/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ancestry of a product as a Makefile that makes it again: a rule for each step, the XML that
 * was used written out, and what came from outside looked for in one folder.
 *
 * Steps are told apart by folders: a SPECTRA and the FIT made of it may have the same name. The XML
 * lies so that the files it names are found as they were.
 */
#include "view/show/history.h"

#include "base/array.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH = 3 }; /* folders above an XML, for names such as ../configs/herix.xml */

struct remake {
    const struct ixs_history *history;
    FILE *out;
    bool *made; /* [nrows] the rule of this row's step has been written */
};

static const struct ixs_ancestor *row_of(const struct remake *remake, size_t i)
{
    return &remake->history->rows[i];
}

static size_t first_row(const struct remake *remake, const char *step)
{
    size_t i = 0;
    while (i < remake->history->nrows && strcmp(row_of(remake, i)->step, step) != 0)
        i++;
    return i;
}

/* A name in a rule or a command; a letter that make or the shell would take is guarded. */
static void put_name(const struct remake *remake, const char *name)
{
    for (; *name != '\0'; name++) {
        if (strchr(" \t#\\:%;&|()<>'\"`*?[]!~{}", *name) != NULL)
            fputc('\\', remake->out);
        if (*name == '$')
            fputs("\\$", remake->out);
        fputc(*name == '\n' || *name == '\r' ? '?' : *name, remake->out);
    }
}

/* ---- configuration --------------------------------------------------------------------------- */

static bool is_configuration(const struct ixs_ancestor *input)
{
    static const char *const roles[] = {"instrument", "experiment", "model", "sample", "table"};
    for (size_t i = 0; i < IXS_COUNT(roles); i++)
        if (strcmp(input->role, roles[i]) == 0)
            return input->maker[0] == '\0';
    return false;
}

static bool line_of(const struct ixs_config_line *line, const struct ixs_ancestor *input)
{
    return strcmp(line->file, input->name) == 0 && strncmp(line->digest, input->digest, 16) == 0;
}

/* What an experiment calls its instrument: the file="..." of its <instrument>, "" if it names none.
 */
static void find_named(const struct remake *remake, const struct ixs_ancestor *experiment,
                       char name[241])
{
    const struct ixs_history *history = remake->history;
    name[0] = '\0';
    for (size_t i = 0; i < history->nlines; i++) {
        const char *at = strstr(history->lines[i].text, "<instrument");
        const char *file = at != NULL ? strstr(at, " file=\"") : NULL;
        if (file == NULL || !line_of(&history->lines[i], experiment))
            continue;
        file += strlen(" file=\"");
        ixs_copy(name, strcspn(file, "\"") + 1, file);
        return;
    }
}

static const struct ixs_ancestor *find_role(const struct remake *remake, const char *step,
                                            const char *role)
{
    for (size_t i = 0; i < remake->history->nrows; i++)
        if (strcmp(row_of(remake, i)->step, step) == 0 &&
            strcmp(row_of(remake, i)->role, role) == 0)
            return row_of(remake, i);
    return NULL;
}

/* Where the XML of a step lies. Each step has its own, under its name. */
static void put_configuration(const struct remake *remake, const struct ixs_ancestor *input)
{
    char named[241] = "";
    const struct ixs_ancestor *experiment = find_role(remake, input->step, "experiment");
    if (strcmp(input->role, "instrument") == 0 && experiment != NULL)
        find_named(remake, experiment, named);
    fprintf(remake->out, "xml/%.8s", input->step);
    for (int i = 0; i < DEPTH; i++)
        fputs("/in", remake->out);
    fputc('/', remake->out);
    put_name(remake, named[0] != '\0' && named[0] != '/' ? named : input->name);
}

static void define_configuration(const struct remake *remake, const struct ixs_ancestor *input)
{
    const struct ixs_history *history = remake->history;
    bool first = true;
    fprintf(remake->out, "define %s_%.8s", input->role, input->step);
    for (size_t i = 0; i < history->nlines; i++) {
        const char *text = history->lines[i].text;
        if (!line_of(&history->lines[i], input))
            continue;
        if (text[0] != '\\' || first)
            fputc('\n', remake->out);
        for (text += text[0] == '\\' && !first ? 1 : 0; *text != '\0'; text++)
            fprintf(remake->out, *text == '$' ? "$$" : "%c", *text);
        first = false;
    }
    fputs("\nendef\n", remake->out);
    put_configuration(remake, input);
    fprintf(remake->out, ":\n\t@: $(shell mkdir -p xml/%.8s", input->step);
    for (int i = 0; i < DEPTH; i++)
        fputs("/in", remake->out);
    fprintf(remake->out, " '$(@D)')$(file >$@,$(%s_%.8s))\n\n", input->role, input->step);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void put_product(const struct remake *remake, const char *step, const char *name)
{
    const struct ixs_ancestor *row = row_of(remake, first_row(remake, step));
    const char *dash = strchr(row->program, '-');
    put_name(remake, dash != NULL ? dash + 1 : row->program);
    fprintf(remake->out, "-%.8s/", step);
    put_name(remake, name);
}

static void put_input(const struct remake *remake, const struct ixs_ancestor *input)
{
    if (input->maker[0] != '\0' && first_row(remake, input->maker) < remake->history->nrows) {
        put_product(remake, input->maker, input->name);
    } else if (is_configuration(input)) {
        put_configuration(remake, input);
    } else {
        fputs("$(FROM)/", remake->out);
        put_name(remake, input->name);
    }
}

/* "-c " in front of a calibration; NULL: the program finds the file by itself. */
static const char *flag_of(const struct remake *remake, const struct ixs_ancestor *input)
{
    if (strcmp(input->role, "instrument") == 0)
        return find_role(remake, input->step, "experiment") != NULL ? NULL : "-i ";
    if (strcmp(input->role, "overlay") == 0)
        return find_role(remake, input->step, "experiment") != NULL ? NULL : "--overlay ";
    if (strcmp(input->role, "experiment") == 0)
        return "-e ";
    if (strcmp(input->role, "model") == 0)
        return "-m ";
    if (strcmp(input->role, "calibration") == 0)
        return "-c ";
    return "";
}

/* "12" or "1.2" of "beam_S0001.2.fits"; false for a name that is not one of ixs-import. */
static bool scan_of(const char *name, char room[48])
{
    const char *at = NULL;
    for (const char *next = strstr(name, "_S"); next != NULL; next = strstr(next + 1, "_S"))
        at = next + 2;
    size_t length = at != NULL ? strspn(at, "0123456789.") : 0;
    if (length < 2 || length > 40 || strncmp(at + length - 1, ".fits", 5) != 0)
        return false;
    while (*at == '0' && length > 2) {
        at++;
        length--;
    }
    ixs_copy(room, length, at);
    return true;
}

static void put_command(const struct remake *remake, const struct ixs_ancestor *step,
                        const char *name)
{
    char scan[48];
    bool import = strcmp(step->program, "ixs-import") == 0;
    fprintf(remake->out, "$(BIN)%s", step->program);
    if (step->options[0] != '\0')
        fprintf(remake->out, " %s", step->options);
    if (import && scan_of(name, scan))
        fprintf(remake->out, " --scans %s", scan);
    for (size_t i = 0; i < remake->history->nrows; i++) {
        const struct ixs_ancestor *input = row_of(remake, i);
        const char *flag = strcmp(input->step, step->step) == 0 && input->name[0] != '\0'
                               ? flag_of(remake, input)
                               : NULL;
        if (flag == NULL)
            continue;
        fprintf(remake->out, " %s", flag);
        put_input(remake, input);
    }
    fputs(import ? " -o $(@D)\n" : " -o $@\n", remake->out);
}

/* The rule of one step: `name` is what it made, `final` that it is what is asked for. */
static void put_step(const struct remake *remake, size_t row, const char *name, bool final)
{
    const struct ixs_ancestor *step = row_of(remake, row);
    if (final)
        put_name(remake, name);
    else
        put_product(remake, step->step, name);
    fputc(':', remake->out);
    for (size_t i = row; i < remake->history->nrows; i++) {
        if (strcmp(row_of(remake, i)->step, step->step) != 0 || row_of(remake, i)->name[0] == '\0')
            continue;
        fputc(' ', remake->out);
        put_input(remake, row_of(remake, i));
    }
    fprintf(remake->out, "\n\t@mkdir -p '$(@D)'\n\t");
    put_command(remake, step, name);
    fputc('\n', remake->out);
    for (size_t i = row; i < remake->history->nrows; i++)
        if (strcmp(row_of(remake, i)->step, step->step) == 0 && is_configuration(row_of(remake, i)))
            define_configuration(remake, row_of(remake, i));
}

static bool is_last(const struct remake *remake, size_t row)
{
    for (size_t i = 0; i < remake->history->nrows; i++)
        if (strcmp(row_of(remake, i)->maker, row_of(remake, row)->step) == 0)
            return false;
    return true;
}

bool ixs_history_make(FILE *out, const struct ixs_history *history, const char *name,
                      struct ixs_err *err)
{
    struct remake remake = {.history = history, .out = out};
    if (!IXS_NEW(remake.made, history->nrows + 1, err))
        return false;
    fputs("\n# make -f this file makes it again. FROM: where the files from outside are.\n"
          "FROM = .\nBIN  =\n\n",
          out);
    for (size_t i = 0; i < history->nrows; i++)
        if (first_row(&remake, row_of(&remake, i)->step) == i && is_last(&remake, i))
            put_step(&remake, i, name, true);
    for (size_t i = 0; i < history->nrows; i++) {
        size_t maker = first_row(&remake, row_of(&remake, i)->maker);
        if (row_of(&remake, i)->maker[0] == '\0' || maker == history->nrows || remake.made[maker])
            continue;
        remake.made[maker] = true;
        put_step(&remake, maker, row_of(&remake, i)->name, false);
    }
    free(remake.made);
    return true;
}
