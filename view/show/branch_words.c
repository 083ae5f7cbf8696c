/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sentences about a DISPERSION.
 */
#include "view/show/branch_words.h"

#include "view/plot/thermal.h"
#include "view/quantity.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { MOST_NAMED = 8 };

void ixs_sentence_add(char sentence[IXS_SENTENCE], const char *format, ...)
{
    size_t used = strlen(sentence);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence + used, IXS_SENTENCE - used, format, arguments);
    va_end(arguments);
}

/* ---- branches -------------------------------------------------------------------------------- */

size_t ixs_branch_rank(const struct ixs_dispersion *dispersion, size_t row)
{
    const struct ixs_dispersion_branch *rows = dispersion->branches;
    size_t rank = 0;
    for (size_t b = 0; b < row; b++)
        rank += rows[b].path_number == rows[row].path_number &&
                !(fabs(rows[b].temperature - rows[row].temperature) > 1);
    return rank;
}

bool ixs_branch_remark(const struct ixs_dispersion *dispersion, size_t *at,
                       char sentence[IXS_SENTENCE])
{
    const struct ixs_dispersion_branch *rows = dispersion->branches;
    for (; *at < dispersion->nbranches; ++*at) {
        size_t i = *at, before = 0;
        while (before < i && strcmp(rows[before].remark, rows[i].remark) != 0)
            before++;
        if (rows[i].remark[0] == '\0' || before < i)
            continue;
        sentence[0] = '\0';
        ixs_sentence_add(sentence, "branch");
        for (size_t k = i; k < dispersion->nbranches; k++)
            if (strcmp(rows[k].remark, rows[i].remark) == 0)
                ixs_sentence_add(sentence, " %lld", (long long)rows[k].branch);
        ixs_sentence_add(sentence, ": %s", rows[i].remark);
        ++*at;
        return true;
    }
    return false;
}

static void modulus_words(const struct ixs_dispersion_branch *row, char sentence[IXS_SENTENCE])
{
    char modulus[IXS_QUANTITY_SIZE];
    ixs_quantity(row->modulus, row->modulus_err, sizeof modulus, modulus);
    ixs_sentence_add(sentence, "branch %lld: density x velocity^2 = %s%s%s GPa%s%s",
                     (long long)row->branch, row->constant, row->constant[0] ? " = " : "", modulus,
                     row->character[0] ? ", " : "", row->character);
}

/* Two for each branch: where it crosses others, its modulus. */
bool ixs_branch_fact(const struct ixs_dispersion *dispersion, size_t *at,
                     char sentence[IXS_SENTENCE])
{
    sentence[0] = '\0';
    while (sentence[0] == '\0' && *at / 2 < dispersion->nbranches) {
        const struct ixs_dispersion_branch *row = &dispersion->branches[*at / 2];
        if (*at % 2 == 0 && row->crosses[0] != '\0')
            ixs_sentence_add(sentence, "branch %lld crosses branch %s A^-1", (long long)row->branch,
                             row->crosses);
        else if (*at % 2 == 1 && isfinite(row->modulus))
            modulus_words(row, sentence);
        ++*at;
    }
    return sentence[0] != '\0';
}

bool ixs_branch_constants(const struct ixs_dispersion *dispersion, size_t *at,
                          char sentence[IXS_SENTENCE])
{
    double kelvin = NAN;
    sentence[0] = '\0';
    for (; *at < dispersion->nparameters; ++*at) {
        const struct ixs_dispersion_parameter *row = &dispersion->parameters[*at];
        char text[IXS_QUANTITY_SIZE];
        if (strcmp(row->component, "elastic") != 0)
            continue;
        bool first = sentence[0] == '\0';
        if (!first && row->temperature != kelvin)
            break;
        if (first)
            ixs_sentence_add(sentence, "elastic constants at %.4g K:", row->temperature);
        ixs_quantity(row->value, row->err, sizeof text, text);
        ixs_sentence_add(sentence, "%s %s = %s", first ? "" : ",", row->name, text);
        kelvin = row->temperature;
    }
    if (sentence[0] == '\0')
        return false;
    ixs_sentence_add(sentence, " GPa");
    return true;
}

/* ---- temperature series ---------------------------------------------------------------------- */

/* A remark on the laws of a mode stands in the row of its width, or where there is none in that of
 * its relaxation. */
static bool has_remark(const struct ixs_dispersion *d, const struct ixs_thermal_law_row *row,
                       const char *remark)
{
    const struct ixs_thermal_law_row *main = ixs_thermal_law_of(d, row->series, "fwhm");
    bool rate = main == NULL && strcmp(row->quantity, "relaxation") == 0;
    return row->series > 0 && (main == row || rate) && strcmp(row->remark, remark) == 0;
}

bool ixs_thermal_remark(const struct ixs_dispersion *dispersion, size_t *at,
                        char sentence[IXS_SENTENCE])
{
    const struct ixs_thermal_law_row *rows = dispersion->laws;
    for (; *at < dispersion->nlaws; ++*at) {
        const char *remark = rows[*at].remark;
        size_t before = 0, count = 0;
        while (before < *at && !has_remark(dispersion, &rows[before], remark))
            before++;
        if (before < *at || remark[0] == '\0' || !has_remark(dispersion, &rows[*at], remark))
            continue;
        sentence[0] = '\0';
        ixs_sentence_add(sentence, "%s:", remark);
        for (size_t k = *at; k < dispersion->nlaws; k++)
            if (has_remark(dispersion, &rows[k], remark) && count++ < MOST_NAMED)
                ixs_sentence_add(sentence, "%s %s %.3g Å⁻¹ (series %lld)", count > 1 ? "," : "",
                                 rows[k].analyzer, rows[k].q_reduced, (long long)rows[k].series);
        if (count > MOST_NAMED)
            ixs_sentence_add(sentence, " and %zu more", count - MOST_NAMED);
        ++*at;
        return true;
    }
    return false;
}

bool ixs_thermal_kappa_law(const struct ixs_dispersion *dispersion, char sentence[IXS_SENTENCE])
{
    char value[IXS_QUANTITY_SIZE], exponent[IXS_QUANTITY_SIZE];
    const struct ixs_thermal_law_row *law = ixs_thermal_law_of(dispersion, 0, "kappa");
    sentence[0] = '\0';
    if (law == NULL)
        return false;
    ixs_quantity(law->p[0], law->p_err[0], sizeof value, value);
    ixs_quantity(law->exponent, law->exponent_err, sizeof exponent, exponent);
    ixs_sentence_add(sentence, "kappa = %s W/m/K x (T/%.4g K)^%s: %s", value, law->t_ref, exponent,
                     law->remark);
    return true;
}
