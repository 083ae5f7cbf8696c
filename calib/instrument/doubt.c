/* SPDX-License-Identifier: GPL-3.0-or-later
 * Doubts in as few lines as there are reasons: the analyzers of a scan that give the same one stand
 * together.
 */
#include "calib/instrument/doubt.h"

#include <stdio.h>
#include <string.h>

struct doubt { /* borrows */
    const char *source, *scans, *analyzer, *status, *reason;
};

struct rows { /* of one kind */
    size_t n;
    const struct ixs_fit *fit;
    const struct ixs_spectra *spectra;
    const struct ixs_fit_answer *answers;
    const struct ixs_calib *calib;
};

static struct doubt doubt_of(const struct rows *rows, size_t i)
{
    if (rows->calib != NULL)
        return (struct doubt){"", "", rows->calib->analyzers[i].analyzer,
                              rows->calib->analyzers[i].quality, rows->calib->analyzers[i].reason};
    if (rows->fit == NULL)
        return (struct doubt){
            "", rows->spectra->spectra[i].scans, rows->spectra->spectra[i].analyzer,
            ixs_fit_status_word(rows->answers[i].status), rows->answers[i].reason};
    const struct ixs_fit_spectrum *row = &rows->fit->spectra[i];
    return (struct doubt){row->id.source, row->id.scans, row->id.analyzer, row->status,
                          row->reason};
}

static bool one_scan(const struct doubt *a, const struct doubt *b)
{
    return strcmp(a->source, b->source) == 0 && strcmp(a->scans, b->scans) == 0;
}

static bool says_same(const struct doubt *a, const struct doubt *b)
{
    return strcmp(a->status, b->status) == 0 && strcmp(a->reason, b->reason) == 0;
}

static bool told_before(const struct rows *rows, const struct doubt *doubt, size_t i)
{
    while (i-- > 0) {
        const struct doubt other = doubt_of(rows, i);
        if (!one_scan(&other, doubt))
            return false;
        if (says_same(&other, doubt))
            return true;
    }
    return false;
}

static bool tell(const struct rows *rows, size_t i, size_t size, char *text)
{
    const struct doubt doubt = doubt_of(rows, i);
    if (strcmp(doubt.status, "good") == 0 || told_before(rows, &doubt, i))
        return false;
    size_t used = (size_t)snprintf(text, size, "%s", doubt.source);
    for (; i < rows->n && used < size; i++) {
        const struct doubt other = doubt_of(rows, i);
        if (!one_scan(&other, &doubt))
            break;
        if (says_same(&other, &doubt))
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? " " : "",
                                     other.analyzer);
    }
    if (used < size)
        snprintf(text + used, size - used, ": %s: %s", doubt.status, doubt.reason);
    return true;
}

bool ixs_doubt_fit(const struct ixs_fit *fit, size_t i, size_t size, char *text)
{
    return tell(&(struct rows){.n = fit->nspectra, .fit = fit}, i, size, text);
}

bool ixs_doubt_answers(const struct ixs_spectra *spectra, const struct ixs_fit_answer *answers,
                       size_t i, size_t size, char *text)
{
    return tell(&(struct rows){.n = spectra->nspectra, .spectra = spectra, .answers = answers}, i,
                size, text);
}

bool ixs_doubt_calib(const struct ixs_calib *calib, size_t i, size_t size, char *text)
{
    return tell(&(struct rows){.n = calib->nanalyzers, .calib = calib}, i, size, text);
}
