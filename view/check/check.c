/* SPDX-License-Identifier: GPL-3.0-or-later
 * The check of a product: structure and checksums (by the reader), every declared table and column
 * with its unit, then what the rows say.
 */
#include "view/check/check.h"

#include "base/array.h"

#include "products/calibration.h"
#include "products/declare.h"
#include "products/dispersion.h"
#include "products/fit.h"
#include "products/raw.h"
#include "products/spectra.h"
#include "view/show/show.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 50 };

void ixs_complain(struct ixs_complaints *complaints, const char *table, size_t row,
                  const char *format, ...)
{
    complaints->count++;
    if (complaints->count > MOST)
        return;
    fputs(complaints->path, complaints->out);
    if (table != NULL)
        fprintf(complaints->out, "[%s]", table);
    fputs(": ", complaints->out);
    if (row > 0)
        fprintf(complaints->out, "row %zu: ", row);
    va_list args;
    va_start(args, format);
    vfprintf(complaints->out, format, args);
    va_end(args);
    fputc('\n', complaints->out);
}

void ixs_check_word(struct ixs_complaints *complaints, const char *table, size_t row,
                    const char *column, const char *word, const char *words)
{
    size_t length = strpbrk(word, " ,") ? 0 : strlen(word);
    for (const char *at = words; length > 0 && (at = strstr(at, word)) != NULL; at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ',' || at[length] == '\0'))
            return;
    ixs_complain(complaints, table, row, "found %s '%s', expected one of: %s", column, word, words);
}

void ixs_check_range(struct ixs_complaints *complaints, const char *table, size_t row,
                     const char *column, double value, double least, double most)
{
    if (value < least || value > most)
        ixs_complain(complaints, table, row, "found %s %g, expected %g to %g", column, value, least,
                     most);
}

static void table_complaint(struct ixs_complaints *complaints, const char *table,
                            struct ixs_err *trouble)
{
    ixs_complain(complaints, table, 0, "%s", trouble->text);
    ixs_err_clear(trouble);
}

/* Memory that is short is a failure of the run, not of the product. */
static bool check_table(struct ixs_complaints *complaints, struct ixs_reader *reader,
                        const struct ixs_table *table, struct ixs_err *err)
{
    struct ixs_err trouble = IXS_ERR_NONE;
    size_t nrows = 0;
    char *rows = NULL;
    if (!ixs_reader_table(reader, table, &nrows, &rows, NULL, NULL, &trouble)) {
        if (trouble.code == IXS_OUTPUT)
            return ixs_fail(err, trouble.code, "%s", trouble.text);
        table_complaint(complaints, table->name, &trouble);
    }
    free(rows);
    return true;
}

static bool check_tables(struct ixs_complaints *complaints, struct ixs_reader *reader,
                         const struct ixs_kind *kind, struct ixs_err *err)
{
    bool ok = check_table(complaints, reader, &ixs_table_provenance, err) &&
              check_table(complaints, reader, &ixs_table_config, err);
    for (size_t i = 0; i < kind->nparts && ok; i++)
        if (!kind->parts[i].optional || ixs_reader_has(reader, kind->parts[i].table->name))
            ok = check_table(complaints, reader, kind->parts[i].table, err);
    return ok;
}

/* In any order, which ixs_spectra_read would refuse at the first row. */
static bool read_spectra(struct ixs_spectra *out, const char *path, const struct ixs_reading *how,
                         struct ixs_provenance *provenance, struct ixs_err *err)
{
    return ixs_kind_read(&ixs_kind_spectra, out, path, "spectra", how, provenance, err);
}

#define CONTENTS(kind, read)                                                                       \
    static bool check_##kind(struct ixs_complaints *complaints, const char *path,                  \
                             const struct ixs_reading *how, struct ixs_err *err)                   \
    {                                                                                              \
        struct ixs_##kind product = {0};                                                           \
        bool ok = read(&product, path, how, NULL, err);                                            \
        if (ok)                                                                                    \
            ixs_check_##kind(complaints, &product);                                                \
        ixs_##kind##_dispose(&product);                                                            \
        return ok;                                                                                 \
    }
CONTENTS(raw, ixs_raw_read)
CONTENTS(calib, ixs_calib_read)
CONTENTS(spectra, read_spectra)
CONTENTS(fit, ixs_fit_read)
CONTENTS(dispersion, ixs_dispersion_read)

static const struct {
    const struct ixs_kind *kind;
    bool (*check)(struct ixs_complaints *complaints, const char *path,
                  const struct ixs_reading *how, struct ixs_err *err);
} kinds[] = {
    {&ixs_kind_raw, check_raw},
    {&ixs_kind_calib, check_calib},
    {&ixs_kind_spectra, check_spectra},
    {&ixs_kind_fit, check_fit},
    {&ixs_kind_dispersion, check_dispersion},
};

static bool check_kind(struct ixs_complaints *complaints, struct ixs_reader *reader,
                       const struct ixs_reading *how, struct ixs_err *err)
{
    const char *name = ixs_reader_identity(reader)->kind;
    for (size_t i = 0; i < IXS_COUNT(kinds); i++) {
        if (strcmp(kinds[i].kind->name, name) != 0)
            continue;
        return check_tables(complaints, reader, kinds[i].kind, err) &&
               (complaints->count > 0 || kinds[i].check(complaints, complaints->path, how, err));
    }
    ixs_complain(complaints, NULL, 0, "found PRODUCT '%s', expected a kind that ixs-show knows",
                 name);
    return true;
}

bool ixs_show_check(FILE *out, const char *path, const struct ixs_reading *how, struct ixs_err *err)
{
    struct ixs_complaints complaints = {.out = out, .path = path};
    struct ixs_reader *reader = NULL;
    bool ok =
        ixs_reader_open(&reader, path, NULL, how, err) && check_kind(&complaints, reader, how, err);
    ixs_reader_close(reader);
    if (!ok)
        return false;
    if (complaints.count > MOST)
        fprintf(out, "%s: and %zu more\n", path, complaints.count - MOST);
    if (complaints.count > 0)
        return ixs_fail_at(err, IXS_INPUT, path, 0, "found %zu faults, expected none",
                           complaints.count);
    fprintf(out, "%s: OK\n", path);
    return true;
}
