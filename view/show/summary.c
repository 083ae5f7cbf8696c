/* SPDX-License-Identifier: GPL-3.0-or-later
 * One screen in words: the first lines, common to all kinds, and the kind's own.
 */
#include "view/show/show.h"

#include "base/array.h"

#include "products/calibration.h"
#include "products/dispersion.h"
#include "products/fit.h"
#include "products/raw.h"
#include "products/spectra.h"

#include <string.h>

void ixs_show_counts(FILE *out, size_t n, const char *first, size_t stride)
{
    enum { MOST = 32 }; /* different words; declared ones are fewer */
    const char *words[MOST];
    size_t counts[MOST] = {0}, nwords = 0, others = 0;
    for (size_t i = 0; i < n; i++) {
        const char *word = first + i * stride;
        size_t k = 0;
        while (k < nwords && strcmp(words[k], word) != 0)
            k++;
        if (k == nwords && nwords < MOST)
            words[nwords++] = word;
        if (k < MOST)
            counts[k]++;
        else
            others++;
    }
    for (size_t k = 0; k < nwords; k++)
        fprintf(out, "%s%zu %s", k ? ", " : "", counts[k],
                words[k][0] ? words[k] : "without a word");
    if (others > 0)
        fprintf(out, ", %zu others", others);
}

/* The text of a keyword in the primary header, without its quotes. */
static void card_text(const struct ixs_reader *reader, const char *key, size_t size, char *room)
{
    size_t count = 0, used = 0;
    const char *cards = ixs_reader_cards(reader, 0, &count);
    room[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *card = cards + 80 * i;
        if (strncmp(card, key, strlen(key)) != 0 || card[8] != '=' || card[10] != '\'')
            continue;
        for (size_t c = 11; c < 80 && card[c] != '\'' && used + 1 < size; c++)
            room[used++] = card[c];
    }
    while (used > 0 && room[used - 1] == ' ')
        used--;
    room[used] = '\0';
}

static void first_lines(FILE *out, const struct ixs_reader *reader)
{
    const struct ixs_identity *identity = ixs_reader_identity(reader);
    const struct {
        const char *name, *text;
    } known[] = {
        {"instrument", identity->instrument},
        {"object", identity->object},
        {"date", identity->date},
    };
    char creator[72];
    card_text(reader, "CREATOR ", sizeof creator, creator);
    fprintf(out, "%s: %s, version %d", ixs_reader_path(reader), identity->kind, identity->version);
    if (creator[0] != '\0')
        fprintf(out, ", written by %s", creator);
    fputc('\n', out);
    const char *separator = "  ";
    for (size_t i = 0; i < IXS_COUNT(known); i++) {
        if (known[i].text[0] == '\0')
            continue;
        fprintf(out, "%s%s %s", separator, known[i].name, known[i].text);
        separator = "; ";
    }
    fputs(separator[0] == ';' ? "\n" : "", out);
}

#define SHOW(kind)                                                                                 \
    static bool show_##kind(FILE *out, const char *path, const struct ixs_reading *how,            \
                            struct ixs_err *err)                                                   \
    {                                                                                              \
        struct ixs_##kind product = {0};                                                           \
        bool ok = ixs_##kind##_read(&product, path, how, NULL, err) &&                             \
                  ixs_show_##kind(out, &product, err);                                             \
        ixs_##kind##_dispose(&product);                                                            \
        return ok;                                                                                 \
    }
SHOW(raw)
SHOW(calib)
SHOW(spectra)
SHOW(fit)
SHOW(dispersion)

static const struct {
    const char *kind;
    bool (*show)(FILE *out, const char *path, const struct ixs_reading *how, struct ixs_err *err);
} kinds[] = {
    {"RAW", show_raw}, {"CALIB", show_calib},           {"SPECTRA", show_spectra},
    {"FIT", show_fit}, {"DISPERSION", show_dispersion},
};

/* A product of a kind that this version does not know: at least its tables. */
static void list_tables(FILE *out, const struct ixs_reader *reader)
{
    fputs("  tables:", out);
    for (size_t i = 1; i <= ixs_reader_count(reader); i++)
        fprintf(out, " %s", ixs_reader_name(reader, i));
    fputc('\n', out);
}

bool ixs_show_summary(FILE *out, const char *path, const struct ixs_reading *how,
                      struct ixs_err *err)
{
    struct ixs_reader *reader = NULL;
    bool ok = ixs_reader_open(&reader, path, NULL, how, err), found = false;
    if (ok)
        first_lines(out, reader);
    for (size_t i = 0; ok && i < IXS_COUNT(kinds); i++)
        if (strcmp(kinds[i].kind, ixs_reader_identity(reader)->kind) == 0) {
            found = true;
            ok = kinds[i].show(out, path, how, err);
        }
    if (ok && !found)
        list_tables(out, reader);
    ixs_reader_close(reader);
    return ok;
}
