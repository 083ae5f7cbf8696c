/* SPDX-License-Identifier: GPL-3.0-or-later
 * The picture of a RAW scan: counts of each analyzer against the first column, as recorded.
 */
#include "view/plot/page.h"

#include "base/array.h"
#include "products/raw.h"
#include "view/show/show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct shown { /* columns to draw; owns its array */
    const struct ixs_raw *raw;
    size_t count;
    size_t *columns;
};

static bool choose_named(struct shown *shown, const char *names, const char *path,
                         struct ixs_err *err)
{
    char *list = ixs_text(err, "%s", names), *rest = NULL;
    bool ok = list != NULL && IXS_NEW(shown->columns, strlen(names) + 1, err);
    for (char *name = ok ? strtok_r(list, ",", &rest) : NULL; name != NULL && ok;
         name = strtok_r(NULL, ",", &rest)) {
        long column = ixs_raw_label(shown->raw, name);
        if (column >= 0)
            shown->columns[shown->count++] = (size_t)column;
        else
            ok = ixs_fail_at(err, IXS_USAGE, path, 0, "found no column '%s' in SCAN", name);
    }
    free(list);
    return ok;
}

/* Without a name that beamlines give to analyzers, the last column: SPEC's own choice for plots. */
static bool choose_analyzers(struct shown *shown, struct ixs_err *err)
{
    const struct ixs_raw *raw = shown->raw;
    if (!IXS_NEW(shown->columns, raw->nlabels, err))
        return false;
    ixs_analyzer_columns(raw->nlabels, (const char(*)[49])raw->labels, &shown->count,
                         shown->columns);
    if (shown->count == 0 && raw->nlabels > 1)
        shown->columns[shown->count++] = raw->nlabels - 1;
    return true;
}

static bool to_dots(struct ixs_dots *dots, const struct ixs_raw *raw, size_t column,
                    struct ixs_err *err)
{
    if (!ixs_dots_make(dots, raw->npoints, err))
        return false;
    dots->n = raw->npoints;
    for (size_t i = 0; i < raw->npoints; i++) {
        double count = raw->values[i * raw->nlabels + column];
        dots->x[i] = raw->values[i * raw->nlabels];
        dots->y[i] = count;
        dots->error[i] = count >= 0.0 ? sqrt(fmax(count, 1.0)) : NAN;
    }
    return true;
}

static void add_words(struct ixs_words *words, const struct ixs_dots *dots)
{
    double sum = 0.0;
    size_t missing = 0;
    for (size_t i = 0; i < dots->n; i++) {
        sum += isfinite(dots->y[i]) ? dots->y[i] : 0.0;
        missing += isfinite(dots->y[i]) ? 0 : 1;
    }
    ixs_words_add(words, IXS_BLACK, 0.88, "%.10g in all", sum);
    if (missing > 0)
        ixs_words_add(words, IXS_VERMILLION, 0.88, "%zu missing", missing);
}

static void draw_panel(struct ixs_script *script, const struct ixs_page *page, size_t index,
                       const struct shown *shown, const struct ixs_dots *dots, bool log)
{
    const struct ixs_raw *raw = shown->raw;
    struct ixs_panel panel = ixs_grid_panel(&page->grid, index);
    struct ixs_frame frame;
    struct ixs_words words = {0};
    add_words(&words, dots);
    ixs_frame_of(&frame, dots, log, 6.0);
    bool left = ixs_words_room(script, &words, &panel, &frame, dots);
    ixs_script_panel(script, &panel);
    ixs_script_title(script, &panel, raw->labels[shown->columns[index]], "");
    ixs_words_put(script, &words, page->single ? &page->side : &panel, page->single || left);
    if (ixs_page_is_low(page, index))
        ixs_script_xlabel(script, &panel, raw->labels[0]);
    if (ixs_page_is_left(page, index))
        ixs_script_ylabel(script, &panel, "counts");
    if (frame.empty) {
        ixs_script_say(script, &panel, "no points");
        return;
    }
    struct ixs_dots_blocks blocks = ixs_script_dots(script, dots, &frame);
    ixs_script_frame(script, &frame);
    fputs("plot NaN notitle", script->out);
    ixs_script_dots_both(script, &blocks, page->single ? 0.6 : 0.35, IXS_BLUE);
    fputc('\n', script->out);
}

static void draw_head(struct ixs_script *script, struct ixs_page *page, const struct ixs_raw *raw)
{
    char title[400], planned[32] = "";
    if (raw->keys.nplanned >= 0)
        snprintf(planned, sizeof planned, " of %lld", (long long)raw->keys.nplanned);
    snprintf(title, sizeof title, "Scan %lld as recorded: %.60s (%zu%s points%s)",
             (long long)raw->keys.scan, raw->keys.command, raw->npoints, planned,
             strcmp(raw->keys.ended, "ABORTED") == 0 ? ", aborted" : "");
    const struct ixs_heading heading = {.title = title};
    ixs_page_head(script, page, &heading, 0, NULL);
}

static bool draw(struct ixs_script *script, const struct shown *shown,
                 const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    struct ixs_page page;
    bool ok = true;
    ixs_page_begin(script, choice, shown->count, &page);
    draw_head(script, &page, shown->raw);
    for (size_t i = 0; i < shown->count && ok; i++) {
        struct ixs_dots dots = {0};
        ok = to_dots(&dots, shown->raw, shown->columns[i], err);
        if (ok)
            draw_panel(script, &page, i, shown, &dots, choice->log);
        ixs_dots_dispose(&dots);
    }
    ixs_script_end(script);
    return ok;
}

bool ixs_plot_raw(struct ixs_script *script, size_t npaths, const char *const *paths,
                  const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    struct ixs_raw raw = {0};
    struct shown shown = {.raw = &raw};
    (void)npaths;
    bool ok = ixs_raw_read(&raw, paths[0], choice->reading, NULL, err) &&
              (choice->columns ? choose_named(&shown, choice->columns, paths[0], err)
                               : choose_analyzers(&shown, err));
    if (ok && shown.count == 0)
        ixs_page_empty(script, choice, "no columns to draw in this scan");
    else
        ok = ok && draw(script, &shown, choice, err);
    free(shown.columns);
    ixs_raw_dispose(&raw);
    return ok;
}
