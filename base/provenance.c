/* SPDX-License-Identifier: GPL-3.0-or-later
 * The history of a product: inputs of the present step, ancestors and configurations merged once.
 */
#include "base/provenance.h"

#include "base/array.h"
#include "base/digest.h"

#include <stdlib.h>
#include <string.h>

static const struct ixs_column ancestor_columns[] = {
    IXS_COLUMN_TEXT(ixs_ancestor, step, "STEP", "names the step: first 16 digits of its digest"),
    IXS_COLUMN_TEXT(ixs_ancestor, program, "PROGRAM", "program of the step"),
    IXS_COLUMN_TEXT(ixs_ancestor, version, "VERSION", "version of the program"),
    IXS_COLUMN_TEXT(ixs_ancestor, options, "OPTIONS", "options as given, without paths"),
    IXS_COLUMN_TEXT(ixs_ancestor, role, "ROLE", "what the input was to the step"),
    IXS_COLUMN_TEXT(ixs_ancestor, name, "NAME", "base name of the input"),
    IXS_COLUMN_TEXT(ixs_ancestor, digest, "DIGEST", "SHA-256 of the part that was read"),
    IXS_COLUMN_TEXT(ixs_ancestor, maker, "MAKER", "step that made this input, if one is known"),
    IXS_COLUMN_TEXT(ixs_ancestor, remark, "REMARK", "what should be known of this input"),
};
IXS_TABLE(ixs_table_provenance, "PROVENANCE", "one row per input of each step that led here",
          ixs_ancestor, ancestor_columns);

static const struct ixs_column config_columns[] = {
    IXS_COLUMN_TEXT(ixs_config_line, file, "FILE", "base name of the configuration file"),
    IXS_COLUMN_TEXT(ixs_config_line, text, "TEXT", "a line of it; one that starts with \\ goes on"),
    IXS_COLUMN_TEXT(ixs_config_line, digest, "DIGEST",
                    "first 16 digits of its DIGEST in PROVENANCE"),
};
IXS_TABLE(ixs_table_config, "CONFIG", "the configuration that was used, defaults filled in",
          ixs_config_line, config_columns);

bool ixs_provenance_input(struct ixs_provenance *provenance, const char *role, const char *name,
                          const char *digest, const char *maker, const char *remark,
                          struct ixs_err *err)
{
    struct ixs_ancestor input = {0};
    ixs_copy(input.role, sizeof input.role, role);
    ixs_copy(input.name, sizeof input.name, name);
    ixs_copy(input.digest, sizeof input.digest, digest);
    ixs_copy(input.maker, sizeof input.maker, maker);
    ixs_copy(input.remark, sizeof input.remark, remark);
    for (size_t i = 0; i < provenance->ninputs; i++) {
        const struct ixs_ancestor *other = &provenance->inputs[i];
        if (strcmp(other->digest, input.digest) == 0 && strcmp(other->name, input.name) == 0 &&
            strcmp(other->role, input.role) == 0)
            return true;
    }
    if (!IXS_MORE(provenance->inputs, &provenance->inputs_capacity, provenance->ninputs, err))
        return false;
    provenance->inputs[provenance->ninputs++] = input;
    return true;
}

/* Of the last input of that name: a configuration is added right after its lines or before them. */
static void find_digest(const struct ixs_provenance *provenance, struct ixs_config_line *line)
{
    for (size_t i = provenance->ninputs; line->digest[0] == '\0' && i-- > 0;)
        if (strcmp(provenance->inputs[i].name, line->file) == 0)
            ixs_copy(line->digest, sizeof line->digest, provenance->inputs[i].digest);
}

bool ixs_provenance_line(struct ixs_provenance *provenance, const char *file, const char *text,
                         struct ixs_err *err)
{
    bool first = true;
    do {
        struct ixs_config_line line = {.text = "\\"};
        ixs_copy(line.file, sizeof line.file, file);
        find_digest(provenance, &line);
        size_t mark = first ? 0 : 1;
        ixs_copy(line.text + mark, sizeof line.text - mark, text);
        text += strlen(line.text + mark);
        if (!IXS_MORE(provenance->lines, &provenance->lines_capacity, provenance->nlines, err))
            return false;
        provenance->lines[provenance->nlines++] = line;
        first = false;
    } while (*text != '\0');
    return true;
}

/* FNV-1a over two texts and their ends; never 0. */
static uint64_t key_of(const char *first, const char *second)
{
    const char *const texts[] = {first, second};
    uint64_t key = UINT64_C(0xcbf29ce484222325);
    for (size_t k = 0; k < 2; k++)
        for (const char *letter = texts[k];; letter++) {
            key = (key ^ (unsigned char)*letter) * UINT64_C(0x100000001b3);
            if (*letter == '\0')
                break;
        }
    return key ? key : 1;
}

static struct ixs_known *place_of(struct ixs_known *known, size_t capacity, uint64_t key)
{
    size_t at = (size_t)key & (capacity - 1);
    while (known[at].key != 0 && known[at].key != key)
        at = (at + 1) & (capacity - 1);
    return &known[at];
}

/* Keeps the table at most half full; its size is a power of two. */
static bool widen_known(struct ixs_provenance *provenance, struct ixs_err *err)
{
    size_t capacity = provenance->known_capacity ? 2 * provenance->known_capacity : 64;
    struct ixs_known *wider;
    if (2 * (provenance->nknown + 1) <= provenance->known_capacity)
        return true;
    if (!IXS_NEW(wider, capacity, err))
        return false;
    for (size_t i = 0; i < provenance->known_capacity; i++)
        if (provenance->known[i].key != 0)
            *place_of(wider, capacity, provenance->known[i].key) = provenance->known[i];
    free(provenance->known);
    provenance->known = wider;
    provenance->known_capacity = capacity;
    return true;
}

