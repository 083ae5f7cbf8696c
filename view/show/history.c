/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ancestry of a product from PROVENANCE, as a tree: each step with its inputs, and under an
 * input the step that made it. A step that occurs twice is told once.
 */
#include "view/show/history.h"
#include "view/show/show.h"

#include "base/array.h"
#include "base/memfile.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>

struct tree {
    size_t nrows;
    struct ixs_ancestor *rows;
    bool *told; /* [nrows] the step of this row has been told */
    FILE *out;
};

static bool same_step(const struct tree *tree, size_t row, const char *step)
{
    return strcmp(tree->rows[row].step, step) == 0;
}

static size_t first_row(const struct tree *tree, const char *step)
{
    size_t row = 0;
    while (row < tree->nrows && !same_step(tree, row, step))
        row++;
    return row;
}

/* The step whose output is nobody's input: the one that wrote this product. */
static bool is_last(const struct tree *tree, size_t row)
{
    for (size_t i = 0; i < tree->nrows; i++)
        if (strcmp(tree->rows[i].maker, tree->rows[row].step) == 0)
            return false;
    return true;
}

static void say_input(const struct tree *tree, const struct ixs_ancestor *input, int depth)
{
    fprintf(tree->out, "%*s%s: %s  %.12s", 2 * depth + 2, "", input->role, input->name,
            input->digest);
    if (input->maker[0] == '\0')
        fputs("  (from outside)", tree->out);
    if (input->remark[0] != '\0')
        fprintf(tree->out, "  (%s)", input->remark);
    fputc('\n', tree->out);
}

static void say_step(const struct tree *tree, size_t row, int depth)
{
    const struct ixs_ancestor *step = &tree->rows[row];
    fprintf(tree->out, "%*s%s %s%s%s  [%s]%s\n", 2 * depth, "", step->program, step->version,
            step->options[0] ? " " : "", step->options, step->step,
            tree->told[row] ? " (told above)" : "");
}

enum { DEEPEST = 100 };

/* Each step is entered once, so that even a hostile table ends. */
// NOLINTNEXTLINE(misc-no-recursion): down to DEEPEST
static void tell(const struct tree *tree, const char *step, int depth)
{
    size_t row = first_row(tree, step);
    if (row == tree->nrows) {
        fprintf(tree->out, "%*sa step that is not listed  [%s]\n", 2 * depth, "", step);
        return;
    }
    say_step(tree, row, depth);
    if (tree->told[row] || depth > DEEPEST)
        return;
    tree->told[row] = true;
    for (size_t i = 0; i < tree->nrows; i++) {
        if (!same_step(tree, i, step))
            continue;
        say_input(tree, &tree->rows[i], depth);
        if (tree->rows[i].maker[0] != '\0')
            tell(tree, tree->rows[i].maker, depth + 2);
    }
}

static bool tell_all(FILE *out, const struct ixs_history *history, struct ixs_err *err)
{
    struct tree tree = {.nrows = history->nrows, .rows = history->rows, .out = out};
    if (!IXS_NEW(tree.told, tree.nrows, err))
        return false;
    if (tree.nrows == 0)
        fputs("  no ancestors are recorded\n", out);
    for (size_t i = 0; i < tree.nrows; i++)
        if (first_row(&tree, tree.rows[i].step) == i && is_last(&tree, i))
            tell(&tree, tree.rows[i].step, 1);
    free(tree.told);
    return true;
}

/* As comments of a Makefile. */
static void print_comments(FILE *out, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        fprintf(out, "# %.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

bool ixs_show_history(FILE *out, struct ixs_reader *reader, struct ixs_err *err)
{
    struct ixs_history history = {0};
    struct ixs_memfile tree = {0};
    bool ok = ixs_reader_table(reader, &ixs_table_provenance, &history.nrows, &history.rows, NULL,
                               NULL, err) &&
              ixs_reader_table(reader, &ixs_table_config, &history.nlines, &history.lines, NULL,
                               NULL, err) &&
              ixs_memfile_begin(&tree, err) && tell_all(tree.out, &history, err) &&
              ixs_memfile_end(&tree, err);
    if (ok) {
        fprintf(out, "# %s: %s\n", ixs_base_name(ixs_reader_path(reader)),
                ixs_reader_identity(reader)->kind);
        print_comments(out, tree.text);
        ok = history.nrows == 0 ||
             ixs_history_make(out, &history, ixs_base_name(ixs_reader_path(reader)), err);
    }
    ixs_memfile_dispose(&tree);
    free(history.rows);
    free(history.lines);
    return ok;
}
