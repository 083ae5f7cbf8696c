/* SPDX-License-Identifier: GPL-3.0-or-later
 * What SPring-8's gnuplot script beside the files tells: the momentum transfer of each analyzer
 * (tf_1="A_{1} (h, k, l)", or hkl_a06 = "(h, k, l)" of the six-circle viewer), the sample and the
 * acceptance (main_title, dq_Hav, dq_Vav), the monitor's rate (ysf), the names of the files.
 */
#include "calib/archive/parts.h"

#include "base/array.h"
#include "base/digest.h"
#include "base/lines.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE = 513, KEY = 33 };

struct script {
    struct ixs_archive_gpi *out;
    struct ixs_digest digest;
};

/* ---- statements: key = "text" or key = number, several on a line apart by ; -------------------
 */

struct statement {
    char key[KEY], value[VALUE]; /* a text without its quotes */
};

/* The end of a statement: a ; or # outside of quotes, or the end of the line. */
static const char *end_of(const char *text)
{
    char quote = '\0';
    for (; *text != '\0'; text++) {
        if (quote != '\0')
            quote = *text == quote ? '\0' : quote;
        else if (*text == '"' || *text == '\'')
            quote = *text;
        else if (*text == ';' || *text == '#')
            break;
    }
    return text;
}

static void copy_part(char *room, size_t size, const char *from, const char *to)
{
    while (from < to && isspace((unsigned char)*from))
        from++;
    while (to > from && isspace((unsigned char)to[-1]))
        to--;
    size_t length = (size_t)(to - from) < size - 1 ? (size_t)(to - from) : size - 1;
    memcpy(room, from, length);
    room[length] = '\0';
}

static void unquote(char *text)
{
    size_t length = strlen(text);
    if (length >= 2 && (text[0] == '"' || text[0] == '\'') && text[length - 1] == text[0]) {
        memmove(text, text + 1, length - 2);
        text[length - 2] = '\0';
    }
}

/* False if it is no assignment. */
static bool parse(struct statement *out, const char *text, const char *end)
{
    const char *sign = memchr(text, '=', (size_t)(end - text));
    if (sign == NULL)
        return false;
    copy_part(out->key, sizeof out->key, text, sign);
    copy_part(out->value, sizeof out->value, sign + 1, end);
    unquote(out->value);
    return true;
}

/* ---- what the statements mean -----------------------------------------------------------------
 */

/* Three numbers in the first parentheses of text. */
static bool triple_in(const char *text, double out[3])
{
    char room[VALUE];
    const char *open = strchr(text, '('), *close = open ? strchr(open, ')') : NULL;
    if (close == NULL)
        return false;
    copy_part(room, sizeof room, open + 1, close);
    for (char *comma = room; (comma = strchr(comma, ',')) != NULL;)
        *comma = ' ';
    const char *rest = room;
    for (int i = 0; i < 3; i++)
        if (!ixs_number_next(&rest, &out[i]) || !isfinite(out[i]))
            return false;
    return rest[strspn(rest, " \t")] == '\0';
}

static struct ixs_archive_analyzer *entry_of(struct ixs_archive_facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->nanalyzers; i++)
        if (strcmp(facts->analyzers[i].name, name) == 0)
            return &facts->analyzers[i];
    if (facts->nanalyzers == IXS_ARCHIVE_MOST_ANALYZERS)
        return NULL;
    struct ixs_archive_analyzer *entry = &facts->analyzers[facts->nanalyzers++];
    *entry = (struct ixs_archive_analyzer){
        .hkl = {NAN, NAN, NAN}, .q = NAN, .zero = NAN, .zero_err = NAN, .efficiency = NAN};
    ixs_copy(entry->name, sizeof entry->name, name);
    return entry;
}

/* tf_10="A_{10} (7.511, 1.298, 1.253)" and hkl_a06 = "(..)". One without HKL counts as an analyzer
 * too: its file is there. */
