/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-show: look inside any product.
 */
#include "reduce/stage.h"

#include "calib/instrument/words.h"
#include "view/show/diff.h"
#include "view/show/show.h"

struct values {
    const char *table, *columns;
    bool csv, json, header, history, check, diff;
    double rtol;
};

static const struct values defaults = {0};

#define OPTION(member, name, argument, type, meaning)                                              \
    {                                                                                              \
        name, 0, argument, type, offsetof(struct values, member), meaning, 0, 0                    \
    }

static const struct ixs_option options[] = {
    OPTION(table, "table", "NAME", IXS_OPTION_TEXT, "rows of this table, as aligned text"),
    OPTION(columns, "columns", "A,B", IXS_OPTION_TEXT, "only these columns (default all)"),
    OPTION(csv, "csv", NULL, IXS_OPTION_FLAG,
           "rows as CSV, all digits (default table: SCAN, ANALYZERS, POINTS or MODES)"),
    OPTION(json, "json", NULL, IXS_OPTION_FLAG, "a line of JSON a product, all tables or --table"),
    OPTION(header, "header", NULL, IXS_OPTION_FLAG, "header cards of all HDUs"),
    OPTION(history, "history", NULL, IXS_OPTION_FLAG, "a Makefile of the steps that led to it"),
    OPTION(diff, "diff", NULL, IXS_OPTION_FLAG,
           "compare two products, all tables or --table; exit 1 if they differ"),
    {"rtol", 0, "SHARE", IXS_OPTION_REAL, offsetof(struct values, rtol),
     "with --diff: of a number or of its error, that may differ (default 0)", 0, 1},
    OPTION(check, "check", NULL, IXS_OPTION_FLAG,
           "verify structure, checksums, tables, units, references; exit 3 if not OK"),
};

static bool choose(struct ixs_show_choice *choice, const struct values *values, struct ixs_err *err)
{
    const struct {
        bool asked;
        enum ixs_show_way way;
    } ways[] = {
        {values->csv, IXS_SHOW_CSV},       {values->json, IXS_SHOW_JSON},
        {values->header, IXS_SHOW_HEADER}, {values->history, IXS_SHOW_HISTORY},
        {values->check, IXS_SHOW_CHECK},
    };
    bool rows = values->table != NULL || values->columns != NULL;
    size_t asked = 0;
    choice->way = rows ? IXS_SHOW_TEXT : IXS_SHOW_SUMMARY;
    for (size_t i = 0; i < IXS_COUNT(ways); i++)
        if (ways[i].asked) {
            choice->way = ways[i].way;
            asked++;
        }
    if (asked > 1)
        return ixs_fail(err, IXS_USAGE,
                        "found %zu of --csv --json --header --history --check, "
                        "expected one at a time",
                        asked);
    return !rows || !asked || values->csv || values->json ||
           ixs_fail(err, IXS_USAGE,
                    "found --table or --columns with --header, --history or "
                    "--check, expected them with --csv, --json or alone");
}

/* An instrument XML is read as ixs-reduce reads it. */
static bool show(const struct ixs_job *job, size_t i, const struct ixs_show_choice *choice,
                 struct ixs_err *err)
{
    char kind[25];
    const char *path = job->inputs[i];
    bool words = choice->way == IXS_SHOW_SUMMARY || choice->way == IXS_SHOW_CHECK;
    if (words && ixs_config_kind(path, kind))
        return ixs_instrument_words(stdout, path, choice->way == IXS_SHOW_CHECK, err);
    return ixs_show(stdout, job->inputs[i], i, job->ninputs, choice, err);
}

/* The first fault decides the exit code; --check looks at the other products all the same. */
static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    const struct ixs_diff_choice diff = {values->rtol, values->table, values->columns,
                                         &job->reading};
    if (values->diff)
        return ixs_diff(stdout, job->ninputs, job->inputs, &diff, err);
    struct ixs_show_choice choice = {
        .table = values->table, .columns = values->columns, .reading = &job->reading};
    if (!choose(&choice, values, err))
        return false;
    bool ok = true;
    for (size_t i = 0; i < job->ninputs && (ok || choice.way == IXS_SHOW_CHECK); i++) {
        struct ixs_err one = IXS_ERR_NONE;
        if (show(job, i, &choice, &one))
            continue;
        if (!ok)
            ixs_note(&job->notes, NULL, 0, "%s: %s", one.where, one.text);
        else
            *err = one;
        ok = false;
    }
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-show",
    .summary = "look inside any product, or an instrument file",
    .reads = "products of any kind; an instrument XML, told in words",
    .writes = "text, CSV or JSON on standard output",
    .usage = "[options] PRODUCT...",
    .example = "ixs-show --csv --columns ANALYZER,OMEGA0,OMEGA0_ERR fit.fits",
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = SIZE_MAX,
    .run = run,
};