/* *news: the key was not there before this merge. */
static bool note_key(struct ixs_provenance *provenance, uint64_t key, bool *news,
                     struct ixs_err *err)
{
    if (!widen_known(provenance, err))
        return false;
    struct ixs_known *place = place_of(provenance->known, provenance->known_capacity, key);
    if (place->key == 0) {
        *place = (struct ixs_known){key, provenance->nmerges};
        provenance->nknown++;
    }
    *news = place->merge == provenance->nmerges;
    return true;
}

bool ixs_provenance_merge(struct ixs_provenance *provenance, const struct ixs_ancestor *rows,
                          size_t nrows, struct ixs_err *err)
{
    bool news;
    provenance->nmerges++;
    for (size_t i = 0; i < nrows; i++) {
        if (!note_key(provenance, key_of("step", rows[i].step), &news, err))
            return false;
        if (!news)
            continue;
        if (!IXS_MORE(provenance->ancestors, &provenance->ancestors_capacity,
                      provenance->nancestors, err))
            return false;
        provenance->ancestors[provenance->nancestors++] = rows[i];
    }
    return true;
}

bool ixs_provenance_merge_lines(struct ixs_provenance *provenance,
                                const struct ixs_config_line *lines, size_t nlines,
                                struct ixs_err *err)
{
    bool news;
    provenance->nmerges++;
    for (size_t i = 0; i < nlines; i++) {
        if (!note_key(provenance, key_of(lines[i].file, lines[i].digest), &news, err))
            return false;
        if (!news)
            continue;
        if (!IXS_MORE(provenance->old_lines, &provenance->old_lines_capacity,
                      provenance->nold_lines, err))
            return false;
        provenance->old_lines[provenance->nold_lines++] = lines[i];
    }
    return true;
}

static void name_step(const struct ixs_provenance *provenance, char step[17])
{
    struct ixs_digest digest;
    char hex[65];
    ixs_digest_begin(&digest);
    ixs_digest_text(&digest, provenance->program);
    ixs_digest_text(&digest, provenance->version);
    ixs_digest_text(&digest, provenance->options);
    for (size_t i = 0; i < provenance->ninputs; i++) {
        ixs_digest_text(&digest, provenance->inputs[i].role);
        ixs_digest_text(&digest, provenance->inputs[i].name);
        ixs_digest_text(&digest, provenance->inputs[i].digest);
    }
    ixs_digest_print(&digest, hex);
    ixs_copy(step, 17, hex);
}

bool ixs_provenance_rows(const struct ixs_provenance *provenance, size_t *nrows,
                         struct ixs_ancestor **rows, struct ixs_err *err)
{
    size_t ninputs = provenance->ninputs, old = provenance->nancestors;
    *nrows = 0;
    if (!IXS_NEW(*rows, old + ninputs + 1, err))
        return false;
    if (old > 0)
        memcpy(*rows, provenance->ancestors, old * sizeof **rows);
    if (ninputs > 0)
        memcpy(*rows + old, provenance->inputs, ninputs * sizeof **rows);
    *nrows = old + (ninputs ? ninputs : 1);
    for (size_t i = old; i < *nrows; i++) {
        struct ixs_ancestor *row = &(*rows)[i];
        name_step(provenance, row->step);
        ixs_copy(row->program, sizeof row->program, provenance->program);
        ixs_copy(row->version, sizeof row->version, provenance->version);
        ixs_copy(row->options, sizeof row->options, provenance->options);
    }
    return true;
}

/* A configuration that an ancestor used already is not told twice. */
static bool is_old(const struct ixs_provenance *provenance, const struct ixs_config_line *line)
{
    return provenance->known_capacity > 0 &&
           place_of(provenance->known, provenance->known_capacity, key_of(line->file, line->digest))
                   ->key != 0;
}

bool ixs_provenance_lines(const struct ixs_provenance *provenance, size_t *nlines,
                          struct ixs_config_line **lines, struct ixs_err *err)
{
    size_t count = provenance->nold_lines;
    *nlines = 0;
    if (!IXS_NEW(*lines, count + provenance->nlines, err))
        return false;
    if (count > 0)
        memcpy(*lines, provenance->old_lines, count * sizeof **lines);
    for (size_t i = 0; i < provenance->nlines; i++) {
        struct ixs_config_line line = provenance->lines[i];
        find_digest(provenance, &line);
        if (line.digest[0] == '\0' || !is_old(provenance, &line))
            (*lines)[count++] = line;
    }
    *nlines = count;
    return true;
}

bool ixs_provenance_path(struct ixs_provenance *provenance, const char *path, struct ixs_err *err)
{
    for (size_t i = 0; i < provenance->npaths; i++)
        if (strcmp(provenance->paths[i], path) == 0)
            return true;
    if (!IXS_MORE(provenance->paths, &provenance->paths_capacity, provenance->npaths, err))
        return false;
    char *copy = ixs_text(err, "%s", path);
    if (copy != NULL)
        provenance->paths[provenance->npaths++] = copy;
    return copy != NULL;
}

void ixs_provenance_dispose(struct ixs_provenance *provenance)
{
    for (size_t i = 0; i < provenance->npaths; i++)
        free(provenance->paths[i]);
    free(provenance->paths);
    free(provenance->ancestors);
    free(provenance->inputs);
    free(provenance->lines);
    free(provenance->old_lines);
    free(provenance->known);
    *provenance = (struct ixs_provenance){0};
}