static bool take_analyzer(struct ixs_archive_facts *facts, const struct statement *statement)
{
    bool title = strncmp(statement->key, "tf_", 3) == 0;
    const char *digits = statement->key + (title ? 3 : 5);
    char name[25];
    double hkl[3];
    if (!title && strncmp(statement->key, "hkl_a", 5) != 0)
        return false;
    if (!isdigit((unsigned char)*digits) || digits[strspn(digits, "0123456789")] != '\0' ||
        strlen(digits) > 4)
        return false;
    snprintf(name, sizeof name, "a%02ld", strtol(digits, NULL, 10));
    struct ixs_archive_analyzer *entry = entry_of(facts, name);
    if (entry == NULL)
        return false;
    if (triple_in(statement->value, hkl))
        memcpy(entry->hkl, hkl, sizeof hkl);
    return true;
}

/* "PbTe at (7.548 1.316 1.402) at RT  dQ=(0.04 0.01 0.037)" */
static bool take_title(struct ixs_archive_facts *facts, const char *title)
{
    const char *at = strstr(title, " at "), *width = strstr(title, "dQ=");
    double full[3];
    if (at != NULL)
        copy_part(facts->object, sizeof facts->object, title, at);
    if (width != NULL && triple_in(width, full))
        for (int i = 0; i < 3; i++)
            facts->width[i] = fabs(full[i]);
    return true;
}

/* dq_Hav(60.0) = "(..)" and dq_Vav(..): the two slits add up in quadrature. */
static bool take_width(struct ixs_archive_facts *facts, const struct statement *statement)
{
    double full[3];
    if (strncmp(statement->key, "dq_Hav(", 7) != 0 && strncmp(statement->key, "dq_Vav(", 7) != 0)
        return false;
    if (!triple_in(statement->value, full))
        return false;
    for (int i = 0; i < 3; i++)
        facts->width[i] = isnan(facts->width[i]) ? fabs(full[i]) : hypot(facts->width[i], full[i]);
    return true;
}

static bool take_rate(struct ixs_archive_facts *facts, const char *text)
{
    double rate;
    if (!ixs_number(text, &rate) || !(rate > 0.0) || !isfinite(rate))
        return false;
    facts->reference = rate;
    return true;
}

static bool take(struct ixs_archive_gpi *out, const struct statement *statement)
{
    const char *key = statement->key;
    if (strcmp(key, "main_title") == 0)
        return take_title(&out->facts, statement->value);
    if (strcmp(key, "ysf") == 0)
        return take_rate(&out->facts, statement->value);
    if (strcmp(key, "f_prefix") == 0)
        return ixs_copy(out->prefix, sizeof out->prefix, statement->value);
    return take_width(&out->facts, statement) || take_analyzer(&out->facts, statement);
}

static void take_line(struct script *script, const char *line)
{
    for (;;) {
        struct statement statement;
        const char *end = end_of(line);
        if (parse(&statement, line, end) && take(script->out, &statement)) {
            ixs_digest_text(&script->digest, statement.key);
            ixs_digest_text(&script->digest, statement.value);
        }
        if (*end != ';')
            return;
        line = end + 1;
    }
}

bool ixs_archive_gpi(struct ixs_archive_gpi *out, const char *path, struct ixs_err *err)
{
    struct script script = {.out = out};
    struct ixs_lines *lines = NULL;
    char *line = NULL;
    size_t length;
    *out = (struct ixs_archive_gpi){0};
    ixs_archive_no_facts(&out->facts);
    ixs_digest_begin(&script.digest);
    bool ok = ixs_lines_open(&lines, path, err);
    do {
        ok = ok && ixs_lines_next(lines, &line, &length, err);
        if (ok && line != NULL)
            take_line(&script, line);
    } while (ok && line != NULL);
    ixs_digest_print(&script.digest, out->digest);
    ixs_lines_close(lines);
    return ok;
}

void ixs_archive_gpi_add(struct ixs_archive_facts *out, const struct ixs_archive_facts *other)
{
    for (size_t i = 0; i < other->nanalyzers; i++) {
        struct ixs_archive_analyzer *entry = entry_of(out, other->analyzers[i].name);
        if (entry != NULL && isnan(entry->hkl[0]))
            memcpy(entry->hkl, other->analyzers[i].hkl, sizeof entry->hkl);
    }
    for (int i = 0; i < 3; i++)
        if (isnan(out->width[i]))
            out->width[i] = other->width[i];
}
