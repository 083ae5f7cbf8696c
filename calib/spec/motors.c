/* SPDX-License-Identifier: GPL-3.0-or-later
 * Motors and metadata of a SPEC scan.
 */
#include "calib/spec/motors.h"

#include "base/array.h"
#include "base/lines.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ixs_spec_split cells = {ixs_spec_cell}, words = {ixs_word};

/* The names that belong to a list of values: of the scan, if it has its own, else of the header. */
static const char *names_for(const struct ixs_spec_block *scan, const struct ixs_spec_block *header,
                             char key, long index)
{
    const struct ixs_spec_block *block = ixs_spec_block_has(scan, key) ? scan : header;
    const char *names = ixs_spec_block_find(block, key, index);
    return names ? names : "";
}

/* False if it was cut. */
static bool take_name(char *room, size_t size, const char **names, struct ixs_spec_split split,
                      const struct ixs_spec_list *list, size_t place)
{
    size_t length;
    const char *name = split.next(names, &length);
    if (name != NULL)
        return ixs_spec_copy(room, size, name, length);
    snprintf(room, size, "%c%ld_%zu", list->key, list->index, place);
    return true;
}

/* A number, whole; NaN for anything else. */
static double number_of(const char *text, size_t length)
{
    char room[64];
    double value = NAN;
    if (length >= sizeof room)
        return NAN;
    memcpy(room, text, length);
    room[length] = '\0';
    return ixs_number(room, &value) ? value : NAN;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void note_count(const struct ixs_spec_list *list, size_t names, size_t values,
                       const struct ixs_spec_place *place)
{
    if (names > 0 && names != values)
        ixs_note(place->notes, place->path, place->line,
                 "found %zu values for %zu names in #%c%ld: named in their order", values, names,
                 list->key, list->index);
}

struct filling { /* of a table, with room for `capacity` rows */
    struct ixs_raw *out;
    size_t capacity;
    size_t ncut; /* rows with a text that was cut */
    const struct ixs_spec_place *place;
};

static bool add_positions(struct filling *filling, const struct ixs_spec_list *list,
                          const char *names, const char *mnemonics, struct ixs_err *err)
{
    struct ixs_raw *out = filling->out;
    const char *values = list->text;
    size_t nvalues = ixs_spec_count(values, words);
    struct ixs_spec_split split = ixs_spec_split_for(names, nvalues);
    struct ixs_spec_split shorter = ixs_spec_split_for(mnemonics, nvalues);
    size_t count = larger(nvalues, ixs_spec_count(names, split));
    for (size_t i = 0; i < count; i++) {
        if (!IXS_MORE(out->positions, &filling->capacity, out->npositions, err))
            return false;
        struct ixs_raw_position *position = &out->positions[out->npositions++];
        size_t length;
        bool whole = take_name(position->motor, sizeof position->motor, &names, split, list, i + 1);
        const char *mnemonic = shorter.next(&mnemonics, &length);
        if (mnemonic != NULL)
            whole =
                ixs_spec_copy(position->mnemonic, sizeof position->mnemonic, mnemonic, length) &&
                whole;
        filling->ncut += !whole;
        const char *value = ixs_word(&values, &length);
        position->value = value ? number_of(value, length) : NAN;
    }
    return true;
}

bool ixs_spec_motors(struct ixs_raw *out, const struct ixs_spec_block *scan,
                     const struct ixs_spec_block *header, const struct ixs_spec_place *place,
                     size_t *ncut, struct ixs_err *err)
{
    struct filling filling = {.out = out, .place = place};
    for (size_t i = 0; i < scan->nlists; i++) {
        const struct ixs_spec_list *list = &scan->lists[i];
        if (list->key != 'P')
            continue;
        const char *names = names_for(scan, header, 'O', list->index);
        size_t nvalues = ixs_spec_count(list->text, words);
        note_count(list, ixs_spec_count(names, ixs_spec_split_for(names, nvalues)), nvalues, place);
        if (!add_positions(&filling, list, names, names_for(scan, header, 'o', list->index), err))
            return false;
    }
    *ncut += filling.ncut;
    return true;
}

/* Values may be words with blanks in them: two blanks separate then. */
static struct ixs_spec_split split_values(const char *values, size_t names)
{
    size_t ncells = ixs_spec_count(values, cells);
    if (ncells == names || (ncells > 1 && ixs_spec_count(values, words) != names))
        return cells;
    return words;
}

static bool add_metadata(struct filling *filling, const struct ixs_spec_list *list,
                         const char *names, struct ixs_err *err)
{
    struct ixs_raw *out = filling->out;
    const char *values = list->text;
    struct ixs_spec_split split =
        ixs_spec_split_for(names, ixs_spec_count(values, split_values(values, 0)));
    size_t nnames = ixs_spec_count(names, split);
    struct ixs_spec_split apart = split_values(values, nnames);
    size_t nvalues = ixs_spec_count(values, apart), count = larger(nnames, nvalues);
    note_count(list, nnames, nvalues, filling->place);
    for (size_t i = 0; i < count; i++) {
        if (!IXS_MORE(out->metadata, &filling->capacity, out->nmetadata, err))
            return false;
        struct ixs_raw_value *pair = &out->metadata[out->nmetadata++];
        size_t length;
        bool whole = take_name(pair->name, sizeof pair->name, &names, split, list, i + 1);
        const char *value = apart.next(&values, &length);
        pair->value = value ? number_of(value, length) : NAN;
        if (value != NULL)
            whole = ixs_spec_copy(pair->text, sizeof pair->text, value, length) && whole;
        filling->ncut += !whole;
    }
    return true;
}

static size_t without_blanks(const char *text, size_t length)
{
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    return length;
}

/* Bluesky's "#MD key = value". */
static bool add_pair(struct filling *filling, const char *text, struct ixs_err *err)
{
    struct ixs_raw *out = filling->out;
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : strlen(text);
    const char *value = equals ? equals + 1 + strspn(equals + 1, " \t") : "";
    size_t size = without_blanks(value, strlen(value));
    if (!IXS_MORE(out->metadata, &filling->capacity, out->nmetadata, err))
        return false;
    struct ixs_raw_value *pair = &out->metadata[out->nmetadata++];
    bool whole = ixs_spec_copy(pair->name, sizeof pair->name, text, without_blanks(text, length));
    whole = ixs_spec_copy(pair->text, sizeof pair->text, value, size) && whole;
    pair->value = number_of(value, size);
    filling->ncut += !whole;
    return true;
}

bool ixs_spec_metadata(struct ixs_raw *out, const struct ixs_spec_block *scan,
                       const struct ixs_spec_block *header, const struct ixs_spec_place *place,
                       size_t *ncut, struct ixs_err *err)
{
    struct filling filling = {.out = out, .place = place};
    bool ok = true;
    for (size_t i = 0; ok && i < scan->nlists; i++) {
        const struct ixs_spec_list *list = &scan->lists[i];
        if (list->key == 'M')
            ok = add_pair(&filling, list->text, err);
        else if (list->key == 'V')
            ok = add_metadata(&filling, list, names_for(scan, header, 'H', list->index), err);
    }
    *ncut += filling.ncut;
    return ok;
}
