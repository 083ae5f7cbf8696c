/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words of a SPEC file. Sources: the SPEC manual (certif.com, "file formats"), and the files of
 * HERIX, ID28, UNICAT and Sardana that do otherwise.
 */
#include "calib/spec/line.h"

#include "base/array.h"
#include "base/lines.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void read_key(struct ixs_spec_line *line, const char *start)
{
    const char *end = start + 1;
    line->key = end;
    end += *end == '@';
    while (isalpha((unsigned char)*end) || *end == '_')
        end++;
    line->key_length = (size_t)(end - line->key);
    line->index = -1;
    if (isdigit((unsigned char)*end) && strspn(end, "0123456789") < 6) {
        line->index = atol(end);
        end += strspn(end, "0123456789");
    }
    line->rest = end + strspn(end, " \t");
}

struct ixs_spec_line ixs_spec_line(const char *text, size_t length)
{
    struct ixs_spec_line line = {.text = text, .length = length, .index = -1};
    const char *start = text + strspn(text, " \t");
    if (*start == '\0') {
        line.kind = IXS_SPEC_BLANK;
    } else if (*start == '#') {
        line.kind = IXS_SPEC_CONTROL;
        read_key(&line, start);
    } else {
        line.kind = *start == '@' ? IXS_SPEC_MCA : IXS_SPEC_ROW;
    }
    return line;
}

bool ixs_spec_is(const struct ixs_spec_line *line, const char *key)
{
    return line->kind == IXS_SPEC_CONTROL && line->key_length == strlen(key) &&
           memcmp(line->key, key, line->key_length) == 0;
}

static bool ends_cell(const char *text)
{
    return *text == '\0' || *text == '\t' ||
           (text[0] == ' ' && (text[1] == ' ' || text[1] == '\t' || text[1] == '\0'));
}

const char *ixs_spec_cell(const char **text, size_t *length)
{
    const char *start = *text + strspn(*text, " \t"), *end = start;
    while (!ends_cell(end))
        end++;
    *text = end;
    *length = (size_t)(end - start);
    return *length ? start : NULL;
}

size_t ixs_spec_count(const char *text, struct ixs_spec_split split)
{
    size_t count = 0, length;
    while (split.next(&text, &length) != NULL)
        count++;
    return count;
}

struct ixs_spec_split ixs_spec_split_for(const char *text, size_t wanted)
{
    const struct ixs_spec_split cells = {ixs_spec_cell}, words = {ixs_word};
    size_t ncells = ixs_spec_count(text, cells);
    if (ncells == wanted)
        return cells;
    return ncells == 1 || ixs_spec_count(text, words) == wanted ? words : cells;
}

size_t ixs_spec_numbers(const char *text, size_t most, double *values)
{
    size_t count = 0;
    while (count < most && ixs_number_next(&text, &values[count]))
        count++;
    return count;
}

/* Words that stand where a number is missing, a sign in front allowed. */
static const char *const missing_words[] = {"nan", "none", "inf", "infinity", "null"};

static bool is_missing(const char *word, size_t length)
{
    if (*word == '+' || *word == '-')
        word++, length--;
    for (size_t i = 0; i < IXS_COUNT(missing_words); i++)
        if (strlen(missing_words[i]) == length && strncasecmp(word, missing_words[i], length) == 0)
            return true;
    return false;
}

/* A decimal number too large for a double is as good as missing. */
static bool overflows(const char *word, size_t length)
{
    char *end;
    return strspn(word, "+-.0123456789eE") >= length && isinf(strtod(word, &end)) &&
           end == word + length;
}

bool ixs_spec_value(const char **text, double *value)
{
    if (ixs_number_next(text, value))
        return true;
    const char *after = *text;
    size_t length;
    const char *word = ixs_word(&after, &length);
    if (word == NULL || (!is_missing(word, length) && !overflows(word, length)))
        return false;
    *value = NAN;
    *text = after;
    return true;
}

bool ixs_spec_copy(char *room, size_t size, const char *text, size_t length)
{
    size_t kept = length < size ? length : size - 1;
    memcpy(room, text, kept);
    room[kept] = '\0';
    return kept == length;
}

const char *ixs_spec_find(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (; *text != '\0'; text++)
        if (strncasecmp(text, word, length) == 0)
            return text;
    return NULL;
}
